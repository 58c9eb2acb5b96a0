"""What a screen says of a running, met or missed period: 'Working day 9 of 15', what is left, the days not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from partnership.deadlines.rules import Rule, due, london_date
from partnership.deadlines.working_days import Calendar, days_late, days_left, sentence, working_day_number


class State(StrEnum):
    RUNNING = "running"
    DUE_TODAY = "due today"
    LATE = "late"
    MET = "met"
    MET_LATE = "met late"


@dataclass(frozen=True)
class ClockFacts:
    """The facts of one clock on one day: the day it was done, or else today.

    `day` is the working day's number, 0 on the day of the trigger, and runs past `of` when late. `days_left` and
    `days_late` are working days; both are 0 on the due date, and `days_late` is 0 on a weekend directly after it,
    although the state is then late.
    """

    rule: Rule
    started: date
    due_on: date
    day: int
    of: int
    days_left: int
    days_late: int
    state: State
    not_counted: str
    done_on: date | None

    @property
    def progress(self) -> str:
        """'Working day 9 of 15'; past the end 'Working day 17, limit 15'."""
        joint = f" of {self.of}" if self.day <= self.of else f", limit {self.of}"
        return f"Working day {self.day}{joint}"

    @property
    def standing(self) -> str:
        """'6 working days left', '1 working day late', 'met on working day 12', 'met 1 working day late'."""
        late = _days(self.days_late) if self.days_late else "less than one working day"
        return {
            State.RUNNING: f"{_days(self.days_left)} left",
            State.DUE_TODAY: "due today",
            State.LATE: f"{late} late",
            State.MET: f"met on working day {self.day}",
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
    and everything that `rules.due` raises; CalendarEnds also when a late clock runs past the calendar.
    """
    result = due(rule, trigger, calendar)
    started = result.count.start
    done = None if done_on is None else london_date(done_on)
    on = london_date(today) if done is None else done
    if done is not None:
        state = State.MET if done <= result.due_on else State.MET_LATE
    elif on == result.due_on:
        state = State.DUE_TODAY
    else:
        state = State.RUNNING if on < result.due_on else State.LATE
    return ClockFacts(
        rule=rule,
        started=started,
        due_on=result.due_on,
        day=working_day_number(started, on, calendar),
        of=rule.length,
        days_left=days_left(result.due_on, on, calendar),
        days_late=days_late(result.due_on, on, calendar),
        state=state,
        not_counted=sentence(result.count),
        done_on=done,
    )


def _days(n: int) -> str:
    return f"{n} working day" if n == 1 else f"{n} working days"
