"""The one search, with 25,000 organisations, 20,000 actions and 5,000 documents, of somebody who sees nearly all of it.

There is no floor to hold it to: the target stands in its place, and the ratio is the share of it. `python -m
bench.searching` measures it alone, in a scratch database of its own with fewer cases.
"""

import statistics
import time
from datetime import timedelta
from urllib.parse import quote_plus

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

ACTIONS, DOCUMENTS, ORGANISATIONS = 20_000, 5_000, 25_000
LINE = b"portal-quiet govuk-!-margin-bottom-0"  # below each thing that was found
RUNS, TARGET_MS, MOST_QUERIES = 20, 500, 30
# Words of many rows of each kind, and such of a few.
SEARCHES = (("common words", "pathway review"), ("few rows", "ward 77 neglect"), ("of one kind, page 40", "pathway"))


def lines(user):
    """It fills what is missing of the three."""
    from bench import measure

    _fill(user)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for title, said in SEARCHES:
        url = f"{reverse('reporting:search')}?q={quote_plus(said)}"
        url += "&kind=actions&page=40" * title.startswith("of one")
        yield measure.Line(_measured(f"search, {title}", url, user), 1.0, MOST_QUERIES)


def _measured(name, url, user):
    from bench import measure
    from tests.world import sign_in

    client = sign_in(Client(SERVER_NAME="localhost"), user)

    def ask():
        start = time.perf_counter()
        page = client.get(url)
        assert page.status_code == 200, page.status_code
        return (time.perf_counter() - start) * 1000, page

    for _ in range(3):
        ask()
    with CaptureQueriesContext(connection) as queries:
        _, page = ask()
    asked = measure.asked(queries)  # now: the next request empties the log
    rows = page.content.count(LINE)
    median = statistics.median(ask()[0] for _ in range(RUNS))
    return measure.Result(name, rows, round(median, 2), asked, TARGET_MS, round(median / TARGET_MS, 2))


def _fill(user):
    from bench import world
    from partnership.access.models import Folder
    from partnership.actions.models import Action
    from partnership.documents.models import Document, State, Version
    from partnership.people.models import Agency
    from partnership.trail.models import new_id

    if Agency.objects.count() < ORGANISATIONS:
        world.grow_directory(ORGANISATIONS)
    folders = list(Folder.objects.unscoped("the bench lays its own ground").filter(sealed=False).order_by("pk")[:2_000])
    sealed = list(Folder.objects.unscoped("as above").filter(sealed=True).order_by("pk")[:2_000])
    places = folders + sealed
    today, now = timezone.localdate(), timezone.now()
    missing = ACTIONS - Action.objects.unscoped("how many?").count()
    Action.objects.bulk_create(
        [
            Action(
                reference=f"S-{n:05d}", folder=places[n % len(places)],
                what=f"Bring the pathway of ward {n} up to date and review it",
                success="Fewer children wait, and neglect is seen earlier" if n % 7 == 0 else "It is written down",
                due_on=today + timedelta(days=n % 300), agreed_on=today, changed_at=now - timedelta(minutes=n),
                note="What came back: " + "the agencies said how they work together. " * 10,
            )
            for n in range(missing)
        ],
        batch_size=2_000,
    )  # fmt: skip
    titled = [
        Document(
            id=new_id(), folder=places[n % len(places)], title=f"Review of the pathway, paper {n}", marking="official"
        )
        for n in range(DOCUMENTS)
    ]  # fmt: skip
    Document.objects.bulk_create(titled, batch_size=2_000)
    Version.objects.bulk_create(
        [
            Version(folder=row.folder, document=row, number=1, name=f"paper-{n}_neglect.pdf", key=f"bench/{n}",
                    content_type="application/pdf", sha256="0" * 64, size=1, state=State.CLEAN)
            for n, row in enumerate(titled)
        ],
        batch_size=2_000,
    )  # fmt: skip


def alone():
    from bench import run

    return run.alone(lambda: lines(run.small().people["manager"]))


if __name__ == "__main__":
    raise SystemExit(alone())
