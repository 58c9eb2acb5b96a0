"""The periods that law and guidance set, as data: what starts them, how long they run, and where that is written.

A rule has editions, one after another in time; the edition in force on the day of the trigger applies, so a later
edition never rewrites an old deadline. `verified` is true only where the length and the starting point were read in the
edition itself or on a page of the body that issued it; `doubt` says in plain words what was not. Adding an edition
means adding a row here, a line in docs/deadlines.md and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from partnership.deadlines.working_days import Calendar, Count, add_working_days

LONDON = ZoneInfo("Europe/London")
INCIDENT_NOTIFICATION = "incident_notification"
RAPID_REVIEW = "rapid_review"

# Children Act 2004 section 16C and the national Panel: in force on 29 June 2018, with local transition after it.
PANEL_BEGAN = date(2018, 6, 29)
WT2023_PUBLISHED = date(2023, 12, 15)
WT2026_PUBLISHED = date(2026, 3, 18)


class UnknownRule(LookupError):
    """No rule has this code."""


class NoEditionInForce(LookupError):
    """The rule exists, but no edition of it was in force on that day."""


class Status(StrEnum):
    LAW = "law"
    GUIDANCE = "guidance"


class Unit(StrEnum):
    WORKING_DAYS = "working days"


@dataclass(frozen=True)
class Rule:
    """One edition of a period. In force from `effective_from` up to and with `effective_to` (None: still in force)."""

    code: str
    title: str
    source: str
    edition: str
    status: Status
    verified: bool
    length: int
    unit: Unit
    trigger: str
    day_zero: str
    effective_from: date
    effective_to: date | None = None
    doubt: str = ""

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class Due:
    """When something is due: by the end of `due_on`, Europe/London, and the count of days that led there."""

    rule: Rule
    due_on: date
    count: Count


_NOTIFY = {
    "code": INCIDENT_NOTIFICATION,
    "title": "Notify the Panel of a serious child safeguarding incident",
    "status": Status.GUIDANCE,
    "length": 5,
    "unit": Unit.WORKING_DAYS,
    "trigger": "the local authority becomes aware of the incident",
    "day_zero": "the day on which the local authority became aware",
}
_REVIEW = {
    "code": RAPID_REVIEW,
    "title": "Complete the rapid review and send it to the Panel",
    "status": Status.GUIDANCE,
    "length": 15,
    "unit": Unit.WORKING_DAYS,
    "trigger": "the notification is sent to the Panel",
    "day_zero": "the day on which the notification was sent",
}
_NOTIFY_LAW = "The duty is Children Act 2004 section 16C, which sets no time limit; the five working days are from"

RULES: tuple[Rule, ...] = (
    Rule(
        **_NOTIFY,
        edition="WT2018",
        source=f"{_NOTIFY_LAW} Working Together to Safeguard Children 2018, chapter 4, as gov.uk restates it.",
        verified=True,
        doubt="That the five days applied from 29 June 2018, before publication on 4 July, was read in a local manual.",
        effective_from=PANEL_BEGAN,
        effective_to=date(2023, 12, 14),
    ),
    Rule(
        **_NOTIFY,
        edition="WT2023",
        source=f"{_NOTIFY_LAW} Working Together to Safeguard Children 2023, chapter 5, as gov.uk restates it.",
        verified=True,
        effective_from=WT2023_PUBLISHED,
        effective_to=date(2026, 3, 17),
    ),
    Rule(
        **_NOTIFY,
        edition="WT2026",
        source=f"{_NOTIFY_LAW} Working Together to Safeguard Children 2023, carried into the 2026 edition.",
        verified=False,
        doubt="The text of the 2026 edition was not read: the period and the date of effect are carried forward.",
        effective_from=WT2026_PUBLISHED,
    ),
    Rule(
        **_REVIEW,
        edition="WT2018",
        source="Guidance of the Panel, to which Working Together to Safeguard Children 2018, chapter 4, defers.",
        verified=False,
        doubt=(
            "The Panel's guidance of the time was not read; the 2018 edition itself is understood to say 'promptly', "
            "its transitional text to count from becoming aware. A partnership reported an easing in spring 2020."
        ),
        effective_from=PANEL_BEGAN,
        effective_to=date(2023, 12, 14),
    ),
    Rule(
        **_REVIEW,
        edition="WT2023",
        source=(
            "Guidance of the Panel for safeguarding partners (June 2025), as restated by a local partnership, under "
            "Working Together to Safeguard Children 2023, chapter 5."
        ),
        verified=False,
        doubt="Read as a local partnership restates it; the Panel's own text was not read.",
        effective_from=WT2023_PUBLISHED,
        effective_to=date(2026, 3, 17),
    ),
    Rule(
        **_REVIEW,
        edition="WT2026",
        source=(
            "Guidance of the Panel for safeguarding partners (June 2025), as restated by a local partnership; carried "
            "forward under Working Together to Safeguard Children 2026."
        ),
        verified=False,
        doubt="The text of the 2026 edition was not read: the period and the date of effect are carried forward.",
        effective_from=WT2026_PUBLISHED,
    ),
)
CODES: tuple[str, ...] = tuple(dict.fromkeys(rule.code for rule in RULES))


def editions(code: str) -> tuple[Rule, ...]:
    """Every edition of a rule, oldest first. Raises UnknownRule."""
    found = tuple(rule for rule in RULES if rule.code == code)
    if not found:
        raise UnknownRule(f"There is no rule '{code}'. The rules are: {', '.join(CODES)}.")
    return found


def rule(code: str, on: date) -> Rule:
    """The edition in force on `on`, the London date of the trigger. Raises UnknownRule or NoEditionInForce."""
    for edition in editions(code):
        if edition.in_force(on):
            return edition
    raise NoEditionInForce(f"No edition of '{code}' was in force on {on:%Y-%m-%d}: the first is of {PANEL_BEGAN}.")


def london_date(when: date | datetime) -> date:
    """The civil date in England: 23:30 UTC on 1 June is 2 June. A date stays as it is.

    Raises ValueError for a time without an offset, which could be either of two days.
    """
    if not isinstance(when, datetime):
        return when
    if when.utcoffset() is None:
        raise ValueError("A time without its offset from UTC has no certain date.")
    return when.astimezone(LONDON).date()


def due(rule: Rule, trigger: date | datetime, calendar: Calendar) -> Due:
    """When the period of `rule` ends that `trigger` began: by the end of the last working day.

    Raises NoEditionInForce when this edition did not apply on the day of the trigger, CalendarEnds when the count needs
    a year without known bank holidays, ValueError for a time without an offset.
    """
    start = london_date(trigger)
    if not rule.in_force(start):
        raise NoEditionInForce(f"The edition {rule.edition} of '{rule.code}' was not in force on {start}.")
    count = add_working_days(start, rule.length, calendar)
    return Due(rule, count.due, count)
