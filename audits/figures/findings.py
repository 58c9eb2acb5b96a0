"""The figures of a round, section by section, as a reader may have them, and what they come to in one sentence."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from audits.figures import reads
from audits.figures.counting import BUCKETS, DAY, MET, NA, NOT, PARTLY, Kind, Tally, change
from audits.models import Question, Round
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.actions.planning.rules import words_of_year
from partnership.people.roles import Perm
from partnership.ui.charts import stack
from partnership.ui.dates import plain
from partnership.ui.shares import rounded, whole
from partnership.ui.small_numbers import FEWEST, is_small, kept_crosswise, tells

APART = {"group": "Phase or kind of organisation", "phase": "Phase", "kind": "Kind of organisation", "area": "Area",
         "establishment": "Type of school", "district": "District", "trust": "Trust", "window": "Window"}  # fmt: skip
NAMELESS = ("group", "area")  # a third cut of the same organisations could be taken from these, or name somebody
NAMED = tuple(name for name in APART if name != "group")
UNSAID, TOGETHER = "Not said", "Those not shown, together"
NOT_SHOWN = "Not shown"
NO_ANSWERS, NOT_KEPT = "No answers to count", "No answers kept"  # of a round that was taken in, totals alone
WORDS = {MET: ("In place", "M", "good"), PARTLY: ("Partly", "P", "partly"), NOT: ("Not in place", "N", "bad")}
YEARS = 6  # rounds side by side
MOST = 500  # organisations on the page of one question; the grid has all


@dataclass
class Line:
    """One question. now, before: None where it is not shown. points: more or less than before. left_out: it would tell
    of few; few: what may be said of it all the same. other_scale: it was answered on another scale the year before;
    follows: labels of questions of the year before whose meaning it goes on, where they were merged or split: in both
    cases no difference is computed. by: [(what sets them apart, Tally or None for what is not shown)]."""

    round: Round
    column: object
    now: Tally | None
    before: Tally | None = None
    points: Decimal | None = None
    left_out: bool = False
    few: str = ""
    other_scale: bool = False
    follows: list = field(default_factory=list)
    by: list = field(default_factory=list)

    @property
    def wording(self):
        return self.column.wording

    @property
    def label(self):
        return self.wording.question.label

    @property
    def counted_of(self):
        """Of how many answers it is; '–' where it is not shown."""
        return "–" if self.now is None or self.now.told_of is None else self.now.told_of

    @property
    def figure(self) -> str:
        return self.few if self.left_out else in_words(self.now, self.round)

    @property
    def change(self) -> str:
        """'+3.2', '-0.5', '0'; nothing where there is none."""
        return signed(self.points)


def number(value) -> str:
    """A number of one decimal as people write it: '80', '80.3', '1,204'."""
    text = f"{value:,}"
    return text.removesuffix(".0")


def signed(points) -> str:
    if points is None:
        return ""
    return f"+{number(points)}" if points > 0 else "0" if not points else f"−{number(-points)}"


def in_words(tally, round=None) -> str:
    """What a question comes to: '94 %', '80.3 % on average', '355 of 399'. tally: None for what is not shown; round: it
    says why there is nothing of one that was taken in."""
    if tally is None:
        return NOT_SHOWN
    if tally.empty:
        return NOT_KEPT if round and round.source else NO_ANSWERS
    if tally.chosen:
        return f"{tally.percent} %"
    if not tally.numeric:
        return f"{tally.answered} of {tally.asked} ({tally.percent} %)"
    unit = " %" if tally.kind == "percent" else ""
    return f"{number(tally.mean)}{unit} on average, median {number(tally.median)}{unit}"


@dataclass
class Part:
    """A section of the version. segments: of its stacked bar."""

    section: object
    lines: list
    segments: list
    finding: str

    @property
    def summary(self) -> str:
        many = len(self.lines)
        return f"{many} question{'' if many == 1 else 's'} of ‘{self.section.title}’"


@dataclass
class Figures:
    """named: with everything, for a reader of names. waits: figures without names come with the close. values: what
    sets organisations apart, where anything is shown of it; never: where nothing is."""

    round: Round
    before: Round | None
    named: bool
    as_they_stand: bool
    asked: int
    returned: int
    waits: bool = False
    parts: list = field(default_factory=list)
    values: list = field(default_factory=list)
    never: list = field(default_factory=list)

    @property
    def lines(self) -> list:
        return [line for part in self.parts for line in part.lines]

    @property
    def heads(self) -> str:
        """The columns of the table of a section."""
        asked, change = "Asked," if self.named else "", ",Change" if self.before else ""
        return f"Question,{asked}Counted of,Figure{change}"

    @property
    def left_out(self) -> bool:
        parts = any(tally is None for line in self.lines for _, tally in line.by)
        return parts or bool(self.never) or any(line.left_out for line in self.lines)


def year_words(round) -> str:
    return words_of_year(round.year)


def titled(round) -> str:
    """Its title with its year, once."""
    year = year_words(round)
    return round.title if year in round.title else f"{round.title}, {year}"


def waits(round) -> bool:
    """Figures without names are given of closed rounds alone: while returns come in, who looks twice would see what the
    one that came between has answered."""
    return round.status != Round.Status.CLOSED


def sent_out(user):
    """The rounds of whose figures `user` is a reader."""
    places = reach_of(user).places(Perm.AUDIT_FIGURES)
    return allowing(Round, user, Perm.AUDIT_FIGURES).filter(folder__partnership__in=places, status__in=Round.SENT)


def rounds(user) -> list:
    """[(Round, its year, how many are asked, how many have returned, whether its figures wait for the close)] of those
    rounds that were sent out, the newest first; two questions."""
    rows = list(sent_out(user).select_related("folder", "set_version__question_set"))
    counted = reads.how_many(rows)
    return [
        (row, year_words(row), *counted.get(row.pk, (0, 0)), waits(row) and not reads.reads_names(user, row))
        for row in rows
    ]


class Year:
    """One round as a reader may count it: rows of returns by name, or none but through `kept`."""

    def __init__(self, user, round, *, named, as_they_stand=False, only=None):
        self.round, self.named, self.plan = round, named, reads.plan_of(round)
        rows = reads.returns_of(user, round) if named else reads.every_return(round)
        self.answered = reads.answered(rows, self.plan, as_they_stand=as_they_stand, only=only)
        self._shown = {}

    def tally(self, column) -> Tally | None:
        """What a question comes to; None where it is not shown."""
        found = self.answered.tally(column)
        if self.named:
            return found
        return None if self._tells(column, found) else replace(found, shy=True)

    def few(self, column) -> str:
        """What may be said of a question as a whole that is left out: that those on one side are few, and of how many.
        Of its parts nothing is said: two of them, each below five, can add up to what leaves one answer alone."""
        found = self.answered.tally(column)
        of, many = found.part
        if is_small(of) or found.numeric or not tells(of, many):
            return NOT_SHOWN
        if column.fact:
            yes, no = "say so", "do not say so"
        else:
            yes, no = ("in place", "not in place") if found.chosen else ("answered", "did not answer")
        among = "" if is_small(found.asked - of) else f" of {number(of)}"
        return f"Fewer than {FEWEST}{among} {no if is_small(of - many) else yes}"

    def _tells(self, column, found) -> bool:
        """How many were asked a question that hangs on an answer tells what they answered to that one."""
        hangs = column.wording.shown_if_id is not None
        return tells(*found.part) or (hangs and is_small(len(self.answered.returns) - found.asked))

    def by(self, column, name) -> list:
        """[(what sets them apart, Tally or None)], sorted; nothing is shown where the whole is not. What is left out
        comes last in one figure: it follows from the rest, and was made large enough to be told."""
        found = {value: tally for value, tally in self.answered.by(column, name).items() if tally.asked}
        if "" in found:
            found[""] = found.pop("")  # last
        if self.named:
            return [(value or UNSAID, tally) for value, tally in found.items()]
        if column.wording.shown_if_id is not None:  # how many were asked it tells what they answered before it
            return [(value or UNSAID, None) for value in found]
        found = {value: replace(tally, shy=True) for value, tally in found.items()}
        show = self._may_be_shown(column)[name]
        told = [(value or UNSAID, tally if value in show else None) for value, tally in found.items()]
        left = [tally for value, tally in found.items() if value not in show]
        return told + ([(TOGETHER, sum(left[1:], left[0]))] if show and left else [])

    def _may_be_shown(self, column) -> dict:
        """Name of NAMELESS -> what of it is shown: decided together, whichever of them somebody looks at first."""
        if column.key not in self._shown:
            cells = {at: tally.part for at, tally in self.answered.by(column, *NAMELESS).items()}
            shown = kept_crosswise(cells) if self.tally(column) else (set(), set())
            self._shown[column.key] = dict(zip(NAMELESS, shown, strict=True))
        return self._shown[column.key]


def figures(user, round, *, by="", as_they_stand=False, named=None) -> Figures:
    """All figures of a round that `user` may have; two questions of the database a year, two for names of questions.

    by: of APART, to tell them apart by it. as_they_stand: with answers that are not submitted, for readers of names.
    named: False to see what those see who may not have names.
    """
    named = reads.reads_names(user, round) if named is None else named
    asked, returned = reads.how_many([round]).get(round.pk, (0, 0))
    found = Figures(round, None, named, named and as_they_stand, asked, returned)
    if not named and waits(round):
        found.waits = True
        return found
    by = by if by in (NAMED if named else NAMELESS) else ""
    year = Year(user, round, named=named, as_they_stand=found.as_they_stand)
    earlier, links = _earlier(user, round, named), followed(year.plan)
    found.before = earlier and earlier.round
    lines = {column.key: line_of(year, column, earlier, links, by=by) for column in year.plan.columns}
    if by:
        values = {value for line in lines.values() for value, _ in line.by}
        shown = {value for line in lines.values() for value, tally in line.by if tally is not None}
        found.never = sorted(values - shown)
        found.values = sorted(shown, key=lambda value: (value == TOGETHER, value == UNSAID, value))
        for line in lines.values():
            told = dict(line.by)
            line.by = [(value, told.get(value, Tally(line.column.kind))) for value in found.values]
    for section in year.plan.sections:
        of_section = [line for line in lines.values() if line.wording.section_id == section.pk]
        found.parts.append(Part(section, of_section, segments(of_section, named), sentence(of_section, found.before)))
    return found


def _earlier(user, round, named, only=None):
    before = round.before
    if before is None or (not named and waits(before)):
        return None
    return Year(user, before, named=named, only=only)


def followed(plan) -> dict:
    """Key of a question -> [(key, label)] of those whose meaning it goes on; one question of the database."""
    ids = [column.wording.question_id for column in plan.columns]
    rows = Question.follows.through.objects.filter(from_question__in=ids).order_by("to_question__code")
    found = {}
    for one, other, label in rows.values_list("from_question_id", "to_question_id", "to_question__label"):
        found.setdefault(str(one), []).append((str(other), label))
    return found


def line_of(year, column, earlier, links, *, by="") -> Line:
    now = year.tally(column)
    line = Line(year.round, column, now, left_out=now is None, few="" if now else year.few(column))
    if by:
        line.by = year.by(column, by)
    if earlier is None:
        return line
    if then := earlier.plan.of_key.get(column.key):
        line.before, line.other_scale = earlier.tally(then), not column.measures_as(then)
        line.points = change(now, line.before) if now and not line.other_scale else None
    else:
        line.follows = [label for key, label in links.get(column.key, ()) if key in earlier.plan.of_key]
    return line


def segments(lines, named) -> list:
    """The bar of a section: of the answers that count in it, none of facts. Of what is not shown to this reader nothing
    is in it."""
    judged = [line.now for line in lines if line.now and not line.column.fact]
    many = {bucket: sum(tally.buckets.get(bucket, 0) for tally in judged) for bucket in BUCKETS}
    # What they add up to would tell of how many each of them is.
    counted = all(tally.told_of is not None for tally in judged)
    if not named and (is_small(many[PARTLY]) or is_small(many[NOT])):
        both = many[PARTLY] + many[NOT]
        return stack([(*WORDS[MET], many[MET]), ("Partly, or not in place", "N", "bad", both)], counted=counted)
    return stack([(*WORDS[bucket], many[bucket]) for bucket in BUCKETS], counted=counted)


def sentence(lines, before) -> str:
    """What the figures of a section say, in a sentence or two that are written from them."""
    chosen = [line for line in lines if line.now and line.now.chosen and line.now.base and not line.column.fact]
    if not chosen:
        return _of_the_rest(lines)
    of, many = (sum(values) for values in zip(*(line.now.part for line in chosen), strict=True))
    share = Decimal(100 * many) / of
    many_answers = "the answers" if any(line.now.told_of is None for line in chosen) else f"{number(of)} answers"
    said = f"{whole(share)} % of {'1 answer' if of == 1 else many_answers} say that it is in place"
    if len(chosen) < len(lines):
        said += f", by {len(chosen)} of {len(lines)} questions{_why_not_the_rest(lines, chosen)}"
    said += _against(chosen, before)
    least = min(chosen, key=lambda line: line.now.share)
    if len(chosen) > 1 and least.now.share < share:
        said += f"; the least with ‘{least.label}’ ({least.wording.ref}), {least.now.percent} %"
    return f"{said}."


def _why_not_the_rest(lines, chosen) -> str:
    """' (2 have no answers to count, 1 is not shown)'."""
    rest = [line for line in lines if line not in chosen]
    hidden = sum(line.now is None for line in rest)
    facts = sum(line.now is not None and line.column.fact for line in rest)
    empty = sum(line.now is not None and line.now.chosen and not line.column.fact for line in rest)
    many = (
        (hidden, "is not shown", "are not shown"),
        (empty, "has no answers to count", "have no answers to count"),
        (facts, "asks what there was", "ask what there was"),
        (len(rest) - hidden - facts - empty, "is answered without a scale", "are answered without a scale"),
    )
    return f" ({', '.join(f'{number} {one if number == 1 else more}' for number, one, more in many if number)})"


def _against(chosen, before) -> str:
    both = [line for line in chosen if line.points is not None]
    if not both or before is None:
        return ""
    now, then = (
        Decimal(100 * sum(each.counted for each in year)) / sum(each.base for each in year)
        for year in ([line.now for line in both], [line.before for line in both])
    )
    points = rounded(now - then)
    which = "" if len(both) == len(chosen) else ", by the questions of both years"
    if not points:
        return f", as in {year_words(before)}{which}"
    way = "more" if points > 0 else "less"
    return f", {number(abs(points))} point{'' if abs(points) == 1 else 's'} {way} than in {year_words(before)}{which}"


def _of_the_rest(lines) -> str:
    rest = [line for line in lines if line.now and line.now.of and line.now.answered]
    if not rest:
        if any(line.left_out for line in lines):
            return "Nothing of it can be shown."
        return f"{NOT_KEPT}." if lines and lines[0].round.source else "Nobody has answered it."
    line = rest[0]
    return f"‘{line.label}’ ({line.wording.ref}): {line.figure}."


@dataclass
class OfQuestion:
    """One question. apart: [(heading, [(what sets them apart, Tally or None, in words)])], of what sets any apart.
    years: [(Round, its year, Tally or None, in words, whether on another scale)], this one first. behind: [(One, its
    answer in words, whether it is a gap)], of a reader of names, of the first MOST.
    """

    line: Line
    apart: list
    years: list
    behind: list


def of_question(user, round, key, *, as_they_stand=False, named=None) -> OfQuestion | None:
    """What one question comes to; None where the version of the round does not ask it, or its figures wait for the
    close. key: the id of the Question. Two questions of the database a year."""
    named = reads.reads_names(user, round) if named is None else named
    plan = reads.plan_of(round)
    if str(key) not in plan.of_key or (not named and waits(round)):
        return None
    year = Year(user, round, named=named, as_they_stand=named and as_they_stand, only=str(key))
    column = year.plan.of_key[str(key)]
    years, links = [year], followed(plan)
    while len(years) < YEARS and (before := _earlier(user, years[-1].round, named, column.key)):
        years.append(before)
    line = line_of(year, column, years[1] if len(years) > 1 else None, links)
    apart = [(f"By {APART[name].lower()}", year.by(column, name)) for name in (NAMED if named else NAMELESS)]
    apart = [
        (heading, [(value, tally, in_words(tally, round)) for value, tally in values])
        for heading, values in apart
        if len(values) > 1
    ]
    told = []
    for each in years:
        if then := each.plan.of_key.get(column.key):
            tally = each.tally(then)
            words = in_words(tally, each.round)
            told.append((each.round, year_words(each.round), tally, words, not column.measures_as(then)))
    return OfQuestion(line, apart, told, _behind(year, column) if named else [])


def _behind(year, column) -> list:
    said = year.answered.columns[column.key]
    return [
        (one, said_in_words(column, each), column.is_gap(each))
        for one, each in zip(year.answered.returns, said, strict=True)
        if each is not None
    ][:MOST]


def said_in_words(column, said) -> str:
    """An answer as a grid and its files name it; never its words."""
    if said is None:
        return "Not asked"
    if not column.answers(said):
        return "Not answered"
    if said == NA:
        return "Does not apply"
    if column.chosen:
        return column.labels.get(said[1:], said[1:])
    if said[0] == DAY:
        return plain(date.fromisoformat(said[1:]))
    if not column.numeric:
        return "Answered"
    return f"{number(rounded(said[1:]))}{' %' if column.kind == Kind.PERCENT else ''}"
