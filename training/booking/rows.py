"""The rows of bookings as letters, pages behind links and the sweep read them, past the row rule; and how many places
are held, in numbers."""

from collections import defaultdict

from django.db.models import Count

from training.models import Booking, Joining
from training.places import Holders

WHY = "letters, links and the sweep work for the portal; each opens the bookings that it is about"
RELATED = ("event__course", "event__folder", "learner__user", "agency", "booked_by", "folder")


def rows():
    return Booking.objects.unscoped(WHY).select_related(*RELATED)


def holders_at(events) -> dict:
    """Event id -> who holds how many of its places, by organisation. One question, and none without events."""
    found, events = defaultdict(list), list(events)
    if not events:
        return found
    rows = Booking.objects.unscoped("places are counted: it names nobody, and pages say what is left alone")
    rows = rows.filter(event__in=events, status__in=Booking.HOLDS).order_by()
    counted = rows.values_list("event", "agency", "agency__kind").annotate(people=Count("pk"))
    for event, agency, kind, people in counted:
        found[event].append(Holders(agency, kind, people))
    return found


def joining_of(event) -> Joining | None:
    """What is told only to who has a place: the caller makes sure that they have one."""
    return Joining.objects.unscoped("whoever has a place is told how to join").filter(event=event).first()
