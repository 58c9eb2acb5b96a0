"""A page costs the same for one row and for five: no question a row. What is laid stands in tests/walk/growing."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from boards.models import Group
from tests.walk import planning
from tests.walk.growing import actions, audits, boards, cases, people, training
from tests.world import sign_in

# The row of a page: of its own address, else of its wing or floor.
OURS = {
    "reviews": lambda world: [world.ours.review.pk],
    "access": lambda world: [world.ours.folder.pk],
    "actions:action": lambda world: [actions.whole(world).pk],
    "actions": lambda world: [planning.workplan_of(world).pk],
    "boards:meeting": lambda world: [boards.a_meeting(world).pk],
    "audits": lambda world: [audits.first_round(world).pk],
    "training": lambda world: [training.first_event(world).pk],
    "boards": lambda world: [Group.objects.get(ref="quality").pk],
}
PAGES = [row for subject in (cases, people, actions, boards, audits, training) for row in subject.PAGES]
PAGES += [
    ("manager", f"actions:{name}", planning.more)
    for name in ("plan", "duties", "workplans", "workplan_year", "work_item_add", "forward_plan")
]
LISTS = (
    "training:mine",
    "training:agency_bookings",
    "training:people",
    "training:coverage",
    "training:coverage_all",
    "audits:audits",
    "training:catalogue",
    "training:courses",
    "training:events",
    "actions:plan",
    "actions:duties",
    "actions:workplans",
    "actions:forward_plan",
    "actions:imports",
    "actions:owners_to_name",
    "actions:risks",
    "boards:groups",
    "boards:vacant_seats",
    "boards:on_day",
    "boards:attendance",
    "boards:challenges",
    "boards:decisions",
    "boards:published",
    "boards:meetings",
    "actions:to_approve",
    "reviews:reviews",
    "reviews:all_outstanding",
    "reporting:home",
    "directory:departures",
    "directory:leavings",
    "directory:rounds",
    "directory:colleagues",
    "directory:invitations",
    "directory:access_requests",
)


@pytest.mark.parametrize("persona, url, more", PAGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_page_asks_as_much_for_five_rows_as_for_one(persona, url, more, world, client):
    sign_in(client, getattr(world, persona))
    if url in LISTS:
        args = []
    elif url == "directory:confirm":
        args = [people.asked_who(world, world.agencies["uhnm"]).pk]
    elif url.startswith("directory"):
        args = [world.agencies["mpft"].pk]
    else:
        args = (OURS.get(url) or OURS[url.split(":")[0]])(world)
    path = reverse(url, args=args)
    more(world, 0)
    client.get(path)  # the session notes once a minute that it is in use
    first, page = _asked(client, path)
    for n in range(1, 5):
        more(world, n)
    then, longer = _asked(client, path)
    assert len(longer) > len(page), "the page did not grow, so it proves nothing"
    assert len(then) == len(first), "\n".join(sorted(set(then) - set(first)))


def _asked(client, path):
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in queries], response.content
