from partnership.access.story import register_sentences
from training.past.sentences import SENTENCES


def register():
    register_sentences(SENTENCES)
