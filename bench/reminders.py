"""The morning's reminders: from the sweep to the words of each email, for 400 owners of 2,000 actions.

There is no floor to hold it to: the target stands in its place, and the ratio is the share of it. `python -m
bench.reminders` measures it alone, in a scratch database of its own.
"""

import random
import time
from datetime import datetime, timedelta

from django.db import connection, connections
from django.utils import timezone

OWNERS, ACTIONS, GROUPS, TARGET_SECONDS = 400, 2_000, 20, 10
_random = random.Random(6)


def lines():
    """One line; it fills the register of actions, and owes an email to each of the owners."""
    from bench import measure

    _fill()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    seconds, queries, letters = _morning()
    assert letters == OWNERS, letters
    result = measure.Result(
        f"reminders of {ACTIONS:,} actions", OWNERS, round(seconds * 1000), queries, TARGET_SECONDS * 1000,
        round(seconds / TARGET_SECONDS, 2),
    )  # fmt: skip
    yield measure.Line(result, 1.0, None)


def _fill():
    """2,000 open actions in 20 groups, five an owner, due from two months ago to four days from now; half of them with
    an update of long ago, one in ten sensitive."""
    from partnership.access.models import Folder
    from partnership.actions.models import Action, Update
    from partnership.people.models import Membership, Partnership
    from partnership.trail.models import new_id

    partnership, today = Partnership.objects.get(), timezone.localdate()
    ids = [new_id() for _ in range(GROUPS)]
    folders = Folder.objects.bulk_create(
        Folder(id=pk, path=[pk], kind="group", reference=f"Group {n}", title=f"Group {n}", partnership=partnership)
        for n, pk in enumerate(ids)
    )
    places = dict(Membership.objects.live().order_by("pk").values_list("user_id", "agency_id"))
    owners = sorted(places, key=str)[:OWNERS]
    rows = [
        Action(
            folder=folders[n % GROUPS], owner_id=owners[n % OWNERS], agency_id=places[owners[n % OWNERS]],
            what=f"Bring the pathway of ward {n} up to date", sensitive=n % 10 == 9, agreed_on=today,
            due_on=(due := today + timedelta(days=_random.randint(-60, 4))), first_due_on=due,
        )
        for n in range(ACTIONS)
    ]  # fmt: skip
    Action.objects.bulk_create(rows, batch_size=1000)
    long_ago = timezone.now() - timedelta(days=90)
    Update.objects.bulk_create(
        [Update(folder=row.folder, action=row, words="We have begun.", by_id=row.owner_id, recorded_at=long_ago)
         for row in rows[::2]], batch_size=1000,
    )  # fmt: skip


def _morning() -> tuple:
    """(seconds, queries, letters) of the next working morning."""
    from partnership.actions.reminding import line_up
    from partnership.notify.digest import LONDON, make_digests
    from partnership.notify.kinds import is_quiet_day
    from partnership.notify.letters import compose
    from partnership.notify.models import Outgoing

    day = timezone.localdate() + timedelta(days=1)
    while is_quiet_day(day):
        day += timedelta(days=1)
    at = datetime.combine(day, datetime.min.time(), tzinfo=LONDON)
    counted = Counted()
    start = time.perf_counter()
    with connection.execute_wrapper(counted):
        assert line_up(now=at + timedelta(hours=6)) == OWNERS
        make_digests(now=at + timedelta(hours=9))
        letters = [compose(row) for row in Outgoing.objects.filter(template="digest").select_related("recipient")]
    return time.perf_counter() - start, counted.number, len(letters)


class Counted:
    """Counts statements, and costs next to nothing."""

    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)


def alone():
    from bench import run

    def measured():
        from bench import world
        from partnership.people.models import Agency, Partnership

        world._people(Partnership.objects.get(), list(Agency.objects.live()))
        return lines()

    return run.alone(measured)


if __name__ == "__main__":
    raise SystemExit(alone())
