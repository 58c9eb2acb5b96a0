"""Contacts by whom they are shown to, who is asked on a day, agreements, owners, school facts, areas."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.directory import reads, services
from partnership.directory.accounts import open_account
from partnership.directory.areas import services as areas
from partnership.directory.particulars import services as particulars
from partnership.people.models import Agency, Area, Registration, School, User
from partnership.people.roles import Role
from tests.directory.conftest import page_of

DAY = date(2027, 8, 3)


@pytest.fixture
def school(db):
    return Agency.objects.get(slug="urn-124030")


@pytest.fixture
def duty(administrator):
    def add(agency, kind, name, **more):
        holder = User.objects.create(name=name, email=None, is_active=False)
        return services.add_duty(agency, by=administrator, kind=kind, holder=holder, **more)

    return add


@pytest.fixture
def asked(administrator):
    return lambda agency, day=DAY: reads.agency_facts(administrator, agency, day=day).asked


@pytest.fixture
def summer(administrator):
    stoke = Area.objects.get(slug="stoke-on-trent")
    return particulars.add_closure(
        by=administrator, area=stoke, name="Summer holiday", starts=date(2027, 7, 24), ends=date(2027, 9, 2)
    )


def test_while_a_school_is_on_holiday_its_cover_is_asked(school, duty, summer, asked):
    duty(school, "case", "Ida Farrow")
    duty(school, "cover", "Cora Venn")
    assert str(asked(school).holder) == "Cora Venn"
    assert asked(school).reason == "It is closed (Summer holiday, until 1 September 2027), so its cover is asked."
    for open_day in (date(2027, 7, 23), date(2027, 9, 2)):
        assert str(asked(school, open_day).holder) == "Ida Farrow"


def test_a_holiday_of_the_area_closes_no_hospital(duty, summer, asked):
    trust = Agency.objects.get(slug="uhnm")
    duty(trust, "case", "Ida Farrow")
    duty(trust, "cover", "Cora Venn")
    assert str(asked(trust).holder) == "Ida Farrow"
    particulars.add_closure(by=None, agency=trust, name="Moving house", starts=DAY, ends=DAY + timedelta(days=1))
    assert str(asked(trust).holder) == "Cora Venn"


def test_without_cover_contact_and_deputy_the_next_is_asked_and_it_is_said(school, duty, summer, asked):
    assert asked(school).duty is None
    assert "nobody is named" in asked(school).reason
    duty(school, "dsl", "Della Sand")
    assert str(asked(school).holder) == "Della Sand"
    duty(school, "dcase", "Dan Coe")
    found = asked(school)
    assert (str(found.holder), "nobody covers for it" in found.reason) == ("Dan Coe", True)
    contact = duty(school, "case", "Ida Farrow")
    assert str(asked(school).holder) == "Ida Farrow"
    User.objects.filter(pk=contact.holder_id).update(closed_at=timezone.now())
    assert str(asked(school).holder) == "Dan Coe"


def test_the_page_names_who_is_asked_on_its_day(reader_client, school, duty, summer):
    duty(school, "case", "Ida Farrow")
    duty(school, "cover", "Cora Venn")
    for day, name in ((DAY, "Cora Venn"), (date(2027, 9, 2), "Ida Farrow")):
        shown = reader_client.get(page_of(school), {"as_on": day.isoformat()}).content.decode()
        assert f"goes to <strong>{name}" in shown


def test_an_internal_contact_is_shown_to_the_unit_alone(client, reader, reader_client, admin_client, school):
    add = {"by": None, "purpose": "office"}
    particulars.add_contact(school, **add, email="public@school.example", shown="public")
    particulars.add_contact(school, **add, email="partners@school.example", shown="partners")
    inside = particulars.add_contact(school, **add, email="inside@school.example", shown="internal")
    unit = open_account(email="unit@portal.example", name="Una Pell", role=Role.BUSINESS_UNIT)
    shown = [{row["shown"] for row in reads.agency_facts(user, school).contacts} for user in (unit, reader)]
    assert shown == [{"public", "partners", "internal"}, {"public", "partners"}]
    history = reverse("directory:agency_history", args=[school.pk])
    particulars.change_contact(inside, by=None, version=services.version_of(inside), email="deeper@school.example")
    for page in (page_of(school), history):
        words = admin_client.get(page).content.decode()
        assert "deeper@school.example" in words


def test_a_partner_finds_no_internal_contact_on_the_page_nor_in_the_history(reader_client, school):
    inside = particulars.add_contact(
        school, by=None, purpose="office", email="inside@school.example", shown="internal", source="inside-source"
    )
    particulars.change_contact(inside, by=None, version=services.version_of(inside), telephone="01632 960999")
    for page in (page_of(school), reverse("directory:agency_history", args=[school.pk])):
        words = reader_client.get(page).content.decode()
        assert not [bit for bit in ("inside@", "inside-source", "960999") if bit in words]


def test_a_contact_without_any_address_is_refused_at_its_field(admin_client, school):
    url = reverse("directory:contact_add", args=[school.pk])
    response = admin_client.post(url, {"purpose": "office", "shown": "public", "post": "Office"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"email": ["Enter an email address or a telephone number."]}


def test_an_edit_that_is_stale_shows_both_texts(admin_client, school):
    row = particulars.add_contact(school, by=None, purpose="office", email="a@school.example")
    url, version = reverse("directory:contact_edit", args=[row.pk]), services.version_of(row)
    particulars.change_contact(row, by=None, version=version, email="b@school.example")
    sent = {"purpose": "office", "shown": "public", "email": "c@school.example", "version": version}
    response = admin_client.post(url, sent)
    assert response.status_code == 409
    words = response.content.decode()
    assert "b@school.example" in words and "c@school.example" in words
    row.refresh_from_db()
    assert row.email == "b@school.example"


def test_a_late_review_is_said_in_words(reader_client, school):
    today = timezone.localdate()
    particulars.add_agreement(
        school, by=None, title="Tier two", officer="Head", starts=today - timedelta(days=400),
        review_on=today - timedelta(days=42),
    )  # fmt: skip
    words = reader_client.get(page_of(school)).content.decode()
    assert "42 days past its review date" in words and "Review late" in words


def test_a_trust_and_its_schools_name_each_other(reader_client, admin_client, school):
    trust = services.add_agency(by=None, name="Quill Learning Trust", kind="group")
    response = admin_client.post(
        reverse("directory:ownership_add", args=[school.pk]),
        {"direction": "up", "other": trust.name, "kind": "trust", "sure": str(trust.pk)},
    )
    assert response.status_code == 302
    assert "Run by" in reader_client.get(page_of(school)).content.decode()
    assert school.name in reader_client.get(page_of(trust)).content.decode()
    with pytest.raises(ValidationError, match="the other way round"):
        particulars.add_ownership(by=None, owner=school, agency=trust, kind="trust")


def test_a_number_is_kept_as_registers_write_it_however_it_was_typed(school):
    row = particulars.add_number(school, by=None, register="ods", number=" rx 1 ")
    assert row.number == "RX1"
    school.refresh_from_db()
    assert " rx1" in school.words


def test_numbers_that_were_typed_before_become_as_registers_write_them(school):
    trust = Agency.objects.get(slug="uhnm")
    Agency.objects.filter(pk=school.pk).update(words=" park | 123 ab")
    typed = {school: ["123 ab", "rx1", "rx 2"], trust: ["RX1"]}
    for agency, numbers in typed.items():
        Registration.objects.bulk_create(Registration(agency=agency, register="local", number=each) for each in numbers)
    migration = import_module("partnership.people.migrations.0006_numbers_as_files_write_them")
    migration.plain(apps, connection.schema_editor())
    found = Registration.objects.filter(agency__in=typed).values_list("agency", "number")
    assert set(found) == {(school.pk, "123AB"), (school.pk, "rx1"), (school.pk, "RX2"), (trust.pk, "RX1")}
    school.refresh_from_db()
    assert school.words == " park | 123ab"


def test_a_number_belongs_to_one_organisation(school):
    particulars.add_number(school, by=None, register="ods", number="RX1")
    with pytest.raises(ValidationError, match=school.name):
        particulars.add_number(Agency.objects.get(slug="uhnm"), by=None, register="ods", number="rx1")


def test_two_who_change_a_school_at_once_do_not_undo_each_other(school):
    particulars.change_school(school, by=None, version=1, district="Stoke")
    with pytest.raises(Stale):
        particulars.change_school(school, by=None, version=1, district="Leek")


def test_whoever_was_slower_to_change_a_school_sees_both_texts(admin_client, school):
    url = reverse("directory:school_edit", args=[school.pk])
    form = admin_client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"district": "Leek"}
    particulars.change_school(school, by=None, version=form["version"].value(), district="Longton")
    response = admin_client.post(url, sent)
    assert response.status_code == 409
    assert ("District", "Leek", "Longton") in response.context["clash"].rows
    again = response.context["form"]
    assert admin_client.post(url, sent | {"version": again["version"].value()}).status_code == 302
    assert School.objects.get(agency=school).district == "Leek"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example", "not a site"])
def test_a_website_is_a_web_address(admin_client, school, address):
    url = reverse("directory:agency_edit", args=[school.pk])
    response = admin_client.post(url, {"name": school.name, "kind": "school", "version": 1, "website": address})
    assert response.status_code == 422 and "website" in response.context["form"].errors


# Areas.


def test_placing_by_postcode_shows_its_number_first_and_does_just_that(admin_client, school):
    north, south = Area.objects.get(slug="stoke-north"), Area.objects.get(slug="stoke-south")
    Agency.areas.through.objects.filter(area__in=[north, south]).delete()
    wrong = Agency.objects.filter(sites__postcode__startswith="ST3 ", areas__slug="stoke-on-trent").first()
    by_hand = Agency.objects.get(slug="sotcc")
    for agency in (wrong, by_hand):
        agency.areas.add(north)
    url = reverse("directory:area_place", args=[north.pk])
    found = admin_client.get(url).context["found"]
    assert found.out == (wrong.pk,) and len(found.into) > 5
    response = admin_client.post(url, {"seen": found.seen})
    assert response.status_code == 302
    placed = set(north.agencies.values_list("pk", flat=True))
    assert placed == {*found.into, by_hand.pk}
    assert areas.placing(north) == areas.Placing((), ())
    assert wrong.history.latest().history_user is not None, "a stale edit of it says by whom"


def test_an_organisation_with_a_site_of_unknown_postcode_is_not_taken_out_nor_a_closed_one_placed(admin_client):
    north = Area.objects.get(slug="stoke-north")
    elsewhere = Agency.objects.filter(sites__postcode__startswith="ST3 ", areas__slug="stoke-on-trent")[:2]
    for agency in elsewhere:
        agency.areas.add(north)
    services.add_site(elsewhere[0], by=None, name="Second office", postcode="")
    inside = Agency.objects.filter(sites__postcode__startswith="ST6 ", areas=north, school__isnull=False).first()
    north.agencies.remove(inside)
    Agency.objects.filter(pk=inside.pk).update(ends=date(2020, 1, 1))
    found = areas.placing(north)
    assert elsewhere[0].pk not in found.out and elsewhere[1].pk in found.out
    assert inside.pk not in found.into


def test_a_number_that_changed_meanwhile_places_nobody(admin_client):
    north = Area.objects.get(slug="stoke-north")
    Agency.areas.through.objects.filter(area=north).delete()
    response = admin_client.post(reverse("directory:area_place", args=[north.pk]), {"seen": "1-0"}, follow=True)
    assert "changed since this was counted" in response.content.decode()
    assert not north.agencies.exists()


def test_the_localities_say_that_they_are_a_proposal(reader_client):
    assert "The portal’s own proposal" in reader_client.get(reverse("directory:areas")).content.decode()


def test_a_postcode_lies_in_one_part_and_no_area_in_itself(db):
    north = Area.objects.get(slug="stoke-north")
    with pytest.raises(ValidationError, match="ST6 belongs to North Stoke-on-Trent"):
        areas.add_area(by=None, name="Tunstall", kind="locality", parent=north.parent, postcodes=["ST6"])
    below = areas.add_area(by=None, name="Tunstall", kind="locality", parent=north)
    with pytest.raises(ValidationError, match="not a part of itself"):
        areas.change_area(north, by=None, seen=areas.as_read(north), parent=below)


def test_the_page_says_that_who_has_no_sign_in_cannot_be_reached_and_leaves_out_what_is_not_known(reader_client, duty):
    School.objects.filter(agency__slug="urn-124030").update(establishment_type="", local_authority_code="")
    school = Agency.objects.get(slug="urn-124030")
    contact = duty(school, "case", "Ida Farrow")
    address = reverse("directory:agency", args=[school.pk])
    page = " ".join(reader_client.get(address).content.decode().split())
    assert "They cannot be reached through the portal until they have been invited and have come in." in page
    assert ", ," not in page and "local authority <" not in page and "URN 124030" in page
    User.objects.filter(pk=contact.holder_id).update(is_active=True)
    assert "cannot be reached" not in reader_client.get(address).content.decode()
