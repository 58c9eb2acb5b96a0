"""The days of a series, from its pattern: 'the second Tuesday of each month from April to July, then quarterly'.

Pure: days in, days out. The time of day is added where a meeting is made, on the local clock, so that a series holds
over both changes of the clock.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from partnership.deadlines.periods import add_months

WEEK = timedelta(days=7)
LAST = -1
MOST = 120  # meetings of one series
EVERY = {1: "every month", 2: "every two months", 3: "every quarter", 6: "every half year", 12: "once a year"}
WEEKS = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}


@dataclass(frozen=True)
class Step:
    """One part of a pattern, both days included. week: 1 to 4, or -1 for the last; weekday: 0 for Monday to 4."""

    first: date
    last: date
    every_months: int
    week: int
    weekday: int

    @classmethod
    def of(cls, kept: dict) -> Step:
        """From a row's pattern (boards.models.Series)."""
        first, last = (date.fromisoformat(kept[name]) for name in ("from", "to"))
        return cls(first, last, kept["every_months"], kept["week"], kept["weekday"])

    def kept(self) -> dict:
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "every_months": self.every_months,
            "week": self.week,
            "weekday": self.weekday,
        }

    def days(self) -> list[date]:
        """The days that it says; its months are counted from the first one in which its day has not passed."""
        month = self.first.replace(day=1)
        if day_of(month, self.week, self.weekday) < self.first:
            month = add_months(month, 1)
        found = []
        while (day := day_of(month, self.week, self.weekday)) <= self.last and len(found) <= MOST:
            found.append(day)
            month = add_months(month, self.every_months)
        return found


@dataclass(frozen=True)
class Placed:
    """A day of a series. wanted: what the pattern says; day: where it is placed, None where it has no place; why: what
    stood in the way of the day that was wanted, '' for nothing."""

    wanted: date
    day: date | None
    why: str = ""

    @property
    def moved(self) -> bool:
        return self.day is not None and self.day != self.wanted


def day_of(month: date, week: int, weekday: int) -> date:
    """The first to fourth, or last, such weekday of a month."""
    if week == LAST:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = month.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7) + WEEK * (week - 1)


def place(steps: Iterable[Step], closed: Callable[[date], str]) -> list[Placed]:
    """The days of a pattern, each moved where it is closed: to the next such weekday that is free and lies before the
    next meeting, else to the nearest one before it that lies after the last; else it has no place.

    closed(day) -> why nobody meets on it, '' for a day that is free.
    """
    wanted = [(day, step) for step in steps for day in step.days()]
    placed = []
    for number, (day, step) in enumerate(wanted):
        before = max((each.day for each in placed if each.day), default=None)
        after = wanted[number + 1][0] if number + 1 < len(wanted) else None
        placed.append(Placed(day, _free(day, step, before, after, closed), closed(day)))
    return placed


def _free(day, step, before, after, closed) -> date | None:
    if not closed(day):
        return day
    later = day + WEEK
    while later <= step.last and (after is None or later < after):
        if not closed(later):
            return later
        later += WEEK
    earlier = day - WEEK
    while earlier >= step.first and (before is None or earlier > before):
        if not closed(earlier):
            return earlier
        earlier -= WEEK
    return None
