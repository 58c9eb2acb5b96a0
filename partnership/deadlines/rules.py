"""The periods that law, guidance and local practice set: which edition applies, when it ends, on which days people are
told.

The rules are data: data/rules/*.toml. A rule has editions, one after another in time; the edition in force on the day
of the trigger applies, so a later edition never rewrites an old deadline. What a partnership set itself stands in the
database; registry.py puts it above these.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from partnership.deadlines.periods import LONDON, add_months, end_of, london_date
from partnership.deadlines.rule_files import load
from partnership.deadlines.shapes import (
    Direction,
    Level,
    Milestone,
    NeedsTime,
    NoEditionInForce,
    NoLength,
    Repeats,
    Rule,
    Status,
    Unit,
    UnknownRule,
)
from partnership.deadlines.working_days import Calendar, Count, add_working_days, working_days_before

__all__ = [
    "CODES",
    "INCIDENT_NOTIFICATION",
    "LONDON",
    "RAPID_REVIEW",
    "RULES",
    "Direction",
    "Due",
    "Level",
    "Milestone",
    "NeedsTime",
    "NoEditionInForce",
    "NoLength",
    "Planned",
    "Repeats",
    "Rule",
    "Status",
    "Unit",
    "UnknownRule",
    "due",
    "editions",
    "london_date",
    "milestones",
    "next_trigger",
    "rule",
]

INCIDENT_NOTIFICATION = "incident_notification"
RAPID_REVIEW = "rapid_review"
TOLD_AT = time(8, 30)


@dataclass(frozen=True)
class Due:
    """When something is due: by `due_at` (aware), on `due_on`, and the count of days that led there.

    due_at: the end of that day in London, or the instant for a period of hours.
    """

    rule: Rule
    due_on: date
    due_at: datetime
    count: Count


@dataclass(frozen=True)
class Planned:
    """One milestone of one period: somebody is told at `fire_at`, 08:30 in London on the day `on`."""

    code: str
    label: str
    fire_at: datetime
    on: date
    step: bool
    level: Level
    perm: str
    statutory: bool


RULES: tuple[Rule, ...] = load()
CODES: tuple[str, ...] = tuple(dict.fromkeys(rule.code for rule in RULES))
_BY_CODE = defaultdict(tuple)
for _rule in RULES:
    _BY_CODE[_rule.code] += (_rule,)


def editions(code: str) -> tuple[Rule, ...]:
    """Every edition of a rule, oldest first. Raises UnknownRule."""
    if code not in _BY_CODE:
        raise UnknownRule(f"There is no rule '{code}'. The rules are: {', '.join(CODES)}.")
    return _BY_CODE[code]


def rule(code: str, on: date) -> Rule:
    """The edition in force on `on`, the London date of the trigger. Raises UnknownRule or NoEditionInForce."""
    known = editions(code)
    for edition in known:
        if edition.in_force(on):
            return edition
    raise NoEditionInForce(
        f"No edition of '{code}' was in force on {on:%Y-%m-%d}: the first is of {known[0].effective_from}."
    )


def due(rule: Rule, trigger: date | datetime, calendar: Calendar) -> Due:
    """When the period of `rule` ends that `trigger` began.

    Raises NoEditionInForce when this edition did not apply on the day of the trigger, NoLength when no number is set,
    NeedsTime when a period of hours has a day only, CalendarEnds when a count of working days needs a year without
    known bank holidays, ValueError for a time without an offset or the calendar of another division.
    """
    start = london_date(trigger)
    if not rule.in_force(start):
        raise NoEditionInForce(f"The edition {rule.edition} of '{rule.code}' was not in force on {start}.")
    count, due_at = end_of(rule, trigger, calendar)
    return Due(rule, count.due, due_at, count)


def milestones(rule: Rule, trigger: date | datetime, due_on: date | None, calendar: Calendar) -> list[Planned]:
    """The days on which somebody is told, in the order in which they come.

    due_on: the due date that stands (a person gave it, or the count was paused); None: as `due` counts it. A reminder
    that would fall on the day of the trigger or before it is left out; a step is kept, on that day at the earliest.
    Days beyond the calendar are found by weekends alone: they are reminders, and the next change of the calendar plans
    them again. Raises as `due` where `due_on` is None.
    """
    start, due_at = london_date(trigger), None
    if due_on is None or (rule.unit is Unit.HOURS and rule.length is not None):
        result = due(rule, trigger, calendar)
        if due_on in (None, result.due_on):
            due_on, due_at = result.due_on, result.due_at
    wide = _reaching(calendar, min(start, due_on), max(start, due_on))
    plan = []
    for each in rule.milestones:
        on = _day_of(each, start, due_on, due_at if rule.unit is Unit.HOURS else None, wide)
        if rule.direction is Direction.AFTER and each.before_due and on <= start:
            if not each.step:
                continue
            on = start
        fire_at = datetime.combine(on, TOLD_AT, LONDON)
        if rule.unit is Unit.HOURS and isinstance(trigger, datetime) and fire_at <= trigger and not each.step:
            continue
        plan.append(Planned(each.code, each.label, fire_at, on, each.step, each.level, each.perm, each.statutory))
    return sorted(plan, key=lambda each: each.fire_at)


def _day_of(each, start, due_on, due_at, calendar) -> date:
    place, number = each.place
    if place == "day":
        return add_working_days(start, number, calendar).due
    if place == "after_due":
        return add_working_days(due_on, number, calendar).due
    if number:
        return working_days_before(due_on, number, calendar).due
    # Hours may run out before anybody is told on that day.
    early = due_at is not None and datetime.combine(due_on, TOLD_AT, LONDON) >= due_at
    return due_on - timedelta(days=1) if early else due_on


def _reaching(calendar, first, last) -> Calendar:
    """The calendar, stretched without holidays over the days that milestones of this period may need."""
    first, last = min(calendar.first_year, first.year - 1), max(calendar.last_year, last.year + 1)
    if (first, last) == (calendar.first_year, calendar.last_year):
        return calendar
    return replace(calendar, first_year=first, last_year=last)


def next_trigger(rule: Rule, trigger: date | datetime, done_on: date | datetime) -> date | None:
    """The day that begins the next period of a duty that returns; None for one that does not."""
    if rule.repeats is Repeats.DONE:
        return london_date(done_on)
    if rule.repeats is Repeats.YEARLY:
        return add_months(london_date(trigger), 12)
    return None
