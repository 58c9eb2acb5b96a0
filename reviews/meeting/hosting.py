"""What is particular to the meetings of a review, for the wing that keeps meetings (partnership.access.gatherings)."""

from partnership.access.gatherings import Host
from partnership.access.rows import holders
from partnership.people.roles import Perm
from reviews import clocks
from reviews.asked import late_meeting_in_words, meeting_in_words
from reviews.meeting import services
from reviews.models import Review

WHY = "the page has asked for the folder"


def _shut(folder) -> str:
    """A case that is only considered has no rapid review to meet on. One that was sent may meet again."""
    row = Review.objects.unscoped(WHY).filter(folder=folder).first()
    return "" if row and row.runs else "No rapid review was begun here. Its meeting is planned when it is."


def _dates(user, folder) -> str:
    row = Review.objects.visible_to(user).filter(folder=folder).first()
    return meeting_in_words(*clocks.dates_of_meeting(user, row)) if row else ""


def _warning(user, folder, day) -> str:
    row = Review.objects.visible_to(user).filter(folder=folder).first()
    return late_meeting_in_words(day, *clocks.dates_of_meeting(user, row)) if row else ""


def _no_chair(folder) -> dict:
    return dict.fromkeys(holders(folder, Perm.REPORT_COMMENT).values_list("pk", flat=True), "independent scrutineer")


def _held(folder, *, by, moments, was):
    review = Review.objects.unscoped(WHY).get(folder=folder)
    services.follow(review, by=by, moments=moments, was=was)


HOST = Host("Rapid review meeting", shut=_shut, dates=_dates, warning=_warning, no_chair=_no_chair, held=_held)
