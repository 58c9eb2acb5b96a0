"""What stands in the way of putting a version of a question set into use. Pure, on what `asking.asked_by` gives."""

from collections import Counter
from dataclasses import dataclass

from audits.asking import Asking, scale_of
from audits.models import Wording

EMPTY = "It has no section. Add one, and its questions."
NO_QUESTION = "It has no question. Add one, or take the section out."
NO_NUMBER = "It has no number. Give it one, or use ‘Number anew’."
TWICE = "Its number stands twice in this version. Give one of the two another, or use ‘Number anew’."
NO_WORDS = "Its scale has fewer than two answers. Enter its answers, one a line."
SAME_WORDS = "Two answers of its scale are called the same. Give each its own words."
NO_GAP = "It counts ‘{}’ as a gap, which is not among its answers. Choose its gaps again."
NO_COLUMNS = "Its table has no columns. Enter the heading of each, one a line."
NOT_THERE = (
    "It is asked only after an answer to a question that is not in this version. Choose another, or ask it always."
)
ITSELF = "It is asked only after an answer to itself. Choose another question, or ask it always."
CIRCLE = "It hangs on {}, and that on it again: neither would ever be asked. Ask one of them always."
NOT_CHOSEN = "It is asked after an answer to {}, which has no answers to choose from. Choose another, or ask it always."
NO_CODES = "It is asked after an answer to {}, but not said which. Tick the answers after which it is asked."
NOT_OFFERED = "It is asked after an answer that {} does not offer any more. Tick its answers again."


@dataclass(frozen=True)
class Problem:
    """where: what people call the place, '1c' or 'Section 3'. row: the Section or Wording, None for the whole."""

    where: str
    words: str
    row: object = None


def problems(asking: Asking) -> list[Problem]:
    """In the order of the version; [] for one that can be put into use."""
    found = [] if asking.sections else [Problem("The version", EMPTY)]
    refs = Counter(row.ref.strip().lower() for row in asking.wordings)
    for section in asking.sections:
        rows = asking.of_section[section.pk]
        if not rows:
            found.append(Problem(f"Section {section.ref or section.title}", NO_QUESTION, section))
        for row in rows:
            said = [*_number(row, refs), *answers_wrong(row), *condition_wrong(row, asking)]
            found += [Problem(row.ref or row.question.label, words, row) for words in said]
    return found


def _number(row, refs):
    if not row.ref.strip():
        yield NO_NUMBER
    elif refs[row.ref.strip().lower()] > 1:
        yield TWICE


def answers_wrong(row):
    """What is wrong with the answers that a wording offers, as sentences."""
    scale = scale_of(row)
    codes = [code for code, _, _ in scale]
    if row.kind in Wording.CHOSEN:
        if len(scale) < 2 or not all(code and label.strip() for code, label, _ in scale):
            yield NO_WORDS
        elif len({label.strip().lower() for _, label, _ in scale}) < len(scale) or len(set(codes)) < len(scale):
            yield SAME_WORDS
    if lost := [code for code in row.gap_codes if code not in codes]:
        yield NO_GAP.format(lost[0])
    if row.kind == Wording.Kind.TABLE and not row.columns:
        yield NO_COLUMNS


def condition_wrong(row, asking):
    """What is wrong with the answer on which a wording hangs, as sentences: at most one."""
    if row.shown_if_id is None:
        return
    before = asking.of_question.get(row.shown_if_id)
    if row.shown_if_id == row.question_id:
        yield ITSELF
    elif before is None:
        yield NOT_THERE
    elif _leads_back(row, asking):
        yield CIRCLE.format(before.ref)
    elif before.kind not in Wording.CHOSEN:
        yield NOT_CHOSEN.format(before.ref)
    elif not row.shown_codes:
        yield NO_CODES.format(before.ref)
    elif set(row.shown_codes) - {code for code, _, _ in scale_of(before)}:
        yield NOT_OFFERED.format(before.ref)


def _leads_back(row, asking) -> bool:
    seen, at = set(), row
    while at is not None and at.shown_if_id is not None and at.question_id not in seen:
        seen.add(at.question_id)
        at = asking.of_question.get(at.shown_if_id)
    return at is not None and at.question_id == row.question_id and row.question_id in seen
