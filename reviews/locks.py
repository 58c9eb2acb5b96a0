"""One order of locks: the review, then its return, then its guest. Two who act at once wait for each other in it.

Asking holds the review and may wait for a return in the unique index; so nobody holds a return and waits for its
review.
"""

from partnership.access.flow import lock
from reviews.models import AgencyReturn, Review


def hold_review(row) -> Review:
    """The review of a return, locked; the page has asked for the return, and nothing of the review is shown."""
    rows = Review.objects.unscoped("its return is about to be locked; nothing of it is shown")
    return rows.select_for_update(of=("self",)).get(pk=row.review_id)


def lock_return(row) -> AgencyReturn:
    """The fresh return, locked after its review: for every step that ends in the clock of the review."""
    hold_review(row)
    return lock(row)
