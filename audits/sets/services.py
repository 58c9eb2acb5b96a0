"""Every write to question sets, their versions and sections; questions and their wordings: `wordings`.

A page has asked for the power to build sets. Each function holds the version that it writes to, so a draft has one
writer at a time, and counts it: whoever puts a draft into use has seen it as it is. All raise Stale for a version that
is a draft no longer or was changed since it was read, and ValidationError for what people can put right.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from audits.asking import asked_by
from audits.flow import SET_VERSION
from audits.models import Question, QuestionSet, Section, SetVersion, Wording
from audits.sets.checking import problems
from audits.sets.typed import free_code
from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.trail.services import record

SET_FIELDS = ("title", "duty", "about", "source")
SECTION_FIELDS = ("ref", "title", "guidance")
COPIED = (
    "ref", "position", "text", "guidance", "links", "kind", "scale", "columns", "unit", "required", "may_not_apply",
    "not_future", "wants_evidence", "of_trust", "applies", "shown_codes", "gap_codes",
)  # fmt: skip
FROZEN = "Version {} is in use, or was: nothing of it changes any more. Begin a new version, and change that."
HAS_DRAFT = "This question set has a draft already: version {}. Change that, or throw it away first."
HAS_QUESTIONS = "This section has questions. Leave them out or move them to another section first."
ASKED = "A round asks this version already, so it cannot be thrown away."
MOVED = "The version was changed since you opened the page, so nothing was moved. Look at it again."
CHANGED = "Somebody changed this version since you opened the page. Look at it again before you put it into use."


def open_to_changes(version) -> SetVersion:
    """The draft, locked."""
    row = lock(version)
    if row.status != SetVersion.Status.DRAFT:
        raise Stale(FROZEN.format(row.edition))
    return row


@transaction.atomic
def add_set(*, by, **facts) -> QuestionSet:
    """facts: of SET_FIELDS, the title at least. It has an empty draft at once."""
    taken = set(QuestionSet.objects.values_list("code", flat=True))
    row = QuestionSet(code=free_code(facts["title"], taken), changed_by=by, **facts)
    row.full_clean(exclude=["changed_by"])
    row.save()
    record("question_set_added", by=by, obj=row)
    begin_version(row, by=by)
    return row


@transaction.atomic
def change_set(question_set, *, by, version, **facts) -> QuestionSet:
    """facts: of SET_FIELDS."""
    return edits.change(question_set, "question_set_changed", by=by, version=version, facts=facts)


@transaction.atomic
def begin_version(question_set, *, by, source=None) -> SetVersion:
    """A draft, as a copy of `source` (the newest that is in use, if None; empty where there is none)."""
    row = lock(question_set)
    versions = list(SetVersion.objects.filter(question_set=row).order_by("-edition"))
    draft, in_use = SetVersion.Status.DRAFT, SetVersion.Status.IN_USE
    if found := next((each for each in versions if each.status == draft), None):
        raise Stale(HAS_DRAFT.format(found.edition))
    if source is None:
        source = next((each for each in versions if each.status == in_use), versions[0] if versions else None)
    elif source.question_set_id != row.pk:
        raise ValidationError("That version is of another question set.")
    edition = versions[0].edition + 1 if versions else 1
    version = SetVersion.objects.create(question_set=row, edition=edition, made_from=source, changed_by=by)
    if source is not None:
        _copy(source, version, by)
    record("question_set_begun", by=by, obj=version, edition=edition)
    return version


def _copy(source, version, by):
    sections = {}
    for old in Section.objects.filter(set_version=source):
        facts = {name: getattr(old, name) for name in ("code", "position", *SECTION_FIELDS)}
        sections[old.pk] = Section(set_version=version, changed_by=by, **facts)
    Section.objects.bulk_create(sections.values())
    Wording.objects.bulk_create(
        Wording(
            set_version=version, section=sections[old.section_id], question_id=old.question_id,
            shown_if_id=old.shown_if_id, changed_by=by, **{name: getattr(old, name) for name in COPIED},
        )
        for old in Wording.objects.filter(set_version=source)
    )  # fmt: skip


@transaction.atomic
def throw_away(version, *, by):
    """A draft goes, with the questions that it alone asked."""
    row = open_to_changes(version)
    if row.rounds.exists():
        raise ValidationError(ASKED)
    asked = list(Question.objects.filter(wordings__set_version=row))
    record("question_set_thrown_away", by=by, obj=row, edition=row.edition)
    row.delete()
    for question in asked:
        let_go(question)


def let_go(question):
    """A question that no version asks goes; one on which anything hangs stays."""
    if question.wordings.exists():
        return
    try:
        with transaction.atomic():
            question.delete()
    except ProtectedError:
        return


@transaction.atomic
def use_version(version, *, by, read, note="") -> SetVersion:
    """From now on the draft changes no more, and rounds may ask it. read: its `version` when `by` looked."""
    row = open_to_changes(version)
    if row.version != read:
        raise Stale(CHANGED)
    if wrong := problems(asked_by(row)):
        raise ValidationError([f"{each.where}: {each.words}" for each in wrong])
    return SET_VERSION.take(row, "use", by=by, in_use_at=timezone.now(), note=note, data={"edition": row.edition})


@transaction.atomic
def retire_version(version, *, by) -> SetVersion:
    """No new round asks it; those that run go on with it."""
    return SET_VERSION.take(version, "retire", by=by, data={"edition": version.edition})


@transaction.atomic
def add_section(version, *, by, **facts) -> Section:
    """The last section of a draft. facts: of SECTION_FIELDS."""
    draft = open_to_changes(version)
    taken = set(Section.objects.filter(set_version=draft).values_list("code", flat=True))
    last = Section.objects.filter(set_version=draft).aggregate(last=Max("position"))["last"] or 0
    section = Section(
        set_version=draft, code=free_code(facts["title"], taken), position=last + 1, changed_by=by, **facts
    )
    section.clean_fields(exclude=["set_version", "changed_by"])
    section.save()
    edits.stamp(draft, by)
    record("question_section_added", by=by, obj=section)
    return section


@transaction.atomic
def change_section(section, *, by, version, **facts) -> Section:
    """facts: of SECTION_FIELDS."""
    draft = open_to_changes(section.set_version)
    row = edits.change(section, "question_section_changed", by=by, version=version, facts=facts)
    edits.stamp(draft, by)
    return row


@transaction.atomic
def remove_section(section, *, by):
    """An empty section goes."""
    draft = open_to_changes(section.set_version)
    if section.wordings.exists():
        raise ValidationError(HAS_QUESTIONS)
    record("question_section_removed", by=by, obj=section)
    section.delete()
    in_order(Section.objects.filter(set_version=draft))
    edits.stamp(draft, by)


@transaction.atomic
def move(row, *, by, to, was):
    """Give a Section its place `to` (from 1) in its version, or a Wording its place in its section. was: its place when
    `by` looked."""
    draft = open_to_changes(row.set_version)
    beside = {"set_version": draft} if isinstance(row, Section) else {"section": row.section_id}
    rows = list(type(row).objects.filter(**beside).order_by("position", "pk"))
    here = next((place for place, each in enumerate(rows, start=1) if each.pk == row.pk), None)
    if here is None or here != was:
        raise Stale(MOVED)
    to = max(1, min(to, len(rows)))
    if to != here:
        rows.insert(to - 1, rows.pop(here - 1))
        in_order(rows)
        edits.stamp(draft, by)
        record("question_moved", by=by, obj=row)


def in_order(rows):
    """Positions 1, 2, 3 for rows in their order; an unordered queryset is taken by its positions."""
    if not isinstance(rows, list):
        rows = list(rows.order_by("position", "pk"))
    for place, each in enumerate(rows, start=1):
        if each.position != place:
            type(each).objects.filter(pk=each.pk).update(position=place)
            each.position = place


@transaction.atomic
def number_anew(version, *, by):
    """Sections and questions get the numbers of their order; versions in use keep theirs."""
    draft = open_to_changes(version)
    for row, ref in misnumbered(asked_by(draft)):
        type(row).objects.filter(pk=row.pk).update(ref=ref)
    edits.stamp(draft, by)
    record("question_set_numbered", by=by, obj=draft, edition=draft.edition)


def misnumbered(asking) -> list[tuple]:
    """(Section or Wording, its number in the order) of those that have another one. Sections are 1, 2, 3, their
    questions 1a, 1b or 1.1, 1.2: as the first of them is numbered now."""
    dotted = bool(asking.wordings) and "." in asking.wordings[0].ref
    found = []
    for place, section in enumerate(asking.sections, start=1):
        found.append((section, str(place)))
        rows = enumerate(asking.of_section[section.pk], start=1)
        found += [(row, f"{place}.{at}" if dotted else f"{place}{_letters(at)}") for at, row in rows]
    return [(row, ref) for row, ref in found if row.ref != ref]


def _letters(number) -> str:
    """1: a, 26: z, 27: aa."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found
