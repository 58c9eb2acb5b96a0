"""What evidence asks of answers: that they still change, that there is one, and that they are counted again."""

from audits.asking import asked_by, progress
from audits.beside import evidence_services as evidence
from audits.flow import RETURN
from audits.models import Answer, AuditReturn, Round
from partnership.access.flow import Stale, lock

WHY = "the page has asked for its return"


def shut(row) -> str:
    """Why the answers of a return change no longer, in a sentence; '' while they do."""
    if row.status not in AuditReturn.WRITTEN:
        return {
            AuditReturn.Status.SIGNING: "This return is being signed. Take it back before you change it.",
            AuditReturn.Status.SUBMITTED: "This return was submitted, so its answers change no longer.",
        }.get(row.status, "This organisation owes no return any more, so there is nothing to change.")
    if row.round.status != Round.Status.OPEN:
        return "This round is not open, so answers are read and not changed."
    return ""


def written(row, *, by) -> AuditReturn:
    row = lock(row)
    if why := shut(row):
        raise Stale(why)
    return RETURN.take(row, "begin", by=by) if row.status == AuditReturn.Status.ASKED else row


def born(row, wording, *, by) -> Answer:
    rows = Answer.objects.unscoped(WHY)
    answer, _ = rows.get_or_create(
        audit_return=row, question_id=wording.question_id,
        defaults={"wording": wording, "folder_id": row.folder_id, "agency_id": row.agency_id, "version": 0},
    )  # fmt: skip
    return answer


def recount(row) -> None:
    found = evidence.answers_of(row)
    shows = evidence.shows_of([each.pk for each in found.values()])
    now = progress(asked_by(row.round.set_version), row.facts, found, shows)
    row.wanted, row.answered, row.to_confirm = now.wanted, now.answered, now.to_confirm
    row.save(update_fields=["wanted", "answered", "to_confirm"])
