"""What coverage tells the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.coverage.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    add_to_navigation("Coverage", "training:coverage", Perm.LEARNER_EDIT, order=38, group="Training")
    add_to_navigation("Coverage of all", "training:coverage_all", Perm.TRAINING_RUN, order=38, group="Training")
