"""An organisation that takes a new name is still found by the old one."""

import pytest
from django.urls import reverse

from partnership.people.models import Agency, Alias
from tests.directory.conftest import names, page_of
from tests.directory.registers import preview, school, table, take
from tests.directory.test_editing import address, facts_of, said

LIST = "/directory/"


def renamed_by_register():
    take(preview(table(school())))
    take(preview(table(school(EstablishmentName="Marl Bank Academy"))))
    return Agency.objects.get(school__urn=999001)


def test_a_school_that_the_register_renames_is_found_by_its_old_name_and_says_so(world, admin_client):
    agency = renamed_by_register()
    found = admin_client.get(LIST, {"q": "canal bridge primary"})
    assert names(found) == ["Marl Bank Academy"]
    assert "formerly Canal Bridge Primary School" in said(found)
    assert "formerly Canal Bridge Primary School" in said(admin_client.get(page_of(agency)))


def test_a_name_that_a_register_gives_back_is_no_former_name(world):
    agency = renamed_by_register()
    take(preview(table(school())))
    assert list(agency.aliases.values_list("name", "former")) == [("Marl Bank Academy", True)]


def test_a_name_changed_by_hand_stays_as_a_former_one(admin_client, council):
    admin_client.post(address("agency_edit", council), facts_of(council, name="Stoke City Council"))
    assert Alias.objects.filter(agency=council, name="Stoke-on-Trent City Council", former=True).exists()
    assert "Stoke City Council" in names(admin_client.get(LIST, {"q": "stoke on trent city council"}))


@pytest.mark.parametrize(
    "changed", [{"name": "STOKE-ON-TRENT CITY COUNCIL"}, {"name": "Stoke City Council", "slip": "on"}]
)
def test_neither_another_spelling_nor_a_slip_leaves_a_former_name(admin_client, council, changed):
    admin_client.post(address("agency_edit", council), facts_of(council, **changed))
    council.refresh_from_db()
    assert council.name == changed["name"]
    assert not council.aliases.filter(former=True).exists()


def test_a_former_name_stands_apart_in_the_file_that_is_taken_out(admin_client, world):
    renamed_by_register()
    answer = admin_client.post(reverse("directory:agencies_export") + "?q=marl+bank", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert "Formerly" in lines[4]
    assert "Canal Bridge Primary School" in lines[5]
