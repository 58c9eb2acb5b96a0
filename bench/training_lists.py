"""Training: the public list of a year's events with the places that are left, the figures of a year, what people said.

`python -m bench.training_lists` measures them alone, in a scratch database of its own with fewer cases.
"""

import statistics
import time
from collections import Counter
from datetime import timedelta

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

EVENTS, PLACES, ORGANISATIONS, LEARNERS = 181, 24, 40, 400
MOST, LIST_QUERIES = 3.0, 8
FIGURES_MS, FIGURES_QUERIES, RUNS = 400, 20, 20
REPLIES_MS, REPLIES_QUERIES = 100, 5
RESULTS_MS, OF_YEAR_MS, RESULTS_QUERIES = 60, 150, 10
YEAR = 2018
WHY = "the bench lays its own ground"


def lines(user):
    """It enters a term of 181 events with some 2,700 bookings, and then the two years of figures."""
    from bench import measure, pages

    ground()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for visit in visits(user):
        yield measure.Line(pages.measured(visit), MOST, LIST_QUERIES)
    yield from years(user)


def ground():
    """181 events to come, from full to free; a third of them keep places for an organisation and for a kind of it."""
    from partnership.access.models import Folder, FolderKind
    from partnership.people.models import Agency
    from partnership.trail.models import new_id
    from training.models import Booking, Course, Event, Learner, Reserved
    from training.office import training_of

    now, today = timezone.now(), timezone.localdate()
    courses = list(Course.objects.filter(status="offered", kind="multi").select_related("folder__partnership"))
    top = training_of(courses[0].folder.partnership)
    agencies = list(Agency.objects.live().order_by("slug")[:ORGANISATIONS])
    people = Learner.objects.bulk_create(
        Learner(folder=top, agency=agencies[n % len(agencies)], name=f"Practitioner {n}") for n in range(LEARNERS)
    )
    folders, events, bookings, kept = [], [], [], []
    for n in range(EVENTS):
        course, pk, begins = courses[n % len(courses)], new_id(), now + timedelta(days=1 + 2 * n)
        folders.append(
            Folder(
                id=pk,
                kind=FolderKind.COURSE,
                title=course.title,
                partnership=top.partnership,
                parent=course.folder,
                path=[*course.folder.path, pk],
                reference=f"Bench {n}",
            )
        )
        several = people[n : n + n % (PLACES + 1)]
        event = Event(
            folder=folders[-1], course=course, status="open", venue="Town Hall", starts_at=begins, capacity=PLACES,
            ends_at=begins + timedelta(hours=6), taken=len(several),
        )  # fmt: skip
        events.append(event)
        bookings += [
            Booking(folder_id=pk, event=event, agency_id=each.agency_id, learner=each, name=each.name, status="booked")
            for each in several
        ]
        if n % 3 == 0 and len(several) + 9 <= PLACES:
            release = today + timedelta(days=400)
            kept.append(Reserved(event=event, agency=agencies[n % len(agencies)], places=3, release_on=release))
            kept.append(Reserved(event=event, kind="school", places=6, release_on=release))
    Folder.objects.bulk_create(folders)
    Event.objects.bulk_create(events)
    Booking.objects.bulk_create(bookings, batch_size=1000)
    Reserved.objects.bulk_create(kept)


def visits(user):
    from bench import pages

    params = {"today": timezone.localdate()}
    url = reverse("training:catalogue")
    yield pages.Visit(f"list of {EVENTS} events with places left", EVENTS, user, url, "training_list", listed, params)


def listed(found, shown):
    """What things are called, and what is open today, is said of each row in the same words."""
    from training.models import Course, Event

    today, levels, kinds = timezone.localdate(), dict(Course.Level.choices), dict(Course.Kind.choices)
    lines, of_course = [], {}
    for row in found["lines"]:
        online = row["mode"] == Event.Mode.ONLINE
        event = {name: row[name] for name in ("pk", "starts_at", "ends_at", "opens_on")}
        event["course"] = {"title": row["title"], "get_level_display": levels[row["level"]]}
        event["area"] = {"name": row["area"]} if row["area"] else None
        line = {
            "event": event, "free": row["free"], "online": online,
            "where": Event.Mode.ONLINE.label if online else row["venue"] or "To be announced",
            "opens_later": bool(row["opens_on"]) and today < row["opens_on"],
            "closed": bool(row["closes_on"]) and today > row["closes_on"],
        }  # fmt: skip
        lines.append(line)
        of_course.setdefault(row["course_id"], []).append(line)
    for row in found["courses"]:
        row["get_level_display"], row["get_kind_display"] = levels[row["level"]], kinds[row["kind"]]
    return {"lines": lines, "courses": [(row, of_course.get(row["pk"], [])) for row in found["courses"]]}


def years(user):
    """The figures of 2018/19 beside 2017/18, and what people said in it. Targets stand in the place of a floor."""
    from training.figures import reads
    from training.past import loading

    loading.load()
    # Before the database has counted its rows anew: joined in one question, this took minutes here.
    yield _beside(
        "replies of a year that has just come in", _said().count(), REPLIES_MS, REPLIES_QUERIES,
        lambda: reads.replies(user, YEAR, named=True),
    )  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield _beside(
        "figures of training, two years", 2, FIGURES_MS, FIGURES_QUERIES, _page(user, "figures", f"year={YEAR}")
    )
    yield from results(user)


def results(user):
    """What people said of the event of which most is said, and of its course over the year."""
    from training.models import Event

    of = Counter(_said().values_list("folder_id", flat=True))
    event, many = of.most_common(1)[0]
    yield _beside("results of an event", many, RESULTS_MS, RESULTS_QUERIES, _page(user, "event_evaluation", "", event))
    course = Event.objects.filter(course__events=event).values("pk")
    many = _said().filter(folder__in=course).count()
    page = _page(user, "event_evaluation", f"year={YEAR}", event)
    yield _beside("results of a course over a year", many, OF_YEAR_MS, RESULTS_QUERIES, page)


def _said():
    from training.models import Evaluation

    return Evaluation.objects.unscoped(WHY)


def _page(user, name, query, *args):
    from tests.world import sign_in

    client, url = sign_in(Client(SERVER_NAME="localhost"), user), f"{reverse(f'training:{name}', args=args)}?{query}"

    def ask():
        assert client.get(url).status_code == 200

    return ask


def _beside(name, size, target, most, ask):
    """A line whose target in milliseconds stands in the place of a floor."""
    from bench import measure

    def timed():
        start = time.perf_counter()
        ask()
        return (time.perf_counter() - start) * 1000

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked, median = measure.asked(queries), statistics.median(timed() for _ in range(RUNS))
    found = measure.Result(name, size, round(median, 2), asked, target, round(median / target, 2))
    return measure.Line(found, 1.0, most)


def alone():
    from bench import run

    return run.alone(lambda: lines(run.small().people["manager"]))


if __name__ == "__main__":
    raise SystemExit(alone())
