"""The register of an event: who came. Each write locks the event, so that two trainers who tick at once meet.

A mark is what counts: what hangs on it (the completion, the certificate, the charge of a no-show) is made when the
register is complete, and goes as soon as a corrected mark says otherwise. What was right stays as it was.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.models import Folder
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import clock_time, plain
from training.booking import services as booking
from training.certificates import services as certificates
from training.charges import services as charges
from training.evaluating import asking
from training.flow import EVENT
from training.models import Booking, Completion, Event, Tariff
from training.people import services as people
from training.people.matching import key_of

A = Booking.Attended
WHY = "the service asks whether this person keeps the register of the event"
NOT_YET = "This register is kept from the morning of {} on. Until then it only shows who is booked."
NOT_OPEN = "This event is {}, so nothing is ticked on its register."
COMPLETE = "This register is complete. The business unit opens it again where something has to be put right."
NOT_BEGUN = "This event has not begun: its register is complete once it has."
UNMARKED = "{} of those booked {} no mark yet. Mark them first; whoever was not there did not come."
NOBODY = "Nobody is on this register. If the event did not take place, the business unit cancels it."
GONE = "Somebody who was on this page is on the register no longer: the place was given up or handed on meanwhile."
OTHERWISE = "{who} marked {name} as ‘{mark}’ at {at}."


def may_keep(user, event) -> bool:
    """Whether somebody keeps the register of this event: a trainer who was let into it, and the business unit."""
    return can(user, Perm.REGISTER_KEEP, Folder(pk=event.pk))


def why_shut(event) -> str:
    """Why nothing can be ticked now, as a sentence; empty from the morning of the day until it is complete."""
    day = timezone.localdate(event.starts_at)
    if event.status == Event.Status.DELIVERED:
        return COMPLETE
    if event.status != Event.Status.OPEN:
        return NOT_OPEN.format(event.get_status_display().lower())
    return NOT_YET.format(plain(day)) if timezone.localdate() < day else ""


@transaction.atomic
def mark(event, *, by, marks, read) -> list[Booking]:
    """Record who came. marks: booking id -> a code of Attended. read: the same as the page showed it; what was answered
    as it was read is left as it is. Returns the bookings that changed.

    Raises Stale, and writes nothing, where somebody else answered one of these otherwise since, or it is on the
    register no longer; ValidationError while the register is shut, PermissionDenied.
    """
    event = _held(event, by)
    rows = {row.pk: row for row in _booked(event).filter(pk__in=marks)}
    changed = []
    for pk, answer in marks.items():
        if pk not in rows:
            raise Stale(GONE)
        row, was = rows[pk], read.get(pk, "")
        if answer in (was, row.attended):
            continue
        if row.attended != was:
            raise Stale(said_otherwise(row))
        changed.append(_set(row, answer, by))
    if changed:
        codes = {str(row.pk): row.attended for row in changed}
        record("register_marked", by=by, obj=event, ids=sorted(codes), marks=[codes[pk] for pk in sorted(codes)])
    return changed


def said_otherwise(row) -> str:
    """Who marked somebody meanwhile, as what, and when. row: with its `marked_by`."""
    who = row.marked_by.name if row.marked_by else "Somebody else"
    if not row.attended:
        return f"Somebody else took the mark of {row.name} off."
    at = clock_time(timezone.localtime(row.marked_at))
    return OTHERWISE.format(who=who, name=row.name, mark=row.get_attended_display(), at=at)


@transaction.atomic
def undo(event, booking_id, *, by) -> None:
    """Take the mark off somebody who is booked; whoever was put on the register at the door comes off it."""
    event = _held(event, by)
    row = _booked(event).filter(pk=booking_id).first()
    if row is None:
        raise Stale(GONE)
    if not row.attended:
        return
    _set(row, "", by)
    if row.unexpected:
        booking.entered_by_mistake(row)
    record("register_undone", by=by, obj=event, ids=[row.pk])


@transaction.atomic
def mark_rest(event, *, by, answer) -> int:
    """Mark everybody who has no mark yet. Returns how many."""
    event = _held(event, by)
    rows = [_set(row, answer, by) for row in _booked(event).filter(attended="")]
    if rows:
        record("register_marked", by=by, obj=event, ids=[row.pk for row in rows], marks=[answer] * len(rows))
    return len(rows)


@transaction.atomic
def add_unexpected(event, *, by, name, agency, email, answer) -> Booking:
    """Somebody of an organisation who came without a place. Found by the address within the organisation, or made; a
    full event gets one place more. Raises ValidationError where they are on the register already."""
    event = _held(event, by)
    name = " ".join(name.split())
    if not key_of(email):
        same = _booked(event).filter(agency=agency, key="", name__iexact=name)
        if same.exists():
            raise ValidationError({"name": booking.ON_IT.format(name)})
    learner = people.at_the_door(agency, by=by, name=name, email=email)
    return booking.came_unexpected(event, learner, by=by, name=name, attended=answer)


@transaction.atomic
def complete(event, *, by, counting=()) -> Event:
    """The register is complete: the event was delivered. Whoever attended has completed the course and gets a
    certificate once it is earned; who did not come is charged for by the tariff of that day.

    counting: the bookings (ids) of those who left early and completed the course all the same.
    Raises ValidationError before the event has begun, or while somebody has no mark; Stale, PermissionDenied.
    """
    _must_keep(event, by)
    booking.by_its_day(event)
    event = _held(event, by)
    if event.starts_at > timezone.now():
        raise ValidationError(NOT_BEGUN)
    rows = list(_booked(event).select_related("agency"))
    if not rows:
        raise ValidationError(NOBODY)
    if unmarked := sum(not row.attended for row in rows):
        raise ValidationError(UNMARKED.format(unmarked, "has" if unmarked == 1 else "have"))
    attended = [row for row in rows if row.attended in Booking.CAME]
    completed = [row for row in attended if row.attended != A.LEFT_EARLY or row.pk in counting]
    _completed(completed, event, by)
    _take_back_attendance([row for row in attended if row not in completed], by)
    stayed_away = [row for row in rows if row.attended == A.ABSENT and not row.unexpected]
    charges.charge_each(stayed_away, Tariff.Kind.NO_SHOW, on=timezone.localdate(event.starts_at), by=by)
    record("register_completed", by=by, obj=event, attended=len(attended), absent=len(rows) - len(attended))
    event = EVENT.take(event, "deliver", by=None)
    asking.ask_end(event, by=by)
    # Last: a certificate waits for the answer.
    certificates.issue_each(completed, by=by)
    return event


def correct(event, *, by) -> Event:
    """Open a complete register again, by the business unit. What it made stands until a mark says otherwise."""
    return EVENT.take(event, "correct", by=by)


def _completed(bookings, event, by) -> None:
    """Where somebody has completed the course on that day by another row already (an upload), that one counts."""
    day, people = timezone.localdate(event.ends_at), [row.learner_id for row in bookings]
    had = Completion.objects.unscoped(WHY).filter(learner__in=people, course=event.course_id, completed_on=day)
    had = set(had.values_list("learner_id", flat=True))
    Completion.objects.bulk_create(
        Completion(
            folder_id=row.folder_id, agency_id=row.agency_id, learner_id=row.learner_id, course_id=event.course_id,
            how=Completion.How.ATTENDED, completed_on=day, hours=event.course.hours, booking=row, said_by=by,
        )
        for row in bookings if row.learner_id not in had
    )  # fmt: skip


def _take_back_attendance(bookings, by) -> None:
    Completion.objects.unscoped(WHY).filter(booking__in=bookings).delete()
    certificates.take_back(bookings, by=by)


def _set(row, answer, by) -> Booking:
    row.attended, row.marked_by, row.marked_at = answer, by if answer else None, timezone.now() if answer else None
    row.version += 1
    row.save(update_fields=["attended", "marked_by", "marked_at", "version"])
    if answer not in Booking.CAME:
        _take_back_attendance([row], by)
        asking.take_back_attendance(row, by=by)
    if answer != A.ABSENT:
        charges.take_back(row, by=by)
    return row


def _held(event, by) -> Event:
    """The event, fresh and locked, whose register `by` keeps and which can be ticked now."""
    _must_keep(event, by)
    lock(event)
    event = Event.objects.select_related("course", "folder").get(pk=event.pk)
    if event.status == Event.Status.DELIVERED:
        raise Stale(COMPLETE)
    if shut := why_shut(event):
        raise ValidationError(shut)
    return event


def _must_keep(event, by) -> None:
    if not may_keep(by, event):
        raise PermissionDenied("register")


def _booked(event):
    rows = Booking.objects.unscoped(WHY).select_for_update(of=("self",)).select_related("marked_by")
    return rows.filter(event=event, status=Booking.Status.BOOKED).order_by("name", "pk")
