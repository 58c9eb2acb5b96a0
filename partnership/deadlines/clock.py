"""What a screen says of a running, met or missed period: 'Working day 9 of 15', what is left, the days not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from partnership.deadlines.periods import london_date
from partnership.deadlines.rules import Rule, due
from partnership.deadlines.shapes import WORKING, Direction, Unit
from partnership.deadlines.working_days import (
    Calendar,
    CalendarEnds,
    days_late,
    days_left,
    sentence,
    words,
    working_day_number,
    working_days_before,
)
from partnership.deadlines.working_days import add_working_days as _add


class State(StrEnum):
    RUNNING = "running"
    DUE_TODAY = "due today"
    LATE = "late"
    MET = "met"
    MET_LATE = "met late"


@dataclass(frozen=True)
class ClockFacts:
    """The facts of one clock on one day: the day it was done, or else today.

    `day` is the day's number in the rule's own days (working days, or calendar days for every other unit), 0 on the day
    of the trigger; it runs past `of` when late. `of` is None where no number of days is counted: months, hours, a date
    that a person gave, a period that must have passed before its trigger. `days_left` and `days_late` are of the same
    kind of days; both are 0 on the due date, and in working days `days_late` is 0 on a weekend directly after it,
    although the state is then late.
    """

    rule: Rule
    started: date
    due_on: date
    day: int
    of: int | None
    days_left: int
    days_late: int
    state: State
    not_counted: str
    done_on: date | None

    @property
    def progress(self) -> str:
        """'Working day 9 of 15'; past the end 'Working day 17, limit 15'; else 'Due on 30 September 2026'."""
        if self.of is None:
            return f"Due on {words(self.due_on, year=True)}"
        joint = f" of {self.of}" if self.day <= self.of else f", limit {self.of}"
        return f"{_kind(self.rule).capitalize()} {self.day}{joint}"

    @property
    def standing(self) -> str:
        """'6 working days left', '1 working day late', 'met on working day 12', 'met 1 day late'."""
        kind = _kind(self.rule)
        late = _days(self.days_late, kind) if self.days_late else f"less than one {kind}"
        met = (
            f"met on {words(self.done_on, year=True)}"
            if self.of is None and self.done_on
            else f"met on {kind} {self.day}"
        )
        return {
            State.RUNNING: f"{_days(self.days_left, kind)} left",
            State.DUE_TODAY: "due today",
            State.LATE: f"{late} late",
            State.MET: met,
            State.MET_LATE: f"met {late} late",
        }[self.state]


def clock(
    rule: Rule,
    trigger: date | datetime,
    today: date | datetime,
    calendar: Calendar,
    done_on: date | datetime | None = None,
) -> ClockFacts:
    """How the period of `rule` stands on `today`, or stood on the day it was done. Times are turned into London dates.

    Raises ValueError when `today` or `done_on` is before the trigger (forms refuse such dates before they are stored),
    and everything that `rules.due` raises; CalendarEnds also when a late clock of working days runs past the calendar.
    """
    result = due(rule, trigger, calendar)
    return clock_of(
        rule, started=result.count.start, due_on=result.due_on, today=today, calendar=calendar, done_on=done_on
    )


def clock_of(
    rule: Rule,
    *,
    started: date,
    due_on: date,
    today: date | datetime,
    calendar: Calendar,
    done_on: date | datetime | None = None,
) -> ClockFacts:
    """The same for a period whose due date stands already: it was stored, a person gave it, or the count was paused.

    A rule without a length counts calendar days. Raises as `clock`.
    """
    done = None if done_on is None else london_date(done_on)
    on = london_date(today) if done is None else done
    after = rule.direction is Direction.AFTER
    if after and on < started:
        raise ValueError(f"{on} is before {started}, the day of the trigger.")
    if done is not None:
        state = State.MET if done <= due_on else State.MET_LATE
    elif on == due_on:
        state = State.DUE_TODAY
    else:
        state = State.RUNNING if on < due_on else State.LATE
    working = counts_working_days(rule)
    counted = after and rule.length is not None and (working or rule.unit is Unit.DAYS)
    return ClockFacts(
        rule=rule,
        started=started,
        due_on=due_on,
        day=(working_day_number(started, on, calendar) if working else (on - started).days) if after else 0,
        of=rule.length if counted else None,
        days_left=days_left(due_on, on, calendar) if working else max((due_on - on).days, 0),
        days_late=days_late(due_on, on, calendar) if working else max((on - due_on).days, 0),
        state=state,
        not_counted=_not_counted(rule, started, due_on, calendar) if working else "none",
        done_on=done,
    )


def counts_working_days(rule: Rule) -> bool:
    return rule.length is not None and rule.unit in WORKING


def _not_counted(rule, started, due_on, calendar) -> str:
    """The days stepped over to the due date that stands, which a pause or another calendar may have moved."""
    first, last = min(started, due_on), max(started, due_on)
    try:
        if rule.direction is Direction.BEFORE:
            return sentence(working_days_before(started, rule.length, calendar))
        return sentence(_add(first, working_day_number(first, last, calendar), calendar))
    except CalendarEnds:
        return "none"


def _kind(rule) -> str:
    return "working day" if counts_working_days(rule) else "day"


def _days(n: int, kind: str) -> str:
    return f"{n} {kind}" if n == 1 else f"{n} {kind}s"
