"""Writes of what the Panel said and of what we answered."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.deadlines.rules import london_date
from partnership.trail.services import record
from reviews import clocks
from reviews.models import PanelReply, Sending


@transaction.atomic
def record_reply(review, *, by, received_on, code, words) -> PanelReply:
    """Record what the Panel said; the first reply meets the days for its answer.

    Raises ValidationError for a review that was not sent, and for a day before the sending or in the future.
    """
    review = lock(review)
    sent = Sending.objects.unscoped("the page has asked for its review").filter(review=review).first()
    if sent is None:
        raise ValidationError("The report has not been sent to the Panel, so there is no reply to record.")
    if received_on < london_date(sent.sent_at):
        raise ValidationError({"received_on": "The Panel cannot have replied before the report was sent."})
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": "The day of the reply cannot lie in the future."})
    row = PanelReply.objects.create(
        folder_id=review.folder_id, review=review, received_on=received_on, code=code, words=words, recorded_by=by
    )
    clocks.panel_replied(sent, by=by, on=received_on)
    record("panel_replied", by=by, obj=row, code=row.get_code_display().lower())
    return row


@transaction.atomic
def answer_reply(row, *, by, answered_on, answer) -> PanelReply:
    """Record what we answered. Raises Stale for a reply that has its answer, ValidationError for an impossible day."""
    row = lock(row)
    if row.answered_on:
        raise Stale("Somebody else recorded the answer while you were typing.")
    if answered_on < row.received_on:
        raise ValidationError({"answered_on": "It cannot have been answered before it came."})
    if answered_on > timezone.localdate():
        raise ValidationError({"answered_on": "The day of the answer cannot lie in the future."})
    if not answer.strip():
        raise ValidationError({"answer": "Enter what was answered."})
    row.answered_on, row.answer, row.answered_by, row.answer_recorded_at = answered_on, answer, by, timezone.now()
    row.save(update_fields=["answered_on", "answer", "answered_by", "answer_recorded_at"])
    record("panel_answered", by=by, obj=row)
    return row
