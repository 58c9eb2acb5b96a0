"""Registers as pages show them: the names of an event and nothing else of those whose they are."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.models import Folder
from partnership.people.roles import Perm
from training.models import Booking, Event

NEXT, LAST = 30, 20
LET_IN = "the page asked whether this person keeps the register of the event"


@dataclass(frozen=True)
class Tally:
    """How many are on a register, and how they are marked."""

    booked: int
    marked: int
    came: int
    absent: int

    @property
    def words(self) -> str:
        return f"{self.marked} of {self.booked} marked: {self.came} came, {self.absent} did not"


def rows_of(event) -> list[Booking]:
    """Who is on the register, by name. `told_apart`: the organisation, where two have one name, else empty."""
    rows = Booking.objects.unscoped(LET_IN).filter(event=event, status=Booking.Status.BOOKED)
    rows = list(rows.select_related("agency", "marked_by").order_by("name", "pk"))
    names = Counter(row.name.casefold() for row in rows)
    for row in rows:
        row.told_apart = row.agency.name if names[row.name.casefold()] > 1 else ""
    return rows


def counted(rows) -> Tally:
    marks = [row.attended for row in rows if row.attended]
    absent = marks.count(Booking.Attended.ABSENT)
    return Tally(len(rows), len(marks), len(marks) - absent, absent)


def row_of(event, booking_id) -> Booking | None:
    """The booking of a ticket at this event, whatever became of it; None for another event's."""
    rows = Booking.objects.unscoped(LET_IN).filter(event=event, pk=booking_id)
    return rows.select_related("marked_by").first()


def ticket_address(booking) -> str:
    """What the QR code of a ticket opens: for whoever keeps the register, and for nobody else."""
    return settings.PORTAL_URL + reverse("training:came", args=[booking.event_id, booking.pk])


def mine(user):
    """The events whose register this person keeps, with how many are `booked` and `marked`."""
    folders = Folder.objects.allowing(user, Perm.REGISTER_KEEP)
    booked = Q(bookings__status=Booking.Status.BOOKED)
    return (
        Event.objects.filter(folder__in=folders.order_by().values("pk"))
        .select_related("course")
        .annotate(
            booked=Count("bookings", filter=booked), marked=Count("bookings", filter=booked & ~Q(bookings__attended=""))
        )
    )  # fmt: skip


def to_complete(user):
    """Events that are over and whose register is not complete, the oldest first."""
    rows = mine(user).filter(status=Event.Status.OPEN, ends_at__lt=timezone.now())
    return rows.order_by("starts_at", "pk")


def coming(user):
    """The next events, of today and later."""
    rows = mine(user).filter(status=Event.Status.OPEN, ends_at__gte=timezone.now())
    return rows.order_by("starts_at", "pk")[:NEXT]


def completed(user):
    return mine(user).filter(status=Event.Status.DELIVERED).order_by("-starts_at", "pk")[:LAST]
