"""The question sets that come with the portal, from data/section_*.toml: a changed file becomes the next version.

A version in use is never changed. A file whose words some version of its set has already makes nothing, so a set that
the business unit builds on by itself stays as it is. Where the newest version in use is the unit's own, a changed file
becomes a draft for the unit to look at, unless there is a draft already: then it waits.
"""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from audits.asking import asked_by
from audits.models import Question, QuestionSet, Section, SetVersion, Wording
from audits.sets.checking import problems
from partnership.trail.services import record

FILES = Path(__file__).resolve().parent.parent / "data"
SHIPPED = "As it comes with the portal"
SECTION = {"code": "", "ref": "", "title": "", "guidance": ""}
WORDING = {
    "ref": "", "text": "", "guidance": "", "links": [], "kind": "", "scale": [], "columns": [], "unit": "",
    "required": True, "may_not_apply": False, "not_future": False, "wants_evidence": False, "of_trust": False,
    "applies": {}, "shown_codes": [], "gap_codes": [],
}  # fmt: skip


@transaction.atomic
def load(files=None) -> list[str]:
    """Make what is missing; returns what was made, as 'section-11, version 1'. files: paths, the shipped ones if None.
    Raises ValueError for a file that could not be put into use."""
    made = []
    for path in files or sorted(FILES.glob("section_*.toml")):
        data = tomllib.loads(Path(path).read_text())
        facts = {name: data[name].strip() for name in ("title", "duty", "about", "source")}
        row, new = QuestionSet.objects.get_or_create(code=data["code"], defaults=facts)
        if new:
            record("question_set_added", obj=row)
        QuestionSet.objects.select_for_update().get(pk=row.pk)
        labels = {each["code"]: each["label"] for section in data["section"] for each in section.get("question", ())}
        if version := _next(row, as_file(data), labels):
            made.append(f"{row.code}, version {version.edition}")
    return made


def _next(row, said, labels):
    """The version that a file makes, or None."""
    versions = list(SetVersion.objects.filter(question_set=row).order_by("-edition"))
    draft = SetVersion.Status.DRAFT
    if any(as_version(each) == said for each in versions):
        return None
    newest = next((each for each in versions if each.status == SetVersion.Status.IN_USE), None)
    own = newest is not None and newest.note != SHIPPED
    if own and any(each.status == draft for each in versions):
        return None
    status = {"status": draft} if own else {"status": SetVersion.Status.IN_USE, "in_use_at": timezone.now()}
    edition = versions[0].edition + 1 if versions else 1
    version = SetVersion.objects.create(question_set=row, edition=edition, made_from=newest, note=SHIPPED, **status)
    _write(version, said, labels)
    if wrong := problems(asked_by(version)):
        raise ValueError(f"{row.code}: {wrong[0].where}: {wrong[0].words}")
    record("question_set_loaded", obj=version, edition=edition)
    return version


def as_file(data) -> list:
    """What a file asks: [(SECTION's fields, [WORDING's fields with question and shown_if by code])]."""
    return [
        (
            {name: section.get(name, empty).strip() for name, empty in SECTION.items()},
            [_of_file(each, data) for each in section.get("question", ())],
        )
        for section in data["section"]
    ]


def _of_file(each, data) -> dict:
    scaled = each["kind"] == Wording.Kind.SCALE
    usual = WORDING | ({"scale": data["scale"], "gap_codes": data["gap_codes"]} if scaled else {})
    facts = {name: each.get(name, value) for name, value in usual.items()}
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    hangs = each.get("shown_if", {})
    return facts | {
        "question": each["code"],
        "shown_if": hangs.get("question", ""),
        "shown_codes": hangs.get("codes", []),
    }


def as_version(version) -> list:
    """What a version asks, in the shape of `as_file`. Labels belong to the questions and are not compared."""
    asking = asked_by(version)
    codes = dict(Question.objects.filter(question_set=version.question_set_id).values_list("pk", "code"))
    return [
        (
            {name: getattr(section, name) for name in SECTION},
            [
                {name: getattr(row, name) for name in WORDING}
                | {"question": row.question.code, "shown_if": codes.get(row.shown_if_id, "")}
                for row in asking.of_section[section.pk]
            ],
        )
        for section in asking.sections
    ]


def _write(version, said, labels):
    known = {row.code: row for row in Question.objects.filter(question_set=version.question_set_id)}
    asked = [each["question"] for _, rows in said for each in rows]
    new = [Question(question_set_id=version.question_set_id, code=code, label=labels[code]) for code in asked]
    known |= {row.code: row for row in Question.objects.bulk_create(row for row in new if row.code not in known)}
    wordings = []
    for place, (facts, rows) in enumerate(said, start=1):
        section = Section.objects.create(set_version=version, position=place, **facts)
        for at, each in enumerate(rows, start=1):
            wording = Wording(
                set_version=version, section=section, question=known[each["question"]], position=at,
                shown_if=known[each["shown_if"]] if each["shown_if"] else None,
                **{name: each[name] for name in WORDING},
            )  # fmt: skip
            wording.clean_fields(exclude=["set_version", "section", "question", "shown_if", "changed_by"])
            wordings.append(wording)
    Wording.objects.bulk_create(wordings)
