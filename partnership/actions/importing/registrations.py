"""What logs and risks tell the floors: where actions come from, the worklist, the menu, their long work."""

from partnership.access.context import add_to_navigation
from partnership.access.open_work import register_open_work
from partnership.access.work import register_work
from partnership.actions.importing import reads, services
from partnership.actions.models import LogImport, Risk
from partnership.actions.risks import reads as risks
from partnership.actions.risks.open_work import risks_owned
from partnership.actions.sources import Source, register_source
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.notify.watch import expect_heartbeat
from partnership.people.roles import Perm


def register():
    register_source(Source("Earlier log", LogImport, reads.tell))
    register_source(Source("Risk", Risk, risks.tell))
    register_work(reads.waiting)
    expect_heartbeat("logs", "Letting go of earlier logs that nobody took in", minutes=60)
    register_open_work(risks_owned, order=23)
    add_to_navigation("Risks", "actions:risks", Perm.ACTION_LIST, order=33)
    register_job(
        services.TAKE,
        Kind(
            title="Taking a log in",
            model=LogImport,
            perm=Perm.ACTION_IMPORT,
            make=services.nothing,
            keep=services.keep_taking,
            result_url="actions:import_log",
            back_url="actions:import_log",
            result_words="See what came in",
            back_words="the log",
            keeps_long=True,
        ),
    )
