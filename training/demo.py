"""Demo material: two past years, a term that can be booked, a register of today, and what came after earlier events.

The organisations are real; everybody who books, attends or says something is made up or one of the demo's people.
"""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from partnership.access.models import FolderKind
from partnership.access.services import grant, open_folder
from partnership.actions.models import Priority
from partnership.people.models import Agency
from partnership.people.roles import Role
from partnership.trail.then import then
from training.booking import services
from training.demo_after import come_and_gone
from training.demo_people import learners
from training.demo_rows import ASKED_NOW, ILL, OVER, PRIORITIES, TERM, TODAY, TOO_FEW
from training.flow import EVENT
from training.models import Course, Event, Joining, Reserved, Tariff, Trainer
from training.past import loading

SOURCE = "Demonstration: everybody who books or attends is made up."
BEGINS, LENGTH = time(9, 30), timedelta(hours=6)
PLANNED, BOOKED = timedelta(days=55), timedelta(days=25)  # so long before its day
LATELY, YESTERDAY = timedelta(days=6), timedelta(days=1)
MANAGER = {"name": "Demonstration headteacher", "email": "headteacher@portal.example"}
FRIDAY = 4
CANCELLED = ("cancelled", "called off")


def fill_training(people) -> None:
    """Make what is missing. people: the demo's users by key."""
    loading.load()
    if Event.objects.filter(source=SOURCE).exists():
        return
    now, chance = timezone.now(), random.Random(10)  # noqa: S311 (the same each time, and guards nothing)
    _priorities()
    _tariffs(now)
    known = learners(people, chance)
    courses = {row.ref: row for row in Course.objects.exclude(ref="").select_related("folder")}
    for turn, planned in enumerate((*OVER, TODAY, *TERM)):
        event = _planned(planned, courses[planned.ref], people, now)
        several = known.some(planned.people, turn * 17)
        if planned.what in ASKED_NOW:
            several = [*several, known.own["colleague_mpft"]]
        rows = _booked(event, several, people, now)
        if planned.what not in CANCELLED:
            _trained(event, people)
        if planned in OVER:
            _over(planned, event, rows, people, known, chance)
        else:
            _what_happens(planned, event, rows, known, people, now)


def _priorities():
    for ref, title in PRIORITIES.items():
        row = Priority.objects.filter(title=title, ended_on=None).order_by("-plan__starts").first()
        Course.objects.filter(ref=ref, priority=None).update(priority=row)


def _tariffs(now):
    starts = timezone.localdate(now) - timedelta(days=180)
    for kind, amount in ((Tariff.Kind.LATE_CANCEL, 30), (Tariff.Kind.NO_SHOW, 50)):
        if not Tariff.objects.filter(kind=kind).exists():
            Tariff.objects.create(kind=kind, amount=amount, starts=starts, source="Demonstration: no decision is known")


def _planned(planned, course, people, now) -> Event:
    begins = _begins(now, planned.in_days)
    online = planned.what == "online"
    with then(min(begins - PLANNED, now - timedelta(days=20))):
        folder = open_folder(
            kind=FolderKind.COURSE, title=course.title, partnership=course.folder.partnership, by=people["officer"],
            parent=course.folder,
        )  # fmt: skip
        event = Event.objects.create(
            folder=folder, course=course, mode=Event.Mode.ONLINE if online else Event.Mode.VENUE, venue=planned.venue,
            starts_at=begins, ends_at=begins + LENGTH, capacity=planned.places,
            minimum=min(course.minimum, planned.places), source=SOURCE,
            opens_on=timezone.localdate(now) + timedelta(days=14) if planned.what == "opens later" else None,
        )  # fmt: skip
        words = "Please be in the meeting ten minutes early." if online else "Parking is behind the building."
        address = "https://meetings.example/level-3" if online else ""
        Joining.objects.create(folder=folder, event=event, address=address, words=words)
        if planned.what == "kept":
            release = timezone.localdate(begins) - timedelta(days=7)
            Reserved.objects.create(event=event, kind="school", places=6, release_on=release)
            Reserved.objects.create(event=event, agency=Agency.objects.get(slug="mpft"), places=3, release_on=release)
        return event if planned.what == "planned" else EVENT.take(event, "open", by=people["officer"])


def _begins(now, in_days):
    """So many days from today, or the Monday after where that is a Saturday or a Sunday; today is today."""
    day = timezone.localdate(now) + timedelta(days=in_days)
    if in_days and day.weekday() > FRIDAY:
        day += timedelta(days=7 - day.weekday())
    return timezone.make_aware(datetime.combine(day, BEGINS))


def _booked(event, several, people, now) -> list:
    with then(min(event.starts_at - BOOKED, now - LATELY)):
        return [services.book(event, each, by=_keeper(each, people)) for each in several]


def _keeper(learner, people):
    """Who books for somebody without an account: the training coordinator where there is one, else the unit."""
    return people["coordinator_mpft" if learner.agency.slug == "mpft" else "officer"]


def _trained(event, people):
    """Somebody with an account keeps the register of every event; another trainer is a name alone."""
    user = people["author_police"]
    with then(event.starts_at - BOOKED if event.starts_at < timezone.now() else timezone.now() - LATELY):
        Trainer.objects.create(event=event, user=user, name=user.name)
        Trainer.objects.create(event=event, name="Demonstration trainer")
        grant(
            event.folder, user, Role.TRAINER, by=people["officer"], reason="Trains at the event",
            ends=event.ends_at + timedelta(days=14),
        )  # fmt: skip


def _over(planned, event, rows, people, known, chance):
    if planned.what in CANCELLED:
        with then(event.starts_at - timedelta(days=7)):
            services.cancel_event(event, by=people["officer"], why=TOO_FEW)
    else:
        silent = known.own["colleague_mpft"] if planned.what in ASKED_NOW else None
        come_and_gone(event, rows, people, chance, later=planned.what == "asked after three months", silent=silent)


def _what_happens(planned, event, rows, known, people, now):
    officer = people["officer"]
    with then(now - YESTERDAY):
        match planned.what:
            case "cancelled":
                services.cancel_event(event, by=officer, why=ILL)
            case "one gives up":
                services.give_up(rows[1], by=officer)  # the first who waits is offered the place
                services.book(event, known.own["colleague_mpft"], by=people["colleague_mpft"])
            case "asked":
                for key in ("colleague_school", "author_school"):
                    services.book(event, known.own[key], by=people[key], approver=MANAGER)
            case "kept":
                services.book(event, known.own["colleague_mpft"], by=people["colleague_mpft"], needs="A hearing loop")
            case "online":
                services.book(event, known.own["colleague_uhnm"], by=people["colleague_uhnm"])
                old = services.book(event, known.own["colleague_school"], by=people["colleague_school"])
                services.give_up(old, by=people["colleague_school"])
