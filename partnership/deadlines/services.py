"""Every write of a clock: started, met, corrected, paused, ended, counted again. docs/deadlines.md is its one page.

A clock's status is set here and nowhere else. A row is never edited into another truth: what changes its date makes a
new row that supersedes it (safety.md 2.6).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.deadlines import calendars, registry
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.periods import LONDON, end_of_day, london_date
from partnership.deadlines.rules import due, milestones, next_trigger
from partnership.deadlines.shapes import WORKING, Direction, NeedsTime, NoEditionInForce, Unit
from partnership.deadlines.working_days import CalendarEnds, add_working_days
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.services import record

DONE, MET, ENDED, REPLACED, TOLD, CATCH_UP, NOBODY = (
    "done", "met", "cancelled", "superseded", "told", "catch_up", "nobody",
)  # fmt: skip
# What a row that supersedes another takes over unchanged.
KEPT = (
    "folder_id", "subject_kind", "subject_id", "rule", "edition", "what", "length", "unit", "division", "owner_id",
    "agency_id", "owed_by", "soft", "started_by_id", "started_at",
)  # fmt: skip

REASON = Deadline._meta.get_field("reason").max_length


@transaction.atomic
def start(code, *, by, folder, trigger, subject=None, owner=None, agency=None, due_on=None, what="") -> Deadline:
    """Start the clock of rule `code`. Idempotent: a subject has one running clock of a rule.

    trigger: an aware datetime, or a date (then the start of that day in London) where the rule counts no hours.
    subject: the row that it is about; None for a clock that stands alone. due_on: a date, for a rule that sets no
    length, or where a person agreed another date. Raises ValidationError when no edition was in force, the calendar
    ends, or a date is missing.
    """
    trigger_at = _instant(trigger)
    try:
        edition = registry.rule_in_force(code, london_date(trigger_at))
    except LookupError as error:
        raise ValidationError(str(error)) from None
    if edition.unit is Unit.HOURS and due_on is None and not isinstance(trigger, datetime):
        raise ValidationError({"trigger_on": "This rule counts hours: enter the time as well."})
    if edition.length is None and due_on is None:
        raise ValidationError({"due_on": "This rule sets no number of days. Enter the date by which it is due."})
    pk = new_id()
    row = Deadline(
        id=pk,
        folder=folder,
        subject_kind=subject._meta.label_lower if subject is not None else Deadline._meta.label_lower,
        subject_id=subject.pk if subject is not None else pk,
        rule=code,
        edition=edition.edition,
        what=what,
        length=None if due_on else edition.length,
        unit="" if due_on else edition.unit,
        division=edition.division,
        trigger_at=trigger_at,
        owner=owner,
        agency=agency,
        owed_by=_owed_by(edition) or ("" if owner else Perm.DEADLINE_MANAGE),
        soft=edition.soft,
        started_by=by,
    )
    _count(row, edition, calendars.newest_version(edition.division, hold=True), due_on=due_on)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return running(subject, code)
    _plan(row, edition)
    record("deadline_started", by=by, obj=row, rule=code, edition=edition.edition, due_on=_words(row.due_on))
    return row


def running(subject, code) -> Deadline | None:
    """The running clock of a rule on a subject. The caller's page has asked for the subject."""
    rows = Deadline.objects.unscoped("the caller has asked for the subject itself")
    return rows.filter(
        subject_kind=subject._meta.label_lower, subject_id=subject.pk, rule=code, status__in=Deadline.RUNNING
    ).first()


