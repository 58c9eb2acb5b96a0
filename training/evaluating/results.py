"""What people say of an event, or of a course over a year: counted, compared by pairs, and never by name."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from partnership.actions.planning.rules import words_of_year
from partnership.ui.charts import stack
from partnership.ui.shares import rounded, whole
from partnership.ui.small_numbers import is_small
from training import questions
from training.evaluating.counting import that_count
from training.evaluating.standing import Stage
from training.figures.shapes import PER_CENT, signed
from training.figures.years import moments
from training.models import Booking, Evaluation, Event

WHY = "the page has asked whether this person keeps the register: totals alone, and none of few, leave here"
COMPARED = (Stage.END, Stage.LATER)
LABELS = dict(Stage.choices)


@dataclass(frozen=True)
class Row:
    """One evaluation, without whose it is. person: tells apart, and is shown to nobody."""

    person: object
    stage: str
    scores: dict
    words: dict
    answered: bool
    waits: bool


@dataclass
class Line:
    """One statement at one stage. asked: who was asked at it; answered: who answered this statement; agree; mean: of
    the scale, to one place. pairs: who answered it before as well; change: of their mean; better: how many of them
    score higher. segments: its bar. shown: whether this reader may have it."""

    stage: str
    asked: int
    answered: int
    agree: int
    mean: Decimal | None
    pairs: int | None = None
    change: Decimal | None = None
    better: int = 0
    segments: list = field(default_factory=list)
    shown: bool = True

    @property
    def label(self) -> str:
        return LABELS[self.stage]

    @property
    def replied(self) -> str:
        return f"{self.answered} of {self.asked} ({_percent(self.answered, self.asked)})" if self.asked else "–"

    @property
    def agreed(self) -> str:
        return _percent(self.agree, self.answered)

    @property
    def changed(self) -> str:
        return "–" if self.change is None else f"{signed(self.change)} (of {self.pairs})"

    @property
    def improved(self) -> str:
        return _percent(self.better, self.pairs) if self.pairs else "–"


@dataclass
class About:
    """One statement with its lines, and what they come to in a sentence."""

    text: str
    lines: list
    finding: str


@dataclass
class Results:
    """title: what it is of. came: who came, as registers say. replies: [(stage, how many were asked, answered, did
    not)]. said: [(stage, question, texts)]. hidden: something is not shown to this reader. unreached: who came and
    could not be asked at the end."""

    title: str
    came: int
    events: int
    finding: str
    replies: list
    parts: list
    said: list
    hidden: bool
    unreached: int


def results(user, event, *, year=None, named) -> Results:
    """Two questions of the database. year: of the event's course, from April to March. named: of the business unit;
    others have nothing of a stage at which fewer than five replied, or at which somebody may still reply: who looks
    twice would see what the one that came between says."""
    of = {"booking__event": event} if year is None else _over(event.course_id, year, "booking__event__")
    found = _rows(user, of, named=named)
    places = {"event": event} if year is None else _over(event.course_id, year, "event__")
    came = Booking.objects.unscoped("a number alone is said").filter(
        attended__in=Booking.CAME, status=Booking.Status.BOOKED, **places
    )
    came = came.exclude(event__status=Event.Status.CANCELLED)
    hidden = {stage for stage in Stage.values if not named and _tells(found, stage)}
    edition = questions.edition()
    parts = [_about(each, found, hidden, bars=named) for each in edition.questions]
    counts = ((LABELS[stage], *_replied(found, stage)) for stage in Stage.values)
    replies = [(label, asked, answered, asked - answered) for label, asked, answered in counts if asked]
    asked_at_end = sum(row.stage == Stage.END for row in found)
    many = came.count()
    return Results(
        title=f"{event.course.title}, {words_of_year(year)}" if year else event.course.title,
        came=many,
        events=came.values("event").distinct().count() if year else 1,
        finding=_finding(found, hidden),
        replies=replies,
        parts=[part for part in parts if part.lines],
        said=_said(edition, found, hidden),
        hidden=bool(hidden),
        unreached=max(0, many - asked_at_end) if asked_at_end else 0,
    )


def silent_at_the_end(event) -> int:
    """How many did not answer at the end and cannot any more: their certificates wait."""
    rows = Evaluation.objects.unscoped("a number alone is said, to the business unit")
    silent = rows.filter(booking__event=event, stage=Stage.END, answered_at=None, due_on__lt=timezone.localdate())
    return that_count(silent).count()


def _over(course, year, before) -> dict:
    begins, ends = moments(year)
    return {f"{before}course": course, f"{before}starts_at__gte": begins, f"{before}starts_at__lt": ends}


def _rows(user, of, *, named) -> list[Row]:
    rows = Evaluation.objects.visible_to(user) if named else Evaluation.objects.unscoped(WHY)
    rows = that_count(rows.filter(edition=questions.edition().name, **of)).order_by("pk")
    today = timezone.localdate()
    values = rows.values_list("booking_id", "stage", "scores", "words", "answered_at", "due_on")
    return [
        Row(person, stage, scores, words, at is not None, at is None and (due is None or due >= today))
        for person, stage, scores, words, at, due in values
    ]


def _tells(found, stage) -> bool:
    """Whether totals of a stage would tell what somebody said."""
    here = [row for row in found if row.stage == stage]
    return is_small(sum(row.answered for row in here)) or any(row.waits for row in here)


def _replied(found, stage) -> tuple[int, int]:
    here = [row for row in found if row.stage == stage]
    return len(here), sum(row.answered for row in here)


def _about(question, found, hidden, *, bars) -> About:
    before = {row.person: row.scores[question.id] for row in found if _has(row, Stage.BEFORE, question)}
    lines = [_line(question, stage, found, before, hidden, bars=bars) for stage in question.stages]
    lines = [line for line in lines if line.asked]
    return About(question.text, lines, _compared(question, lines))


def _has(row, stage, question) -> bool:
    return row.answered and row.stage == stage and question.id in row.scores


def _line(question, stage, found, before, hidden, *, bars) -> Line:
    asked = sum(row.stage == stage for row in found)
    said = {row.person: row.scores[question.id] for row in found if _has(row, stage, question)}
    if stage in hidden:
        return Line(stage, asked, len(said), 0, None, shown=False)
    agrees = questions.edition().agrees_from
    line = Line(stage, asked, len(said), sum(score >= agrees for score in said.values()), _mean(said.values()))
    both = before.keys() & said.keys() if stage in COMPARED and Stage.BEFORE not in hidden else set()
    if both and (bars or not is_small(len(both))):
        line.pairs = len(both)
        line.change = rounded(Decimal(sum(said[who] - before[who] for who in both)) / len(both))
        line.better = sum(said[who] > before[who] for who in both)
    if bars and said:
        line.segments = _bar(said.values(), agrees)
    return line


def _bar(scores, agrees) -> list:
    some = Counter("good" if score >= agrees else "partly" if score == agrees - 1 else "bad" for score in scores)
    return stack(
        [
            ("Agree", "A", "good", some["good"]),
            ("Neither", "N", "partly", some["partly"]),
            ("Disagree", "D", "bad", some["bad"]),
        ]
    )


def _mean(scores) -> Decimal | None:
    scores = list(scores)
    return rounded(Decimal(sum(scores)) / len(scores)) if scores else None


def _compared(question, lines) -> str:
    """What changed in one sentence, by the stage at which most can be compared, the newest of them; what is agreed
    where none can."""
    last = max((line for line in reversed(lines) if line.pairs), key=lambda line: line.pairs, default=None)
    if last:
        when = {Stage.END: "at the end", Stage.LATER: "after three months"}[last.stage]
        return (
            f"Of the {last.pairs} who answered both before and {when}, {last.better} ({last.improved}) score higher "
            f"{when}; their mean changed by {signed(last.change)}."
        )  # fmt: skip
    last = next((line for line in reversed(lines) if line.shown and line.answered), None)
    return f"{last.label}, {last.agree} of {last.answered} agree ({last.agreed})." if last else ""


def _finding(found, hidden) -> str:
    """How many replied, and how many of those who can be compared are surer than before."""
    asked, answered = _replied(found, Stage.END)
    if not asked:
        return "Nobody was asked at the end yet: that happens when the register is complete."
    said = f"{answered} of {asked} who were asked at the end answered ({_percent(answered, asked)})"
    if hidden & {Stage.BEFORE, Stage.END}:
        return f"{said}."
    both = _surer(found)
    if not both:
        return f"{said}; nobody of them answered before the event as well, so no change can be counted."
    up = sum(both)
    return f"{said}; of the {len(both)} who answered before as well, {up} ({_percent(up, len(both))}) score higher now."


def _surer(found) -> list[bool]:
    """Of each who answered before and at the end: whether what both asked scores higher in sum."""
    scores = {(row.person, row.stage): row.scores for row in found if row.answered}
    both = []
    for (person, stage), now in scores.items():
        then = scores.get((person, Stage.BEFORE))
        if stage == Stage.END and then:
            same = now.keys() & then.keys()
            both.append(sum(now[key] for key in same) > sum(then[key] for key in same))
    return both


def _said(edition, found, hidden) -> list:
    """[(stage, question, texts)] in the order of the alphabet, so that nobody is known by their place."""
    told = []
    for each in edition.words:
        for stage in each.stages:
            texts = [
                row.words[each.id] for row in found if row.stage == stage and row.answered and row.words.get(each.id)
            ]
            if texts and stage not in hidden:
                told.append((LABELS[stage], each.worded(stage), sorted(texts, key=str.casefold)))
    return told


def _percent(part, of) -> str:
    return f"{whole(Decimal(100 * part) / of)}{PER_CENT}" if of else "–"
