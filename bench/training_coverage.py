"""Training: the coverage of 60 organisations by 12 courses, of 8,000 people.

There is no floor: the target stands in its place, and the ratio is the share of it. `python -m bench.training_coverage`
measures it alone, in a scratch database of its own with fewer cases.
"""

import random
import statistics
import time
from datetime import timedelta

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

ORGANISATIONS, COURSES, ROLES, PEOPLE = 60, 12, 6, 8_000
COVERAGE_MS, COVERAGE_QUERIES, RUNS = 500, 15, 15


def lines(user):
    """Each role is asked for each of the twelve courses; two of three people have each of them, some long ago."""
    from bench import measure

    ground()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    yield coverage(user, measure)


def coverage(user, measure):
    from tests.world import sign_in

    client, url = sign_in(Client(SERVER_NAME="localhost"), user), reverse("training:coverage_all")

    def ask():
        start = time.perf_counter()
        assert client.get(url).status_code == 200
        return (time.perf_counter() - start) * 1000

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked, median = measure.asked(queries), statistics.median(ask() for _ in range(RUNS))
    found = measure.Result(
        f"coverage of {ORGANISATIONS} organisations by {COURSES} courses, {PEOPLE:,} people", ORGANISATIONS,
        round(median, 2), asked, COVERAGE_MS, round(median / COVERAGE_MS, 2),
    )  # fmt: skip
    return measure.Line(found, 1.0, COVERAGE_QUERIES)


def ground():
    from partnership.people.models import Agency
    from training.models import Completion, Course, Headcount, Learner, Requirement, WorkforceRole
    from training.office import training_of

    chance, today = random.Random(7), timezone.localdate()
    courses = list(Course.objects.select_related("folder__partnership").order_by("title")[:COURSES])
    top = training_of(courses[0].folder.partnership)
    agencies = list(Agency.objects.live().order_by("slug")[:ORGANISATIONS])
    Requirement.objects.all().delete()
    roles = [WorkforceRole.objects.create(code=f"bench-{n}", name=f"Role {n}") for n in range(ROLES)]
    Requirement.objects.bulk_create(
        Requirement(role=role, course=course, refresh_months=12 * (1 + n % 3), source="Bench")
        for role in roles
        for n, course in enumerate(courses)
    )
    people = Learner.objects.bulk_create(
        [
            Learner(
                folder=top, agency=agencies[n % len(agencies)], name=f"Person {n}", role=roles[n % ROLES],
                began_on=today - timedelta(days=chance.randrange(2000)),
            )
            for n in range(PEOPLE)
        ],
        batch_size=2000,
    )  # fmt: skip
    Completion.objects.bulk_create(
        [
            Completion(
                folder=top, agency_id=of.agency_id, learner=of, course=course, how="online",
                completed_on=today - timedelta(days=chance.randrange(1200)),
            )
            for of in people
            for course in courses
            if chance.random() < 2 / 3
        ],
        batch_size=5000,
    )  # fmt: skip
    Headcount.objects.bulk_create(
        Headcount(folder=top, agency=agency, role=role, people=30, counted_on=today)
        for agency in agencies
        for role in roles
    )


def alone():
    from bench import run

    return run.alone(lambda: lines(run.small().people["manager"]))


if __name__ == "__main__":
    raise SystemExit(alone())
