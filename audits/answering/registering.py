"""What answering tells the floors."""

from audits.answering import sentences
from partnership.access.story import register_sentences


def register():
    register_sentences(sentences.SENTENCES, saved_as_typed=sentences.SAVED_AS_TYPED)
