"""What certificates tell the floors."""

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.people.roles import Perm
from training.certificates import notices, prints
from training.certificates.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    notices.register_notices()
    prints.register()
    add_to_navigation("Certificates", "training:certificates", Perm.TRAINING_LIST, order=38, group="Training")
