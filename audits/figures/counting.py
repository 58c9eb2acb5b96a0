"""The answers of a round as numbers. Pure: it knows what was said by question and return, not rows of tables.

What is counted, of each question:
    asked       the returns to which it was put, by what the organisation is and by its other answers
    answered    of these, those that answered it, 'does not apply' with a reason among them
    base        of a chosen answer, those whose word counts or does not (`scale_of`); left out are words that the scale
                leaves out, what does not apply, and what was not answered
    counted     of the base, those whose word counts
    numbers     of a number or percentage, what was entered
A share is counted of base; of words, tables, files and days it is answered of asked. Rounded half up, per cent whole,
points and means to one decimal.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from audits.asking import Asking, matches, scale_of
from audits.models import Wording
from partnership.people.models import AgencyKind
from partnership.ui.shares import rounded, whole
from partnership.ui.small_numbers import is_small

Kind = Wording.Kind
NUMBERS = (Kind.NUMBER, Kind.PERCENT)
NOT_ASKED, NOTHING = None, ""  # of a question that is not put to an organisation; of one that it has not answered
NA = "-"  # it does not apply, with a reason
CODE, NUMBER, DAY, FILE, ROWS, TEXT = "c", "n", "d", "f", "r", "t"  # what an answer begins with, as it is read
GIVEN = {Kind.DATE: DAY, Kind.FILE: FILE, Kind.TABLE: ROWS, Kind.TEXT: TEXT}
MET, PARTLY, NOT = "met", "partly", "not"
BUCKETS = (MET, PARTLY, NOT)
MANY = ("asked", "answered", "does_not_apply", "base", "counted", "gaps")
KINDS = dict(AgencyKind.choices)
# For readers without names: phases as the register words them, in groups that are large enough to be shown.
EARLY, PRIMARY, SECONDARY, OTHER = "Early years", "Primary", "Secondary", "Special and other"
GROUPS = {
    "Nursery": EARLY, "Primary": PRIMARY, "Middle deemed primary": PRIMARY, "Middle deemed secondary": SECONDARY,
    "Secondary": SECONDARY, "16 plus": SECONDARY, "": "",
}  # fmt: skip


class Column:
    """A question as a version asks it. key: the id of the Question, as text; counts, bucket: code -> what it is. fact:
    none of its answers is a gap, so it asks what there was, and is neither good nor bad."""

    def __init__(self, wording):
        self.wording, self.key, self.kind = wording, str(wording.question_id), wording.kind
        self.chosen, self.numeric = wording.kind in Wording.CHOSEN, wording.kind in NUMBERS
        self.scale = scale_of(wording)
        self.counts = {code: counts for code, _, counts in self.scale}
        self.labels = {code: label for code, label, _ in self.scale}
        self.gaps = frozenset(wording.gap_codes)
        self.fact = self.chosen and not self.gaps
        self.bucket = _buckets(self.scale)

    def answers(self, said: str) -> bool:
        """Whether what was said is an answer to it: as `asking.is_answered` of a row."""
        if said == NA:
            return self.wording.may_not_apply
        if self.chosen:
            return said.startswith(CODE)
        return said.startswith(NUMBER if self.numeric else GIVEN[self.kind])

    def measures_as(self, other) -> bool:
        """Whether what it comes to can be compared with another year's: of the same kind, and on the same scale,
        whatever its words are called."""
        return self.kind == other.kind and self.counts == other.counts

    def is_gap(self, said) -> bool:
        return bool(said) and self.chosen and said[0] == CODE and said[1:] in self.gaps


def _buckets(scale) -> dict:
    """code -> MET, PARTLY or NOT. A scale goes from one end to the other: of its words that do not count, the one
    furthest from those that do is NOT, those between are PARTLY."""
    words = [(code, counts) for code, _, counts in scale if counts is not None]
    if words and words[-1][1] and not words[0][1]:
        words.reverse()
    below = [code for code, counts in words if not counts]
    found = {code: MET for code, counts in words if counts} | dict.fromkeys(below, PARTLY)
    return found | ({below[-1]: NOT} if below else {})


class Plan:
    """What a version asks, of whom; as `asking.shown`, for hundreds of returns at once."""

    def __init__(self, asking: Asking):
        self.sections = asking.sections
        self.columns = [Column(wording) for wording in asking.wordings]
        self.of_key = {column.key: column for column in self.columns}
        self._facts = sorted({name for column in self.columns for name in column.wording.applies})
        self._known = {}

    def needed(self, key) -> set:
        """The keys on whose answers it hangs whether this question is put, and its own."""
        found = set()
        while key in self.of_key and key not in found:
            found.add(key)
            key = str(self.of_key[key].wording.shown_if_id)
        return found

    def asked(self, facts: dict, said: dict) -> frozenset:
        """The keys of the questions that are put to an organisation. said: key -> what it answered."""
        now = tuple(facts.get(name, "") for name in self._facts)
        if now not in self._known:
            applies = [column for column in self.columns if matches(column.wording.applies, facts)]
            sure = frozenset(column.key for column in applies if column.wording.shown_if_id is None)
            self._known[now] = sure, [column for column in applies if column.key not in sure]
        sure, waits = self._known[now]
        if not waits:
            return sure
        seen = set(sure)
        while new := [column for column in waits if column.key not in seen and _after(column.wording, seen, said)]:
            seen.update(column.key for column in new)
        return frozenset(seen)


def _after(wording, seen, said) -> bool:
    before = str(wording.shown_if_id)
    answer = said.get(before, "")
    code = answer[1:] if answer.startswith(CODE) else ""
    return before in seen and code in wording.shown_codes


@dataclass(frozen=True)
class One:
    """One return. said: key of a question -> what it answered, as it is read. facts: as `asking.Facts`. The rest is
    what its figures are told apart by."""

    pk: object
    agency_id: object
    name: str
    facts: dict = field(hash=False, repr=False)
    said: dict = field(hash=False, repr=False)
    phase: str = ""
    establishment: str = ""
    district: str = ""
    area: str = ""
    trust: str = ""
    window: str = ""
    status: str = ""

    @property
    def kind(self) -> str:
        """What sort of organisation it is, in the words of the directory."""
        return KINDS.get(self.facts.get("kind"), "")

    @property
    def group(self) -> str:
        """A school's phase, in a few groups; the sort of any other organisation."""
        if self.facts.get("kind") == AgencyKind.EARLY_YEARS:
            return EARLY
        return GROUPS.get(self.phase, OTHER) if self.phase or self.facts.get("kind") == AgencyKind.SCHOOL else self.kind


