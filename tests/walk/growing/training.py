"""More of training."""

from django.utils import timezone

from partnership.people.models import Agency
from tests.training import making as training
from training.booking import services as places
from training.models import Completion, Headcount, Learner, Requirement, Trainer, WorkforceRole
from training.models import Event as TrainingEvent
from training.people.services import own_at


def first_event(world):
    """The first event of training, on which people are booked; made when it is first asked for."""
    first = TrainingEvent.objects.filter(course__title="The first").first()
    return first or training.event(world, training.course(world, "The first"))


def more_places(world, n):
    """One more booking of the first event, and one more event with a place and an offer for the colleague."""
    uhnm, officer = world.agencies["uhnm"], world.officer
    other = training.learner(world, uhnm, f"Person {n}", email=f"person{n}@uhnm.example", user=None)
    places.book(first_event(world), other, by=officer)
    event = training.event(world, days=20 + n, places=1)
    own = own_at(world.colleague, uhnm)
    places.book(event, own, by=officer)
    full = training.event(world, days=40 + n, places=1)
    first = places.book(full, other, by=officer)
    places.book(full, own, by=officer)
    places.give_up(first, by=officer)


def more_training(world, n):
    """One more event of one more course, with a reserved place, a trainer, a booking and somebody who waits."""
    course = training.course(world, f"Course {n}")
    for of in (first_event(world), training.event(world, course, places=2)):
        training.reserved(of, places=1, agency=Agency.objects.live().filter(kind="provider").order_by("pk")[n])
        Trainer.objects.create(event=of, name=f"Trainer {n}", agency=world.agencies["uhnm"])
        for number in range(2):
            address = f"p{n}-{number}@uhnm.example"
            who = Learner.objects.filter(key=address).first()
            who = who or training.learner(world, world.agencies["uhnm"], f"Person {n} {number}", email=address)
            places.book(of, who, by=world.officer)


def more_trained(world, n):
    """One more role that one more course is asked of, somebody of it who took it, and a headcount."""
    uhnm = world.agencies["uhnm"]
    role = WorkforceRole.objects.create(code=f"role-{n}", name=f"Role {n}")
    course = training.course(world, f"Asked for {n}")
    Requirement.objects.create(role=role, course=course, refresh_months=24, source="The board")
    one = training.learner(world, uhnm, f"Trained {n}", email=f"trained{n}@uhnm.example", role=role)
    facts = {"folder": one.folder, "agency": uhnm}
    day = timezone.localdate()
    Completion.objects.create(**facts, learner=one, course=course, how="online", completed_on=day)
    Headcount.objects.create(**facts, role=role, people=5, counted_on=day)


PAGES = [
    ("officer", "training:catalogue", more_training),
    ("officer", "training:courses", more_training),
    ("officer", "training:events", more_training),
    ("officer", "training:event_run", more_training),
    ("officer", "training:event_reserved", more_training),
    ("officer", "training:event_trainers", more_training),
    ("colleague", "training:mine", more_places),
    ("colleague", "reporting:home", more_places),
    ("lead_same", "training:agency_bookings", more_places),
    ("lead_same", "training:people", more_trained),
    ("lead_same", "training:coverage", more_trained),
    ("officer", "training:coverage_all", more_trained),
    ("officer", "training:event_bookings", more_places),
]
