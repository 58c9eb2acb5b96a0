"""What somebody may not see leaves no trace: no count, no choice, no order, no address changes when it comes to be.

Each page is drawn twice for the same person; in between, a case is opened that he has nothing to do with.
"""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from boards.meetings.services import plan
from partnership.access import services as access
from partnership.documents.models import Marking
from partnership.documents.services import keep
from partnership.notify.telling import Told, tell
from partnership.people.roles import Role
from reviews import returns, services
from tests.boards import making
from tests.reviews import guests
from tests.walk import boards_planning
from tests.walk.canaries import body_of, text_of_pdf
from tests.walk.tables import ROWS
from tests.walk.visiting import Visit
from tests.world import answer, ask, open_case

# Not the manager: the business managers of the day are let into every case that is opened.
APART = [
    "officer",
    "case_officer",
    "panel",
    "signer_icb",
    "author",
    "author_other",
    "officer_outside",
    "ended",
    "barred",
    "directory_admin",
    "board_member",
    "colleague",
    "lead_same",
    "nobody",
    "guest",
]
# Tokens that are new on every page, and the numbers of a visit's own trail.
FRESH = [
    re.compile(r'(name="form_token" value=")[^"]+'),
    re.compile(r"()[A-Za-z0-9]{64}"),
    re.compile(r"((?:Copy for|Printed by) [^,]+, )[^.]+"),
    re.compile(r"(DTSTAMP:)\d{8}T\d{6}Z"),
    re.compile(r"('Content-Length': ')\d+"),  # what it counts is compared, without the time of day that some pages say
]
PARTS = 6  # so that several workers share it


# Counts of all reviews are for those who may know that reviews exist (Perm.TIMELINESS_LIVE): another case is one more
# in them. Nobody else is excepted: the board's totals of years that are over may not change.
COUNTS = {"reviews:timeliness": {"officer", "case_officer", "signer_icb", "officer_outside", "ended", "barred"}}


def drawn(ground, row, persona):
    answer = Visit(ground, row, persona, 0).make()[0]
    # The mark on a copy is drawn anew each time, with the minute in it: of a PDF its words are compared.
    pdf = not answer.streaming and answer.content.startswith(b"%PDF")
    body = text_of_pdf(answer.content).decode() if pdf else body_of(answer)
    for pattern in FRESH:
        body = pattern.sub(r"\1…", body)
    return body


def another_case(ground):
    """Opened, written, asked about, answered, decided and filed by the stranger; people who are there already."""
    world = ground.world
    case = open_case(world, "theirs", by=world.stranger, days_ago=2)
    access.grant(case.folder, world.partner_outside, Role.PANEL_MEMBER, by=world.stranger, reason="Sits on it.")
    access.bar(case.folder, world.school_outside, by=world.stranger, reason="line")
    row = ask(world, case, "lead_other", "mpft", by=world.stranger)
    answer(case, row, by=world.lead_other)
    returns.ask_agency(
        case.review, by=world.stranger, agency=world.agencies["police"], author=world.deputy_police,
        due_on=timezone.localdate(), purpose="Search.",
    )  # fmt: skip
    plan(case.folder, by=world.stranger, title="Panel", starts_at=timezone.now() + timedelta(days=2))
    meeting = boards_planning.laid(ground)["group_meeting"]["ours"]
    making.restricted_item(meeting, "A restricted item", by=world.stranger, position=1)
    guests.joined(world, case, by=world.stranger)
    guests.name_guest(world, case, by=world.stranger, email="second@puddle-lane.example")
    services.decide(case.review, by=world.stranger, code="lcspr", rationale="Read.")
    tell("walk", [Told("another", user.pk, case.review.pk, case.folder.pk) for user in world.people.values()])
    keep(b"bytes", folder=case.folder, title="Rapid review report", name="r.pdf", content_type="application/pdf",
         marking=Marking.SENSITIVE, by=world.stranger, goes_out=True)  # fmt: skip


PAGES = [row for row in ROWS if row.method == "GET" and row.app != "account"]


def readers_of(row):
    """Whoever sees the page; of a page about one row the first and the last, who may least."""
    found = [persona for persona in APART if row.expected(persona)[0] == "200"]
    found = [persona for persona in found if persona not in COUNTS.get(row.url, ())]
    return {*found[:1], *found[-1:]} if row.sample else found


@pytest.fixture(scope="module", params=range(PARTS))
def before_and_after(ground, request):
    asked = [(row, persona) for row in PAGES[request.param :: PARTS] for persona in readers_of(row)]
    before = [drawn(ground, *each) for each in asked]
    with transaction.atomic():
        another_case(ground)
        after = [drawn(ground, *each) for each in asked]
        transaction.set_rollback(True)
    return list(zip(asked, before, after, strict=True))


def test_a_case_that_one_may_not_see_changes_no_page(before_and_after):
    changed = {f"{persona}: {row}": _first_difference(a, b) for (row, persona), a, b in before_and_after if a != b}
    assert changed == {}


def test_the_same_pages_do_change_for_those_who_may_see_it(ground):
    """So that two equal pages prove something."""
    rows = {row.url: row for row in PAGES}
    with transaction.atomic():
        before = {url: drawn(ground, rows[url], "stranger") for url in ("reviews:reviews", "reporting:home")}
        another_case(ground)
        after = {url: drawn(ground, rows[url], "stranger") for url in before}
        transaction.set_rollback(True)
    assert [url for url in before if before[url] == after[url]] == []


def _first_difference(a, b):
    where = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[max(0, where - 60) : where + 60], b[max(0, where - 60) : where + 60]
