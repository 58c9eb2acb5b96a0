"""Statuses of courses, events, bookings, charges and uploads, and the tables of their steps (docs/flows/)."""

from partnership.access.flow import Flow, Step
from partnership.people.roles import Perm
from training.models import Booking, Charge, Course, Event, Upload

C, E, B, D, U = Course.Status, Event.Status, Booking.Status, Charge.Status, Upload.Status

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

UPLOAD = Flow(
    "training_upload",
    take=Step((U.WAITING,), U.TAKEN, Perm.LEARNER_EDIT, "Take it in"),
    discard=Step((U.WAITING,), U.DISCARDED, Perm.LEARNER_EDIT, "Discard it"),
    take_back=Step((U.TAKEN,), U.TAKEN_BACK, Perm.LEARNER_EDIT, "Take it back"),
)

FLOWS = (COURSE, EVENT, BOOKING, CHARGE, UPLOAD)
