"""Working days back from the day on which the demo was first started."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from partnership.deadlines.working_days import is_working_day, load_england_and_wales, working_day_number


def day_zero(number: int):
    """The latest working day after which `number` working days have been counted by today; for 0 today itself.

    Today is the day of the machine's clock, also inside `then`.
    """
    calendar = load_england_and_wales()
    today = timezone.localdate(datetime.now(UTC))
    day = today - timedelta(days=number)
    while working_day_number(day, today, calendar) < number:
        day -= timedelta(days=1)
    while number and not is_working_day(day, calendar):
        day -= timedelta(days=1)
    return day


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
