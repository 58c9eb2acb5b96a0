"""A school that is added by hand stands in the lists of its phase, its area and its Schedule item at once."""

import pytest

from partnership.people.models import Agency, School
from tests.directory.conftest import names
from tests.directory.test_editing import address, said

NEW = {
    "name": "Marl Bank Primary School",
    "kind": "school",
    "urn": "199999",
    "establishment_type": "Community school",
    "local_authority_code": "861",
    "town": "Stoke-on-Trent",
    "postcode": "st6 1aa",
}


@pytest.fixture
def add(admin_client):
    def post(**changed):
        answer = admin_client.post(address("agency_add"), NEW | changed)
        return answer if answer.status_code == 422 else Agency.objects.get(school__urn=199999)

    return post


def areas(agency):
    return sorted(area.slug for area in agency.areas.all())


def test_it_is_in_the_list_of_its_phase_in_its_part_of_the_city(add, admin_client):
    agency = add()
    found = admin_client.get("/directory/", {"phase": "primary", "area": "stoke-north", "item": "4"})
    assert agency.name in names(found)
    site = agency.sites.get()
    assert (site.name, site.town, site.postcode) == (agency.name, "Stoke-on-Trent", "ST6 1AA")
    assert site.history.get().history_user.name == "Ada Merrow"


def test_a_phase_read_off_the_name_says_so_and_a_chosen_one_does_not(add):
    add()
    assert School.objects.get(urn=199999).phase_from_name
    Agency.objects.filter(school__urn=199999).update(slug="another")
    School.objects.filter(urn=199999).update(urn=199998)
    add(phase="All-through", name="Marl Bank School")
    school = School.objects.get(urn=199999)
    assert (school.phase, school.phase_from_name) == ("All-through", False)


@pytest.mark.parametrize(
    ("name", "kind", "phase"),
    [
        ("Marl Bank School", "Academy special converter", "Special"),
        ("Marl Bank College", "Further education", "16 plus"),
        ("Marl Bank Unit", "Pupil referral unit", "Not applicable"),
    ],
)
def test_the_type_says_the_phase_where_the_name_does_not(add, name, kind, phase):
    add(name=name, establishment_type=kind)
    assert School.objects.get(urn=199999).phase == phase


def test_where_neither_says_the_phase_it_is_asked_for_and_nothing_typed_is_lost(add):
    answer = add(name="Marl Bank Academy")
    assert "Select the phase: neither the name nor the type says it." in said(answer)
    assert 'value="199999"' in said(answer)


def test_a_school_is_asked_for_its_postcode_and_no_other_organisation_is(add, admin_client):
    assert "Enter the postcode of the school" in said(add(postcode=""))
    assert "like ST4 1HH" in said(add(postcode="Stoke"))
    body = {"name": "Marl Bank Trust", "kind": "provider"}
    assert admin_client.post(address("agency_add"), body).status_code == 302


def test_an_area_that_was_ticked_is_not_replaced_by_one_of_its_kind(add):
    from partnership.people.models import Area

    ticked = Area.objects.get(slug="stoke-south")
    assert areas(add(areas=[str(ticked.pk)])) == ["stoke-on-trent", "stoke-south"]
