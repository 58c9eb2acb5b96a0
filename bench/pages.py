"""What is measured: each page as a signed-in person asks for it, beside its floor."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection, connections
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client, RequestFactory
from django.test.utils import instrumented_test_render
from django.urls import reverse
from django.utils import timezone

from bench import (
    attending,
    audits,
    clocks,
    floors,
    imports,
    measure,
    packs,
    reminders,
    training,
    training_coverage,
    training_lists,
)
from bench import searching as one_search
from bench.world import (
    ACTIONS,
    AREA,
    DUTIES,
    ENTRIES,
    MANAGER,
    NEWCOMER,
    OFFICER,
    PANEL,
    grow_directory,
    visible_reviews,
)
from partnership.access.reach import reach_of
from partnership.actions import rag
from partnership.deadlines import board
from partnership.documents.models import Document
from partnership.people.roles import Perm
from partnership.ui.dates import midnight
from tests.world import sign_in

MOST = 3.0
MOST_PDF = 1.3
ORGANISATIONS, SEARCHED, MOST_SEARCH_QUERIES = 25_000, "primary st6", 8
TOKEN = re.compile(r"[A-Za-z0-9]{64}")


@dataclass
class Visit:
    """One page of one person. sql: its file in bench/sql. shape: its function in floors."""

    name: str
    size: int
    user: object
    url: str
    sql: str
    shape: object
    params: dict = field(default_factory=dict)


def lines(world):
    """Every measured Line, pages first. Raises AssertionError where a page and its floor do not say the same."""
    people = world.people
    for name, number in {"manager": MANAGER, "officer": OFFICER, "panel": PANEL, "newcomer": NEWCOMER}.items():
        assert visible_reviews(people[name]) == number, f"{name} should see {number} reviews"
    for visit in _visits(world):
        yield measure.Line(measured(visit), MOST)
    for visit in _first_readings(world):
        yield measure.Line(measured(visit, before=_forgetting()), MOST)
    yield measure.Line(_wide(people["manager"]), MOST)
    for rows, review in world.reviews.items():
        yield measure.Line(_report(review, rows, people["manager"]), MOST_PDF, None)
    yield from clocks.Sweeping(world.duties).lines()
    yield from reminders.lines()
    yield from packs.lines()
    yield from audits.lines(people["manager"])
    yield from training_lists.lines(people["manager"])
    yield searching(people["officer"])
    yield from training.lines()
    yield from training_coverage.lines(people["manager"])
    yield from one_search.lines(people["manager"])
    yield from imports.lines()  # last: it fills the directory


def searching(user):
    """The search of a directory of 25,000: last, because the others are measured in a smaller one."""
    grow_directory(ORGANISATIONS)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    one, two = SEARCHED.split()
    params = {
        "day": timezone.localdate(), "folded": SEARCHED,
        "one": f"% {one}%", "two": f"% {two}%", "in_one": f"%{one}%", "in_two": f"%{two}%",
    }  # fmt: skip
    url = f"{reverse('directory:agencies')}?q={SEARCHED.replace(' ', '+')}"
    title = f"search of {ORGANISATIONS:,} organisations"
    visit = Visit(title, 50, user, url, "directory_search", floors.directory_list, params)
    return measure.Line(measured(visit), MOST, MOST_SEARCH_QUERIES)


def _visits(world):
    people, day = world.people, {"day": timezone.localdate()}
    officer, manager = people["officer"], people["manager"]
    listed = reverse("directory:agencies")
    area = f"{listed}?area={AREA}"
    for title, rows, url, slug in (("directory list, one area", 1, area, AREA), ("directory list", 50, listed, None)):
        params = day | {"area": slug}
        yield Visit(title, rows, officer, url, "directory_list", floors.directory_list, params)
    for rows, agency in world.agencies.items():
        url = reverse("directory:agency", args=[agency.pk])
        yield Visit("agency page", rows, officer, url, "agency_page", floors.agency_page, day | {"agency": agency.pk})
    reviews = reverse("reviews:reviews")
    for name, rows in (("newcomer", 1), ("panel", 3), ("officer", 50), ("manager", 50)):
        title = f"review list, {name}"
        yield Visit(title, rows, people[name], reviews, "review_list", floors.review_list, case(people[name]))
    for rows, review in world.reviews.items():
        for name, user in (("officer", officer), ("manager", manager)):
            url = reverse("reviews:review", args=[review.pk])
            params = case(user) | {"review": review.pk, "folder": review.folder_id, "user": user.pk}
            yield Visit(f"review page, {name}", rows, user, url, "review_page", floors.review_page, params)

    url = reverse("reviews:chronology", args=[review.pk])
    for name, user in (("officer", officer), ("manager", manager)):
        title = f"chronology of {ENTRIES:,} entries, {name}"
        params = case(user) | {"review": review.pk}
        yield Visit(title, 50, user, url, "chronology", floors.chronology, params)

    yield from _registers(manager)
    yield from _matrices(world, manager)

    today = timezone.localdate()
    params = case(manager, Perm.DEADLINE_VIEW) | {
        "sunday": today + timedelta(days=6 - today.weekday()), "last": board.horizon(today),
    }  # fmt: skip
    url = f"{reverse('deadlines:due')}?whose={board.ALL}"
    shown = sum(len(each.rows) for each in board.board(manager, board.ALL))
    yield Visit(f"due board, {DUTIES:,} open duties", shown, manager, url, "board", floors.board, params)


def _registers(manager):
    """The register of actions as it opens, and narrowed to a rating and sorted by how often a date was moved."""
    day, url = rag.day(), reverse("actions:register")
    since, new = map(midnight, (day.since, day.new))
    shape = partial(floors.action_register, day=day)
    reach = case(manager, Perm.ACTION_VIEW) | {"user": manager.pk, "today": day.today, "near": day.near}
    reach |= {"since": since, "new": new}
    for title, query, asked in (
        ("", "", {"all": False, "rating": None, "by_slips": False}),
        (", filtered and sorted", "?status=all&rating=amber&order_by=slips",
         {"all": True, "rating": "amber", "by_slips": True}),
    ):  # fmt: skip
        name = f"register of {ACTIONS:,} actions{title}"
        yield Visit(name, 50, manager, url + query, "action_register", shape, reach | asked)


def _matrices(world, manager):
    """Who came to a group, over all its meetings of the bench."""
    for (seats, meetings), group in world.attended.items():
        first, last = attending.period(meetings)
        boxes = {"first": first, "last": last}
        query = "&".join(
            f"{name}_{part}={getattr(each, part)}" for name, each in boxes.items() for part in ("day", "month", "year")
        )
        params = case(manager, Perm.MEETING_VIEW) | {"folder": group.pk, "today": timezone.localdate()}
        params |= {"from": midnight(first), "until": midnight(last + timedelta(days=1))}
        title, url = f"matrix of {seats} seats and {meetings} meetings", reverse("boards:matrix", args=[group.pk])
        yield Visit(title, seats, manager, f"{url}?{query}", "matrix", floors.matrix, params)


def _first_readings(world):
    """Two of them again, each run the first for fifteen minutes: the reading is written down, not only looked up."""
    for visit in _visits(world):
        if visit.size == 50 and visit.name in ("review list, manager", "review page, manager"):
            visit.name += ", first reading"
            yield visit


def case(user, perm=Perm.REVIEW_VIEW):
    """The reach of the access clause as constants."""
    reach = reach_of(user)
    granted = reach.granted(perm, sealed=True)
    return {
        "partnerships": reach.partnerships(perm),
        "granted": granted,
        "trees": [each for each in granted if each in reach.trees],
        "barred": list(reach.bars),
    }


def visits(world) -> list[Visit]:
    return list(_visits(world))


def both(visit):
    """(the page, its floor) as functions that give their HTML. Raises AssertionError where the two differ."""
    client = sign_in(Client(SERVER_NAME="localhost"), visit.user)

    def ours():
        response = client.get(visit.url)
        assert response.status_code == 200, f"{visit.name}: {response.status_code}"
        return response.content.decode()

    bare = floors.Floor(visit.sql, visit.shape, *_shown(client, visit.url), visit.params)
    floor = _signed_in(client, visit.url, bare)
    assert _plain(ours()) == _plain(floor()), f"{visit.name}: the floor does not say what the page says"
    return ours, floor


def measured(visit, before=None):
    ours, floor = both(visit)
    return measure.measured(visit.name, visit.size, ours, floor, before=before)


def _signed_in(client, url, bare):
    """The floor behind Django's own session and user look-up, which is part of the page and so of both."""

    def view(request):
        assert request.user.is_active
        return HttpResponse(bare())

    handler = SessionMiddleware(AuthenticationMiddleware(view))
    cookies = client.cookies.output(header="", sep=";")

    def floor():
        request = RequestFactory().get(url, headers={"cookie": cookies}, SERVER_NAME="localhost")
        return handler(request).content.decode()

    return floor


