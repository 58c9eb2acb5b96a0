"""What events tell the floors: the menu, the trail, the forward plan, the way back from a folder's other pages."""

from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.models import FolderKind
from partnership.access.story import register_sentences
from partnership.actions.planning.calendar import register_entries
from partnership.people.roles import Perm
from training.events import reads
from training.events.sentences import SENTENCES
from training.models import Event
from training.tabs import OF_AN_EVENT


def register():
    add_to_navigation("Events", "training:events", Perm.TRAINING_RUN, order=36, group="Training")
    register_folder_page(FolderKind.COURSE, "training:folder", pages_of_event)
    register_sentences(SENTENCES)
    register_entries(reads.KIND, "Training", "Training", reads.entries)


def pages_of_event(user, folder, held):
    if Event.objects.filter(pk=folder.pk).exists():
        for text, name, perm in OF_AN_EVENT:
            if perm in held:
                yield text, name, folder.pk, ""
