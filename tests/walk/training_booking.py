"""What the walk needs of booking: the links of a manager and of somebody without an account; its valid posts."""

from partnership.access import links
from partnership.access.models import Link
from tests.walk import training
from tests.walk.post import Post
from training.models import Booking, Event

WHY = "the walk lays its own ground"
LINKS = {
    "approval_link": ("training_asked", Link.Purpose.APPROVAL),
    "place_link": ("training_booking", Link.Purpose.PLACE),
}


def laid(ground) -> dict:
    """sample -> [[the token of ours], [the ended token of theirs]]. Made once a ground."""
    if "training_links" not in ground.__dict__:
        found = training.laid(ground)
        ground.training_links = {}
        for name, (sample, purpose) in LINKS.items():
            rows = [links.live(purpose).get(object_id=found[sample][case].pk) for case in training.CASES]
            links.revoke_about(found[sample]["theirs"].pk, purpose)
            ground.training_links[name] = [[links.token_of(row)] for row in rows]
    return ground.training_links


def sample(name):
    return lambda ground: laid(ground)[name]


def _new(ground, case, persona):
    return {"do": "book", "many": "3", "name_0": "Somebody New", "email_0": "new@organisation.example"}


def _asks(ground, case, persona):
    """An offered place whose manager has not been asked yet."""
    rows = Booking.objects.unscoped(WHY).filter(pk=training.laid(ground)["training_offered"][case.name].pk)
    rows.update(approver_name="A manager", approver_email="manager@school.example")
    return {"do": "take"}


def _of(name, case="ours", **said):
    return lambda ground, c, p: said | {"booking": str(training.laid(ground)[name][case].pk)}


def _promotes(ground, case, persona):
    full = training.laid(ground)["training_full"]
    Event.objects.filter(pk=full.pk).update(capacity=3)
    return {"do": "promote", "booking": str(training.laid(ground)["training_waiting"]["theirs"].pk)}


POSTS = {
    ("training:book", "training_event"): Post("booking_made", lambda g, c, p: {"needs": ""}),
    ("training:book_people", "training_event"): Post("booking_made", _new),
    ("training:agency_bookings", ""): Post("", lambda g, c, p: {"take": "csv"}),
    ("training:booking", "training_booking"): Post("booking_end", lambda g, c, p: {"do": "give_up"}),
    ("training:booking", "training_booking needs"): Post(
        "booking_needs", lambda g, c, p: {"do": "needs", "needs": "A loop", "version": "1"}
    ),
    ("training:booking", "training_offered"): Post("booking_take", lambda g, c, p: {"do": "take"}),
    ("training:booking", "training_offered ask"): Post("booking_ask", _asks),
    ("training:event_bookings", "training_event"): Post("booking_end", _of("training_booking", do="end", why="Ill.")),
    ("training:event_bookings", "training_full promote"): Post("booking_place", _promotes),
    ("training:approve_by_link", "approval_link"): Post("booking_approve", lambda g, c, p: {"says": "approve"}),
    ("training:approve_by_link", "approval_link refuse"): Post(
        "booking_end", lambda g, c, p: {"says": "refuse", "note": "Not now."}
    ),
    ("training:place_by_link", "place_link"): Post("booking_end", lambda g, c, p: {"do": "give_up"}),
}
