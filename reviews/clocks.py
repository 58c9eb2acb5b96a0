"""The clocks of a review and of its agency returns: started, met and described here; the arithmetic lies in deadlines.

Statutory.md 1a: five working days to notify (D1), fifteen for the rapid review (D5), the local date of a return (D12).
"""

from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import services
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from partnership.deadlines.subjects import Line
from reviews.models import AgencyReturn, Review, Sending

AGENCY_RETURN = "information_request"  # Children Act 2004 s16H
PANEL = "panel_response"  # statutory.md D6: soft, no number of the Panel's own is known
# The local steps of the rapid review that this wing marks as done.
REQUESTS_OUT, RETURNS_IN, MEETING, DRAFT, SIGNED, SENT = (
    "requests_out",
    "returns_in",
    "meeting",
    "draft_to_partners",
    "signed_off",
    "sent",
)


# The rule by which each kind is notified (statutory.md D1, D3, D4).
NOTICE = {
    Review.Kind.INCIDENT: INCIDENT_NOTIFICATION,
    Review.Kind.LOOKED_AFTER: "looked_after_death_notification",
    Review.Kind.CARE_LEAVER: "care_leaver_death_notification",
}


def notice_rule(review) -> str:
    return NOTICE[Review.Kind(review.kind)]


def council_aware(review, *, by, aware_at, reason="") -> Deadline:
    """The five days to notify run from when the council became aware; another date supersedes the one before.

    Raises ValidationError where the date changes and no reason is given, or nothing would change.
    """
    if clock := services.running(review, notice_rule(review)):
        return services.move(clock, by=by, trigger=aware_at, reason=reason)
    return services.start(notice_rule(review), by=by, folder=review.folder, subject=review, trigger=aware_at)


def notified(review, *, by, aware_at, sent_at, late_reason="") -> None:
    """Record the five days that led to the notification.

    Raises ValidationError naming `late_reason` when the notification was late and no reason is given.
    """
    clock = services.running(review, notice_rule(review))
    if clock is None or clock.trigger_at != aware_at:
        clock = council_aware(review, by=by, aware_at=aware_at, reason="As the notification says.")
    services.meet(clock, by=by, at=sent_at, late_reason=late_reason)


def begin(review, *, by, sent_at) -> Deadline:
    """Start the fifteen days."""
    return services.start(RAPID_REVIEW, by=by, folder=review.folder, subject=review, trigger=sent_at)


def not_notified(review, *, by, reason) -> None:
    """Nobody notifies: the days to notify are no longer counted."""
    if clock := services.running(review, notice_rule(review)):
        services.cancel(clock, by=by, reason=reason)


def notified_really(review, *, by, aware_at, sent_at, reason, late_reason="") -> None:
    """The times of the notification were recorded wrongly: both periods are counted from the right ones.

    Raises ValidationError naming `late_reason` where it turns out late and no reason was ever given.
    """
    rows = Deadline.objects.unscoped("the page has asked for the review")
    notice = rows.get(subject_id=review.pk, rule=notice_rule(review), status=Deadline.Status.MET)
    services.correct_met(notice, by=by, trigger=aware_at, at=sent_at, reason=reason, late_reason=late_reason)
    clock = services.running(review, RAPID_REVIEW)
    if clock and clock.trigger_at != sent_at:
        services.move(clock, by=by, trigger=sent_at, reason=reason)


def sent(review, *, by, at, late_reason="") -> None:
    """The report went to the Panel. Raises ValidationError naming `late_reason` when it was late without one."""
    if clock := services.running(review, RAPID_REVIEW):
        services.meet(clock, by=by, at=at, late_reason=late_reason)


def sent_really(review, *, by, at, reason, late_reason="") -> str:
    """The time of sending was recorded wrongly. Returns why it was late, nothing where it was not.

    Raises ValidationError naming `late_reason` where it turns out late and no reason was ever given.
    """
    rows = Deadline.objects.unscoped("the page has asked for the review's sending")
    clock = rows.filter(subject_id=review.pk, rule=RAPID_REVIEW, status=Deadline.Status.MET).get()
    return services.correct_met(clock, by=by, at=at, reason=reason, late_reason=late_reason).late_reason


