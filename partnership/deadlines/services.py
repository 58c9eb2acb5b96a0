"""Every write of one clock: started, met, corrected, paused, ended. docs/clocks.md is its one page.

A clock's status is set here and in replacing.py, nowhere else. A row is never edited into another truth: what changes
its date makes a new row that supersedes it (docs/adr/0016).
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.deadlines import calendars, registry
from partnership.deadlines.counting import agreed, copy_of, count, instant, plan, under
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.periods import london_date
from partnership.deadlines.replacing import DONE, Change, replace
from partnership.deadlines.rules import next_trigger
from partnership.deadlines.shapes import WORKING, Direction
from partnership.deadlines.subjects import has_own_page
from partnership.deadlines.working_days import CalendarEnds, words, working_days_between
from partnership.trail.models import new_id
from partnership.trail.services import record

MET, ENDED = "met", "cancelled"
NOT_PAUSABLE = "This period cannot be paused: the rule knows no reason that stops it."
REASON = Deadline._meta.get_field("reason").max_length


@transaction.atomic
def start(code, *, by, folder, trigger, subject=None, owner=None, agency=None, due_on=None, what="") -> Deadline:
    """Start the clock of rule `code`. Idempotent: a subject has one running clock of a rule.

    trigger: an aware datetime, or a date (then the start of that day in London) where the rule counts no hours.
    subject: the row that it is about; None for a clock that stands alone. due_on: a date, for a rule that sets no
    length, or where a person agreed another date. Raises ValidationError when no edition was in force, the calendar
    ends, or a date is missing.
    """
    edition = _in_force(code, trigger)
    pk = new_id()
    row = Deadline(
        id=pk,
        folder=folder,
        subject_kind=subject._meta.label_lower if subject is not None else Deadline._meta.label_lower,
        subject_id=subject.pk if subject is not None else pk,
        rule=code,
        what=what,
        length=None if due_on else edition.length,
        unit="" if due_on else edition.unit,
        owner=owner,
        agency=agency,
        started_by=by,
    )
    under(row, edition)
    calendar = _calendar_for(row)
    count(row, edition, calendar, trigger=trigger, due_on=due_on)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return running(subject, code)
    Milestone.objects.bulk_create(plan(row, edition, calendar))
    record("deadline_started", by=by, obj=row, rule=code, edition=edition.edition, due_on=words(row.due_on, year=True))
    return row


def _in_force(code, trigger):
    try:
        return registry.rule_in_force(code, london_date(instant(trigger)))
    except LookupError as error:
        raise ValidationError(str(error)) from None


def _calendar_for(row):
    """The calendar that counts now, which the row names from here on; no other is made until the transaction ends."""
    calendars.hold()
    row.calendar = calendars.newest_version(row.division)
    return calendars.load(row.division, newest=row.calendar.pk)


def running(subject, code) -> Deadline | None:
    """The running clock of a rule on a subject. The caller's page has asked for the subject."""
    rows = Deadline.objects.unscoped("the caller has asked for the subject itself")
    return rows.filter(
        subject_kind=subject._meta.label_lower, subject_id=subject.pk, rule=code, status__in=Deadline.RUNNING
    ).first()


@transaction.atomic
def meet(deadline, *, by, at=None, late_reason="") -> Deadline:
    """What was due is done. `at`: an aware datetime, now if not given. Idempotent.

    A duty that returns begins again: `next_clock` of the returned row is its next clock, None where none could be
    counted, so that a person starts it. Raises ValidationError for a time before the trigger or in the future, and for
    a late one without its reason; Stale for a clock that was ended or replaced.
    """
    row = _standing(deadline)
    if row.status == Deadline.Status.MET:
        return row
    at = at or timezone.now()
    edition = registry.edition(row.rule, row.edition)
    if at < row.trigger_at.replace(second=0, microsecond=0) and edition.direction is Direction.AFTER:
        raise ValidationError({"met_at": "This cannot have been done before what started the clock."})
    if at > timezone.now() + timedelta(minutes=1):
        raise ValidationError({"met_at": "The time at which it was done cannot lie in the future."})
    _end(row, Deadline.Status.MET, by, met_at=at, late_reason=_why_late(row, at, late_reason))
    _suppress(row, MET)
    record("deadline_met", by=by, obj=row, happened_at=at, rule=row.rule, late=is_late(row, at))
    if row.subject_kind == Deadline._meta.label_lower and (trigger := next_trigger(edition, row.trigger_at, at)):
        row.next_clock = _again(row, trigger, by=by)
    return row


