"""One organisation: what its page says today and on a past day."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.directory import services
from partnership.directory.reads import agency_facts
from partnership.people.models import Agency, NamedDuty, ScheduleItem
from tests.directory.conftest import page_of
from tests.world import sign_in


def text(response):
    return " ".join(response.content.decode().split())


def test_the_page_names_the_predecessor_and_the_day(reader_client):
    icb = Agency.objects.get(slug="sot-staffs-icb")
    shown = text(reader_client.get(page_of(icb)))
    assert "Clinical Commissioning Groups</a> from 1 July 2022" in shown


def test_the_page_of_a_closed_body_says_its_last_day_and_who_follows(reader_client):
    groups = Agency.objects.get(slug="sot-staffs-ccgs")
    shown = text(reader_client.get(page_of(groups)))
    assert "its last day was 30 June 2022" in shown
    assert "Replaced by" in shown
    assert "Integrated Care Board" in shown


def test_a_day_before_it_existed_is_said(reader_client):
    icb = Agency.objects.get(slug="sot-staffs-icb")
    assert "It did not exist on this day" in text(reader_client.get(page_of(icb), {"as_on": "2022-06-30"}))


def test_a_vacancy_and_a_seat_without_vote_are_said_plainly(reader_client, council, scrutineer):
    assert "nobody is named" in text(reader_client.get(page_of(council)))
    assert "No vote" in text(reader_client.get(page_of(scrutineer.agency)))


def test_a_past_day_shows_the_duties_of_that_day(reader_client, council):
    before = reader_client.get(page_of(council), {"as_on": "2023-12-14"}).context["facts"]
    after = reader_client.get(page_of(council), {"as_on": "2023-12-15"}).context["facts"]
    assert {duty.kind for duty in before.duties} == {"lm"}
    assert {duty.kind for duty in after.duties} == {"lm", "lsp", "dsp"}


def test_a_past_day_shows_the_name_that_the_portal_held_then(administrator, council):
    old, today = council.name, timezone.localdate()
    facts = {name: getattr(council, name) for name in services.AGENCY_FIELDS} | {"name": "City of Stoke"}
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        row = services.change_agency(council, by=administrator, version=1, areas=council.areas.all(), **facts)
        assert agency_facts(administrator, row, day=today).facts.name == old
        assert agency_facts(administrator, row).facts.name == "City of Stoke"


def test_the_page_says_who_changed_what_from_what_to_what(admin_client, administrator, council):
    facts = {name: getattr(council, name) for name in services.AGENCY_FIELDS} | {"note": "Moved house."}
    services.change_agency(council, by=administrator, version=council.version, areas=council.areas.all(), **facts)
    change = admin_client.get(page_of(council)).context["facts"].changes[0]
    assert change.by == administrator.name
    assert change.fields == (("note", "Hosts the business unit and is the data controller.", "Moved house."),)


def test_the_note_and_the_source_are_for_those_who_see_what_is_internal(administrator, reader, council):
    facts = {name: getattr(council, name) for name in services.AGENCY_FIELDS}
    facts |= {"note": "canary-note", "source": "canary-source"}
    services.change_agency(council, by=administrator, version=council.version, areas=council.areas.all(), **facts)
    history = reverse("directory:agency_history", args=[council.pk])
    hers, theirs = sign_in(Client(), administrator), sign_in(Client(), reader)
    for page in (page_of(council), history):
        shown = text(hers.get(page))
        assert "canary-note" in shown and "canary-source" in shown, page
        assert "canary-" not in text(theirs.get(page)), page
    assert "Source</dt>" in text(hers.get(page_of(council))) and "Source</dt>" not in text(theirs.get(page_of(council)))


def test_people_stand_there_while_they_belong(reader_client, administrator, reader, council):
    assert [each["user"] for each in reader_client.get(page_of(council)).context["facts"].people] == [reader]
    membership = reader.memberships.get()
    membership.starts = timezone.localdate() - timedelta(days=5)
    membership.ends = timezone.localdate()
    membership.save()
    assert agency_facts(administrator, council, day=timezone.localdate() - timedelta(days=1)).people
    assert agency_facts(administrator, council).people == []


def test_a_day_that_cannot_be_is_said_at_its_place(reader_client, council):
    response = reader_client.get(page_of(council), {"as_on_day": "31", "as_on_month": "4", "as_on_year": "2027"})
    assert response.status_code == 422
    assert "The as-on date must be a real date" in text(response)


def test_the_page_costs_the_same_queries_however_much_hangs_on_it(reader_client, administrator, council):
    def queries(agency):
        reader_client.get(page_of(agency))
        with CaptureQueriesContext(connection) as seen:
            reader_client.get(page_of(agency))
        return len(seen)

    bare = queries(Agency.objects.get(slug="ncb"))
    for number in range(20):
        services.add_site(council, by=administrator, name=f"Site {number}")
        services.add_duty(council, by=administrator, kind="spoc", post=f"Post {number}", holder=None)
    assert queries(council) == bare <= 12


def test_history_tells_of_sites_and_duties_too(reader_client, administrator, council):
    duty = services.add_duty(council, by=administrator, kind="s11", post="Head of audit", holder=None)
    services.end_duty(duty, by=administrator, ends=date(2030, 1, 1))
    site = services.add_site(council, by=administrator, name="Civic Centre Annexe")
    facts = {name: getattr(site, name) for name in ("name", "town", "postcode", "starts")} | {"ends": date(2030, 2, 1)}
    services.change_site(site, by=administrator, version=services.version_of(site), **facts)
    changes = reader_client.get(reverse("directory:agency_history", args=[council.pk])).context["changes"]
    told = [(each.title, each.fields) for each in changes[:3]]
    assert told == [
        ("Changed site ‘Civic Centre Annexe’", (("last day", "nothing", "31 January 2030"),)),
        ("Added site ‘Civic Centre Annexe’", ()),
        ("Changed named duty ‘Section 11 lead’", (("last day", "nothing", "31 December 2029"),)),
    ]


def test_history_names_the_site_and_the_duty_that_were_added(reader_client, administrator, council, reader):
    services.add_site(council, by=administrator, name="Civic Centre Annexe", postcode="ST4 1HH")
    dates = {"starts": date(2026, 1, 1), "ends": date(2026, 2, 1)}
    services.add_duty(council, by=administrator, kind="s11", post="Head of audit", holder=reader, **dates)
    changes = reader_client.get(reverse("directory:agency_history", args=[council.pk])).context["changes"]
    assert [each.title for each in changes[:2]] == [
        f"Added named duty ‘Section 11 lead’: {reader.name}, 1 January 2026 to 31 January 2026",
        "Added site ‘Civic Centre Annexe’: ST4 1HH",
    ]


def test_history_tells_of_names_items_and_successions_from_the_trail(reader_client, administrator, council):
    alias = council.aliases.first()
    services.remove_alias(alias, by=administrator)
    row = services.add_classification(council, by=administrator, item=ScheduleItem.objects.get(pk=36), basis="inferred")
    services.end_classification(row, by=administrator, ends=date(2030, 1, 1))
    other = Agency.objects.get(slug="army")
    days = {"on": date(2029, 1, 1), "kind": "replaced"}
    services.add_succession(by=administrator, predecessor=council, successor=other, **days)
    changes = reader_client.get(reverse("directory:agency_history", args=[council.pk])).context["changes"][:4]
    assert {each.by for each in changes} == {administrator.name}
    assert [each.title for each in changes] == [
        f"Recorded a succession: {other.name}",
        "Ended an item of the Schedule",
        "Added an item of the Schedule",
        f"Removed another name ‘{alias.name}’",
    ]


@pytest.mark.parametrize("slug", ["uhnm", "urn-146473", "ssscb", "army"])
def test_every_kind_of_entry_has_a_page(reader_client, slug):
    agency = Agency.objects.get(slug=slug)
    assert agency.name.replace("&", "&amp;") in text(reader_client.get(page_of(agency)))


def test_a_deputy_is_shown_beside_the_delegate(reader_client, administrator, reader, council):
    delegate = NamedDuty.objects.get(agency=council, kind="dsp")
    services.add_duty(
        council,
        by=administrator,
        kind="dsp",
        post="Assistant director",
        holder=reader,
        deputy_for=delegate,
        starts=timezone.localdate(),
        ends=timezone.localdate() + timedelta(days=10),
    )
    shown = text(reader_client.get(page_of(council)))
    assert "Deputy" in shown
    assert "for Director of Children&#x27;s Services" in shown


class TestMenu:
    @pytest.mark.parametrize(
        "persona, url, word",
        [
            ("officer", "directory:departures", "People"),
            ("officer", "directory:agencies", "Directory"),
            ("lead_same", "directory:i_am_leaving", "People"),
            ("lead_same", "directory:account", None),
        ],
    )
    def test_it_says_where_one_is(self, world, client, persona, url, word):
        page = sign_in(client, world.people[persona]).get(reverse(url)).content.decode()
        active = re.findall(r'govuk-service-navigation__active-fallback">([^<]+)<', page)
        assert active == ([word] if word else [])