def panel_has_it(sending, *, by) -> None:
    """The days in which the Panel may answer run from the sending; nobody owes them but the Panel."""
    services.start(PANEL, by=by, folder=sending.folder, subject=sending, trigger=sending.sent_at)


def panel_replied(sending, *, by, on) -> None:
    """The Panel answered on that day: by its end at the latest. A later reply changes nothing."""
    if clock := services.running(sending, PANEL):
        evening = timezone.make_aware(datetime.combine(on, time(23, 59)))
        services.meet(clock, by=by, at=min(evening, timezone.now()))


def panel_replied_really(sending, *, by, on, reason) -> None:
    """The day of the Panel's first reply was recorded wrongly."""
    rows = Deadline.objects.unscoped("the page has asked for the reply").filter(subject_id=sending.pk, rule=PANEL)
    if (clock := rows.filter(status=Deadline.Status.MET).first()) and timezone.localdate(clock.met_at) != on:
        evening = timezone.make_aware(datetime.combine(on, time(23, 59)))
        services.correct_met(clock, by=by, at=min(evening, timezone.now()), reason=reason)


def panel_had_it(sending, *, by, reason) -> None:
    """The time of sending was recorded wrongly: the Panel's days run from the right one."""
    rows = Deadline.objects.unscoped("the page has asked for the sending").filter(subject_id=sending.pk, rule=PANEL)
    if clock := rows.filter(status__in=Deadline.RUNNING).first():
        services.move(clock, by=by, trigger=sending.sent_at, reason=reason)
    elif clock := rows.filter(status=Deadline.Status.MET).first():
        services.correct_met(clock, by=by, at=clock.met_at, trigger=sending.sent_at, reason=reason)


def end_all(folder, *, by, reason) -> list[Deadline]:
    """What still runs in this folder has no meaning any more. Returns what was ended."""
    rows = Deadline.objects.unscoped("the page has asked for the case that ends").filter(folder=folder)
    return [services.cancel(row, by=by, reason=reason) for row in rows.filter(status__in=Deadline.RUNNING)]


def notification_withdrawn(review, *, by, reason) -> str:
    """What the notification met counts no more, and what it began ends. Returns why that notification was late."""
    rows = Deadline.objects.unscoped("the page has asked for the review").filter(subject_id=review.pk)
    late_reason = ""
    for row in rows.filter(rule=notice_rule(review), status=Deadline.Status.MET):
        late_reason = row.late_reason
        services.annul(row, by=by, reason=reason)
    end_all(review.folder, by=by, reason=reason)
    return late_reason


def step_done(review, code, *, by, at=None) -> Milestone | None:
    """Mark a local step of the rapid review as done; None where its edition has none such, or its clock has ended.

    at: when it was done, now if not given. Raises ValidationError naming `at` for a time that cannot be.
    """
    clock = services.running(review, RAPID_REVIEW)
    return services.done(clock, code, by=by, at=at) if clock else None


def step_undone(review, code, *, by) -> None:
    if clock := services.running(review, RAPID_REVIEW):
        services.undone(clock, code, by=by)


def ask(row, *, by, at=None) -> None:
    """Start the clock of a request, from `at` (now): the date was agreed when it was asked."""
    services.start(
        AGENCY_RETURN,
        by=by,
        folder=row.folder,
        subject=row,
        trigger=at or timezone.now(),
        due_on=row.due_on,
        owner=_owner(row),
        agency=row.agency,
    )
    returns_step(row.review_id, by=by)


def _owner(row):
    """Who is reminded: the author; nobody while a guest cannot come in, so that the next above is told."""
    return row.author if row.agency_id or row.open_to_guest else None


def given(row, *, by) -> None:
    """Another author owes the return, or a guest came in or went out: so the clock is theirs, or nobody's."""
    if clock := services.running(row, AGENCY_RETURN):
        services.give(clock, by=by, owner=_owner(row))


def came_in(row, *, by, at=None, late_reason="") -> None:
    """at: when it came, now if not given. Raises ValidationError naming `late_reason` for a late one without it."""
    if clock := services.running(row, AGENCY_RETURN):
        services.meet(clock, by=by, at=at, late_reason=late_reason)
    returns_step(row.review_id, by=by)


