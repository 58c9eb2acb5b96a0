"""Financial years, from April to March, by the first of their two numbers: the partnership's own."""

from datetime import date

from partnership.actions.planning.rules import FIRST_MONTH, first_day
from partnership.ui.dates import midnight


def moments(year: int) -> tuple:
    """The moments at which a year begins and ends, in London."""
    return midnight(first_day(year)), midnight(first_day(year + 1))


def months(year: int) -> list[date]:
    """The first days of its months."""
    return [date(year + (month < FIRST_MONTH), month, 1) for month in (*range(FIRST_MONTH, 13), *range(1, FIRST_MONTH))]
