"""Which duties an organisation of a kind is expected to have: data/expected_duties.toml, read and checked.

What is not law says so: a report must not tell an organisation that it breaks a rule which is only a habit.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from partnership.people.models import AgencyKind, DutyKind

FILE = Path(__file__).parent.parent / "data" / "expected_duties.toml"
BASES = {
    "law": "expected by law",
    "guidance": "expected by statutory guidance",
    "practice": "expected by practice",
}
WORDS = {"agency", "duties", "basis", "source", "verified", "from", "until"}


@dataclass(frozen=True)
class Expectation:
    """`duties`: any one of them fills it, the first is asked for. `ends`: the first day on which it is no longer."""

    kind: AgencyKind
    duties: tuple
    basis: str
    source: str
    verified: bool
    starts: date | None = None
    ends: date | None = None

    @property
    def duty(self) -> DutyKind:
        return self.duties[0]

    @property
    def how(self) -> str:
        return BASES[self.basis]

    def holds_on(self, day) -> bool:
        return (not self.starts or self.starts <= day) and (not self.ends or day < self.ends)


@cache
def all_expected() -> tuple[Expectation, ...]:
    """Every entry of the file; raises ValueError or KeyError for a word that it does not know."""
    return tuple(_read(row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["expected"])


def expected_on(day) -> list[Expectation]:
    return [each for each in all_expected() if each.holds_on(day)]


def grouped(day) -> dict[tuple, list[AgencyKind]]:
    """duties -> the kinds of organisation that are expected to have one of them."""
    groups = {}
    for each in expected_on(day):
        groups.setdefault(each.duties, []).append(each.kind)
    return groups


def how_expected(kind, duty, day) -> Expectation | None:
    """The entry by which an organisation of this kind is expected to have this duty."""
    return next((each for each in expected_on(day) if each.kind == kind and each.duty == duty), None)


def _read(row):
    if unknown := set(row) - WORDS:
        raise ValueError(f"expected_duties.toml: unknown words {sorted(unknown)}")
    if row["basis"] not in BASES:
        raise ValueError(f"expected_duties.toml: {row['basis']!r} is no basis")
    return Expectation(
        kind=AgencyKind(row["agency"]),
        duties=tuple(DutyKind(code) for code in row["duties"]),
        basis=row["basis"],
        source=row["source"],
        verified=row["verified"],
        starts=row.get("from"),
        ends=row["until"] + timedelta(days=1) if "until" in row else None,
    )