class Answered:
    """Returns, and by column what each of them said: NOT_ASKED, NOTHING, or an answer. only: the key of one column."""

    def __init__(self, plan: Plan, returns, only=None):
        self.plan, self.returns, self._kept = plan, list(returns), {}
        self.columns = {column.key: [] for column in plan.columns if only in (None, column.key)}
        for one in self.returns:
            asked = plan.asked(one.facts, one.said)
            for key, said in self.columns.items():
                said.append(one.said.get(key, NOTHING) if key in asked else NOT_ASKED)

    def tally(self, column) -> "Tally":
        return Tally.tallied(column, Counter(self.columns[column.key]))

    def by(self, column, *names) -> dict:
        """What sets returns apart -> Tally. names: of a field of One; of several, which together make a tuple."""
        values = self._values(names[0]) if len(names) == 1 else zip(*map(self._values, names), strict=True)
        pairs = Counter(zip(values, self.columns[column.key], strict=True))
        found: dict = {}
        for (value, said), many in pairs.items():
            found.setdefault(value, Counter())[said] = many
        return {value: Tally.tallied(column, found[value]) for value in sorted(found)}

    def _values(self, name) -> list:
        if name not in self._kept:
            self._kept[name] = [getattr(one, name) for one in self.returns]
        return self._kept[name]


