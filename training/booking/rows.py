"""The rows of bookings as letters, pages behind links and the sweep read them, past the row rule."""

from training.models import Booking, Joining

WHY = "letters, links and the sweep work for the portal; each opens the bookings that it is about"
RELATED = ("event__course", "event__folder", "learner__user", "agency", "booked_by", "folder")


def rows():
    return Booking.objects.unscoped(WHY).select_related(*RELATED)


def joining_of(event) -> Joining | None:
    """What is told only to who has a place: the caller makes sure that they have one."""
    return Joining.objects.unscoped("whoever has a place is told how to join").filter(event=event).first()
