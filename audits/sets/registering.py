"""What question sets tell the floors."""

from audits.sets.sentences import SENTENCES
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences


def register():
    register_sentences(SENTENCES)
    register_setup("load_question_sets")
