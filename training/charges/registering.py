"""What charges tell the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.charges.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    add_to_navigation("Charges", "training:charges", Perm.CHARGE_VIEW, order=38, group="Training")
    add_to_navigation("Tariffs", "training:tariffs", Perm.TRAINING_RUN, order=38, group="Training")
