"""What is written under an item: its minutes, and its decisions as rows. All of it lies in the item's folder.

Every function raises ValidationError where the minutes have left their draft: what was circulated is read by others.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.attending.text import tidied
from boards.models import Decision, Meeting, Minute, SentUp
from partnership.access.edits import CHANGED, as_read, change, stamp
from partnership.access.flow import Stale, lock
from partnership.trail.services import record

WHY = "the page has asked for the item: it lies in its folder"
DECISION_FIELDS = ("text", "reason", "dissent", "how", "paper", "priority")
CLOSED = {
    Meeting.Minutes.CIRCULATED: "These minutes were circulated and are being read. Take them back to draft to write.",
    Meeting.Minutes.CHECKED: "The chair has checked these minutes. Take them back to draft to write.",
    Meeting.Minutes.AGREED: "These minutes are agreed: they are put right by a correction with its reason.",
    Meeting.Minutes.PUBLISHED: "These minutes are published: they are put right by a correction with its reason.",
}


def must_be_draft(meeting) -> Meeting:
    """The locked meeting, whose minutes are still written. Raises ValidationError."""
    row = lock(meeting)
    if row.status == Meeting.Status.CANCELLED:
        raise ValidationError("This meeting was cancelled: nothing is written of it.")
    if why := CLOSED.get(row.minutes_status):
        raise ValidationError(why)
    return row


def _standing(item):
    """The locked item, and its meeting. Raises ValidationError for an item that was taken off the agenda."""
    meeting = must_be_draft(Meeting(pk=item.meeting_id))
    row = lock(item)
    if row.removed_at:
        raise ValidationError("This item was taken off the agenda. Copy what you typed to another item.")
    return row, meeting


@transaction.atomic
def write(item, *, by, version, text) -> Minute:
    """Save the minutes of an item, tidied. version: as read, 0 where nothing was written yet. Raises Stale when
    another text was saved since; the same text again, whose answer was lost on its way, is saved already."""
    item, _ = _standing(item)
    row = Minute.objects.unscoped(WHY).select_for_update(of=("self",)).filter(item=item).first()
    row = row or Minute(folder_id=item.folder_id, item=item, version=0)
    text = tidied(text)
    if row.text == text:
        return row
    if row.version != version:
        raise Stale(CHANGED)
    row.text, row.version = text, version + 1
    row.changed_by, row.changed_at = by, timezone.now()
    row.save()
    record("minutes_written", by=by, obj=row)
    return row


@transaction.atomic
def decide(item, *, by, **facts) -> Decision:
    """Record a decision of the meeting. facts: of DECISION_FIELDS. It keeps whether the meeting was quorate by what was
    ticked at that moment (None: no rule, or decided outside the meeting); that never stands in its way."""
    item, meeting = _standing(item)
    outside = facts.get("how") == Decision.How.OUTSIDE
    if meeting.starts_at > timezone.now() and not outside:
        raise ValidationError({"how": "This meeting has not begun. Only what was decided outside it can be recorded."})
    # Counted within the folder of the item: who does not see a restricted one meets no number that is missing.
    same = Decision.objects.unscoped("the next number").filter(meeting=meeting, folder_id=item.folder_id)
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    row = Decision(
        folder_id=item.folder_id, meeting=meeting, item=item, number=number, made_by=by, changed_by=by,
        made_on=timezone.localdate() if outside else meeting.day,
        quorate=None if outside else quorate(meeting, rows_of(meeting)).ok, **facts,
    )  # fmt: skip
    _must_be_possible(row)
    row.save(force_insert=True)
    record("decision_made", by=by, obj=row, number=number, quorate=row.quorate)
    return row


@transaction.atomic
def change_decision(row, *, by, version, **facts) -> Decision:
    """facts: of DECISION_FIELDS. Raises Stale."""
    _standing(row.item)
    fresh = as_read(row, version)
    _must_stand(fresh)
    for name, value in facts.items():
        setattr(fresh, name, value)
    _must_be_possible(fresh)
    return change(row, "decision_changed", by=by, version=version, facts=facts)


@transaction.atomic
def take_back(row, *, by, version) -> Decision:
    """It was no decision. Its number is not given again. Raises Stale, and ValidationError while it is sent up."""
    _standing(row.item)
    row = as_read(row, version)
    _must_stand(row)
    sent = SentUp.objects.unscoped("whoever decided it may know that it was sent on")
    if sent.filter(decision=row).exclude(status=SentUp.Status.TAKEN_BACK).exists():
        raise ValidationError("It was sent up to another group. Take that back first.")
    row.taken_back_at = timezone.now()
    stamp(row, by, "taken_back_at")
    record("decision_taken_back", by=by, obj=row, number=row.number)
    return row


def _must_stand(row):
    if row.taken_back_at:
        raise Stale("This decision was taken back.")


def _must_be_possible(row):
    if not row.text.strip():
        raise ValidationError({"text": "Say what was decided."})
    if row.paper_id and row.paper.item_id != row.item_id:
        raise ValidationError({"paper": "Choose a paper of this item."})