def _again(row, trigger, *, by) -> Deadline | None:
    """The next period of a duty that returns, by the edition in force at its own beginning."""
    try:
        with transaction.atomic():
            return start(
                row.rule, by=by, folder=row.folder, trigger=trigger, owner=row.owner, agency=row.agency, what=row.what
            )
    except ValidationError:
        return None


def returns(row) -> bool:
    """Whether the next period of this duty begins when it is met."""
    return row.subject_kind == Deadline._meta.label_lower and bool(registry.edition(row.rule, row.edition).repeats)


@transaction.atomic
def correct_met(deadline, *, by, at, reason, late_reason="", trigger=None) -> Deadline:
    """The time at which it was done, or what started it, was recorded wrongly; the event keeps both times.

    trigger: as `move`; another one makes a met row that supersedes this one. Raises ValidationError without a reason,
    and naming `late_reason` where it becomes late and says not why.
    """
    row = _standing(deadline)
    if row.status != Deadline.Status.MET:
        raise Stale("This clock has not been met.")
    _needs(reason, "Say why the time that was recorded is wrong.")
    was, why_late = row.met_at, row.late_reason or late_reason
    if trigger is not None and instant(trigger) != row.trigger_at:
        row = _met_anew(row, at, by=by, reason=reason.strip(), why_late=why_late, trigger=trigger)
    else:
        row.met_at, row.late_reason = at, _why_late(row, at, why_late)
        row.save(update_fields=["met_at", "late_reason"])
    record("deadline_met_corrected", by=by, obj=row, happened_at=at, was=was.isoformat(), to=at.isoformat())
    return row


def _met_anew(row, at, *, by, reason, why_late, trigger) -> Deadline:
    change = _from_trigger(row, trigger)
    new = change.new
    new.supersedes, new.met_at, new.late_reason = row, at, _why_late(new, at, why_late)
    new.ended_by, new.ended_at = row.ended_by, row.ended_at
    _end(row, Deadline.Status.SUPERSEDED, by, met_at=None, late_reason="", reason=reason)
    new.save(force_insert=True)
    for day in change.days:
        day.state, day.why = Milestone.State.SUPPRESSED, MET
    Milestone.objects.bulk_create(change.days)
    return new


def is_late(deadline, at) -> bool:
    return at > deadline.due_at


def _why_late(row, at, reason) -> str:
    if not is_late(row, at):
        return ""
    if not row.soft and not reason.strip():
        raise ValidationError({"late_reason": f"It was due on {words(row.due_on, year=True)}. Say why it was late."})
    return reason.strip()


@transaction.atomic
def cancel(deadline, *, by, reason) -> Deadline:
    """The duty is no longer owed; the clock ends with the reason. Raises ValidationError without one."""
    row = _running(deadline)
    _needs(reason, "Say why this clock ends.")
    _end(row, Deadline.Status.CANCELLED, by, reason=reason.strip()[:REASON])
    _suppress(row, ENDED)
    record("deadline_cancelled", by=by, obj=row, rule=row.rule)
    return row


@transaction.atomic
def annul(deadline, *, by, reason) -> Deadline:
    """What met this clock was taken back (a notification was withdrawn): it ends with the reason and counts no more.

    The event keeps when it was met. Raises ValidationError without a reason, Stale for a clock that was not met.
    """
    row = _standing(deadline)
    if row.status != Deadline.Status.MET:
        raise Stale("This clock has not been met.")
    _needs(reason, "Say why this clock ends.")
    was = row.met_at
    _end(row, Deadline.Status.CANCELLED, by, met_at=None, late_reason="", reason=reason.strip()[:REASON])
    record("deadline_annulled", by=by, obj=row, rule=row.rule, was=was.isoformat())
    return row


