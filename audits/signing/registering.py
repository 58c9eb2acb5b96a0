"""What signing tells the floors."""

from audits.signing import letters, notices, receipts, sentences
from partnership.access.story import register_sentences
from partnership.deadlines.registry import register_own
from partnership.notify.kinds import register_bounced


def register() -> None:
    register_sentences(sentences.SENTENCES)
    register_own(letters.RULE)
    letters.register()
    register_bounced(letters.came_back)
    notices.register_notices()
    receipts.register()
