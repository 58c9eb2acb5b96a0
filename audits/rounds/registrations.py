"""What rounds tell the floors: the menu, Home, the forward plan, letters, and the job that sends a round out."""

from audits.models import Round
from audits.rounds import letters, reads, sending
from audits.rounds.sentences import SENTENCES
from audits.tabs import OF_A_ROUND
from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.story import register_sentences
from partnership.actions.planning.calendar import register_entries
from partnership.deadlines.registry import register_own
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.people.roles import Perm


def register():
    add_to_navigation("Audits", "audits:audits", Perm.AUDIT_LIST, order=34, group="Audits")
    register_folder_page("audit", "audits:audit_round", pages_of_round)
    register_sentences(SENTENCES)
    register_entries(reads.KIND, "Audits", "Audit", reads.entries)
    register_own(sending.LATE)
    letters.register_all()
    register_job(
        sending.SEND,
        Kind(
            title="Sending an audit out",
            model=Round,
            perm=Perm.AUDIT_RUN,
            make=sending.nothing,
            keep=sending.keep,
            result_url="audits:audit_round",
            back_url="audits:audit_round",
            result_words="See how the round stands",
            back_words="the round",
            keeps_long=True,
        ),
    )


def pages_of_round(user, folder, held):
    discarded = Round.objects.filter(pk=folder.pk, status=Round.Status.DISCARDED).exists()
    for text, name, perm in OF_A_ROUND[:1] if discarded else OF_A_ROUND:
        if perm in held:
            yield text, name, folder.pk, ""
