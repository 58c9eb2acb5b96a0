"""A rating by hand: with a reason, and it fades."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.access.rows import can
from partnership.actions.models import RagOverride
from partnership.actions.services import must_go_on
from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due
from partnership.people.roles import Perm
from partnership.trail.services import record

FADES = "action_rating_fades"
OWN = "Somebody else rates an action of yours. You say how it looks in an update."


def last_day(today=None):
    """The last day on which a rating that is set today counts."""
    today = today or timezone.localdate()
    edition = rule_in_force(FADES, today)
    return due(edition, today, calendars.load(edition.division)).due_on


@transaction.atomic
def rate(row, *, by, colour, reason) -> RagOverride:
    """Set the rating of an action by hand, until it fades. Raises ValidationError without a reason, and for its owner:
    those who decide about it rate it."""
    row = lock(row)
    if not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.rate")
    must_go_on(row)
    if by.pk in (row.owner_id, row.close_asked_by_id):
        raise ValidationError(OWN)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the rating is set by hand."})
    rated = RagOverride.objects.create(
        folder_id=row.folder_id, action=row, colour=colour, reason=reason.strip(), until=last_day(), by=by
    )
    record("action_rag_set", by=by, obj=row, rating=rated.pk, colour=str(colour))
    return rated
