"""What of a question set one organisation is asked, and how far it has come. Pure, but for `asked_by`.

Facts of an organisation (audits.population makes them): a dict of short strings, kept with its return:
    kind            the type of the directory: 'school', 'statutory partner' …
    phase           of a school: 'Primary', 'Special' …, '' where unknown
    establishment   what the national register calls it: 'Academy converter' …
    early_years     'yes' for a school or setting with children under five
    trust           'yes' for a school of an academy trust
    area            the slugs of its local authority areas, with blanks between them; of a school the one it lies in
    district        of a school: as the register words it
"""

from dataclasses import dataclass, field
from functools import lru_cache

from audits.models import Section, SetVersion, Wording

Kind = Wording.Kind
STANDARD_SCALES = {
    Kind.RAG: (("green", "Green: in place", True), ("amber", "Amber: partly in place", False),
               ("red", "Red: not in place", False)),
    Kind.SCORE: (("3", "3: in place and reviewed", True), ("2", "2: in place", True), ("1", "1: begun", False),
                 ("0", "0: not begun", False)),
    Kind.YES_NO: (("yes", "Yes", True), ("partly", "Partly", False), ("no", "No", False)),
}  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """A version as it is asked: its sections in order, its wordings in order, and these by question and by section."""

    sections: tuple
    wordings: tuple
    of_question: dict = field(hash=False)
    of_section: dict = field(hash=False)


def asked_by(version: SetVersion) -> Asking:
    """What a version asks: three questions of the database, none for one in use that this process knows."""
    if version.status == SetVersion.Status.DRAFT:
        return _load(version.pk)
    return _kept(version.pk)


@lru_cache(maxsize=32)  # a version in use does not change
def _kept(pk) -> Asking:
    return _load(pk)


def _load(pk) -> Asking:
    sections = tuple(Section.objects.filter(set_version=pk).order_by("position", "pk"))
    place = {section.pk: n for n, section in enumerate(sections)}
    rows = Wording.objects.filter(set_version=pk).select_related("question", "section")
    wordings = tuple(sorted(rows, key=lambda row: (place[row.section_id], row.position, str(row.pk))))
    of_section = {section.pk: tuple(row for row in wordings if row.section_id == section.pk) for section in sections}
    return Asking(sections, wordings, {row.question_id: row for row in wordings}, of_section)


def scale_of(wording) -> list[tuple]:
    """[(code, label, counts)] of a wording of CHOSEN; counts: True, False, or None for left out of percentages."""
    if wording.scale:
        return [(each["code"], each["label"], each.get("counts")) for each in wording.scale]
    return list(STANDARD_SCALES.get(wording.kind, ()))


def matches(who: dict, facts: dict) -> bool:
    """Whether facts hold for every field of `who`; {} holds for everybody. who: field -> list of values."""
    return all(_is(name, facts.get(name, ""), values) for name, values in who.items())


def _is(name, value, values) -> bool:
    return value in values or (name == "area" and not set(value.split()).isdisjoint(values))


def shown(asking: Asking, facts: dict, codes: dict) -> list[Wording]:
    """The wordings that an organisation is asked, in order. codes: question id -> the code that was answered."""
    seen = set()
    waits = [row for row in asking.wordings if matches(row.applies, facts)]
    while True:  # a condition may hang on a question that stands behind it, or on one that hangs on another
        new = [row for row in waits if row.pk not in seen and _asked(row, asking, seen, codes)]
        if not new:
            break
        seen.update(row.pk for row in new)
    return [row for row in waits if row.pk in seen]


def _asked(row, asking, seen, codes) -> bool:
    if row.shown_if_id is None:
        return True
    before = asking.of_question.get(row.shown_if_id)
    return before is not None and before.pk in seen and codes.get(row.shown_if_id, "") in row.shown_codes


def is_answered(wording, answer, *, shows=0) -> bool:
    """Whether a value answers a wording. answer: an Answer, a TrustAnswer or None; shows: pieces of evidence."""
    if answer is None:
        return False
    if answer.na_reason.strip():
        return wording.may_not_apply
    if wording.kind in Wording.CHOSEN:
        return bool(answer.code)
    if wording.kind in (Kind.NUMBER, Kind.PERCENT):
        return answer.number is not None
    if wording.kind == Kind.DATE:
        return answer.day is not None
    if wording.kind == Kind.TABLE:
        return any(str(cell).strip() for row in answer.rows for cell in row)
    if wording.kind == Kind.FILE:
        return shows > 0
    return bool(answer.text.strip())


@dataclass(frozen=True)
class Progress:
    """wanted: how many questions are to be answered: the required ones, and what was answered besides; done: those of
    them that are answered, but for what was taken over and not yet confirmed; to_confirm: how many wait for that.
    missing: the required wordings without an answer, in order."""

    wanted: int
    done: tuple
    to_confirm: int
    missing: tuple

    @property
    def answered(self) -> int:
        return len(self.done)

    @property
    def complete(self) -> bool:
        return not self.missing and not self.to_confirm


def progress(asking: Asking, facts: dict, answers: dict, shows: dict | None = None, section=None) -> Progress:
    """answers: question id -> Answer; shows: answer id -> how many pieces of evidence; section: the id of one alone."""
    codes = {pk: row.code for pk, row in answers.items()}
    rows = [row for row in shown(asking, facts, codes) if section is None or row.section_id == section]
    wanted, waits, missing, done = 0, 0, [], []
    for row in rows:
        answer = answers.get(row.question_id)
        answered = is_answered(row, answer, shows=(shows or {}).get(answer.pk, 0) if answer else 0)
        to_confirm = answer is not None and answer.to_confirm
        wanted += row.required or answered or to_confirm
        waits += to_confirm
        if answered and not to_confirm:
            done.append(row)
        elif row.required and not answered:
            missing.append(row)
    return Progress(wanted, tuple(done), waits, tuple(missing))