@transaction.atomic
def meet(deadline, *, by, at=None, late_reason="") -> Deadline:
    """What was due is done. `at`: an aware datetime, now if not given. Idempotent.

    Raises ValidationError for a time before the trigger or in the future, and for a late one without its reason; Stale
    for a clock that was ended or replaced.
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
    if is_late(row, at) and not row.soft and not late_reason.strip():
        raise ValidationError({"late_reason": f"It was due on {row.due_on:%-d %B %Y}. Say why it was late."})
    _end(row, Deadline.Status.MET, by, met_at=at, late_reason=late_reason.strip() if is_late(row, at) else "")
    _suppress(row, MET)
    record("deadline_met", by=by, obj=row, happened_at=at, rule=row.rule, late=is_late(row, at))
    if row.subject_kind == Deadline._meta.label_lower and (trigger := next_trigger(edition, row.trigger_at, at)):
        _again(row, trigger, by=by)
    return row


def _again(row, trigger, *, by):
    """A duty that returns: its next period begins. Where law sets no number, a person starts it with its date."""
    if row.length is not None:
        start(row.rule, by=by, folder=row.folder, trigger=trigger, owner=row.owner, agency=row.agency, what=row.what)


@transaction.atomic
def correct_met(deadline, *, by, at, reason) -> Deadline:
    """The time at which it was done was recorded wrongly; the event keeps both. A late one keeps or gets its reason."""
    row = _standing(deadline)
    if row.status != Deadline.Status.MET:
        raise Stale("This clock has not been met.")
    _needs(reason, "Say why the time that was recorded is wrong.")
    was, row.met_at = row.met_at, at
    row.late_reason = (row.late_reason or reason.strip()) if is_late(row, at) else ""
    row.save(update_fields=["met_at", "late_reason"])
    record("deadline_met_corrected", by=by, obj=row, happened_at=at, was=was.isoformat(), to=at.isoformat())
    return row


def is_late(deadline, at) -> bool:
    return at > deadline.due_at


@transaction.atomic
def cancel(deadline, *, by, reason) -> Deadline:
    """The duty is no longer owed; the clock ends with the reason. Raises ValidationError without one."""
    row = _running(deadline)
    _needs(reason, "Say why this clock ends.")
    _end(row, Deadline.Status.CANCELLED, by, reason=reason.strip())
    _suppress(row, ENDED)
    record("deadline_cancelled", by=by, obj=row, rule=row.rule)
    return row


@transaction.atomic
def move(deadline, *, by, reason, trigger=None, due_on=None) -> Deadline:
    """A corrected trigger, or another agreed date: a new row supersedes the old one, which stays readable."""
    row = _running(deadline)
    _needs(reason, "Say why the date changes.")
    return _supersede(
        row, by=by, reason=reason.strip(), trigger_at=_instant(trigger) if trigger else None, due_on=due_on
    )


@transaction.atomic
def pause(deadline, *, by, reason, on=None) -> Deadline:
    """Stop the count, where the rule allows it: nobody is told while it is paused. Raises ValidationError otherwise."""
    row = _running(deadline)
    if not registry.edition(row.rule, row.edition).pausable:
        raise ValidationError("This period cannot be paused: the rule knows no reason that stops it.")
    _needs(reason, "Say what stops the count.")
    if row.status == Deadline.Status.PAUSED:
        return row
    row.status, row.reason, row.paused_on = Deadline.Status.PAUSED, reason.strip(), on or timezone.localdate()
    row.save(update_fields=["status", "reason", "paused_on"])
    record("deadline_paused", by=by, obj=row, rule=row.rule)
    return row


@transaction.atomic
def resume(deadline, *, by, on=None) -> Deadline:
    """The count goes on: a new row whose end lies as many days later as were paused, in the rule's own unit."""
    row = _running(deadline)
    if row.status != Deadline.Status.PAUSED:
        raise Stale("This clock is running already.")
    on = on or timezone.localdate()
    if on < row.paused_on:
        raise ValidationError("The count cannot go on before it was paused.")
    days = _days_between(row, row.paused_on, on)
    said = f"Paused from {row.paused_on:%-d %B %Y} to {on:%-d %B %Y}: {row.reason}"
    return _supersede(row, by=by, reason=said[:REASON], paused_days=row.paused_days + days)


@transaction.atomic
def done(deadline, code, *, by) -> Milestone | None:
    """Mark a step as done; its reminder is not needed any more. Idempotent; None for an edition without that step."""
    row = _running(deadline)
    step = _milestones_of(row).select_for_update().filter(code=code, step=True).first()
    if step is not None and step.done_at is None:
        step.done_at, step.done_by = timezone.now(), by
        if step.state == Milestone.State.PENDING:
            step.state, step.why = Milestone.State.SUPPRESSED, DONE
        step.save(update_fields=["done_at", "done_by", "state", "why"])
        record("deadline_step_done", by=by, obj=row, rule=row.rule, step=code)
    return step


def newest(deadline) -> Deadline:
    """The row that stands now for this clock, along the chain of what replaced it."""
    rows = Deadline.objects.unscoped("the page has asked for an earlier row of the same clock")
    found = deadline
    while (after := rows.filter(supersedes=found.pk).first()) is not None:
        found = after
    return found


@dataclass(frozen=True)
class Touched:
    """A running clock that a change of the calendar moves, with its two dates."""

    deadline: Deadline
    was: date
    becomes: date


def touched_by(division, calendar) -> list[Touched]:
    """The running clocks that `calendar`, not yet in force, would move. Raises CalendarEnds as counting does."""
    found = []
    for row in _counted_with(division):
        again = _copy(row)
        _count(again, registry.edition(row.rule, row.edition), row.calendar, calendar=calendar, due_on=_agreed(row))
        if again.due_at != row.due_at:
            found.append(Touched(row, row.due_on, again.due_on))
    return found


@transaction.atomic
def recalculate(version, *, by, reason) -> list[Deadline]:
    """Count every running clock of the version's division again; those whose dates move get a superseding row.

    Returns the new rows. The people concerned are told in the same transaction.
    """
    rows = _counted_with(version.division, locked=True)
    standing = defaultdict(dict)
    for each in Milestone.objects.unscoped("a calendar holds for everybody").filter(deadline__in=rows):
        standing[each.deadline_id][each.code] = each.fire_at
    new = []
    for row in rows:
        again = _copy(row)
        edition = registry.edition(row.rule, row.edition)
        _count(again, edition, version, due_on=_agreed(row))
        days = {each.code: each.fire_at for each in _planned(again, edition)}
        if again.due_at != row.due_at or days != standing[row.pk]:
            new.append(_supersede(row, by=by, reason=reason))
    return new


