"""Answers are begun, saved and confirmed. Each write holds the return, so its counters are those of its answers.

An answer is one row, changed where it stands, with a version (docs/adr/0033): whoever was slower is shown both.
"""

import json
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, F, OuterRef
from django.utils import timezone

from audits.answering import values as valued
from audits.answering.carrying import take_over
from audits.asking import Asking, asked_by, matches, progress
from audits.flow import RETURN
from audits.models import Answer, AuditReturn, Round, Shown, Slice, Wording
from partnership.access.edits import CHANGED
from partnership.access.flow import Stale
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.services import record

WHY = "the page has asked for the return: its answers, slices and evidence are its own"
A, R = AuditReturn.Status, Round.Status
NOT_HERE = "This question is not asked in this return."
SHUT = {
    A.SIGNING: "This return is being signed, so its answers no longer change. Whoever signs for your organisation can "
    "take it back to change it.",
    A.SUBMITTED: "This return has been submitted, so its answers no longer change. The business unit can give it back "
    "to be changed.",
    A.EXCUSED: "The business unit has recorded that your organisation owes no return, so nothing is written here.",
}
CLOSED = "This round is closed, so answers no longer change. Everything can still be read and downloaded."
PLANNED = "This round is not open yet."
NOT_YET = "This section is asked later in the year, and is not open yet."


class Shut(ValidationError):
    """Nothing is written in this return, or this section of it, now: the message says why."""


class Meanwhile(Stale):
    """Somebody else saved another answer since this one was read. fresh: what is saved now."""

    def __init__(self, fresh):
        super().__init__(CHANGED)
        self.fresh = fresh


@dataclass(frozen=True)
class Typed:
    """What somebody typed to one question. values: as `values.clean` takes them. version: as read, 0 for no answer yet.
    still: True, that what was taken over holds; False, that it has yet to be confirmed; None, nothing of the kind was
    asked."""

    wording: Wording
    values: dict
    version: int
    still: bool | None = None


@dataclass(frozen=True)
class Written:
    """saved, stale: wording id -> Answer as it is saved now; stale: those that somebody else changed otherwise."""

    row: AuditReturn
    saved: dict
    stale: dict


def why_shut(row) -> str:
    """Why nothing is written in a return now; '' where it is. A deadline shuts nothing (docs/adr/0033)."""
    if row.status not in AuditReturn.WRITTEN:
        return SHUT[row.status]
    return {R.OPEN: "", R.CLOSED: CLOSED, R.PLANNED: PLANNED}[row.round.status]


def not_yet(row) -> set:
    """The ids of the sections whose days have not come: a section's last day, as every deadline, shuts nothing."""
    return set(
        Slice.objects.filter(round=row.round_id, opens_on__gt=timezone.localdate()).values_list("section", flat=True)
    )


def held(row) -> AuditReturn:
    """The fresh return, locked until the transaction ends, with its round, version and `waiting`: ids of sections
    whose days have not come."""
    later = Slice.objects.filter(round=OuterRef("round_id"), opens_on__gt=timezone.localdate())
    rows = AuditReturn._base_manager.select_for_update(of=("self",)).select_related("round__set_version")
    return rows.annotate(waiting=ArraySubquery(later.values("section"))).get(pk=row.pk)


@transaction.atomic
def begin(row, *, by) -> AuditReturn:
    """Begin a return with what stands already: the trust's shared answers and last year's, each to be confirmed.

    Raises Stale where it was begun meanwhile, Shut where the round is not open.
    """
    row = held(row)
    if row.status == A.ASKED and (why := why_shut(row)):
        raise Shut(why)
    RETURN.take(row, "begin", by=by, begun_at=timezone.now())
    row = held(row)
    take_over(row, by=by)
    return recount(row)


