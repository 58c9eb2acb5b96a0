"""What the floor tells those below it: the sentences of its events, its pages in the menu."""

from partnership.access.context import add_to_navigation
from partnership.access.services import register_sealing
from partnership.access.story import register_sentences, register_subjects
from partnership.actions import sealing, searching, sentences, told
from partnership.actions.importing import registrations as importing
from partnership.actions.models import Action
from partnership.actions.planning import registrations as planning
from partnership.actions.reads import references
from partnership.people.roles import Perm

REGISTER = (
    ("Register", "actions:register", Perm.ACTION_LIST),
    ("Mine", "actions:mine", Perm.ACTION_LIST),
    ("My organisation’s", "actions:of_agency", Perm.ACTION_GIVE),
    ("Out of order", "actions:reports", Perm.ACTION_VIEW),
)


def register():
    register_sentences(sentences.SENTENCES)
    register_subjects(Action._meta.label_lower, references)
    register_sealing(sealing.became_sealed)
    for text, url_name, perm in REGISTER:
        add_to_navigation(text, url_name, perm, order=30, group="Actions")
    planning.register()
    importing.register()
    told.register()
    searching.register()
