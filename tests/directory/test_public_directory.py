"""The public directory: public fields, and nothing that a person wrote for partners or for the unit."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency, AgencyKind, ContactPoint, Shown, User
from partnership.people.roles import Role
from partnership.trail.models import Event

URL = "/directory/public"


@pytest.fixture
def marked(administrator):
    """An organisation every text of which that is not public carries a marker."""
    agency = services.add_agency(
        by=administrator, name="Quill House", kind="provider", note="canary-note", source="canary-source",
        website="https://quill.example",
    )  # fmt: skip
    add = {"by": administrator, "purpose": "office"}
    particulars.add_contact(
        agency, **add, email="public@quill.example", post="School office", shown="public", source="canary-where"
    )
    particulars.add_contact(agency, **add, email="canary-partners@quill.example", shown="partners")
    particulars.add_contact(agency, **add, telephone="canary-internal", shown="internal")
    ended = particulars.add_contact(agency, **add, email="canary-ended@quill.example", shown="public")
    particulars.end_contact(ended, by=administrator, ends=timezone.localdate())
    services.add_site(agency, by=administrator, name="canary-site", town="Leek", postcode="ST13 5AB")
    services.add_site(
        agency, by=administrator, name="Old", town="canary-closed", ends=timezone.localdate() - timedelta(days=1)
    )
    services.add_alias(agency, by=administrator, name="canary-alias")
    person = User.objects.create(name="canary-holder", email=None, is_active=False)
    services.add_duty(
        agency, by=administrator, kind="spoc", holder=person, post="canary-post", source="canary-duty-source"
    )
    open_account(email="c@quill.example", name="canary-member", role=Role.AGENCY_STAFF, agency=agency)
    particulars.add_agreement(
        agency, by=administrator, title="canary-agreement", officer="canary-officer", starts=timezone.localdate()
    )
    number = particulars.add_number(agency, by=administrator, register="ods", number="canary-number")
    number.facts = {"Manager": "canary-fact"}
    number.save()
    return agency


@pytest.mark.parametrize("query", [{"q": "quill"}, {"q": "leek", "kind": "provider"}, {"q": "canary alias"}, {}])
def test_what_is_not_public_does_not_appear(client, marked, query):
    page = client.get(URL, query).content.decode()
    assert "canary-" not in page.lower().replace('value="canary-', "")  # a number is kept in capitals
    if "q" in query:
        assert "Quill House" in page and "public@quill.example" in page and "ST13 5AB" in page
        assert "https://quill.example" in page


def test_a_person_who_is_signed_in_sees_no_more_there(admin_client, marked):
    assert "canary-" not in admin_client.get(URL, {"q": "quill"}).content.decode().lower()


def test_where_an_early_years_setting_lies_is_said_only_where_it_has_a_public_contact(client, administrator):
    setting = services.add_agency(by=administrator, name="Quay Tots", kind=AgencyKind.EARLY_YEARS)
    services.add_site(setting, by=administrator, name="Quay Tots", town="Endon", postcode="ST13 5AB")
    page = client.get(URL, {"q": "quay"}).content.decode()
    assert "Quay Tots" in page and "Endon" not in page and "ST13 5AB" not in page
    for words in ("ST13 5AB", "endon", "quay endon"):
        assert "Quay Tots" not in client.get(URL, {"q": words}).content.decode(), words
    contact = {"purpose": "office", "email": "office@quay.example"}
    particulars.add_contact(setting, by=administrator, **contact, shown="partners")
    assert "Endon" not in client.get(URL, {"q": "quay"}).content.decode()
    particulars.add_contact(setting, by=administrator, **contact, shown="public")
    assert "ST13 5AB" in client.get(URL, {"q": "endon"}).content.decode()


def test_closed_and_merged_organisations_are_not_there(client, marked, administrator):
    Agency.objects.filter(pk=marked.pk).update(merged_into=Agency.objects.get(slug="mpft"))
    assert "Quill House" not in client.get(URL, {"q": "quill"}).content.decode()
    assert "Clinical Commissioning Groups" not in client.get(URL, {"q": "clinical commissioning"}).content.decode()


def test_it_is_found_from_the_sign_in_page_and_pages_on(client, db):
    assert URL in client.get("/account/login/", follow=True).content.decode()
    first, second = (client.get(URL, {"page": number}).context["page"] for number in (1, 2))
    assert len(first.object_list) == 50 and not {r.name for r in first} & {r.name for r in second}


@pytest.mark.parametrize("query", [{"kind": "x"}, {"area": "1 OR 1=1"}, {"q": "x" * 101}])
def test_a_filter_that_cannot_be_shows_no_list(client, db, query):
    assert client.get(URL, query).status_code == 422


def test_it_writes_nothing_and_offers_no_file(client, db):
    events = Event.objects.count()
    with CaptureQueriesContext(connection) as asked:
        for query in ({}, {"q": "leek"}, {"kind": "school", "page": 2}, {"kind": "x"}):
            client.get(URL, query)
    assert (
        asked
        and [each["sql"] for each in asked if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    )
    assert Event.objects.count() == events
    assert client.post("/directory/export", {"format": "csv"}).status_code == 302
    assert "Take out" not in client.get(URL).content.decode()


def test_where_nothing_fits_it_says_so_and_blames_no_field(client, db):
    page = client.get(URL, {"q": "Heron Crss"}).content.decode()
    assert "Nothing fits. Try fewer words" in page and "Put it right" not in page


def test_help_names_the_front_door_that_is_public_and_none_that_is_not(client, db):
    assert "Worried about a child" not in client.get("/help").content.decode()
    council = Agency.objects.get(slug="sotcc")
    facts = {"agency": council, "purpose": ContactPoint.Purpose.FRONT_DOOR}
    ContactPoint.objects.create(telephone="01632 960100", shown=Shown.PUBLIC, **facts)
    ContactPoint.objects.create(telephone="01632 960199", shown=Shown.PARTNERS, **facts)
    page = client.get("/help").content.decode()
    assert council.name in page and "01632 960100" in page and "01632 960199" not in page
