"""What came too late to be weighed: after the decision that stands, or after the report was sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from partnership.ui.dates import plain
from reviews.models import Decision, Review, Sending


@dataclass(frozen=True)
class Moments:
    """When the decision that stands was recorded, and when the report went; None for what has not happened."""

    decided: datetime | None = None
    sent: datetime | None = None

    def words(self, moment, what="Came") -> str:
        """'Came after the decision of 3 April 2025', the later of the two; empty for what came in time."""
        if moment and self.sent and moment > self.sent:
            return f"{what} after the report was sent on {plain(timezone.localtime(self.sent))}"
        if moment and self.decided and moment > self.decided:
            return f"{what} after the decision of {plain(timezone.localtime(self.decided))}"
        return ""

    def of_return(self, row) -> str:
        """Of a return that was submitted. What was changed since is a new version: it came before as well."""
        if row.status != row.Status.SUBMITTED:
            return ""
        return self.words(row.submitted_at, "This version came" if row.number > 1 else "Came")


def columns(user) -> dict:
    """Annotations of a Review from which `read` takes its Moments."""
    decisions = Decision.objects.visible_to(user).filter(review=OuterRef("pk")).order_by("-number")
    sendings = Sending.objects.visible_to(user).filter(review=OuterRef("pk"))
    return {
        "decided": Subquery(decisions.values("recorded_at")[:1]),
        "sent": Subquery(sendings.values("sent_at")[:1]),
    }


def moments_of(user, review_id) -> Moments:
    """Nothing for somebody who does not see the review: its author learns of no decision."""
    row = Review.objects.visible_to(user).filter(pk=review_id).order_by().values(**columns(user)).first()
    return Moments(**row) if row else Moments()
