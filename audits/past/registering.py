from audits.past.sentences import SENTENCES
from partnership.access.story import register_sentences


def register():
    register_sentences(SENTENCES)
