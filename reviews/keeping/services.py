"""Legal holds, and the disposal of what a case needs for a time only."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.trail.services import record
from reviews.keeping import drafts
from reviews.models import LegalHold, Review

LIFTED = "This hold was lifted while you were typing."


@transaction.atomic
def set_hold(review, *, by, body, reason, asked_on) -> LegalHold:
    """From this moment nothing of the case is disposed of. Several may stand; each is lifted by itself."""
    review = lock(review)  # a sweep that is at this case is waited for, and the next finds the hold
    if asked_on > timezone.localdate():
        raise ValidationError({"asked_on": "This day lies in the future."})
    row = LegalHold.objects.create(
        folder_id=review.folder_id, review=review, body=body.strip(), reason=reason.strip(), asked_on=asked_on,
        set_by=by,
    )  # fmt: skip
    record("hold_set", by=by, obj=row)
    return row


@transaction.atomic
def lift_hold(row, *, by, reason) -> LegalHold:
    """Raises Stale for one that was lifted already, ValidationError without a reason."""
    row = lock(row)
    if not row.stands:
        raise Stale(LIFTED)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is lifted."})
    row.lifted_by, row.lifted_at, row.lifted_why = by, timezone.now(), reason.strip()
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_why"])
    record("hold_lifted", by=by, obj=row)
    return row


def sweep(*, today=None) -> int:
    """Dispose of every draft whose days are over, case by case; a case under a hold is left alone.

    Rows, not messages: safe to run twice and at once. Returns how many drafts went.
    """
    today, gone = today or timezone.localdate(), 0
    for pk in drafts.cases(today):
        with transaction.atomic():
            gone += _sweep_one(pk, today)
    return gone


def _sweep_one(pk, today) -> int:
    rows = Review.objects.unscoped("the sweep works for the portal").select_for_update(of=("self",), skip_locked=True)
    review = rows.filter(pk=pk).first()
    if review is None:
        return 0  # somebody is at it: the next sweep comes back
    holds = LegalHold.objects.unscoped("while one stands, nothing goes")
    if holds.filter(review=review, lifted_at=None).exists():
        return 0
    days, gone = drafts.Days(review), 0
    for kind in drafts.KINDS:
        ids = kind.over(review, days, today)
        if ids:
            kind.dispose(ids)
            record("drafts_disposed", obj=review, kind=kind.words, code=kind.code, count=len(ids), ids=ids)
            gone += len(ids)
    return gone
