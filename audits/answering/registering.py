"""What answering tells the floors."""

from audits.answering import sentences, trust_views
from partnership.access.story import register_sentences
from partnership.access.work import register_work


def register():
    register_sentences(sentences.SENTENCES, saved_as_typed=sentences.SAVED_AS_TYPED)
    register_work(trust_views.work)
