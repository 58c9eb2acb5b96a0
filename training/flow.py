"""Statuses of courses, events, bookings and charges, and the tables of their steps; docs/flows/ holds the drawings."""

from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm
from training.models import Booking, Charge, Course, Event

C, E, B, D = Course.Status, Event.Status, Booking.Status, Charge.Status

COURSE = Flow(
    "course",
    offer=Step((C.DRAFT, C.WITHDRAWN), C.OFFERED, Perm.TRAINING_RUN, "Put it into the catalogue"),
    withdraw=Step((C.OFFERED,), C.WITHDRAWN, Perm.TRAINING_RUN, "Offer it no longer"),
)

EVENT = Flow(
    "training_event",
    open=Step((E.PLANNED,), E.OPEN, Perm.TRAINING_RUN, "Open it for booking"),
    # Who keeps the register says so (`register.services.complete`); the portal takes the step that follows from it.
    deliver=Step((E.OPEN,), E.DELIVERED, Perm.TRAINING_RUN, "The register is complete", portal=True),
    correct=Step((E.DELIVERED,), E.OPEN, Perm.TRAINING_RUN, "Correct the register"),
    cancel=Step(
        Event.TO_COME, E.CANCELLED, Perm.TRAINING_RUN, "Cancel the event",
        needs="why_cancelled", ask="Say why it is cancelled: everybody who booked reads it.",
    ),
)  # fmt: skip

BOOKING = Flow(
    "booking",
    ask=Step((B.WAITING, B.OFFERED), B.ASKED, Perm.BOOKING_MAKE, "Ask the manager"),
    approve=Step((B.ASKED,), B.BOOKED, Perm.BOOKING_MAKE, "Approve"),
    offer=Step((B.WAITING,), B.OFFERED, Perm.BOOKING_MAKE, "Offer a place", portal=True),
    take=Step((B.OFFERED,), B.BOOKED, Perm.BOOKING_MAKE, "Take the place"),
    place=Step((B.WAITING,), B.BOOKED, Perm.BOOKING_MAKE, "Book"),
    end=Step(Booking.LIVE, B.ENDED, Perm.BOOKING_MAKE, "Give it up", portal=True),
)

CHARGE = Flow(
    "training_charge",
    waive=Step((D.DUE,), D.WAIVED, Perm.TRAINING_RUN, "Waive it", needs="why_waived", ask="Say why it is waived."),
)

FLOWS = (COURSE, EVENT, BOOKING, CHARGE)
