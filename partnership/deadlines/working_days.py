"""Working days: any day but a Saturday, a Sunday or a bank holiday of the calendar's division.

Working Together and the Panel name working days without defining them. The definition used is that of the Children
(Private Arrangements for Fostering) Regulations 2005, regulation 2; Christmas Day and Good Friday, which it names
apart, are rows of the calendar. A council's own closure days count as working days.

Day 0 is the day of the trigger, whether or not it is a working day; day 1 is the next working day (docs/adr/0011).
All dates are civil dates in England; times are turned into dates by `rules.london_date`.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

ENGLAND_AND_WALES = "england-and-wales"
UNITED_KINGDOM = "united-kingdom"
DATA = Path(__file__).parent / "data"
FILES = {
    ENGLAND_AND_WALES: DATA / "bank_holidays_england_wales.csv",
    UNITED_KINGDOM: DATA / "bank_holidays_united_kingdom.csv",
}
# Every year of the division has eight at least, so a year with fewer was entered by halves.
ORDINARY_HOLIDAYS_A_YEAR = 8
COLUMNS = ("date", "title", "announced_on", "given_up_on", "source")
ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class CalendarEnds(ValueError):
    """The count needs a day for which no bank holidays are known; the portal refuses rather than guesses."""


@dataclass(frozen=True)
class Holiday:
    """One bank holiday that is, or once was, in the list. Blank `announced_on`: ordinary, always known."""

    date: date
    title: str
    announced_on: date | None = None
    given_up_on: date | None = None
    source: str = ""

    def stands(self, known_on: date | None) -> bool:
        """Whether it was in the list at the end of the day `known_on`; None means with all that is known now."""
        if known_on is None:
            return self.given_up_on is None
        announced = self.announced_on is None or self.announced_on <= known_on
        given_up = self.given_up_on is not None and self.given_up_on <= known_on
        return announced and not given_up


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of a division from 1 January of `first_year` to 31 December of `last_year`.

    `holidays` holds every row, also those given up; `as_known_on` says which of them stand. Raises ValueError for two
    rows of one date and for a row outside the years.
    """

    division: str
    holidays: tuple[Holiday, ...]
    first_year: int
    last_year: int
    as_known_on: date | None = None
    days: Mapping[date, str] = field(init=False, repr=False, compare=False)
    _weekday_holidays: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.first_year > self.last_year:
            raise ValueError(f"The calendar {self.division} begins in {self.first_year}, after its end.")
        seen: set[date] = set()
        for holiday in self.holidays:
            if holiday.date in seen:
                raise ValueError(f"The calendar {self.division} has two rows for {holiday.date}.")
            if not self.first_year <= holiday.date.year <= self.last_year:
                raise ValueError(f"{holiday.date} is outside {self.division} {self.first_year} to {self.last_year}.")
            seen.add(holiday.date)
        days = {h.date: h.title for h in self.holidays if h.stands(self.as_known_on)}
        weekdays = sorted(day.toordinal() for day in days if day.weekday() < SATURDAY)
        object.__setattr__(self, "days", MappingProxyType(days))
        object.__setattr__(self, "_weekday_holidays", tuple(weekdays))

    @property
    def first_day(self) -> date:
        return date(self.first_year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.last_year, 12, 31)

    def known_on(self, day: date) -> Calendar:
        """The calendar as it was known at the end of `day`: with what was announced, without what was given up."""
        return replace(self, as_known_on=day)

    def require(self, day: date) -> None:
        """Raises CalendarEnds when `day` is outside the calendar's years."""
        if not self.first_day <= day <= self.last_day:
            raise CalendarEnds(
                f"Bank holidays are known from {words(self.first_day, year=True)} to {words(self.last_day, year=True)} "
                f"only, and the count needs {words(day, year=True)}."
            )

    def why_not(self, day: date) -> str | None:
        """Why `day` is not a working day ('Saturday', 'Sunday' or the holiday's title), or None when it is one."""
        self.require(day)
        if day.weekday() == SATURDAY:
            return "Saturday"
        if day.weekday() == SUNDAY:
            return "Sunday"
        return self.days.get(day)

    def _up_to(self, day: date) -> int:
        """Working days from the first of all days to `day`, by arithmetic: 1 January of year 1 was a Monday."""
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._weekday_holidays, day.toordinal())


@dataclass(frozen=True)
class Excluded:
    """A day that a count stepped over, and why: 'Saturday', 'Sunday' or the bank holiday's title."""

    date: date
    reason: str

    @property
    def weekend(self) -> bool:
        return self.date.weekday() >= SATURDAY


@dataclass(frozen=True)
class Count:
    """A count of working days: the day reached, the days counted and the days stepped over, both in date order.

    Day 0 (`start`) is in neither list. With zero days to count, `due` is `start`.
    """

    start: date
    due: date
    counted: tuple[date, ...]
    not_counted: tuple[Excluded, ...]


def load_file(division: str, known_on: date | None = None) -> Calendar:
    """The project's own list of a division, as known at the end of `known_on` (None: now): what a portal starts with.

    What counts in a running portal is its database (calendars.load). The files in data/ name their sources. Raises
    ValueError for a file that is broken and KeyError for an unknown division.
    """
    calendar = _load(division)
    return calendar if known_on is None else calendar.known_on(known_on)


def load_england_and_wales(known_on: date | None = None) -> Calendar:
    return load_file(ENGLAND_AND_WALES, known_on)


