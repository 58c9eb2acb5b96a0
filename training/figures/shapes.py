"""What figures of training consist of, each as its page shows it."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from partnership.actions.planning.rules import words_of_year
from partnership.ui.shares import share, whole
from partnership.ui.small_numbers import tells
from training.figures.reads import CANCELLED, DELIVERED

CUTS = {
    "course": "Course", "agency": "Organisation", "kind": "Kind of organisation", "area": "Area",
    "priority": "Priority", "month": "Month",
}  # fmt: skip
OF_PEOPLE = ("agency", "kind")  # an event has no organisation
# A third cut of the same people would give away what the first two leave out, so the others are of events alone.
NAMELESS_PEOPLE = ("course", "kind")
PER_CENT = "\u00a0%"
TOGETHER, NOT_SHOWN, NO_RECORDS = "Those not shown, together", "Not shown", "Not recorded"


def number(value) -> str:
    return "–" if value is None else f"{value:,}"


def signed(value) -> str:
    if value is None:
        return "–"
    return f"+{value:,}" if value > 0 else "0" if not value else f"−{-value:,}"


def _told(value) -> str:
    return NOT_SHOWN if value is None else number(value)


@dataclass
class Line:
    """One number of this year beside last year's. None: not shown to this reader. counted: False where there is no such
    number of it. recorded: False where there is no record at all of last year, which is no 0."""

    label: str
    now: int | None
    before: int | None
    counted: bool = True
    recorded: bool = True

    def __post_init__(self):
        if not self.recorded:
            self.before = None

    @property
    def change(self):
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def percent(self) -> str:
        """'+48.2 %' on last year; nothing on nothing."""
        if self.change is None or not self.before:
            return ""
        part = share(abs(self.change), self.before)
        return f"{'+' if self.change > 0 else '−' if self.change < 0 else ''}{f'{part:,}'.removesuffix('.0')}{PER_CENT}"

    @property
    def in_words(self) -> tuple:
        """(this year's, last year's, the change)."""
        if not self.counted:
            return "–", "–", "–"
        percent = f" ({self.percent})" if self.percent else ""
        return _told(self.now), self.told_before, f"{signed(self.change)}{percent}"

    @property
    def told_before(self) -> str:
        return _told(self.before) if self.recorded else NO_RECORDS


@dataclass
class Part:
    """What one value of a cut comes to. states: of this year's events; people, online: Line."""

    label: str
    states: Counter
    states_before: Counter
    people: Line
    online: Line
    together: bool = False

    @property
    def planned(self) -> int:
        return sum(self.states.values())

    @property
    def delivered(self) -> int:
        return self.states[DELIVERED]

    @property
    def cancelled(self) -> int:
        return self.states[CANCELLED]


@dataclass
class Said:
    """One question at one stage. now, before: Replies or None; shown: whether this reader may have it."""

    stage: str
    text: str
    now: object
    before: object
    named: bool

    @property
    def shown(self) -> bool:
        return self.now is not None and (self.named or not tells(self.now.answered, self.now.agree))

    @property
    def percent(self) -> int | None:
        return whole(Decimal(100 * self.now.agree) / self.now.answered) if self.shown else None

    @property
    def points(self) -> int | None:
        if not self.shown or self.before is None or (not self.named and tells(self.before.answered, self.before.agree)):
            return None
        return self.percent - whole(Decimal(100 * self.before.agree) / self.before.answered)

    @property
    def change(self) -> str:
        return signed(self.points)

    @property
    def figure(self) -> str:
        return f"{self.percent}{PER_CENT} agree" if self.shown else NOT_SHOWN

    @property
    def answered(self) -> str:
        """'2,214 of 2,952 (75 %)': how many answered of how many were asked."""
        if not self.shown:
            return NOT_SHOWN
        if not self.named and tells(self.now.asked, self.now.answered):
            return number(self.now.answered)
        part = whole(Decimal(100 * self.now.answered) / self.now.asked)
        return f"{number(self.now.answered)} of {number(self.now.asked)} ({part}{PER_CENT})"


@dataclass
class Bar:
    """Two bars, one above the other: this year's and last year's number, as SVG takes them."""

    label: str
    now: str
    before: str
    width: str
    width_before: str


@dataclass
class Figures:
    """year: the first of its two numbers. named: with everything. by: of CUTS, and people: whether delegates are told
    apart by it. recorded: whether there is any record of the year before. cut_waits, said_waits: what this reader is
    shown later. reasons: [(why, how many events)]."""

    year: int
    named: bool
    by: str
    totals: list
    states: Counter
    finding: str
    segments: list
    parts: list
    reasons: list
    said: list
    sources: list
    people: bool
    recorded: bool
    cut_waits: bool
    said_waits: bool
    cut_finding: str = ""
    bars: list = field(default_factory=list)

    @property
    def now(self) -> str:
        return words_of_year(self.year)

    @property
    def before(self) -> str:
        return words_of_year(self.year - 1)

    @property
    def heading(self) -> str:
        return CUTS[self.by]

    @property
    def events(self) -> bool:
        return self.by not in OF_PEOPLE

    @property
    def columns(self) -> str:
        heads = [self.heading]
        heads += ["Planned", "Delivered", "Cancelled"] if self.events else []
        if self.people:
            beside = [f"Delegates {self.before}", "Change"] if self.recorded else []
            heads += [f"Delegates {self.now}", *beside, "E-learning"]
        return ",".join(heads)

    @property
    def numeric(self) -> str:
        return self.columns.partition(",")[2]

    @property
    def left_out(self) -> bool:
        return any(part.together for part in self.parts) or any(not each.shown for each in self.said)
