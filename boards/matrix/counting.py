"""Attendance as numbers. Pure: it knows marks, not rows of tables.

How is counted: a rate is (present + deputy) of (present + deputy + apologies + absent), to one decimal, half up. Not
applicable, observed and not recorded are in neither; a mark of a seat that did not exist on the day counts nowhere; a
participant observer's seat stands among the observers where somebody came on it and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from boards.models import Attendance, Seat
from partnership.ui.shares import share

M = Attendance.Mark
OBSERVER = Seat.Standing.OBSERVER
CAME, MISSED = (M.PRESENT, M.DEPUTY), (M.APOLOGIES, M.ABSENT)
# For the one letter that a cell has room for: each differs by its shape, and its word stands beside it.
LETTERS = {
    M.PRESENT: "P", M.DEPUTY: "D", M.APOLOGIES: "A", M.ABSENT: "X", M.NOT_APPLICABLE: "N/A", M.OBSERVER: "O",
}  # fmt: skip


@dataclass
class Tally:
    """How often a seat, an organisation or a meeting had each mark."""

    present: int = 0
    deputy: int = 0
    apologies: int = 0
    absent: int = 0
    na: int = 0
    observer: int = 0

    def add(self, mark: str, standing: str) -> None:
        if standing == OBSERVER:
            mark = M.OBSERVER if mark in (*CAME, M.OBSERVER) else ""
        if mark:
            setattr(self, mark, getattr(self, mark) + 1)

    @property
    def came(self) -> int:
        """By the holder or a deputy."""
        return self.present + self.deputy

    @property
    def expected(self) -> int:
        return self.came + self.apologies + self.absent

    @property
    def rate(self) -> Decimal | None:
        """Per cent to one decimal; None where nobody was expected."""
        return share(self.came, self.expected)

    def as_data(self) -> dict:
        """Plain numbers to be frozen; the rate as a text, "83.2", or None."""
        rate = self.rate
        return asdict(self) | {
            "came": self.came,
            "expected": self.expected,
            "rate": None if rate is None else str(rate),
        }


@dataclass(frozen=True)
class Cell:
    """One seat at one meeting. seat, agency, meeting: any keys. there: whether the seat existed on the day; without it
    the mark is shown and not counted. mark: of Attendance.Mark, or nothing where none is recorded."""

    seat: object
    agency: object
    meeting: object
    mark: str
    standing: str = Seat.Standing.MEMBER
    there: bool = True


@dataclass(frozen=True)
class Counted:
    """Tallies by the keys of the cells, and of all of them."""

    seats: dict
    agencies: dict
    meetings: dict
    total: Tally


def count(cells: Iterable[Cell]) -> Counted:
    """What the cells come to per seat, agency and meeting, and overall."""
    found = Counted({}, {}, {}, Tally())
    for cell in cells:
        tallies = (
            found.seats.setdefault(cell.seat, Tally()),
            found.agencies.setdefault(cell.agency, Tally()),
            found.meetings.setdefault(cell.meeting, Tally()),
            found.total,
        )
        if cell.there and cell.mark:
            for tally in tallies:
                tally.add(cell.mark, cell.standing)
    return found
