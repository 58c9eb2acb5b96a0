"""What a clock's row holds once it is counted: when it is due, and on which days somebody is told. Writes nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError

from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.periods import LONDON, end_of_day, london_date
from partnership.deadlines.rules import due, milestones
from partnership.deadlines.shapes import WORKING, Direction, NeedsTime, NoEditionInForce, Rule, Unit
from partnership.deadlines.working_days import Calendar, CalendarEnds, add_working_days
from partnership.people.roles import Perm

# What a row that supersedes another takes over.
KEPT = (
    "folder", "subject_kind", "subject_id", "rule", "edition", "what", "length", "unit", "division", "owner_id",
    "agency_id", "owed_by", "soft", "started_by_id", "started_at", "trigger_at", "paused_days",
    "status", "paused_on", "reason",
)  # fmt: skip
NO_LENGTH = {"due_on": "This rule sets no number of days. Enter the date by which it is due."}


def copy_of(row) -> Deadline:
    """A running clock's next row, running or paused as it is; not yet counted."""
    return Deadline(**{name: getattr(row, name) for name in KEPT})


def under(row, edition: Rule):
    """Put a row under an edition; a date that a person agreed stays one."""
    row.edition, row.division, row.soft = edition.edition, edition.division, edition.soft
    row.owed_by = _owed_by(edition) or ("" if row.owner_id else Perm.DEADLINE_MANAGE)


def _owed_by(edition) -> str:
    """The power of whoever owes it: that of its last step, or nothing where a named person owes it."""
    owed = [each.perm for each in edition.milestones if each.level == Milestone.Level.OWNER and each.perm]
    return owed[-1] if owed else ""


def agreed(row) -> date | None:
    """The date that a person set, where no length was counted."""
    return row.due_on if row.length is None else None


def count(row, edition: Rule, calendar: Calendar, *, trigger=None, due_on=None):
    """Set when it is due. trigger: a date or an aware datetime that starts it; None: the row's own.

    Raises ValidationError past the calendar's end, for a rule without a number and no date, and for a day where the
    rule counts hours.
    """
    if due_on is None and row.length is None:
        raise ValidationError(NO_LENGTH)
    if trigger is not None:
        if due_on is None and row.unit == Unit.HOURS and not isinstance(trigger, datetime):
            raise ValidationError({"trigger_on": "This rule counts hours: enter the time as well."})
        row.trigger_at = instant(trigger)
    if due_on:
        if due_on < london_date(row.trigger_at) and edition.direction is Direction.AFTER:
            raise ValidationError({"due_on": "It cannot be due before what starts the clock."})
        row.due_on, row.due_at = due_on, end_of_day(due_on)
        return
    try:
        found = due(replace(edition, length=row.length), row.trigger_at, calendar)
        row.due_on, row.due_at = found.due_on, found.due_at
        if row.paused_days:
            row.due_on = _later(row, calendar)
            row.due_at = end_of_day(row.due_on)
    except (CalendarEnds, NeedsTime, NoEditionInForce, OverflowError) as error:
        raise ValidationError(f"The days cannot be counted: {error}") from None


def _later(row, calendar):
    if row.unit in WORKING:
        return add_working_days(row.due_on, row.paused_days, calendar).due
    return row.due_on + timedelta(days=row.paused_days)


def plan(row, edition: Rule, calendar: Calendar) -> list[Milestone]:
    """The days on which somebody is told of a counted row, as rows that are not written yet."""
    return [
        Milestone(
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
        for each in milestones(edition, row.trigger_at, row.due_on, calendar)
    ]


def instant(when) -> datetime:
    """A date is the start of that day in London."""
    return when if isinstance(when, datetime) else datetime.combine(when, time(), LONDON)
