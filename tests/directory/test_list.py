"""The list: days, search, filters, bad input, one number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.directory import services
from partnership.people.models import Agency
from tests.directory.conftest import names

URL = "/directory/"
CCGS = "Staffordshire and Stoke-on-Trent Clinical Commissioning Groups"
ICB = "Staffordshire and Stoke-on-Trent Integrated Care Board"


def test_the_list_stands_at_the_address_of_these_tests():
    assert reverse("directory:agencies") == URL


@pytest.mark.parametrize(("day", "there", "absent"), [("2022-06-30", CCGS, ICB), ("2022-07-01", ICB, CCGS)])
def test_a_past_day_shows_the_bodies_of_that_day(reader_client, day, there, absent):
    found = names(reader_client.get(URL, {"as_on": day, "kind": "statutory partner"}))
    assert there in found
    assert absent not in found


def test_the_three_boxes_of_a_day_mean_the_same(reader_client):
    boxes = {"as_on_day": "30", "as_on_month": "6", "as_on_year": "2022", "kind": "statutory partner"}
    assert CCGS in names(reader_client.get(URL, boxes))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("UHNM", "University Hospitals of North Midlands NHS Trust"),
        ("sbc", "Stafford Borough Council"),
        ("146473", "The Meadows Primary Academy"),
        ("st3 3az", "The Meadows Primary Academy"),
        ("council stoke city", "Stoke-on-Trent City Council"),
    ],
)
def test_search_finds_by_alias_number_postcode_and_words_in_any_order(reader_client, words, name):
    assert name in names(reader_client.get(URL, {"q": words}))


@pytest.mark.parametrize(
    ("words", "name"), [("staffordshire police", "Staffordshire Police"), ("NPS", "National Probation Service")]
)
def test_who_is_called_exactly_so_comes_first(reader_client, words, name):
    assert names(reader_client.get(URL, {"q": words}))[0] == name


def test_a_name_comes_before_a_town_that_matches(reader_client):
    trust = Agency.objects.get(slug="army")
    services.add_site(trust, by=None, name="Office", town="Stafford")
    found = names(reader_client.get(URL, {"q": "stafford"}))
    named = [name for name in found if "stafford" in name.lower()]
    assert trust.name in found and found.index(trust.name) >= len(named)


def test_a_closed_body_is_offered_and_not_mixed_in(reader_client):
    response = reader_client.get(URL, {"q": "CCGs"})
    assert names(response) == []
    assert "Show 1 that existed at another time" in response.content.decode()
    assert CCGS in names(reader_client.get(URL, {"q": "CCGs", "closed": "on"}))


def test_filters_narrow_together(reader_client):
    found = reader_client.get(URL, {"area": "staffordshire", "item": "24"}).context["found"]
    assert found.count == 8


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"as_on": "2022-06-31"}, "must be a real date"),
        ({"as_on_day": "31", "as_on_month": "4", "as_on_year": "2027"}, "must be a real date"),
        ({"as_on_day": "1", "as_on_month": "4", "as_on_year": "27"}, "must be 4 numbers"),
        ({"as_on": "soon"}, "must be a real date"),
        ({"kind": "password"}, "type"),
        ({"item": "1 OR 1=1"}, "schedule item"),
        ({"area": "x" * 5000}, "area"),
    ],
)
def test_a_filter_that_cannot_be_says_so_and_shows_no_list(reader_client, query, words):
    response = reader_client.get(URL, query)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert response.context["found"] is None


@pytest.mark.parametrize("query", [{"page": "-1"}, {"page": "x"}, {"order_by": "password"}, {"order_by": "-user__x"}])
def test_an_unknown_page_or_order_falls_back_to_the_first_by_name(reader_client, query):
    assert names(reader_client.get(URL, query)) == names(reader_client.get(URL))


def test_beyond_the_last_page_is_the_last(reader_client):
    found = reader_client.get(URL, {"page": "9" * 30}).context["found"]
    assert found.page.number == found.page.paginator.num_pages


def test_sorting_is_done_for_all_pages(reader_client):
    first = reader_client.get(URL, {"order_by": "-starts"}).context["found"].page.object_list[0]
    assert first.starts is not None
    assert all(row.starts is None or row.starts <= first.starts for row in first.__class__.objects.live())


def test_one_row_and_fifty_cost_the_same_queries(reader_client):
    reader_client.get(URL)

    def queries(**query):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            count = len(names(reader_client.get(URL, query)))
        return count, len(seen)

    (one, few), (fifty, many) = queries(q="146473"), queries()
    assert (one, fifty) == (1, 50)
    assert few == many <= 12


def test_htmx_gets_the_results_alone_and_the_same(reader_client):
    whole = reader_client.get(URL, {"q": "stoke"}).content.decode()
    part = reader_client.get(
        URL, {"q": "stoke"}, headers={"HX-Request": "true", "HX-Target": "results"}
    ).content.decode()
    assert part.strip().startswith('<div id="results">')
    assert part.strip() in whole


def test_a_forged_htmx_header_gets_the_whole_page(reader_client):
    assert b"<html" in reader_client.get(URL, headers={"HX-Request": "true"}).content


def test_hidden_characters_in_a_search_are_refused_plainly(reader_client):
    assert reader_client.get(URL, {"q": "a\x00b"}).status_code == 400
