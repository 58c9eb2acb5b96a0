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
    PAST = "past its date"  # of a soft rule, which is never late
    MET = "met"
    MET_LATE = "met late"


@dataclass(frozen=True)
class Standing:
    """How a due date stands on a day: the one place where that is put into words and a colour.

    n: days left, or days late, of `kind`: 'working day', or 'day' where working days cannot be told. In working days it
    is 0 on a weekend directly after the due date, although the state is then late.
    """

    state: State
    n: int
    kind: str

    @property
    def words(self) -> str:
        """'6 working days left', 'due today', '1 working day late', 'past its date'."""
        if self.state is State.RUNNING:
            return f"{_days(self.n, self.kind)} left"
        return f"{self.how_late} late" if self.state is State.LATE else str(self.state)

    @property
    def how_late(self) -> str:
        return _days(self.n, self.kind) if self.n else f"less than one {self.kind}"

    @property
    def colour(self) -> str:
        if self.state is State.RUNNING:
            return "orange" if self.n <= 2 else "blue"
        return {State.DUE_TODAY: "orange", State.LATE: "red"}.get(self.state, "grey")


def standing_of(
    due_on: date, on: date, calendar: Calendar, *, working: bool = True, soft: bool = False, over: bool = False
) -> Standing:
    """How `due_on` stands on the day `on`, in working days; in calendar days past the calendar's end.

    working: False counts calendar days. soft: past its date and never late. over: the moment has passed, on that very
    day too (a period of hours).
    """
    if on > due_on or over:
        state = State.PAST if soft else State.LATE
    else:
        state = State.DUE_TODAY if on == due_on else State.RUNNING
    first, last = min(due_on, on), max(due_on, on)
    try:
        if working:
            return Standing(state, working_day_number(first, last, calendar), "working day")
    except CalendarEnds:
        pass
    return Standing(state, (last - first).days, "day")


@dataclass(frozen=True)
class ClockFacts:
    """The facts of one clock on one day: the day it was done, or else today.

    `day` is the day's number in the rule's own days (working days, or calendar days for every other unit), 0 on the day
    of the trigger; it runs past `of` when late. `of` is None where no number of days is counted: months, hours, a date
    that a person gave, a period that must have passed before its trigger. `days_left` and `days_late` are of the same
    kind of days, and both are 0 on the due date. `kind`: past the calendar's end all of them are calendar days.
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
    kind: str

    @property
    def progress(self) -> str:
        """'Working day 9 of 15'; past the end 'Working day 17, limit 15'; else 'Due on 30 September 2026'."""
        if self.of is None or (self.kind == "day" and counts_working_days(self.rule)):
            return f"Due on {words(self.due_on, year=True)}"
        joint = f" of {self.of}" if self.day <= self.of else f", limit {self.of}"
        return f"{self.kind.capitalize()} {self.day}{joint}"

    @property
    def standing(self) -> str:
        """'6 working days left', '1 working day late', 'met on working day 12', 'met 1 day late'."""
        if self.state is State.MET:
            on = f"{self.kind} {self.day}" if self.of is not None else words(self.done_on, year=True)
            return f"met on {on}"
        late = self.state in (State.LATE, State.MET_LATE)
        told = Standing(State.LATE if late else self.state, self.days_late if late else self.days_left, self.kind)
        return f"met {told.words}" if self.state is State.MET_LATE else told.words


def clock(
    rule: Rule,
    trigger: date | datetime,
    today: date | datetime,
    calendar: Calendar,
    done_on: date | datetime | None = None,
) -> ClockFacts:
    """How the period of `rule` stands on `today`, or stood on the day it was done. Times are turned into London dates.

    Raises ValueError when `today` or `done_on` is before the trigger (forms refuse such dates before they are stored),
    and everything that `rules.due` raises.
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
    over: bool = False,
) -> ClockFacts:
    """The same for a period whose due date stands already: it was stored, a person gave it, or the count was paused.

    A date that a person gave is told in the rule's own days too; past the calendar's end all are calendar days. over:
    its moment has passed (a period of hours ends within a day). Raises ValueError as `clock`.
    """
    done = None if done_on is None else london_date(done_on)
    on = london_date(today) if done is None else done
    after = rule.direction is Direction.AFTER
    if after and on < started:
        raise ValueError(f"{on} is before {started}, the day of the trigger.")
    found = standing_of(due_on, on, calendar, working=told_in_working_days(rule), soft=rule.soft, over=over)
    state = found.state
    if done is not None:
        state = State.MET_LATE if state is State.LATE else State.MET
    working = found.kind == "working day"
    counted = after and rule.length is not None and (counts_working_days(rule) or rule.unit is Unit.DAYS)
    try:
        day = (working_day_number(started, on, calendar) if working else (on - started).days) if after else 0
    except CalendarEnds:  # it began before the calendar
        day = (on - started).days
    return ClockFacts(
        rule=rule,
        started=started,
        due_on=due_on,
        day=day,
        of=rule.length if counted else None,
        days_left=found.n if found.state is State.RUNNING else 0,
        days_late=found.n if found.state is State.LATE else 0,
        state=state,
        not_counted=_not_counted(rule, started, due_on, calendar) if counts_working_days(rule) else "none",
        done_on=done,
        kind=found.kind,
    )


def counts_working_days(rule: Rule) -> bool:
    return rule.length is not None and rule.unit in WORKING


def told_in_working_days(rule: Rule) -> bool:
    """Whether what is left or late is told in working days, of a date that a person gave too: one answer everywhere."""
    return rule.unit in WORKING


def _not_counted(rule, started, due_on, calendar) -> str:
    """The days stepped over to the due date that stands, which a pause or another calendar may have moved."""
    first, last = min(started, due_on), max(started, due_on)
    try:
        if rule.direction is Direction.BEFORE:
            return sentence(working_days_before(started, rule.length, calendar))
        return sentence(_add(first, working_day_number(first, last, calendar), calendar))
    except CalendarEnds:
        return "none"


def _days(n: int, kind: str) -> str:
    return f"{n} {kind}" if n == 1 else f"{n} {kind}s"
