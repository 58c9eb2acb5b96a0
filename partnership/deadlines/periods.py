"""Where a period ends, in each unit. Pure: no Django, no database, no clock of its own."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from partnership.deadlines.shapes import WORKING, Direction, NeedsTime, NoLength, Rule, Unit
from partnership.deadlines.working_days import Calendar, Count, add_working_days, working_days_before

LONDON = ZoneInfo("Europe/London")


def london_date(when: date | datetime) -> date:
    """The civil date in England: 23:30 UTC on 1 June is 2 June. A date stays as it is.

    Raises ValueError for a time without an offset, which could be either of two days.
    """
    if not isinstance(when, datetime):
        return when
    if when.utcoffset() is None:
        raise ValueError("A time without its offset from UTC has no certain date.")
    return when.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a day in London."""
    return datetime.combine(day, time.max, LONDON)


def add_months(day: date, n: int) -> date:
    """The corresponding date `n` months later (earlier, if negative); where the month has none, its last day.

    31 August and 6 months is 28 or 29 February; 29 February and 12 months is 28 February. Raises OverflowError beyond
    the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{n} months from {day} are beyond the years that can be counted.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(rule: Rule, trigger: date | datetime, calendar: Calendar) -> tuple[Count, datetime]:
    """The days counted and the instant at which the period of `rule` ends that `trigger` began.

    A period of hours ends at an instant; every other one with the last microsecond of its last day in London. Calendar
    days, months and hours step over nothing, so their count names no day. Raises NoLength, NeedsTime, CalendarEnds
    (working days only), OverflowError, and ValueError for a calendar of another division.
    """
    start = london_date(trigger)
    if rule.length is None:
        raise NoLength(f"No number of days is set for ‘{rule.title}’: the date must be given.")
    n = -rule.length if rule.direction is Direction.BEFORE else rule.length
    if rule.unit is Unit.HOURS:
        if not isinstance(trigger, datetime):
            raise NeedsTime(f"‘{rule.title}’ runs in hours, so the time at which it began is needed.")
        at = (trigger.astimezone(UTC) + timedelta(hours=n)).astimezone(LONDON)
        return Count(start, at.date(), (), ()), at
    if rule.unit in WORKING:
        if calendar.division != rule.division:
            raise ValueError(f"'{rule.code}' counts by {rule.division}, not by {calendar.division}.")
        count = (working_days_before if n < 0 else add_working_days)(start, rule.length, calendar)
    elif rule.unit is Unit.MONTHS:
        count = Count(start, add_months(start, n), (), ())
    else:
        count = Count(start, start + timedelta(days=n), (), ())
    return count, end_of_day(count.due)
