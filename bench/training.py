"""Places on training: one booked through the whole middleware, and fifty people who book the last one in one moment.

There is no floor: the targets stand in its place, and the ratio is the share of them. `python -m bench.training`
measures them alone, in a scratch database of its own.
"""

import gc
import itertools
import statistics
import threading
import time
from collections import Counter
from datetime import timedelta

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

BOOK_MS, BOOK_QUERIES, RUNS, WARM = 30, 15, 40, 5
PEOPLE, ROUNDS = 50, 10


def lines():
    """Two lines. Raises AssertionError where a place was sold twice."""
    yield _booked()
    yield _at_once()


def _booked():
    """A practitioner who is known already books an event with places, with the letter and the trail."""
    from bench import measure
    from partnership.access.kept import new_token
    from tests.world import sign_in

    (user,) = _people(1)
    events = itertools.cycle(_events(RUNS + WARM + 2, places=20))
    client = sign_in(Client(SERVER_NAME="localhost"), user)

    def book():
        said = {"needs": "A hearing loop", "form_token": new_token(user)}  # as the page sends it
        answer = client.post(reverse("training:book", args=[next(events).pk]), said)
        assert answer.status_code == 302, answer.content

    for _ in range(WARM):
        book()
    with CaptureQueriesContext(connection) as captured:
        book()
    queries, times = measure.asked(captured), []
    gc.collect()
    for _ in range(RUNS):
        times.append(_timed(book))
    median = statistics.median(times)
    result = measure.Result("place booked", 1, round(median, 2), queries, BOOK_MS, round(median / BOOK_MS, 2))
    return measure.Line(result, 1.0, BOOK_QUERIES)


def _at_once():
    """Fifty connections book the last place of an event; ten times. What is measured is the whole of one time."""
    from bench import measure
    from training.booking import services
    from training.models import Event
    from training.people.services import own_at

    users = _people(PEOPLE)
    agency = users[0].memberships.get().agency
    learners = [(user, own_at(user, agency)) for user in users]
    times = []
    for event in _events(ROUNDS, places=1):
        deeds = [lambda event=event, user=user, who=who: services.book(event, who, by=user) for user, who in learners]
        times.append(_timed(lambda deeds=deeds: _all_at_once(deeds)))
        rows = event.bookings.model._base_manager.filter(event=event)
        assert Counter(rows.values_list("status", flat=True)) == {"booked": 1, "waiting": PEOPLE - 1}
        turns = sorted(rows.filter(status="waiting").values_list("turn", flat=True))
        assert turns == list(range(1, PEOPLE)) and Event.objects.get(pk=event.pk).taken == 1
    median = round(statistics.median(times), 2)
    return measure.Line(measure.Result("last place, fifty at once", PEOPLE, median, 0, median, 1.0), None, None)


def _timed(deed) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    deed()
    return (time.perf_counter() - start) * 1000


def _all_at_once(deeds):
    start = threading.Barrier(len(deeds))

    def run(deed):
        try:
            start.wait(timeout=30)
            deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _people(number):
    """New practitioners of one organisation."""
    from partnership.people.models import Agency, Membership, Partnership, User
    from partnership.people.roles import Role
    from partnership.trail.models import new_id

    agency, partnership = Agency.objects.live().order_by("pk").first(), Partnership.objects.get()
    users = [User(id=new_id(), name=f"Practitioner {n}") for n in range(number)]
    for user in users:
        user.email, user.password = f"{user.pk}@training.example", "!"
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(user=user, partnership=partnership, agency=agency, role=Role.AGENCY_STAFF) for user in users
    )
    return users


def _events(number, *, places):
    from partnership.access.models import FolderKind
    from partnership.access.services import open_folder
    from partnership.people.models import Partnership
    from training.models import Course, Event
    from training.office import keep_training, training_of

    keep_training()
    partnership = Partnership.objects.get()
    course = Course.objects.filter(ref="").first()
    if course is None:
        top = training_of(partnership)
        folder = open_folder(kind=FolderKind.COURSE, title="Level 2", partnership=partnership, by=None, parent=top)
        course = Course.objects.create(folder=folder, title="Level 2", level="2", status="offered")
    begins = timezone.now() + timedelta(days=60)
    made = []
    for n in range(number):
        folder = open_folder(
            kind=FolderKind.COURSE, title="Level 2", partnership=partnership, by=None, parent=course.folder
        )
        at = begins + timedelta(days=n)
        made.append(
            Event.objects.create(
                folder=folder, course=course, capacity=places, status="open", starts_at=at,
                ends_at=at + timedelta(hours=6),
            )
        )  # fmt: skip
    return made


def alone():
    from bench import run

    return run.alone(lines)


if __name__ == "__main__":
    raise SystemExit(alone())
