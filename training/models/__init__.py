"""The wing's tables: the catalogue, events, people, bookings, and what comes after."""

from training.models.after import Certificate, Completion, Evaluation
from training.models.booking import Booking, Charge
from training.models.catalogue import Course, Requirement, Tariff, WorkforceRole
from training.models.events import Event, Joining, Reserved, Trainer
from training.models.people import Headcount, Learner
from training.models.uploads import Upload

__all__ = [
    "Booking",
    "Certificate",
    "Charge",
    "Completion",
    "Course",
    "Evaluation",
    "Event",
    "Headcount",
    "Joining",
    "Learner",
    "Requirement",
    "Reserved",
    "Tariff",
    "Trainer",
    "Upload",
    "WorkforceRole",
]
