"""Writes of what the Panel said and of what we answered, and corrections of both."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.deadlines.rules import london_date
from partnership.trail.services import record
from reviews import clocks
from reviews.models import PanelReply, ReplyCorrection, Sending


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
    row.version += 1
    row.save(update_fields=["answered_on", "answer", "answered_by", "answer_recorded_at", "version"])
    record("panel_answered", by=by, obj=row)
    return row


@transaction.atomic
def correct_reply(row, *, by, version, received_on, code, words, reason) -> PanelReply:
    """Put right what is recorded of the Panel's reply; what stood before is kept beside it, with the reason.

    Raises Stale when somebody corrected or answered it since `version`; ValidationError without a reason, for what is
    recorded already, and for a day before the sending, after our answer or in the future.
    """
    row = _unchanged(row, version)
    sent = Sending.objects.unscoped("the page has asked for the reply").get(review_id=row.review_id)
    if received_on < london_date(sent.sent_at):
        raise ValidationError({"received_on": "The Panel cannot have replied before the report was sent."})
    if row.answered_on and received_on > row.answered_on:
        raise ValidationError({"received_on": f"It was answered on {row.answered_on:%-d %B %Y}: it came before that."})
    _possible(received_on, "received_on", reason)
    if (received_on, code, words) == (row.received_on, row.code, row.words):
        raise ValidationError("This is what is recorded already.")
    facts = {"was_on": row.received_on, "was_code": row.code, "was_words": row.words}
    _keep_what_stood(row, by, reason, row.recorded_by, row.recorded_at, facts)
    row.received_on, row.code, row.words, row.version = received_on, code, words, version + 1
    row.recorded_by, row.recorded_at = by, timezone.now()
    row.save(update_fields=["received_on", "code", "words", "version", "recorded_by", "recorded_at"])
    record("panel_reply_corrected", by=by, obj=row)
    replies = PanelReply.objects.unscoped("which reply came first").filter(review_id=row.review_id)
    first = replies.aggregate(first=Min("received_on"))["first"]
    clocks.panel_replied_really(sent, by=by, on=first, reason=reason.strip())
    return row


@transaction.atomic
def correct_answer(row, *, by, version, answered_on, answer, reason) -> PanelReply:
    """Put right what is recorded of our answer; as `correct_reply`."""
    row = _unchanged(row, version)
    if row.answered_on is None:
        raise ValidationError("No answer is recorded yet, so there is none to correct.")
    if answered_on < row.received_on:
        raise ValidationError({"answered_on": "It cannot have been answered before it came."})
    _possible(answered_on, "answered_on", reason)
    if (answered_on, answer) == (row.answered_on, row.answer):
        raise ValidationError("This is what is recorded already.")
    facts = {"of_answer": True, "was_on": row.answered_on, "was_words": row.answer}
    _keep_what_stood(row, by, reason, row.answered_by, row.answer_recorded_at, facts)
    row.answered_on, row.answer, row.version = answered_on, answer, version + 1
    row.answered_by, row.answer_recorded_at = by, timezone.now()
    row.save(update_fields=["answered_on", "answer", "version", "answered_by", "answer_recorded_at"])
    record("panel_answer_corrected", by=by, obj=row)
    return row


def _unchanged(row, version):
    row = lock(row)
    if row.version != version:
        raise Stale("Somebody else corrected this while you were typing.")
    return row


def _possible(day, name, reason):
    if day > timezone.localdate():
        raise ValidationError({name: "This day cannot lie in the future."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why what was recorded is wrong."})


def _keep_what_stood(row, by, reason, recorded_by, recorded_at, facts):
    ReplyCorrection.objects.create(
        folder_id=row.folder_id, reply=row, recorded_by=recorded_by, recorded_at=recorded_at, reason=reason.strip(),
        corrected_by=by, **facts,
    )  # fmt: skip
