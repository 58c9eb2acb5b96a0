"""What registers tell the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.access.work import register_ahead, register_work
from partnership.people.roles import Perm
from training.register.sentences import SENTENCES
from training.register.work import ahead, work


def register():
    register_sentences(SENTENCES, saved_as_typed=("register_marked",))
    register_work(work)
    register_ahead(ahead)
    add_to_navigation("Registers", "training:registers", Perm.REGISTER_KEEP, order=37, group="Training")
