"""Interests that people declare in an item, and what followed. They lie in the item's folder."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.attending.minuting import must_be_draft
from boards.models import Interest, Invitee, Meeting, Seat
from partnership.access.flow import lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record

WHY = "the page has asked for the item"
NOT_YOURS = "Whoever sits on the group or is called to the meeting declares an interest."


def takes_part(user, meeting) -> bool:
    """Whether this person has a seat on the day, stands in for one, or is called; a case's meeting has no seats."""
    if meeting.group_id is None:
        return True
    if Seat.objects.on(meeting.day).filter(group=meeting.group_id, user=user).exists():
        return True
    return Invitee.objects.unscoped(WHY).filter(meeting=meeting, user=user, withdrawn_at=None).exists()


@transaction.atomic
def declare(item, *, by, words, user=None, name="", effect="") -> Interest:
    """Declare an interest in an item: one's own, or (for who runs the meeting) that of `user`, or of somebody without a
    sign-in by `name`. What follows from it is said by who runs it. Raises ValidationError, and PermissionDenied for
    somebody else's by who does not run it."""
    meeting = must_be_draft(_meeting(item))
    runs = can(by, Perm.MEETING_RUN, item)
    own = user is None and not name.strip()
    if not runs and (not own or effect):
        raise PermissionDenied("interest.record")
    if own and not takes_part(by, meeting):
        raise ValidationError({"user": "Choose whose interest it is, or enter a name."} if runs else NOT_YOURS)
    row = Interest.objects.create(
        folder_id=item.folder_id, item=item, user=by if own else user, name="" if user else name.strip(),
        words=words.strip(), effect=effect, declared_by=by,
    )  # fmt: skip
    record("interest_declared", by=by, obj=row, user=row.user_id)
    return row


@transaction.atomic
def settle(row, *, by, effect) -> Interest:
    """Say what followed from a declared interest. Raises PermissionDenied for who does not run the meeting."""
    if not can(by, Perm.MEETING_RUN, row):
        raise PermissionDenied("interest.settle")
    if effect not in Interest.Effect.values:
        raise ValidationError("Choose what follows from it.")
    must_be_draft(_meeting(row.item))
    row = lock(row)
    if row.effect != effect:
        row.effect = effect
        row.save(update_fields=["effect"])
        record("interest_settled", by=by, obj=row, user=row.user_id, effect=str(effect))
    return row


def may_withdraw(user, row, meeting, *, runs) -> bool:
    """One's own until the meeting begins; what was recorded for somebody, by who runs it, while minutes are a draft."""
    if row.user_id == user.pk and meeting.starts_at > timezone.now():
        return True
    return runs and row.declared_by_id is not None and row.declared_by_id != row.user_id


@transaction.atomic
def withdraw(row, *, by) -> None:
    """Raises PermissionDenied for somebody else's, ValidationError once the meeting began."""
    meeting = must_be_draft(_meeting(row.item))
    row = lock(row)
    if not may_withdraw(by, row, meeting, runs=can(by, Perm.MEETING_RUN, row)):
        if row.user_id != by.pk:
            raise PermissionDenied("interest.withdraw")
        raise ValidationError("The meeting has begun: what was declared belongs to its minutes.")
    record("interest_withdrawn", by=by, obj=row, user=row.user_id)
    row.delete()


def _meeting(item) -> Meeting:
    return Meeting.objects.unscoped(WHY).get(pk=item.meeting_id)


def interests_of(user, items) -> dict:
    """item id -> its declared interests, as far as `user` sees them."""
    found = {}
    rows = Interest.objects.visible_to(user).filter(item__in=[each.pk for each in items]).select_related("user")
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found
