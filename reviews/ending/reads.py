"""What the pages of an ending show. Every function takes the user first and shows what the row rule allows."""

from dataclasses import dataclass, field

from partnership.access.ending import Staying, who_stays
from reviews.ending import services
from reviews.keeping.reads import held_back
from reviews.models import Closing, NotificationWithdrawal, PanelReply, Sending


@dataclass
class Preview:
    """What follows when this review is closed now. digest: services.what_follows, which the form carries.

    unanswered: how many replies of the Panel have no answer of ours. silent: a sent report without any reply.
    """

    staying: Staying
    owed: list
    digest: str
    silent: bool = False
    unanswered: int = 0
    held: bool = False


def preview(user, review) -> Preview:
    """The page has asked for REVIEW_CLOSE, so its reader may know who is on the case."""
    replies = list(PanelReply.objects.visible_to(user).filter(review=review).values_list("answered_on", flat=True))
    sent = Sending.objects.visible_to(user).filter(review=review).exists()
    return Preview(
        staying=who_stays(review.folder),
        owed=services.owed(review),
        digest=services.what_follows(review),
        silent=sent and not replies,
        unanswered=replies.count(None),
        held=held_back(user, review),
    )


@dataclass
class Ending:
    """How a review ended, for its own page: nothing for one that goes on."""

    closings: list = field(default_factory=list)
    withdrawals: list = field(default_factory=list)

    @property
    def closed(self) -> Closing | None:
        """The closing that stands."""
        return next((row for row in self.closings if row.reopened_at is None), None)

    @property
    def withdrawn(self) -> NotificationWithdrawal | None:
        """The withdrawal that stands."""
        return next((row for row in self.withdrawals if row.notified_again_at is None), None)

    @property
    def earlier(self):
        """Closings that were undone and notifications that were followed by another."""
        return [row for row in self.closings if row.reopened_at], [
            row for row in self.withdrawals if row.notified_again_at
        ]


def ending(user, review) -> Ending:
    closings = Closing.objects.visible_to(user).filter(review=review).select_related("closed_by", "reopened_by")
    withdrawals = NotificationWithdrawal.objects.visible_to(user).filter(review=review).select_related("recorded_by")
    return Ending(list(closings), list(withdrawals))