@dataclass(frozen=True)
class Tally:
    """How one question was answered. said: code -> how many, of the chosen; numbers: sorted. shy: for readers without
    names, who learn of how many it is only where those who are left out of it are not few."""

    kind: str
    asked: int = 0
    answered: int = 0
    does_not_apply: int = 0
    base: int = 0
    counted: int = 0
    gaps: int = 0
    said: dict = field(default_factory=dict, hash=False)
    buckets: dict = field(default_factory=dict, hash=False)
    numbers: tuple = ()
    shy: bool = False

    @classmethod
    def tallied(cls, column, counter):
        """counter: what was said -> how many times."""
        facts = dict.fromkeys(MANY, 0)
        codes, buckets, numbers = {}, dict.fromkeys(BUCKETS, 0), []
        for said, many in counter.items():
            if said is NOT_ASKED:
                continue
            facts["asked"] += many
            if not column.answers(said):
                continue
            facts["answered"] += many
            if said == NA:
                facts["does_not_apply"] += many
            elif column.chosen:
                code = said[1:]
                codes[code] = many
                facts["gaps"] += many * (code in column.gaps)
                if (bucket := column.bucket.get(code)) is not None:
                    facts["base"] += many
                    facts["counted"] += many * (bucket == MET)
                    buckets[bucket] += many
            elif column.numeric:
                numbers += [Decimal(said[1:])] * many
        return cls(column.kind, **facts, said=codes, buckets=buckets, numbers=tuple(sorted(numbers)))

    def __add__(self, other):
        """Of both: returns that are in neither twice."""
        many = {name: getattr(self, name) + getattr(other, name) for name in MANY}
        said, buckets = Counter(self.said) + Counter(other.said), Counter(self.buckets) + Counter(other.buckets)
        numbers = tuple(sorted(self.numbers + other.numbers))
        shy = self.shy or other.shy
        return Tally(self.kind, **many, said=dict(said), buckets=dict(buckets), numbers=numbers, shy=shy)

    @property
    def chosen(self) -> bool:
        return self.kind in Wording.CHOSEN

    @property
    def numeric(self) -> bool:
        return self.kind in NUMBERS

    @property
    def part(self) -> tuple[int, int]:
        """(of how many, how many) its figure is made of; of numbers, how many were entered and what they come to."""
        if self.chosen:
            return self.base, self.counted
        if self.numeric:
            return len(self.numbers), int(sum(self.numbers))
        return self.asked, self.answered

    @property
    def of(self) -> int:
        return self.part[0]

    @property
    def empty(self) -> bool:
        """Whether nobody gave an answer that counts."""
        return not self.of or not self.answered

    @property
    def told_of(self) -> int | None:
        """Of how many its figure is, as this reader may know it: to how few it did not apply follows from the rest."""
        if self.empty:
            return 0
        return None if self.shy and is_small(self.asked - self.of) else self.of

    @property
    def share(self) -> Decimal | None:
        """Per cent, not rounded; None of numbers, and where there is nothing to count."""
        of, many = self.part
        return None if self.numeric or self.empty else Decimal(100 * many) / of

    @property
    def percent(self) -> int | None:
        return None if self.share is None else whole(self.share)

    @property
    def mean(self) -> Decimal | None:
        return rounded(sum(self.numbers) / len(self.numbers)) if self.numbers else None

    @property
    def median(self) -> Decimal | None:
        return rounded(median(self.numbers)) if self.numbers else None

    @property
    def measure(self) -> Decimal | None:
        """What is compared with another year, in points: a share, or the mean of percentages; None of a number."""
        if self.kind == Kind.PERCENT:
            return sum(self.numbers) / len(self.numbers) if self.numbers else None
        return self.share


def change(now: Tally, before: Tally | None) -> Decimal | None:
    """Points more or less than before, to one decimal; None where there is nothing to compare. Both of columns that
    measure alike."""
    if before is None or now.measure is None or before.measure is None:
        return None
    return rounded(now.measure - before.measure)