def save(row, wording, *, by, values, version, still=None) -> Answer:
    """Save the answer to one question. Raises Meanwhile, Shut, or ValidationError by the name of the value."""
    done = save_each(row, [Typed(wording, values, version, still)], by=by)
    if wording.pk in done.stale:
        raise Meanwhile(done.stale[wording.pk])
    return done.saved[wording.pk]


@transaction.atomic
def save_each(row, typed, *, by) -> Written:
    """Save what can be saved of these answers: those of which nobody else saved another since they were read.

    The same again, whose reply was lost on its way, is saved already. A return that was only asked begins. Raises Shut,
    and ValidationError by the name of the value: then nothing is written.
    """
    cleaned = {each.wording.pk: valued.clean(each.wording, each.values) for each in typed}
    row = held(row)
    asking = asked_by(row.round.set_version)
    _may_write(row, typed, asking)
    if row.status == A.ASKED:
        row = begin(row, by=by)
    now = _now(row, [each.wording.question_id for each in typed])
    written, saved, stale = [], {}, {}
    for each in typed:
        was, values = now.get(each.wording.question_id), cleaned[each.wording.pk]
        waits = _waits(each, was, values)
        if valued.same(valued.of(was), values) and waits == (was is not None and was.to_confirm):
            saved[each.wording.pk] = was or _answer(row, each, values, waits, by, version=0)
        elif (was.version if was else 0) != each.version:
            stale[each.wording.pk] = was
        else:
            written.append(_answer(row, each, values, waits, by, was=was, version=each.version + 1))
    if written:
        _upsert(written)
        saved |= {each.wording_id: each for each in written}
        _counted(row, asking, now | {each.question_id: each for each in written})
        record("answers_saved", by=by, obj=row, ids=[each.question_id for each in written])
    return Written(row, saved, _with_names(stale))


def _waits(typed, was, values) -> bool:
    """Whether the answer is still to be confirmed: whoever answers otherwise has said what holds."""
    if was is None or not (was.taken_from_id or was.of_trust_id):
        return False
    if not valued.same(valued.of(was), values):
        return False
    return was.to_confirm if typed.still is None else not typed.still


@transaction.atomic
def confirm(row, wording_ids, *, by) -> int:
    """What was taken over to these questions still holds. Returns how many were confirmed. Raises Shut."""
    row, wanted = held(row), set(wording_ids)
    asking = asked_by(row.round.set_version)
    typed = [Typed(each, {}, 0) for each in asking.wordings if each.pk in wanted]
    if len(typed) != len(wanted):
        raise ValidationError(NOT_HERE)
    _may_write(row, typed, asking)
    rows = Answer.objects.unscoped(WHY).filter(audit_return=row, to_confirm=True, wording__in=wanted)
    found = list(rows.values_list("question_id", flat=True))
    if found:
        rows.update(to_confirm=False, version=F("version") + 1, changed_by=by, changed_at=timezone.now())
        recount(row)
        record("answers_confirmed", by=by, obj=row, ids=found)
    return len(found)


@transaction.atomic
def recount(row) -> AuditReturn:
    """Write the counters of a return anew: after its evidence changed, say. Returns the locked row."""
    row = held(row)
    _counted(row, asked_by(row.round.set_version), _now(row, ()))
    return row


def _may_write(row, typed, asking: Asking):
    if why := why_shut(row):
        raise Shut(why)
    known = {each.pk: each for each in asking.wordings}
    for each in typed:
        wording = known.get(each.wording.pk)
        if wording is None or not matches(wording.applies, row.facts):
            raise ValidationError(NOT_HERE)
        if wording.section_id in row.waiting:
            raise Shut(NOT_YET)


# --- the rows ---------------------------------------------------------------------------------------------------------

