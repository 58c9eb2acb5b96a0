"""What figures of training tell the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.figures.sentences import SENTENCES


def register():
    add_to_navigation("Figures of training", "training:figures", Perm.TRAINING_FIGURES, order=39, group="Training")
    register_sentences(SENTENCES)
