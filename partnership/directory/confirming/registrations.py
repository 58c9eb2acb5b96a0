"""What the half-yearly confirmation tells the floors below."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.deadlines.registry import register_own
from partnership.directory.confirming import notices
from partnership.directory.confirming.reads import asked_of
from partnership.directory.confirming.services import CONFIRM, END
from partnership.people.roles import Perm

SENTENCES = {
    "round_opened": "asked every organisation who still needs access",
    "access_confirmed": "confirmed that {user} still needs access",
    "access_not_confirmed": "said that {user} needs no access any more",
    "confirmation_answered": "answered for everybody",
    "confirmation_extended": "gave longer to answer: {due_on}",
    "confirmation_warned": "warned that access ends",
    "confirmation_ended": "ended access that nobody confirmed",
}


def register():
    add_to_navigation("Confirming access", "directory:rounds", Perm.PEOPLE_APPROVE, order=65, group="People")
    register_sentences(SENTENCES)
    register_own(CONFIRM, END)
    notices.register_notices()
    register_work(asked_of)
