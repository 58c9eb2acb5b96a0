"""What the catalogue tells the floors."""

from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from training.catalogue.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
    register_setup("load_catalogue")
