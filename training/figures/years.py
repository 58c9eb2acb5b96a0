"""Financial years, from April to March, by the first of their two numbers."""

from datetime import date

from partnership.ui.dates import midnight

APRIL = 4


def year_of(day: date) -> int:
    return day.year - (day.month < APRIL)


def first_day(year: int) -> date:
    return date(year, APRIL, 1)


def words(year: int) -> str:
    """'2018/19'."""
    return f"{year}/{(year + 1) % 100:02}"


def moments(year: int) -> tuple:
    """The moments at which a year begins and ends, in London."""
    return midnight(first_day(year)), midnight(first_day(year + 1))


def months(year: int) -> list[date]:
    """The first days of its months."""
    return [date(year + (month < APRIL), month, 1) for month in (*range(APRIL, 13), *range(1, APRIL))]
