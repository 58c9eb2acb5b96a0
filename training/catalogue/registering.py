"""What the catalogue tells the floors."""

from partnership.access.context import add_public_door, add_to_navigation
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.catalogue.sentences import SENTENCES

GROUP = "Training"


def register():
    add_to_navigation("Catalogue", "training:catalogue", Perm.TRAINING_LIST, order=35, group=GROUP)
    add_to_navigation("My training", "training:mine", Perm.TRAINING_LIST, order=35, group=GROUP)
    add_to_navigation("Bookings", "training:agency_bookings", Perm.LEARNER_EDIT, order=36, group=GROUP)
    add_to_navigation("Courses", "training:courses", Perm.TRAINING_RUN, order=37, group=GROUP)
    add_public_door("Training courses and events", "training:catalogue", order=10)
    register_sentences(SENTENCES)
    register_setup("load_catalogue")
