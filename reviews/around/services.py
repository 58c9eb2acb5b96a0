"""Writes to what runs beside a case. Each locks its row, and a stale edit is refused."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partnership.access.edits import change
from partnership.access.flow import lock
from partnership.trail.services import record
from reviews.models import Interest, Proceeding, ReviewLink

PROCEEDING = (
    "kind", "contact", "reference", "started_on", "ended_on", "holds_publication", "holds_contact", "note",
)  # fmt: skip
INTEREST = ("partnership", "contact", "why", "told_on")


@transaction.atomic
def add_proceeding(review, *, by, **facts) -> Proceeding:
    row = Proceeding.objects.create(folder_id=review.folder_id, review=review, changed_by=by, **facts)
    record("proceeding_added", by=by, obj=row, kind=row.kind, holds=row.holds_publication)
    return row


@transaction.atomic
def change_proceeding(row, *, by, version, **facts) -> Proceeding:
    """Raises Stale when somebody changed it since `version`."""
    return change(row, "proceeding_changed", by=by, version=version, facts=facts)


@transaction.atomic
def add_interest(review, *, by, **facts) -> Interest:
    row = Interest.objects.create(folder_id=review.folder_id, review=review, changed_by=by, **facts)
    record("interest_added", by=by, obj=row)
    return row


@transaction.atomic
def change_interest(row, *, by, version, **facts) -> Interest:
    """Raises Stale when somebody changed it since `version`."""
    return change(row, "interest_changed", by=by, version=version, facts=facts)


@transaction.atomic
def link(review, other, *, by, why) -> ReviewLink:
    """Say that two reviews concern each other. `by` works on both: each is named on the other's page.

    Raises ValidationError where they are linked already, or the same.
    """
    if review.pk == other.pk:
        raise ValidationError({"other": "A review is not linked to itself."})
    if ReviewLink.objects.unscoped("are they linked the other way?").filter(review=other, other=review).exists():
        raise ValidationError({"other": "These two are linked already."})
    try:
        with transaction.atomic():
            row = ReviewLink.objects.create(folder_id=review.folder_id, review=review, other=other, why=why, made_by=by)
    except IntegrityError:
        raise ValidationError({"other": "These two are linked already."}) from None
    for each in (review, other):
        record("review_linked", by=by, obj=each)
    return row


@transaction.atomic
def unlink(row, *, by) -> None:
    row = lock(row)
    for each in (row.review, row.other):
        record("review_unlinked", by=by, obj=each)
    row.delete()
