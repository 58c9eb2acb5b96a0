"""Answers are begun, saved and confirmed. Each write holds the return, so its counters are those of its answers.

An answer is one row, changed where it stands, with a version (docs/adr/0033): whoever was slower is shown both.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, OuterRef
from django.utils import timezone

from audits.answering import values as valued
from audits.answering.carrying import take_over
from audits.asking import Asking, asked_by, matches, progress
from audits.flow import RETURN
from audits.models import Answer, AuditReturn, Round, Slice, Wording
from partnership.access.edits import CHANGED
from partnership.access.flow import Stale
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.services import record

WHY = "the return was asked for by the row rule: its answers are its own"
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
    """saved, stale: wording id -> Answer as it is saved now; stale: those that somebody else changed otherwise (None
    for one that is gone). answers: question id -> Answer, or Kept, of all.
    shows: answer id -> pieces of evidence."""

    row: AuditReturn
    saved: dict
    stale: dict
    answers: dict
    shows: dict


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


def held(row, *, by=None) -> AuditReturn:
    """The fresh return, locked until the transaction ends, with its round, version and `waiting`: ids of sections
    whose days have not come. by: who must be allowed to write in it, else PermissionDenied."""
    later = Slice.objects.filter(round=OuterRef("round_id"), opens_on__gt=timezone.localdate()).order_by()
    objects = AuditReturn.objects
    rows = objects.allowing(by, Perm.ANSWERS_WRITE) if by else objects.unscoped("its counters follow its answers")
    rows = rows.filter(pk=row.pk).order_by().select_for_update(of=("self",))
    rows = rows.annotate(waiting=ArraySubquery(later.values("section")), of_round=F("round__status"))
    found = next(iter(rows), None)
    if found is None:
        raise PermissionDenied("answers")
    found.round = row.round  # its version never changes, its status does
    found.round.status = found.of_round
    return found


@contextmanager
def _together():
    """The caller's transaction, or one of its own. Refusals come before anything is written, so what a savepoint would
    take back is nothing, and it would cost two questions a saving."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


@transaction.atomic
def begin(row, *, by) -> AuditReturn:
    """Begin a return with what stands already: the trust's shared answers and last year's, each to be confirmed.

    Raises Stale where it was begun meanwhile, Shut where the round is not open.
    """
    row = held(row, by=by)
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


def save_each(row, typed, *, by) -> Written:
    """Save what can be saved of these answers: those of which nobody else saved another since they were read.

    The same again, whose reply was lost on its way, is saved already. A return that was only asked begins. Raises Shut,
    and ValidationError by the name of the value: then nothing is written.
    """
    cleaned = {each.wording.pk: valued.clean(each.wording, each.values) for each in typed}
    with _together():
        return _save_each(held(row, by=by), typed, cleaned, by)


def _save_each(row, typed, cleaned, by) -> Written:
    asking = asked_by(row.round.set_version)
    _may_write(row, typed, asking)
    if row.status == A.ASKED:
        row = begin(row, by=by)
    now, shows = _now(row, asking, [each.wording.question_id for each in typed])
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
        now |= {each.question_id: each for each in written}
        _counted(row, asking, now, shows)
        record("answers_saved", by=by, obj=row, ids=[each.question_id for each in written])
    return Written(row, saved, _with_names(stale), now, shows)


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
    row, wanted = held(row, by=by), set(wording_ids)
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
    asking = asked_by(row.round.set_version)
    _counted(row, asking, *_now(row, asking, ()))
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
ROWS = COLUMNS.index("rows")
# The words of other answers are not needed in full: whether there are any says whether the question is answered.
NOW = """
SELECT id, question_id, wording_id, code, number, day, CASE WHEN question_id = ANY(%s::uuid[]) THEN text
    ELSE left(text, 40) END, rows, na_reason, to_confirm, taken_from_id, of_trust_id, version, changed_by_id,
    changed_at, CASE WHEN question_id = ANY(%s::uuid[]) THEN (SELECT count(*) FROM audits_shown
        JOIN audits_evidence ON audits_evidence.id = evidence_id AND put_away_at IS NULL
        WHERE answer_id = audits_answer.id) ELSE 0 END
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


class Kept(NamedTuple):
    """An answer that is only counted: a hundred rows of the model would cost more than the saving."""

    pk: object
    question_id: object
    wording_id: object
    code: str
    number: object
    day: object
    text: str
    rows: list
    na_reason: str
    to_confirm: bool


def _now(row, asking, in_full) -> tuple[dict, dict]:
    """(question id -> Answer of those in `in_full`, Kept of the rest; answer id -> pieces of evidence, of what is
    answered by it)."""
    files = [each.question_id for each in asking.wordings if each.kind == Wording.Kind.FILE]
    with connection.cursor() as cursor:
        cursor.execute(NOW, [list(in_full), files, row.pk])
        found = cursor.fetchall()
    answers, shows, whole = {}, {}, set(in_full)
    for *values, pieces in found:
        values[ROWS] = json.loads(values[ROWS]) if isinstance(values[ROWS], str) else values[ROWS]
        if values[1] in whole:
            each = Answer(audit_return_id=row.pk, **dict(zip(COLUMNS, values, strict=True)))
        else:
            each = Kept._make(values[: len(Kept._fields)])
        answers[each.question_id], shows[each.pk] = each, pieces
    return answers, shows


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


def _counted(row, asking, answers, shows):
    found = progress(asking, row.facts, answers, shows)
    counters = {"wanted": found.wanted, "answered": found.answered, "to_confirm": found.to_confirm}
    if changed := [name for name, value in counters.items() if getattr(row, name) != value]:
        for name in changed:
            setattr(row, name, counters[name])
        row.save(update_fields=changed)


def _with_names(stale) -> dict:
    """These answers with who changed them."""
    ids = {each.changed_by_id for each in stale.values() if each is not None}
    people = User.objects.in_bulk(ids) if ids else {}
    for each in stale.values():
        if each is not None:
            each.changed_by = people.get(each.changed_by_id)
    return stale
