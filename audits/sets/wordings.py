"""Every write to the questions of a draft. A wording says how a version asks; its question is what is asked, for ever.

Which question a wording is, is said in one of three ways, as `meaning`: {} for the question that it is already,
{"question": Question} for one that the set asked before (what was 1j is 1k now), {"label": …, "follows": [Question]}
for a new one, which may go on the meaning of others that were merged into it or of which it was split. Raises as
`services` does.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from audits.asking import asked_by
from audits.models import Question, Wording
from audits.sets.checking import TWICE, answers_wrong, condition_wrong
from audits.sets.services import in_order, let_go, open_to_changes
from audits.sets.typed import free_code
from partnership.access import edits
from partnership.access.flow import Stale
from partnership.trail.services import record

FIELDS = (
    "ref", "text", "guidance", "links", "kind", "scale", "columns", "unit", "required", "may_not_apply",
    "not_future", "wants_evidence", "of_trust", "applies", "shown_if", "shown_codes", "gap_codes",
)  # fmt: skip
ELSEWHERE = "That is a question of another set. Choose one of this set."
ASKED_ALREADY = "Question {} of this version asks that already. Leave it out first, or choose another."
GONE = "This question was left out of the version by somebody else meanwhile."


@transaction.atomic
def add_wording(section, *, by, meaning, **facts) -> Wording:
    """The last question of a section of a draft. facts: of FIELDS."""
    draft = open_to_changes(section.set_version)
    question = _meant(draft, meaning)
    row = Wording(
        set_version=draft, section=section, question=question, changed_by=by,
        position=_behind(section), **facts,
    )  # fmt: skip
    row.clean_fields(exclude=["set_version", "section", "question", "shown_if", "changed_by"])
    row.save(force_insert=True)
    _possible(draft, row)
    edits.stamp(draft, by)
    record("question_added", by=by, obj=row, question=question.pk)
    return row


@transaction.atomic
def change_wording(wording, *, by, version, meaning=None, section=None, label="", **facts) -> Wording:
    """facts: of FIELDS. section: where it goes, as its last, if not None. label: the question's, of one that only
    drafts ask; it stays as it is where a version in use has it."""
    draft = open_to_changes(wording.set_version)
    if not Wording.objects.filter(pk=wording.pk).exists():
        raise Stale(GONE)
    was, question = wording.question, _meant(draft, meaning, now=wording) if meaning else wording.question
    facts["question"] = question
    if section is not None and section.pk != wording.section_id:
        if section.set_version_id != draft.pk:
            raise ValidationError({"section": "That is a section of another version."})
        facts |= {"section": section, "position": _behind(section)}
    row = edits.change(wording, "question_changed", by=by, version=version, facts=facts, question=question.pk)
    if question.pk != was.pk:  # what hangs on it hangs on it still
        Wording.objects.filter(set_version=draft, shown_if=was).update(shown_if=question)
        let_go(was)
    elif label and label != question.label and is_new(question):
        Question.objects.filter(pk=question.pk).update(label=label)
    _possible(draft, row)
    if section is not None:
        in_order(Wording.objects.filter(section=wording.section_id))
    edits.stamp(draft, by)
    return row


@transaction.atomic
def leave_out(wording, *, by) -> list[str]:
    """The draft asks it no more; its answers stay where they were given. Returns the numbers of the questions that hung
    on it: they have to be asked always, or after another."""
    draft = open_to_changes(wording.set_version)
    question, section = wording.question, wording.section_id
    hanging = Wording.objects.filter(set_version=draft, shown_if=question).exclude(pk=wording.pk)
    refs = list(hanging.order_by("position").values_list("ref", flat=True))
    record("question_left_out", by=by, obj=wording, question=question.pk)
    wording.delete()
    let_go(question)
    in_order(Wording.objects.filter(section=section))
    edits.stamp(draft, by)
    return refs


def _behind(section) -> int:
    return 1 + (Wording.objects.filter(section=section).aggregate(last=Max("position"))["last"] or 0)


def is_new(question) -> bool:
    """Whether only drafts ask it: what it is called and what it follows may still be changed."""
    return not question.wordings.exclude(set_version__status="draft").exists()


def _meant(draft, meaning, now=None) -> Question:
    if (question := meaning.get("question")) is not None:
        if question.question_set_id != draft.question_set_id:
            raise ValidationError({"question": ELSEWHERE})
        beside = Wording.objects.filter(set_version=draft, question=question).exclude(pk=getattr(now, "pk", None))
        if found := beside.first():
            raise ValidationError({"question": ASKED_ALREADY.format(found.ref)})
        return question
    follows = list(meaning.get("follows", ()))
    if any(each.question_set_id != draft.question_set_id for each in follows):
        raise ValidationError({"follows": ELSEWHERE})
    taken = set(Question.objects.filter(question_set=draft.question_set_id).values_list("code", flat=True))
    code = free_code(meaning["label"], taken)
    question = Question(question_set_id=draft.question_set_id, code=code, label=meaning["label"])
    question.clean_fields(exclude=["question_set"])
    question.save(force_insert=True)
    question.follows.set(follows)
    return question


def _possible(draft, row):
    """Raises ValidationError for what this wording cannot be, by itself and beside the others."""
    same = Wording.objects.filter(set_version=draft, ref__iexact=row.ref.strip()).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError({"ref": TWICE})
    if wrong := next(answers_wrong(row), None):
        raise ValidationError({"columns" if row.kind == Wording.Kind.TABLE else "scale": wrong})
    if wrong := next(condition_wrong(row, asked_by(draft)), None):
        raise ValidationError({"shown_if": wrong})


def asked_before(version) -> list[tuple[Question, str]]:
    """(question, '1j in version 2') of the set's questions, each by the newest other version that asked it."""
    rows = Wording.objects.filter(set_version__question_set=version.question_set_id).exclude(set_version=version.pk)
    found = {}
    for row in rows.select_related("question", "set_version", "section").order_by(
        "-set_version__edition", "section__position", "position"
    ):
        found.setdefault(row.question_id, (row.question, f"{row.ref} in version {row.set_version.edition}"))
    return list(found.values())
