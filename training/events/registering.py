"""What events tell the floors: the menu, the trail, the forward plan."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.actions.planning.calendar import register_entries
from partnership.people.roles import Perm
from training.events import reads
from training.events.sentences import SENTENCES


def register():
    add_to_navigation("Events", "training:events", Perm.TRAINING_RUN, order=36, group="Training")
    register_sentences(SENTENCES)
    register_entries(reads.KIND, "Training", "Training", reads.entries)
