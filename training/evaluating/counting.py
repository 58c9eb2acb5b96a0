"""Which evaluations count, wherever they are counted."""

from training.models import Booking


def that_count(rows):
    """Those of people who have or had the place: a place that was given up counts no more, nor does who did not come.
    What somebody like that had answered already stays, and they read it."""
    return rows.exclude(booking__status=Booking.Status.ENDED).exclude(booking__attended=Booking.Attended.ABSENT)