def extended(row, *, by, reason) -> None:
    """Another day was given: the clock of the return is superseded, and its owner is told by it."""
    if clock := services.running(row, AGENCY_RETURN):
        services.move(clock, by=by, due_on=row.due_on, reason=reason)


def last_day(review) -> date | None:
    """The last day to send the review to the Panel; None where that clock does not run."""
    clock = services.running(review, RAPID_REVIEW)
    return clock.due_on if clock else None


def withdrawn(row, *, by, reason) -> None:
    if clock := services.running(row, AGENCY_RETURN):
        services.cancel(clock, by=by, reason=reason)
    returns_step(row.review_id, by=by)


def returns_step(review_id, *, by) -> None:
    """The step 'returns in' follows the requests: done while none is open and one stands. Holds the review."""
    why = "the request belongs to it; nothing of it is shown"
    review = Review.objects.unscoped(why).select_for_update(of=("self",)).get(pk=review_id)
    rows = AgencyReturn.objects.unscoped(why).filter(review=review).exclude(status=AgencyReturn.Status.WITHDRAWN)
    stand = [row.stands for row in rows.only("status", "reopened_at")]
    came = bool(stand) and all(stand)
    (step_done if came else step_undone)(review, RETURNS_IN, by=by)


def step_days(user, reviews, *codes) -> dict:
    """(review id, code) -> the local date of a step, for those reviews (ids) whose edition sets one."""
    days = Milestone.objects.visible_to(user).filter(
        deadline__subject_id__in=reviews,
        deadline__rule=RAPID_REVIEW,
        deadline__status__in=Deadline.RUNNING,
        code__in=codes,
    )
    return {(review, code): on for review, code, on in days.values_list("deadline__subject_id", "code", "on")}


def dates_of_request(user, review) -> tuple:
    """(the local date by which returns are due, the last day to send the review); None where the edition sets none."""
    days = step_days(user, [review.pk], RETURNS_IN, SENT)
    return days.get((review.pk, RETURNS_IN)), days.get((review.pk, SENT))


def dates_of_meeting(user, review) -> tuple:
    """(the local date of the meeting, the last day to send the review); None where the edition sets none."""
    days = step_days(user, [review.pk], MEETING, SENT)
    return days.get((review.pk, MEETING)), days.get((review.pk, SENT))


def late_return(row) -> bool:
    """Whether submitting this return now needs a reason."""
    clock = services.running(row, AGENCY_RETURN)
    return bool(clock and services.is_late(clock, timezone.now()))


def why_late(user, row) -> str:
    """The author's reason for a return that came late; nothing for one that came in time or is still owed."""
    rows = Deadline.objects.visible_to(user).filter(
        subject_kind=row._meta.label_lower, subject_id=row.pk, status=Deadline.Status.MET
    )
    return rows.order_by("-met_at").values_list("late_reason", flat=True).first() or ""


def describe_reviews(user, ids) -> dict:
    """Review id -> its line on the board, by the row rule."""
    rows = Review.objects.visible_to(user).filter(pk__in=ids).select_related("folder")
    return {
        row.pk: Line("Rapid review: send to the Panel", reverse("reviews:review", args=[row.pk]), row.folder.reference)
        if row.runs
        else Line("Notify the Panel", reverse("reviews:consideration", args=[row.pk]), row.folder.reference)
        for row in rows
    }


def describe_sendings(user, ids) -> dict:
    """Sending id -> the line of the Panel's answer on the board, by the row rule."""
    rows = Sending.objects.visible_to(user).filter(pk__in=ids).select_related("folder")
    return {
        row.pk: Line("The Panel answers", reverse("reviews:panel", args=[row.review_id]), row.folder.reference)
        for row in rows
    }


def describe_returns(user, ids) -> dict:
    """Return id -> its line on the board; the author's own hops to no row of the case."""
    rows = AgencyReturn.objects.visible_to(user).filter(pk__in=ids).select_related("agency")
    return {
        row.pk: Line(f"Return of {row.body}", reverse("reviews:agency_return", args=[row.pk]), row.case_word)
        for row in rows
    }
