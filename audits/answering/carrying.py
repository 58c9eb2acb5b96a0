"""Answers that a return begins with: the trust's shared ones, then last year's with what stood under them, each to be
confirmed."""

import json

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audits.asking import asked_by, matches, scale_of
from audits.models import Answer, AuditReturn, Shown, Wording
from partnership.documents.models import State, Version
from partnership.documents.reads import REFUSED
from partnership.people.models import Succession

# A merger or a division leaves nobody whose answers are the successor's own.
GOES_ON = (Succession.Kind.REPLACED, Succession.Kind.RENAMED)
WHY = "an organisation's own return of the round before, or that of the one whose place it took"

# Each question once; what the trust says this year before what the school said last year. `codes` and `bare` say
# which of them can be said again in the words of this version.
TAKE_OVER = """
INSERT INTO audits_answer (id, folder_id, agency_id, audit_return_id, question_id, wording_id, code, number, day, text,
    rows, na_reason, to_confirm, taken_from_id, of_trust_id, version, changed_by_id, changed_at)
SELECT DISTINCT ON (found.question_id) gen_random_uuid(), %(folder)s, %(agency)s, %(return)s, found.question_id,
    asked.id, found.code, found.number, found.day, found.text, found.rows, found.na_reason, true,
    found.taken_from, found.of_trust, 1, %(by)s, now()
FROM (
    SELECT 1 AS place, NULL::uuid AS taken_from, id AS of_trust, question_id, wording_id, code, number, day, text, rows,
        na_reason
    FROM audits_trustanswer WHERE round_id = %(round)s AND agency_id = %(trust)s AND given_at IS NOT NULL
    UNION ALL
    SELECT 2, id, NULL, question_id, wording_id, code, number, day, text, rows, na_reason
    FROM audits_answer WHERE audit_return_id = %(before)s AND %(last_year)s
) found
JOIN audits_wording was ON was.id = found.wording_id
JOIN jsonb_to_recordset(%(asked)s::jsonb) AS asked
    (id uuid, question uuid, kind text, columns jsonb, codes jsonb, na boolean, of_trust boolean)
    ON asked.question = found.question_id AND asked.kind = was.kind AND asked.columns = was.columns
WHERE (found.code = '' OR asked.codes ? found.code)
    AND (found.na_reason = '' OR asked.na)
    AND (found.of_trust IS NULL OR asked.of_trust)
    AND (found.code <> '' OR found.number IS NOT NULL OR found.day IS NOT NULL OR found.text <> ''
        OR found.rows <> '[]'::jsonb OR found.na_reason <> ''
        OR asked.kind = 'file' AND found.taken_from = ANY(%(shown)s::uuid[]))
ORDER BY found.question_id, found.place
ON CONFLICT (audit_return_id, question_id) DO NOTHING
"""


def before_of(row) -> AuditReturn | None:
    """The return of the round before that this one goes on from: the organisation's own, else that of the one whose
    place it took (an academy's school), where that is one alone. Only what was submitted."""
    if row.round.before_id is None:
        return None
    returns = AuditReturn.objects.unscoped(WHY).filter(
        round=row.round.before_id, status=AuditReturn.Status.SUBMITTED
    ).select_related("round__folder")  # fmt: skip
    if own := returns.filter(agency=row.agency_id).first():
        return own
    whose = Succession.objects.filter(successor=row.agency_id, kind__in=GOES_ON).values("predecessor")
    found = list(returns.filter(agency__in=whose)[:2])
    return found[0] if len(found) == 1 else None


def take_over(row, *, by, last_year=True) -> int:
    """Write the answers that stand already, where the return has none, as `to_confirm`. Returns how many.

    row: with its round and that round's version. last_year: False for the trust's alone.
    """
    before = before_of(row) if last_year else None
    if before is None and row.trust_id is None:
        return 0
    asking = asked_by(row.round.set_version)
    asked = [_asked(each) for each in asking.wordings if matches(each.applies, row.facts)]
    shown = _still_stands(row, before)
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_OVER,
            {
                "folder": row.folder_id, "agency": row.agency_id, "return": row.pk, "round": row.round_id,
                "trust": row.trust_id, "before": before.pk if before else None, "last_year": before is not None,
                "asked": json.dumps(asked), "by": by.pk, "shown": [answer for answer, _ in shown],
            },
        )  # fmt: skip
        taken = cursor.rowcount
    _put_under(row, shown)
    return taken


def _still_stands(row, before) -> list[tuple]:
    """(answer, piece of evidence) of last year's return whose piece still holds: not put away, run out or refused."""
    if before is None:
        return []
    rows = Shown.objects.unscoped(WHY).filter(
        answer__audit_return=before, evidence__agency=row.agency_id, evidence__put_away_at=None
    )
    rows = rows.exclude(evidence__expires_on__lt=timezone.localdate())
    files = Version.objects.unscoped(WHY).filter(document=OuterRef("evidence__document"))
    kept = files.exclude(state__in=(*REFUSED, State.WITHDRAWN))
    rows = rows.filter(Q(evidence__document=None) | Exists(kept))
    return list(rows.order_by().values_list("answer", "evidence"))


def _put_under(row, shown):
    if not shown:
        return
    rows = Answer.objects.unscoped(WHY).filter(audit_return=row, taken_from__in=[answer for answer, _ in shown])
    now = dict(rows.values_list("taken_from", "pk"))
    made = (
        Shown(answer_id=now[answer], evidence_id=piece, folder_id=row.folder_id, agency_id=row.agency_id)
        for answer, piece in shown
        if answer in now
    )
    Shown.objects.bulk_create(made, ignore_conflicts=True)


def _asked(wording) -> dict:
    codes = [code for code, _, _ in scale_of(wording)] if wording.kind in Wording.CHOSEN else []
    return {
        "id": str(wording.pk), "question": str(wording.question_id), "kind": wording.kind, "columns": wording.columns,
        "codes": codes, "na": wording.may_not_apply, "of_trust": wording.of_trust,
    }  # fmt: skip
