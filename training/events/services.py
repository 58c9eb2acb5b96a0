"""Every write of an event but its places: planning it, changing it, opening it for booking, cancelling it.

Each asks for TRAINING_RUN on the event and writes its event with ids and field names alone. ValidationError is for what
people can put right, Stale where somebody was quicker. Places are taken and freed by `training.booking.services` alone.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import edits
from partnership.access.flow import Stale
from partnership.access.models import FolderKind
from partnership.access.reach import reach_of
from partnership.access.services import open_folder
from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.booking import letters
from training.booking import services as booking
from training.catalogue.services import must_run
from training.evaluating import asking
from training.events import trainers
from training.flow import EVENT
from training.models import Booking, Course, Event, Joining

WHY = "the service asked for TRAINING_RUN on the event, and what hangs on it goes with it"
# What whoever has a place, or waits for one, is told of when it changes; `address` is the online meeting's.
TOLD = ("starts_at", "ends_at", "mode", "venue", "address")
LONGEST = timedelta(days=7)

OVER = "This event is {}, so it is not changed any more."
PAST = "That is over. Enter a day and time to come."
ENDS = "The end must be after the beginning."
LONG = "That is longer than a week. Check the day on which it ends."
UNKNOWN_YEAR = "The bank holidays of {} are not known yet, so no event can be planned then. Check the year."
NO_CAPACITY = "Enter how many people may come: the course names no number."
NO_ROOM = "It takes more people than there are places. Enter more places, or a smaller number of people."
OPENS = "Booking must open before the event, and not after its last day for booking."
CLOSES = "The last day for booking must not be after the day of the event."
KEPT = "{} places are reserved until their day. Take some of them off first, or enter more places."
NO_PLACE = "Say where it takes place before you open it for booking: change it and enter the venue."
NOT_OFFERED = "‘{}’ is not in the catalogue. Put it in first, so that people can read what they book."
ONLINE_ONLY = "E-learning has no events. Choose a course that people come to."


@transaction.atomic
def plan(*, by, course, address="", words="", copied_from=None, **facts) -> Event:
    """An event that is being planned, with its folder under its course's; nobody sees it but the business unit.

    facts: of Event, with aware moments. A capacity or minimum that is None is the course's. address, words: Joining.
    """
    if not reach_of(by).holds_wide(Perm.TRAINING_RUN):
        raise PermissionDenied("event.plan")
    if course.kind == Course.Kind.E_LEARNING:
        raise ValidationError({"course": ONLINE_ONLY})
    for name, value in (("capacity", course.capacity), ("minimum", course.minimum)):
        if facts.get(name) is None:
            facts[name] = value
    if facts["capacity"] is None:
        raise ValidationError({"capacity": NO_CAPACITY})
    _must_be_to_come(facts["starts_at"])
    _must_be_possible(facts)
    folder = open_folder(
        kind=FolderKind.COURSE, title=course.title, partnership=course.folder.partnership, by=by, parent=course.folder
    )
    row = Event(folder=folder, course=course, changed_by=by, copied_from=copied_from, **facts)
    row.clean_fields(exclude=["folder", "course", "changed_by", "copied_from"])
    row.save(force_insert=True)
    _keep_joining(row, address, words)
    record("training_event_planned", by=by, obj=row)
    return row


@transaction.atomic
def change(event, *, by, version, address="", words="", **facts) -> Event:
    """Change an event that is to come. Whoever has a place or waits for one moves with it, and is told.

    Raises ValidationError for fewer places than are taken or kept, Stale where it was changed, cancelled or delivered.
    """
    row = edits.as_read(event, version)
    must_run(row, by)
    must_be_to_come(row)
    if facts["starts_at"] != row.starts_at:
        _must_be_to_come(facts["starts_at"])
    _must_be_possible(facts)
    capacity = facts.pop("capacity")
    _must_keep(row, capacity)
    joining = _keep_joining(row, address, words)
    before = {name: getattr(row, name) for name in TOLD if hasattr(row, name)}
    # Room first where it grows, the minimum first where it shrinks: the database holds both in one rule.
    wider, other = capacity > row.capacity, capacity != row.capacity
    if wider:
        booking.change_places(row, by=by, capacity=capacity)
    row = edits.change(
        row, "training_event_changed", by=by, version=version, facts=facts, always=bool(joining) or other
    )
    if other and not wider:
        row.capacity = booking.change_places(row, by=by, capacity=capacity).capacity
    fields = {name for name, value in before.items() if getattr(row, name) != value} | (joining & {"address"})
    if fields & {"starts_at", "ends_at"}:
        _carry(row, before["starts_at"], by=by)
    if fields and row.status == Event.Status.OPEN:
        letters.owe_changed(row)
    return row


@transaction.atomic
def open_for_booking(event, *, by) -> Event:
    """Open it: it stands in the public catalogue from now on. Raises ValidationError where something is missing."""
    if event.course.status != Course.Status.OFFERED:
        raise ValidationError(NOT_OFFERED.format(event.course.title))
    if event.mode == Event.Mode.VENUE and not event.venue.strip():
        raise ValidationError(NO_PLACE)
    _must_be_to_come(event.starts_at)
    return EVENT.take(event, "open", by=by)


@transaction.atomic
def cancel(event, *, by, why) -> Event:
    """Cancel it, with a reason that everybody who has or waits for a place reads; each is told once."""
    row, _ = booking.cancel_event(event, by=by, why=why)
    trainers.keep(row, by=by)
    return row


def must_be_to_come(event) -> None:
    """Raises Stale for an event that was delivered or cancelled."""
    if event.status not in Event.TO_COME:
        raise Stale(OVER.format(event.get_status_display().lower()))


def _must_be_to_come(starts_at: datetime) -> None:
    if starts_at <= timezone.now():
        raise ValidationError({"starts_at": PAST})


def _must_be_possible(facts) -> None:
    starts_at, ends_at = facts["starts_at"], facts["ends_at"]
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": ENDS})
    if ends_at - starts_at > LONGEST:
        raise ValidationError({"ends_at": LONG})
    day = timezone.localdate(starts_at)
    if day.year > calendars.load(Division.ENGLAND_AND_WALES).last_year:
        raise ValidationError({"starts_at": UNKNOWN_YEAR.format(day.year)})
    if facts["minimum"] > facts["capacity"]:
        raise ValidationError({"minimum": NO_ROOM})
    opens, closes = facts.get("opens_on"), facts.get("closes_on")
    if closes and closes > day:
        raise ValidationError({"closes_on": CLOSES})
    if opens and opens > (closes or day):
        raise ValidationError({"opens_on": OPENS})


def _must_keep(row, capacity) -> None:
    live = row.reserved.filter(release_on__gt=timezone.localdate())
    kept = sum(live.values_list("places", flat=True))
    if capacity != row.capacity and kept > capacity:
        raise ValidationError({"capacity": KEPT.format(kept)})


def _keep_joining(row, address, words) -> set:
    """Keep what is told only to who has a place. Returns the names of what changed."""
    found, _ = Joining.objects.unscoped(WHY).get_or_create(folder_id=row.pk, event=row)
    new = {"address": address.strip(), "words": words.strip()}
    changed = {name for name, value in new.items() if getattr(found, name) != value}
    if changed:
        for name in changed:
            setattr(found, name, new[name])
        found.clean_fields(exclude=["folder", "event"])
        found.save(update_fields=sorted(changed))
    return changed


def _carry(row, was: datetime, *, by) -> None:
    """What hangs on the day of an event goes with it: until when an offer and an approval are kept (never past its
    beginning), until when places are reserved, how long its trainers keep its register."""
    rows = Booking.objects.unscoped(WHY).filter(event=row)
    rows.filter(status=Booking.Status.OFFERED, offered_until__gt=row.starts_at).update(offered_until=row.starts_at)
    rows.filter(status=Booking.Status.ASKED, approve_by__gt=row.starts_at).update(approve_by=row.starts_at)
    by_days = timezone.localdate(row.starts_at) - timezone.localdate(was)
    for each in row.reserved.filter(release_on__gt=timezone.localdate()):
        each.release_on += by_days
        each.save(update_fields=["release_on"])
    trainers.keep(row, by=by)
    asking.carry(row)
