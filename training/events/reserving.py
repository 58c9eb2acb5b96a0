"""Places of an event that are kept for an organisation, or for organisations of a kind, until a day."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.deadlines.working_days import CalendarEnds
from partnership.trail.services import record
from training import places, rules
from training.booking import services as booking
from training.catalogue.services import must_run
from training.events.services import must_be_to_come
from training.models import Reserved

TWICE = "Places are reserved for them at this event already. Take those off first."
FULL = "Only {} of the free places can be reserved. Enter fewer, or give the event more places."
EARLY = "The day must be to come, and not after the day of the event."
NO_DAY = "The usual day, {:%-d %B %Y}, is over. Enter the day from which the places are everybody’s."


def usual_day(event) -> date | None:
    """The day from which places are everybody's by the partnership's rule; None where its calendar ends before."""
    try:
        return rules.day_of(rules.RELEASE, event.starts_at)
    except CalendarEnds:
        return None


@transaction.atomic
def reserve(event, *, by, places: int, agency=None, kind="", release_on=None) -> Reserved:
    """Keep places for one organisation, or a kind of organisation. release_on: None for the rule's day.

    Raises ValidationError where they are more than are free, or the day is none.
    """
    event = lock(event)
    must_run(event, by)
    must_be_to_come(event)
    if event.reserved.filter(agency=agency, kind=kind).exists():
        raise ValidationError({"agency" if agency else "kind": TWICE})
    today = timezone.localdate()
    day = release_on or usual_day(event)
    if day is None or day <= today or day > timezone.localdate(event.starts_at):
        usual = release_on is None and day is not None
        raise ValidationError({"release_on": NO_DAY.format(day) if usual else EARLY})
    row = Reserved(event=event, agency=agency, kind=kind, places=places, release_on=day)
    row.clean_fields(exclude=["event", "agency"])
    row.save()
    _must_be_free(event, row)
    record("training_places_reserved", by=by, obj=event, agency=agency.pk if agency else None, places=places)
    return row


@transaction.atomic
def release(row, *, by) -> None:
    """Give reserved places to everybody now; the next turns are offered them."""
    event = lock(row.event)
    must_run(event, by)
    must_be_to_come(event)
    record("training_places_released", by=by, obj=event, agency=row.agency_id, places=row.places)
    row.delete()
    booking.by_its_day(event)


def _must_be_free(event, row) -> None:
    rows = list(event.reserved.all())
    kept = places.kept(rows, booking.holders_of(event), timezone.localdate())
    over = sum(kept.values()) - (event.capacity - event.taken)
    if over > 0:
        raise ValidationError({"places": FULL.format(max(0, row.places - over))})