COLUMNS = (
    "id", "question_id", "wording_id", "code", "number", "day", "text", "rows", "na_reason", "to_confirm",
    "taken_from_id", "of_trust_id", "version", "changed_by_id", "changed_at",
)  # fmt: skip
# The words of other answers are not needed in full: whether there are any says whether the question is answered.
NOW = """
SELECT id, question_id, wording_id, code, number, day, CASE WHEN question_id = ANY(%s::uuid[]) THEN text
    ELSE left(text, 40) END, rows, na_reason, to_confirm, taken_from_id, of_trust_id, version, changed_by_id, changed_at
FROM audits_answer WHERE audit_return_id = %s
"""
WRITE = """
INSERT INTO audits_answer (id, folder_id, agency_id, audit_return_id, question_id, wording_id, code, number, day, text,
    rows, na_reason, to_confirm, version, changed_by_id, changed_at) VALUES {}
ON CONFLICT (audit_return_id, question_id) DO UPDATE SET
    wording_id = excluded.wording_id, code = excluded.code, number = excluded.number, day = excluded.day,
    text = excluded.text, rows = excluded.rows, na_reason = excluded.na_reason, to_confirm = excluded.to_confirm,
    version = excluded.version, changed_by_id = excluded.changed_by_id, changed_at = excluded.changed_at
WHERE audits_answer.version = excluded.version - 1
"""
ONE = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)"


def _now(row, in_full) -> dict:
    """question id -> Answer, of all that the return has; the text of those in `in_full` whole."""
    with connection.cursor() as cursor:
        cursor.execute(NOW, [list(in_full), row.pk])
        found = cursor.fetchall()
    answers = (Answer(audit_return_id=row.pk, **dict(zip(COLUMNS, _read(each), strict=True))) for each in found)
    return {each.question_id: each for each in answers}


def _read(values):
    """A row of NOW, its JSON read."""
    at = COLUMNS.index("rows")
    rows = json.loads(values[at]) if isinstance(values[at], str) else values[at]
    return (*values[:at], rows, *values[at + 1 :])


def _answer(row, typed, values, waits, by, *, version, was=None) -> Answer:
    return Answer(
        id=was.pk if was else new_id(), folder_id=row.folder_id, agency_id=row.agency_id, audit_return_id=row.pk,
        question_id=typed.wording.question_id, wording_id=typed.wording.pk, to_confirm=waits, version=version,
        taken_from_id=was.taken_from_id if was else None, of_trust_id=was.of_trust_id if was else None,
        changed_by_id=by.pk, changed_at=timezone.now(), **values,
    )  # fmt: skip


def _upsert(answers):
    params = []
    for each in answers:
        params += [
            each.pk, each.folder_id, each.agency_id, each.audit_return_id, each.question_id, each.wording_id, each.code,
            each.number, each.day, each.text, json.dumps(each.rows), each.na_reason, each.to_confirm, each.version,
            each.changed_by_id, each.changed_at,
        ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(", ".join([ONE] * len(answers))), params)
        if cursor.rowcount != len(answers):  # a write that did not hold the return came between
            raise Stale(CHANGED)


def _counted(row, asking, answers):
    found = progress(asking, row.facts, answers, _shows(row, asking))
    counters = {"wanted": found.wanted, "answered": found.answered, "to_confirm": found.to_confirm}
    if changed := [name for name, value in counters.items() if getattr(row, name) != value]:
        for name in changed:
            setattr(row, name, counters[name])
        row.save(update_fields=changed)


def _shows(row, asking) -> dict:
    """answer id -> how many pieces of evidence it has; asked only where a question is answered by them."""
    if not any(each.kind == Wording.Kind.FILE for each in asking.wordings):
        return {}
    shown = Shown.objects.unscoped(WHY).filter(answer__audit_return=row, evidence__put_away_at=None)
    return dict(shown.order_by().values_list("answer").annotate(Count("pk")))


def _with_names(stale) -> dict:
    """These answers with who changed them."""
    ids = {each.changed_by_id for each in stale.values() if each is not None}
    people = User.objects.in_bulk(ids) if ids else {}
    for each in stale.values():
        if each is not None:
            each.changed_by = people.get(each.changed_by_id)
    return stale
