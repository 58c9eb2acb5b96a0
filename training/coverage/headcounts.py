"""How many people an organisation says that it has in each role, on a day."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.people.models import Partnership
from partnership.trail.services import record
from training.models import Headcount
from training.office import training_of
from training.people.services import may_keep

WHY = "the service asked whether this organisation's people are the caller's to keep"
AHEAD = "Enter the day of which the numbers tell: it lies in the future."
NONE = "Enter at least one number."


@transaction.atomic
def say(agency, *, by, counted_on, people) -> list[Headcount]:
    """people: role code -> how many. What was said of the same day is replaced; what was said of others stays.
    Raises ValidationError, PermissionDenied."""
    if not may_keep(by, agency):
        raise PermissionDenied("headcounts.say")
    if counted_on > timezone.localdate():
        raise ValidationError({"counted_on": AHEAD})
    if not people:
        raise ValidationError(NONE)
    folder = training_of(Partnership.objects.order_by("pk").first())
    rows = []
    for role, many in sorted(people.items()):
        said = {"people": many, "said_by": by, "said_at": timezone.now(), "folder": folder}
        row, _ = Headcount.objects.unscoped(WHY).update_or_create(
            agency=agency, role_id=role, counted_on=counted_on, defaults=said
        )
        rows.append(row)
    record("headcount_said", by=by, obj=rows[0], agency=agency.pk, roles=sorted(people))
    return rows
