"""What this part of the wing tells the floors."""

from audits.beside import evidence_services, notices, time_reads
from audits.beside.sentences import SENTENCES
from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.people.roles import Perm


def register():
    register_sentences(SENTENCES)
    evidence_services.register_hooks()
    notices.register_notices()
    register_work(time_reads.work)
    add_to_navigation("More time", "audits:extensions", Perm.AUDIT_RUN, order=35, group="Audits")
