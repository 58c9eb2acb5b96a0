"""What a version asks otherwise than the one of which it was made: by the identity of its questions, not by numbers."""

from collections import defaultdict
from dataclasses import dataclass

from audits.asking import scale_of
from audits.models import Question

ANSWERED = ("kind", "columns", "unit", "not_future")
OF_WHOM = ("applies", "shown_if_id", "shown_codes", "required", "may_not_apply")


@dataclass(frozen=True)
class Change:
    """was: its number before, '' for a new one. words: what is otherwise, '' where nothing is."""

    was: str
    words: str


@dataclass(frozen=True)
class Changes:
    """of: wording id -> Change. left_out: wordings of the version before that are not asked any more, in order."""

    of: dict
    left_out: tuple


def changes(now, before) -> Changes:
    """now, before: what `asking.asked_by` gives; one question of the database."""
    follows = _follows(row.question_id for row in now.wordings)
    heirs = defaultdict(list)
    for pk, olds in follows.items():
        for old in olds:
            heirs[old].append(pk)
    found = {}
    for row in now.wordings:
        old = before.of_question.get(row.question_id)
        if old is not None:
            found[row.pk] = Change(old.ref, _otherwise(row, old))
        else:
            found[row.pk] = Change("", _new(follows[row.question_id], heirs, before))
    left = tuple(row for row in before.wordings if row.question_id not in now.of_question)
    return Changes(found, left)


def _follows(questions) -> dict:
    found = defaultdict(list)
    through = Question.follows.through.objects.filter(from_question__in=list(questions))
    for new, old in through.order_by("pk").values_list("from_question", "to_question"):
        found[new].append(old)
    return found


def _otherwise(row, old) -> str:
    said = []
    if row.ref != old.ref:
        said.append(f"was {old.ref}")
    elif row.section.code != old.section.code:
        said.append("moved to this section")
    if row.text != old.text:
        said.append("reworded")
    if any(getattr(row, name) != getattr(old, name) for name in ANSWERED) or scale_of(row) != scale_of(old):
        said.append("answered otherwise")
    if any(getattr(row, name) != getattr(old, name) for name in OF_WHOM):
        said.append("asked of others, or otherwise required")
    return ", ".join(said)


def _new(olds, heirs, before) -> str:
    if not olds:
        return "new"
    refs = [row.ref for row in before.wordings if row.question_id in olds]
    named = " and ".join(refs) or "questions of earlier versions"
    if len(olds) > 1:
        return f"new, merged from {named}"
    return f"new, split from {named}" if len(heirs[olds[0]]) > 1 else f"new, goes on from {named}"