def _counted_with(division, *, locked=False):
    rows = Deadline.objects.unscoped("a calendar holds for everybody").filter(
        division=division, status__in=Deadline.RUNNING
    )
    rows = rows.order_by("pk").select_related("calendar", "folder")
    return list(rows.select_for_update(of=("self",)) if locked else rows)


def _supersede(row, *, by, reason, trigger_at=None, due_on=None, paused_days=None) -> Deadline:
    new = _copy(row)
    new.id = new_id()
    new.trigger_at = trigger_at or row.trigger_at
    new.paused_days = row.paused_days if paused_days is None else paused_days
    new.status, new.supersedes = Deadline.Status.OPEN, row
    edition = registry.edition(row.rule, row.edition)
    if due_on:
        new.length, new.unit = None, ""
    _count(new, edition, calendars.newest_version(row.division, hold=True), due_on=due_on or _agreed(row))
    _end(row, Deadline.Status.SUPERSEDED, by, reason=reason)
    paused = row.paused_on if paused_days is None else None
    if paused:
        new.status, new.paused_on, new.reason = Deadline.Status.PAUSED, paused, row.reason
    new.save(force_insert=True)
    _plan(new, edition, after=row)
    _suppress(row, REPLACED)
    record("deadline_moved", by=by, obj=new, rule=row.rule, was=_words(row.due_on), becomes=_words(new.due_on))
    from partnership.deadlines.telling import tell_moved

    tell_moved(new)
    return new


def _copy(row) -> Deadline:
    return Deadline(
        **{name: getattr(row, name) for name in KEPT}, trigger_at=row.trigger_at, paused_days=row.paused_days
    )


def _agreed(row):
    """The date that a person set, where no length was counted."""
    return row.due_on if row.length is None else None


def _count(row, edition, version, *, calendar=None, due_on=None):
    """Set when it is due, and with which calendar that was counted. Raises ValidationError past the calendar's end."""
    calendar = calendar or calendars.load(row.division)
    row.calendar = version
    if due_on:
        if due_on < london_date(row.trigger_at) and edition.direction is Direction.AFTER:
            raise ValidationError({"due_on": "It cannot be due before what starts the clock."})
        row.due_on, row.due_at = due_on, end_of_day(due_on)
        return
    try:
        found = due(replace(edition, length=row.length), row.trigger_at, calendar)
        row.due_on, row.due_at = found.due_on, found.due_at
        if row.paused_days:
            row.due_on = _later(row, row.due_on, calendar)
            row.due_at = end_of_day(row.due_on)
    except (CalendarEnds, NeedsTime, NoEditionInForce, OverflowError) as error:
        raise ValidationError(f"The days cannot be counted: {error}") from None


def _later(row, day, calendar):
    if row.unit in WORKING:
        return add_working_days(day, row.paused_days, calendar).due
    return day + timedelta(days=row.paused_days)


def _days_between(row, first, last) -> int:
    if row.unit not in WORKING:
        return (last - first).days
    calendar = calendars.load(row.division)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(calendar.why_not(day) is None for day in days)


def _planned(row, edition) -> list:
    return milestones(edition, row.trigger_at, row.due_on, calendars.load(row.division))


def _plan(row, edition, after=None):
    """Write the milestones. What was told or done before is not told again, unless its day now lies ahead."""
    now = timezone.now()
    earlier = {} if after is None else {each.code: each for each in _milestones_of(after)}
    rows = []
    for each in _planned(row, edition):
        milestone = Milestone(
            folder_id=row.folder_id,
            deadline=row,
            code=each.code,
            label=each.label,
            on=each.on,
            fire_at=each.fire_at,
            step=each.step,
            level=each.level,
            perm=each.perm,
            statutory=each.statutory,
        )
        was = earlier.get(each.code)
        if was is not None and was.done_at:
            milestone.done_at, milestone.done_by_id = was.done_at, was.done_by_id
            milestone.state, milestone.why = Milestone.State.SUPPRESSED, DONE
        elif was is not None and was.state == Milestone.State.FIRED and each.fire_at <= now:
            milestone.state, milestone.why = Milestone.State.SUPPRESSED, TOLD
        rows.append(milestone)
    Milestone.objects.bulk_create(rows)


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
    row = lock(deadline)
    if row.status == Deadline.Status.SUPERSEDED:
        raise Stale("The date of this clock was changed while you were reading it. Open its page again.")
    if row.status == Deadline.Status.CANCELLED:
        raise Stale("This clock was ended while you were reading it.")
    return row


def _needs(text, message):
    if not text.strip():
        raise ValidationError({"reason": message})


def _owed_by(edition) -> str:
    """The power of whoever owes it: that of its last step, or nothing where a named person owes it."""
    owed = [each.perm for each in edition.milestones if each.level == Milestone.Level.OWNER and each.perm]
    return owed[-1] if owed else ""


def _instant(when) -> datetime:
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, time(), LONDON)


def _words(day) -> str:
    return f"{day:%-d %B %Y}"