@lru_cache(maxsize=4)
def _load(division: str) -> Calendar:
    with FILES[division].open(encoding="utf-8", newline="") as lines:
        return read_calendar(division, lines)


def read_calendar(division: str, lines: Iterable[str]) -> Calendar:
    """A calendar from CSV lines (date, title, announced_on, given_up_on, source); lines that begin with # are comments.

    Raises ValueError for a missing column or title, a bad date, two rows of one date, or a year with fewer than eight
    holidays: a half-entered year would make Christmas Day a working day.
    """
    reader = csv.DictReader(line for line in lines if not line.startswith("#"))
    if reader.fieldnames is None or tuple(reader.fieldnames) != COLUMNS:
        raise ValueError(f"The bank holiday file of {division} must have the columns {', '.join(COLUMNS)}.")
    holidays = tuple(_holiday(row, division) for row in reader)
    if not holidays:
        raise ValueError(f"The bank holiday file of {division} is empty.")
    if nameless := [str(h.date) for h in holidays if not h.title]:
        raise ValueError(f"A bank holiday has no title: {', '.join(nameless)}.")
    years = {h.date.year for h in holidays}
    calendar = Calendar(division, holidays, min(years), max(years))
    for year in range(min(years), max(years) + 1):
        standing = sum(day.year == year for day in calendar.days)
        if standing < ORDINARY_HOLIDAYS_A_YEAR:
            raise ValueError(
                f"{division} has {standing} bank holidays in {year}; a year has at least {ORDINARY_HOLIDAYS_A_YEAR}."
            )
    return calendar


def _holiday(row: dict, division: str) -> Holiday:
    if None in row or None in row.values():
        raise ValueError(f"A row of the bank holidays of {division} has not {len(COLUMNS)} cells: {row.get('date')}.")
    cells = {name: text.strip() for name, text in row.items()}
    announced, given_up = cells["announced_on"], cells["given_up_on"]
    return Holiday(
        date=date.fromisoformat(cells["date"]),
        title=cells["title"],
        announced_on=date.fromisoformat(announced) if announced else None,
        given_up_on=date.fromisoformat(given_up) if given_up else None,
        source=cells["source"],
    )


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Raises CalendarEnds outside the calendar's years."""
    return calendar.why_not(day) is None


def add_working_days(start: date, n: int, calendar: Calendar) -> Count:
    """`n` working days after `start`, which is day 0 also when it is not a working day; the count ends with day `n`.

    Raises ValueError for a negative `n` and CalendarEnds when `start` or any day of the count is outside the calendar.
    """
    return _count(start, n, calendar, ONE_DAY)


def working_days_before(end: date, n: int, calendar: Calendar) -> Count:
    """`n` working days back from `end`, which is day 0: for periods that must have passed by a day, as publication.

    Raises as `add_working_days`.
    """
    return _count(end, n, calendar, -ONE_DAY)


def _count(start: date, n: int, calendar: Calendar, step: timedelta) -> Count:
    if n < 0:
        raise ValueError(f"A count of working days cannot be negative: {n}.")
    calendar.require(start)
    day, counted, not_counted = start, [], []
    while len(counted) < n:
        day += step
        reason = calendar.why_not(day)
        if reason is None:
            counted.append(day)
        else:
            not_counted.append(Excluded(day, reason))
    if step < timedelta(0):
        counted.reverse()
        not_counted.reverse()
    return Count(start, day, tuple(counted), tuple(not_counted))


def working_days_between(after: date, until: date, calendar: Calendar) -> int:
    """How many working days lie after `after` and not after `until`.

    Raises ValueError when `until` is before `after`, and CalendarEnds when either is outside the calendar's years.
    """
    if until < after:
        raise ValueError(f"{until} is before {after}.")
    calendar.require(after)
    calendar.require(until)
    return calendar._up_to(until) - calendar._up_to(after)


def working_day_number(start: date, on: date, calendar: Calendar) -> int:
    """The number of the day `on` in a count from `start`: 0 on day 0, and on a non-working day the number of the last
    working day. It runs on past the period's length. Raises as `working_days_between`.
    """
    return working_days_between(start, on, calendar)


def days_left(due: date, on: date, calendar: Calendar) -> int:
    """Working days after `on` up to and with `due`; 0 on the due date and afterwards."""
    return working_days_between(on, due, calendar) if on < due else 0


def days_late(due: date, on: date, calendar: Calendar) -> int:
    """Working days after `due` up to and with `on`; 0 until the due date, and on a weekend that follows it at once."""
    return working_days_between(due, on, calendar) if due < on else 0


def words(day: date, *, year: bool = False) -> str:
    """'19 April', or '19 April 2019'."""
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"


def sentence(count: Count) -> str:
    """The days that a count stepped over, for the screen: 'weekends, Good Friday 19 April, Easter Monday 22 April'.

    Years are written when the days span two of them; 'none' when every day was counted.
    """
    weekend = [e for e in count.not_counted if e.weekend]
    named = [e for e in count.not_counted if not e.weekend]
    year = count.start.year != count.due.year
    parts = [f"{e.reason} {words(e.date, year=year)}" for e in named]
    if weekend:
        one = (weekend[-1].date - weekend[0].date).days <= 1
        parts.insert(0, "one weekend" if one else "weekends")
    return ", ".join(parts) or "none"