def _shown(client, url):
    """(template's name, everything that the page hands to it) of one rendering."""
    usual, Template._render = Template._render, instrumented_test_render
    try:
        response = client.get(url)
    finally:
        Template._render = usual
    shown = response.context[0].flatten()
    shown["csrf_token"] = str(shown["csrf_token"])
    return response.templates[0].name, shown


def _plain(html):
    return TOKEN.sub("token", html)


def _forgetting():
    """A function that takes out what was read since now; only the owner of a scratch database could."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM trail_event")
        (last,) = cursor.fetchone()

    def forget():
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE trail_event DISABLE TRIGGER event_rows_stay")
            cursor.execute("DELETE FROM trail_event WHERE id > %s", [last])
            cursor.execute("ALTER TABLE trail_event ENABLE TRIGGER event_rows_stay")

    return forget


def _wide(user):
    """The row rule alone, no page: the first fifty documents of one who reaches 10,000 open folders and 600 sealed."""
    statement, params = floors.statements("documents")["rows"], case(user)

    def ours():
        return [row.pk for row in Document.objects.visible_to(user)[:50]]

    def floor():
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return [row[0] for row in cursor.fetchall()]

    assert ours() == floor()
    return measure.measured("documents in 10,000 open folders (rows)", 50, ours, floor)


def _report(review, rows, user):
    """The report's job (facts, template, drawing) beside WeasyPrint alone on the same HTML."""
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from reviews import sending
    from reviews.report.reads import report

    html = render_to_string("reviews/report_pdf.html", {**report(user, review), "marking": "OFFICIAL-SENSITIVE"})
    return measure.measured(
        "report PDF",
        rows,
        lambda: sending.make_report(review, by=user, progress=lambda percent, doing: None),
        lambda: HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"),
        runs=30 if rows == 1 else 10,  # ten of three seconds each say as much
    )
