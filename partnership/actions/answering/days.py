"""The day by which something is done: as a date, or counted in working days; said where it is none."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.working_days import ENGLAND_AND_WALES, CalendarEnds, add_working_days
from partnership.ui.dates import plain

MOST = 500  # working days: about two years


def in_working_days(number: int) -> date:
    """The day that many working days from today. Raises ValidationError where bank holidays are not known so far."""
    try:
        return add_working_days(timezone.localdate(), number, calendars.load(ENGLAND_AND_WALES)).due
    except CalendarEnds:
        raise ValidationError("Bank holidays are not known so far ahead: enter a date instead.") from None


def no_working_day(day: date) -> str:
    """A sentence where `day` is no working day, naming the next one; empty where it is one, or nobody knows yet."""
    calendar = calendars.load(ENGLAND_AND_WALES)
    try:
        why = calendar.why_not(day)
        if why is None:
            return ""
        following = add_working_days(day - timedelta(days=1), 1, calendar).due
    except CalendarEnds:
        return ""
    return f"{day:%A} {plain(day)} is no working day ({why}). The next one is {following:%A} {plain(following)}."
