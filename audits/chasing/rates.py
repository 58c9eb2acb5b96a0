"""How many returns of a round are in, against each deadline. Pure.

Whoever owes no return is left out of what was asked. A return counts as in from its first submission on, and as owed
again while it is given back to be changed. Shares are of those asked, to one place, a half rounded up.
"""

from dataclasses import dataclass
from datetime import datetime

from partnership.ui.shares import share


@dataclass(frozen=True)
class Standing:
    """One return. excused: it owes nothing. in_at: when it was first submitted, None while it is owed. late: it came
    after its own deadline. final_at: the second deadline, None where its window has none; its own, where it was given
    longer. over, final_over: whether these days are over."""

    excused: bool = False
    in_at: datetime | None = None
    late: bool = False
    final_at: datetime | None = None
    over: bool = False
    final_over: bool = False

    @property
    def by_final(self) -> bool:
        return bool(self.in_at and self.final_at and self.in_at <= self.final_at)


@dataclass
class Tally:
    """asked: who owed a return. on_time: in by their own first deadline. by_final, with_final: in by the second one, of
    those who have one. came: in at all. owing: not in. excused: beside these. over, final_over: of how many that day is
    over; before, what came in says nothing of being on time, and the rates of it are None."""

    asked: int = 0
    on_time: int = 0
    by_final: int = 0
    with_final: int = 0
    came: int = 0
    excused: int = 0
    over: int = 0
    final_over: int = 0

    def add(self, one: Standing):
        if one.excused:
            self.excused += 1
            return
        self.asked += 1
        self.came += one.in_at is not None
        self.on_time += one.in_at is not None and not one.late
        self.with_final += one.final_at is not None
        self.by_final += one.by_final
        self.over += one.over
        self.final_over += one.final_over

    @property
    def owing(self) -> int:
        return self.asked - self.came

    @property
    def later(self) -> int:
        return self.came - self.on_time

    @property
    def rate(self):
        return share(self.came, self.asked)

    @property
    def rate_on_time(self):
        return share(self.on_time, self.asked) if self.over else None

    @property
    def rate_by_final(self):
        return share(self.by_final, self.with_final) if self.final_over else None


def tallies(standings, key) -> dict:
    """key(row) -> Tally of (row, Standing) pairs."""
    found: dict = {}
    for row, one in standings:
        found.setdefault(key(row), Tally()).add(one)
    return found
