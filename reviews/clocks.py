"""The clocks of a review and of its agency returns: started, met and described here; the arithmetic lies in deadlines.

Statutory.md 1a: five working days to notify (D1), fifteen for the rapid review (D5), the local date of a return (D12).
"""

from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import services
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from partnership.deadlines.subjects import Line
from reviews.models import AgencyReturn, Review

AGENCY_RETURN = "information_request"  # Children Act 2004 s16H
# The local steps of the rapid review that this wing marks as done.
REQUESTS_OUT, RETURNS_IN, MEETING, DRAFT, SIGNED = (
    "requests_out",
    "returns_in",
    "meeting",
    "draft_to_partners",
    "signed_off",
)


def begin(review, *, by, aware_at, sent_at, late_reason="") -> Deadline:
    """Start the fifteen days, and record the five that led to the notification. Idempotent.

    Raises ValidationError naming `late_reason` when the notification was late and no reason is given.
    """
    notice = services.start(INCIDENT_NOTIFICATION, by=by, folder=review.folder, subject=review, trigger=aware_at)
    if notice.status in Deadline.RUNNING:
        services.meet(notice, by=by, at=sent_at, late_reason=late_reason)
    return services.start(RAPID_REVIEW, by=by, folder=review.folder, subject=review, trigger=sent_at)


def sent(review, *, by, at, late_reason="") -> None:
    """The report went to the Panel. Raises ValidationError naming `late_reason` when it was late without one."""
    if clock := services.running(review, RAPID_REVIEW):
        services.meet(clock, by=by, at=at, late_reason=late_reason)


def sent_really(review, *, by, at, reason) -> None:
    """The time of sending was recorded wrongly."""
    rows = Deadline.objects.unscoped("the page has asked for the review's sending")
    clock = rows.filter(subject_id=review.pk, rule=RAPID_REVIEW, status=Deadline.Status.MET).first()
    if clock:
        services.correct_met(clock, by=by, at=at, reason=reason)


def step_done(review, code, *, by) -> None:
    """Mark a local step of the rapid review as done, if its edition knows it; an ended clock has none left."""
    if clock := services.running(review, RAPID_REVIEW):
        services.done(clock, code, by=by)


def ask(row, *, by) -> None:
    """Start the clock of a request; the date was agreed when it was asked."""
    services.start(
        AGENCY_RETURN,
        by=by,
        folder=row.folder,
        subject=row,
        trigger=timezone.now(),
        due_on=max(row.due_on, timezone.localdate()),
        owner=row.author,
        agency=row.agency,
    )


def came_in(row, *, by, late_reason="") -> None:
    """Raises ValidationError naming `late_reason` for a late return without one."""
    if clock := services.running(row, AGENCY_RETURN):
        services.meet(clock, by=by, late_reason=late_reason)
    others = AgencyReturn.objects.unscoped("are all in?").filter(review=row.review_id, status=AgencyReturn.Status.ASKED)
    if not others.exclude(pk=row.pk).exists():
        review = Review.objects.unscoped("the author's return belongs to it; nothing of it is shown").get(
            pk=row.review_id
        )
        step_done(review, RETURNS_IN, by=by)


def withdrawn(row, *, by, reason) -> None:
    if clock := services.running(row, AGENCY_RETURN):
        services.cancel(clock, by=by, reason=reason)


def late_return(row) -> bool:
    """Whether submitting this return now needs a reason."""
    clock = services.running(row, AGENCY_RETURN)
    return bool(clock and services.is_late(clock, timezone.now()))


def describe_reviews(user, ids) -> dict:
    """Review id -> its line on the board, by the row rule."""
    rows = Review.objects.visible_to(user).filter(pk__in=ids).select_related("folder")
    return {
        row.pk: Line("Rapid review: send to the Panel", reverse("reviews:review", args=[row.pk]), row.folder.reference)
        for row in rows
    }


def describe_returns(user, ids) -> dict:
    """Return id -> its line on the board; the author's own hops to no row of the case."""
    rows = AgencyReturn.objects.visible_to(user).filter(pk__in=ids).select_related("agency")
    return {
        row.pk: Line(f"Return of {row.agency.name}", reverse("reviews:agency_return", args=[row.pk]), row.case_word)
        for row in rows
    }
