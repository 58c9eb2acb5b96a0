"""Taking over a colleague's work for a time. It opens nothing: the coverer sees what she may see herself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.directory.covering import notices
from partnership.directory.models import Cover
from partnership.directory.requests.services import lock_people
from partnership.directory.rules import overlapping
from partnership.people.models.dated import after
from partnership.trail.services import record
from partnership.ui.dates import plain

LONGEST_DAYS = 366


@transaction.atomic
def take_over(absent, *, by, coverer, starts, last_day, reason) -> Cover:
    """`coverer` covers for `absent` from `starts` up to and with `last_day`. Raises ValidationError."""
    if absent.pk == coverer.pk:
        raise ValidationError({"coverer": "Nobody covers for themselves: choose somebody else."})
    if last_day < starts:
        raise ValidationError({"last_day": "The last day must not be before the first day."})
    if last_day < timezone.localdate():
        raise ValidationError({"last_day": "The last day must be today or later."})
    if (last_day - starts).days > LONGEST_DAYS:
        raise ValidationError({"last_day": "A cover lasts a year at most. Begin another one then."})
    lock_people(absent, coverer)  # two who take over at once, or each for the other: the second meets the first
    ends = after(last_day)
    same = Cover.objects.filter(overlapping(starts, ends), absent=absent, ended_at=None).select_related("by")
    if other := same.first():
        raise ValidationError({"absent": f"{other.by.name} covers for {absent.name} in that time already."})
    if (back := Cover.objects.filter(overlapping(starts, ends), absent=coverer, ended_at=None)).exists():
        raise ValidationError(
            {"coverer": f"{coverer.name} is away in that time, until {plain(back.first().last_day)}."}
        )
    row = Cover.objects.create(
        absent=absent, by=coverer, starts=starts, ends=ends, reason=reason.strip(), made_by=by
    )  # fmt: skip
    record("cover_began", by=by, obj=row, user=coverer.pk, on=starts)
    notices.tell_began(row)
    return row


@transaction.atomic
def end(row, *, by) -> Cover:
    """End it now. One that has ended stays as it ended."""
    row = lock(row)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record("cover_ended", by=by, obj=row, user=row.by_id)
    return row