@transaction.atomic
def move(deadline, *, by, reason, trigger=None, due_on=None) -> Deadline:
    """A corrected trigger, or another agreed date: a new row supersedes the old one, which stays readable.

    trigger: as `start`; a date that is the standing trigger's own changes nothing of it. The edition of the trigger's
    day applies. Raises ValidationError without a reason, where nothing would change, and as `start`.
    """
    row = _running(deadline)
    _needs(reason, "Say why the date changes.")
    if trigger is not None and not isinstance(trigger, datetime) and trigger == london_date(row.trigger_at):
        trigger = None
    change = _from_trigger(row, trigger, due_on=due_on)
    if (change.new.trigger_at, change.new.due_at) == (row.trigger_at, row.due_at):
        raise ValidationError("This is what is recorded already, so nothing would change.")
    return replace([change], by=by, reason=reason.strip())[0]


def _from_trigger(row, trigger, *, due_on=None) -> Change:
    """The same clock counted from another trigger, under the edition of that day; None: its own trigger."""
    new = copy_of(row)
    edition = registry.edition(row.rule, row.edition)
    if trigger is not None and (now := _in_force(row.rule, trigger)).edition != edition.edition:
        edition = now
        under(new, edition)
        if row.length is not None:
            new.length, new.unit = edition.length, edition.unit
    if due_on:
        new.length, new.unit = None, ""
    return _replacement(row, new, edition, trigger=trigger, due_on=due_on or agreed(row))


def _replacement(row, new, edition, *, trigger=None, due_on=None) -> Change:
    """The row that stands in another's place from now on: counted, running or paused as that one was."""
    calendar = _calendar_for(new)
    count(new, edition, calendar, trigger=trigger, due_on=due_on)
    return Change(row, new, plan(new, edition, calendar))


@transaction.atomic
def pause(deadline, *, by, reason, on=None) -> Deadline:
    """Stop the count, where the rule allows it: nobody is told while it is paused. Raises ValidationError otherwise."""
    row = _running(deadline)
    if not registry.edition(row.rule, row.edition).pausable:
        raise ValidationError(NOT_PAUSABLE)
    _needs(reason, "Say what stops the count.")
    if row.status == Deadline.Status.PAUSED:
        return row
    row.status, row.reason, row.paused_on = Deadline.Status.PAUSED, reason.strip(), on or timezone.localdate()
    row.save(update_fields=["status", "reason", "paused_on"])
    record("deadline_paused", by=by, obj=row, rule=row.rule)
    return row


@transaction.atomic
def resume(deadline, *, by, on=None) -> Deadline:
    """The count goes on: a new row whose end lies as many days later as were paused, in the rule's own unit.

    Where no day is added (paused and resumed on one day, or an agreed date) the row itself runs on and nobody is told.
    """
    row = _running(deadline)
    if has_own_page(row):
        raise ValidationError("This clock belongs to a record: it is met and corrected there.")
    if row.status != Deadline.Status.PAUSED:
        raise Stale("This clock is running already.")
    on = on or timezone.localdate()
    if on < row.paused_on:
        raise ValidationError("The count cannot go on before it was paused.")
    said = f"Paused from {words(row.paused_on, year=True)} to {words(on, year=True)}: {row.reason}"
    new = copy_of(row)
    new.status, new.paused_on, new.reason = Deadline.Status.OPEN, None, ""
    new.paused_days += _days_between(row, on)
    change = _replacement(row, new, registry.edition(row.rule, row.edition), due_on=agreed(row))
    if change.new.due_at == row.due_at:
        row.status, row.paused_on, row.reason = Deadline.Status.OPEN, None, said[:REASON]
        row.save(update_fields=["status", "paused_on", "reason"])
        record("deadline_resumed", by=by, obj=row, rule=row.rule)
        return row
    return replace([change], by=by, reason=said[:REASON])[0]


