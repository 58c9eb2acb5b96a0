"""What the pages of question sets read."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch

from audits.asking import asked_by, scale_of
from audits.facts import whom_in_words
from audits.models import QuestionSet, SetVersion, Wording
from audits.sets.comparing import Change, changes


@dataclass(frozen=True)
class SetLine:
    """A set with its versions, the newest first, each with `questions` and `asked`: how many rounds asked it."""

    row: QuestionSet
    versions: list

    @property
    def draft(self):
        return next((each for each in self.versions if each.status == SetVersion.Status.DRAFT), None)

    @property
    def in_use(self):
        return next((each for each in self.versions if each.status == SetVersion.Status.IN_USE), None)


def sets(pk=None) -> list[SetLine]:
    """All sets, or one; two questions."""
    counted = SetVersion.objects.annotate(
        questions=Count("wordings", distinct=True), asked=Count("rounds", distinct=True)
    ).order_by("-edition")
    rows = QuestionSet.objects.filter(**({"pk": pk} if pk else {})).order_by("title")
    rows = rows.prefetch_related(Prefetch("versions", counted, to_attr="in_order"))
    return [SetLine(row, row.in_order) for row in rows]


@dataclass(frozen=True)
class Line:
    """A wording as the page of its version shows it. answers: the words of its scale; whom, after: in words."""

    row: Wording
    place: int
    answers: str
    whom: str
    after: str
    change: Change


@dataclass(frozen=True)
class Part:
    """A section with its lines."""

    section: object
    place: int
    lines: list


def parts(version) -> tuple[list[Part], tuple]:
    """(the version's sections in order, the wordings of the version before that it asks no more)."""
    asking = asked_by(version)
    found = changes(asking, asked_by(version.made_from)) if version.made_from_id else None
    nothing = Change("", "")
    said = [
        Part(
            section,
            place,
            [
                Line(
                    row, at, answers_of(row), whom_in_words(row.applies), after(row, asking),
                    found.of[row.pk] if found else nothing,
                )
                for at, row in enumerate(asking.of_section[section.pk], start=1)
            ],
        )
        for place, section in enumerate(asking.sections, start=1)
    ]  # fmt: skip
    return said, found.left_out if found else ()


def after(row, asking) -> str:
    """'after ‘No’ or ‘Partly’ to 1b'; '' for one that hangs on nothing."""
    if row.shown_if_id is None:
        return ""
    before = asking.of_question.get(row.shown_if_id)
    if before is None:
        return "after an answer to a question that is not in this version"
    labels = {code: label for code, label, _ in scale_of(before)}
    said = " or ".join(f"‘{labels.get(code, code)}’" for code in row.shown_codes) or "an answer that is not chosen yet"
    return f"after {said} to {before.ref}"


def answers_of(row) -> str:
    """'Met, Partly met, Not met'; of other kinds what they are called."""
    if row.kind in Wording.CHOSEN:
        return ", ".join(label for _, label, _ in scale_of(row))
    more = ", ".join(row.columns) if row.kind == Wording.Kind.TABLE else row.unit
    return f"{row.get_kind_display()}: {more}" if more else row.get_kind_display()
