"""What answering tells the floors."""

from audits.answering import sentences, work
from partnership.access.story import register_sentences
from partnership.access.work import register_work


def register():
    register_sentences(sentences.SENTENCES, saved_as_typed=sentences.SAVED_AS_TYPED)
    register_work(work.returns)
    register_work(work.shared_by_trust)
