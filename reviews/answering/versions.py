"""What was submitted stays as it stood: a frozen copy of each version of a return."""

from reviews.models import ReturnFile, ReturnPassage, ReturnVersion
from reviews.models.returns import Answers

COPIED = [each.attname for each in Answers._meta.fields]
WHY = "the service holds its return"


def keep(row) -> ReturnVersion:
    """Freeze the words that were just submitted, and give what stands beside them to those who may read it."""
    kept = ReturnVersion.objects.create(
        folder_id=row.folder_id,
        answer=row,
        number=row.number,
        author_id=row.author_id,
        submitted_at=row.submitted_at,
        reason=row.change_reason if row.reopened_at else row.note if row.sent_back_at else "",
        **{name: getattr(row, name) for name in COPIED},
    )
    for model in (ReturnPassage, ReturnFile):
        model.objects.unscoped(WHY).filter(answer=row, until=None).update(given=True)
    return kept


def begin_next(row) -> dict:
    """The fields with which the next version begins. The one before is kept, also where it is older than versions."""
    if not ReturnVersion.objects.unscoped(WHY).filter(answer=row, number=row.number).exists():
        keep(row)
    return {
        "number": row.number + 1,
        "signed_at": None,
        "sole_practitioner": False,
        "sole_reason": "",
        "late_reason": "",
        "given_back_at": None,
        "given_by": "",
        "given_channel": "",
        "given_at": None,
        "recorded_by": None,
    }
