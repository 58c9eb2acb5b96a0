"""The base page, the brand, the gallery and the error pages."""

import re

import pytest
from django.core import checks
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from partnership.access.replies import Clash
from partnership.ui import brand, samples
from partnership.ui.parts import Clock

ERRORS = ["400", "403", "403_csrf", "404", "409", "413", "429", "500"]


@pytest.mark.parametrize("query", ["", "?errors=1"])
def test_the_gallery_shows_every_component(client, query):
    response = client.get(reverse("ui:gallery") + query)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert ("Error: Gallery" in html) is bool(query)
    for part in (
        "portal-clock--red",
        "moj-timeline",
        "portal-tile",
        "govuk-task-list",
        'role="progressbar"',
        "data-label",
    ):
        assert part in html


def test_the_policy_of_a_page_allows_nothing_inline(client):
    policy = client.get(reverse("ui:gallery")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_comes_up_without_request_session_or_database(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert "govuk-service-navigation" not in html
    assert "Sign out" not in html


def test_the_page_that_is_not_there_does_not_say_what_else_it_could_be(client):
    first = client.get("/no/such/page").content
    assert b"not shared with you" in first
    assert b"/no/such/page" not in first


def test_both_versions_of_a_text_are_on_the_page_of_a_stale_edit():
    clash = Clash("Somebody saved.", [("Summary", "a < b", "what is there")])
    html = render_to_string("ui/clash.html", {"clash": clash})
    assert "a &lt; b" in html
    assert "what is there" in html


def test_a_text_that_can_no_longer_be_saved_is_shown_so_that_it_can_be_copied():
    html = render_to_string("409.html", {"reason": "It was sent.", "fields": [{"label": "Summary", "yours": "a < b"}]})
    assert "It was sent." in html
    assert "a &lt; b" in html


def test_a_text_that_was_typed_stays_text_in_every_component():
    request = RequestFactory().get("/")
    context = samples.gallery(request)
    clock = context["clocks"][0]
    hostile = Clock(**{**{name: getattr(clock, name) for name in clock.__dataclass_fields__}, "title": "<b>x</b>"})
    html = render_to_string("ui/clock.html", {"clock": hostile, "level": 2})
    assert "<b>x</b>" not in html


@pytest.mark.parametrize(("colour", "text"), [("#5b2d8e", "#ffffff"), ("#ffdd00", "#0b0c0c"), ("#767676", "#ffffff")])
def test_words_on_the_brand_colour_can_be_read(settings, colour, text):
    settings.PARTNERSHIP_COLOUR = colour
    assert brand.text_colour() == text
    assert brand.contrast(colour, text) >= 4.5


def test_the_brand_is_a_stylesheet_that_is_kept_for_a_year_until_it_changes(client, settings):
    address = reverse("ui:brand_css")
    response = client.get(f"{address}?v={brand.version()}")
    assert response.headers["Content-Type"].startswith("text/css")
    assert settings.PARTNERSHIP_COLOUR in response.content.decode()
    assert "immutable" in response.headers["Cache-Control"]
    before = brand.version()
    settings.PARTNERSHIP_COLOUR = "#004d40"
    assert brand.version() != before
    assert "immutable" not in client.get(f"{address}?v={before}").headers["Cache-Control"]


@pytest.mark.parametrize("colour", ["red", "#fff", "#5b2d8e;}body{display:none", ""])
def test_a_colour_that_is_none_stops_the_portal_at_its_start(settings, colour):
    settings.PARTNERSHIP_COLOUR = colour
    assert [problem.id for problem in brand.check_settings()] == ["ui.E001"]


def test_a_logo_must_be_there_and_be_a_picture(settings, tmp_path):
    settings.PARTNERSHIP_LOGO = str(tmp_path / "logo.png")
    assert [problem.id for problem in brand.check_settings()] == ["ui.E003"]
    settings.PARTNERSHIP_LOGO = str(tmp_path / "logo.html")
    assert [problem.id for problem in brand.check_settings()] == ["ui.E002"]


def test_the_settings_as_they_are_pass_their_check():
    assert not [problem for problem in checks.run_checks() if problem.id.startswith("ui.")]


@pytest.mark.parametrize(
    ("state", "words"), [(0, "Working day 9 of 15"), (1, "2 working days late"), (2, "Met on working day 12")]
)
def test_a_clock_says_first_what_matters_most(state, words):
    html = render_to_string("ui/clock.html", {"clock": samples.clocks()[state], "level": 2})
    assert re.search(rf"<h2[^>]*>{words}</h2>", html)
    assert "Good Friday 19 April" in html


def test_unfinished_work_asks_again_and_finished_work_does_not():
    running, done = (
        render_to_string("ui/progress.html", {"progress": each, "id": "p"})
        for each in samples.gallery(RequestFactory().get("/"))["jobs"]
    )
    assert 'hx-trigger="every 2s"' in running
    assert "Check again" in running
    assert "hx-" not in done
    assert 'data-announce="The report is ready."' in done