def _days_between(row, on) -> int:
    if row.unit not in WORKING:
        return (on - row.paused_on).days
    try:
        return working_days_between(row.paused_on, on, calendars.load(row.division))
    except CalendarEnds as error:
        raise ValidationError(f"The days cannot be counted: {error}") from None


@transaction.atomic
def give(deadline, *, by, owner) -> Deadline:
    """Another person owes it from now on (None: whoever the rule names). What was counted stays as it is, so the row
    stays (docs/adr/0016 is about its dates); who is told is asked when a day comes."""
    row = _running(deadline)
    if row.owner_id != (owner and owner.pk):
        row.owner = owner
        row.save(update_fields=["owner"])
        record("deadline_given", by=by, obj=row, rule=row.rule, user=owner and owner.pk)
    return row


@transaction.atomic
def done(deadline, code, *, by, at=None) -> Milestone | None:
    """Mark a step as done; its reminder is not needed any more. Idempotent; None for an edition without that step.

    at: when it was done, now if not given. Raises ValidationError naming `at` for a time to come, or before the clock.
    """
    row = _running(deadline)
    step = _milestones_of(row).select_for_update().filter(code=code, step=True).first()
    if at is not None and at > timezone.now():
        raise ValidationError({"at": "This time lies ahead: record it when it has happened."})
    if at is not None and at < row.trigger_at:
        began = timezone.localtime(row.trigger_at)
        raise ValidationError({"at": f"This is before {began:%-d %B %Y at %H:%M}, when the days began to count."})
    if step is not None and step.done_at is None:
        step.done_at, step.done_by = at or timezone.now(), by
        if step.state == Milestone.State.PENDING:
            step.state, step.why = Milestone.State.SUPPRESSED, DONE
        step.save(update_fields=["done_at", "done_by", "state", "why"])
        record("deadline_step_done", by=by, obj=row, happened_at=at, rule=row.rule, step=code)
    return step


@transaction.atomic
def undone(deadline, code, *, by) -> Milestone | None:
    """A step that was done is not done any more; its reminder comes if its day lies ahead. Idempotent."""
    row = _running(deadline)
    step = _milestones_of(row).select_for_update().filter(code=code, step=True).first()
    if step is not None and step.done_at is not None:
        step.done_at, step.done_by = None, None
        if step.why == DONE and step.fire_at > timezone.now():
            step.state, step.why = Milestone.State.PENDING, ""
        step.save(update_fields=["done_at", "done_by", "state", "why"])
        record("deadline_step_reopened", by=by, obj=row, rule=row.rule, step=code)
    return step


def newest(deadline) -> Deadline:
    """The row that stands now for this clock, along the chain of what replaced it."""
    rows = Deadline.objects.unscoped("the page has asked for an earlier row of the same clock")
    found = deadline
    while (after := rows.filter(supersedes=found.pk).first()) is not None:
        found = after
    return found


def _milestones_of(row):
    return Milestone.objects.unscoped("the service holds the deadline").filter(deadline=row)


def _suppress(row, why):
    pending = _milestones_of(row).filter(state=Milestone.State.PENDING)
    pending.update(state=Milestone.State.SUPPRESSED, why=why)


def _end(row, status, by, **fields):
    row.status, row.ended_by, row.ended_at = status, by, timezone.now()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["status", "ended_by", "ended_at", *fields])


def _running(deadline) -> Deadline:
    row = _standing(deadline)
    if row.status == Deadline.Status.MET:
        raise Stale("This clock was met already.")
    return row


def _standing(deadline) -> Deadline:
    # Before the row: a change of the calendar holds the calendar alone and then locks every row that it counts.
    calendars.hold()
    row = lock(deadline)
    if row.status == Deadline.Status.SUPERSEDED:
        raise Stale("The date of this clock was changed while you were reading it. Open its page again.")
    if row.status == Deadline.Status.CANCELLED:
        raise Stale("This clock was ended while you were reading it.")
    return row


def _needs(text, message):
    if not text.strip():
        raise ValidationError({"reason": message})
