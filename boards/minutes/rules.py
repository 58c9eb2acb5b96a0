"""The days that minutes and what is sent up are given: rules of the deadlines (data/rules/91_minutes.toml)."""

from datetime import date

from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due
from partnership.deadlines.working_days import CalendarEnds

CIRCULATED, CORRECTIONS, ANSWER = "minutes_circulated", "minutes_corrections", "sent_up_answered"


def last_day(code: str, day: date) -> date:
    """The day on which a rule's period from `day` ends. Raises CalendarEnds beyond the years of the calendar."""
    edition = rule_in_force(code, day)
    return due(edition, day, calendars.load(edition.division)).due_on


def suggested(code: str) -> date | None:
    """The same from today, to begin a form with; None where the calendar ends before."""
    try:
        return last_day(code, timezone.localdate())
    except CalendarEnds:
        return None
