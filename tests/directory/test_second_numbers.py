"""Two records of one school, each with a number: one of the numbers is wrong, and two people must say so."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.history import history_of
from partnership.directory.merging import services as merging
from partnership.directory.models import SecondNumber
from partnership.notify.models import Notice
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.directory.conftest import names, page_of
from tests.directory.registers import preview, school, table
from tests.directory.test_editing import said
from tests.world import sign_in


@pytest.fixture
def pair(administrator):
    """(kept, second): one school under two numbers."""
    made = []
    for urn in (999001, 999002):
        facts = {"urn": urn, "local_authority_code": "861", "establishment_type": "Community school"}
        site = {"town": "Longton", "postcode": "ST3 9ZZ"}
        made.append(
            services.add_agency(
                by=administrator, name="Canal Bridge Primary School", kind="school", school=facts, site=site
            )
        )
    return made


@pytest.fixture
def second_person(db):
    return open_account(email="second@portal.example", name="Sol Teal", role=Role.BUSINESS_UNIT)


def address(agency):
    return reverse("directory:agency_merge", args=[agency.pk])


def ask(client, kept, second, reason="Entered twice: the register says so."):
    return client.post(address(second), {"keep": str(kept.pk), "act": "ask", "reason": reason})


def merge(client, kept, second):
    seen = merging.seen_of(Agency.objects.get(pk=kept.pk), Agency.objects.get(pk=second.pk))
    return client.post(address(second), {"keep": str(kept.pk), "seen": seen})


def test_one_person_cannot_merge_them_and_a_second_one_can(admin_client, administrator, second_person, pair):
    kept, second = pair
    assert ask(admin_client, kept, second).status_code == 302
    assert merge(admin_client, kept, second).status_code == 409
    assert [each.recipient for each in Notice.objects.filter(kind="second_number_said")] == [second_person]
    client = sign_in(admin_client, second_person)
    assert "Look at both" in said(client.get(page_of(second)))
    page = said(client.get(address(second), {"keep": str(kept.pk)}))
    assert "Entered twice: the register says so." in page and "You are the second person" in page
    assert merge(client, kept, second).status_code == 302
    second.refresh_from_db()
    assert second.merged_into == kept
    answered = SecondNumber.objects.get()
    assert (answered.agreed, answered.asked_by, answered.answered_by) == (True, administrator, second_person)


def test_merged_it_stays_in_no_list_whatever_the_register_says_next_and_it_can_be_taken_back(
    admin_client, administrator, second_person, pair
):
    kept, second = pair
    merging.ask_second(second, into=kept, by=administrator, reason="Entered twice.")
    done = merging.merge(second, into=kept, by=second_person, seen=merging.seen_of(kept, second))
    assert names(admin_client.get("/directory/", {"q": "canal bridge"})) == [kept.name]
    batch = preview(table(school(999002)))
    assert batch.left_out == {"merged with another record of the directory": 1}
    merging.undo(done, by=second_person)
    second.refresh_from_db()
    assert (second.merged_into, second.school.urn, kept.school.urn) == (None, 999002, 999001)


def test_the_second_person_may_say_that_they_are_two_schools(admin_client, administrator, second_person, pair):
    kept, second = pair
    asked = merging.ask_second(second, into=kept, by=administrator, reason="Entered twice.")
    client = sign_in(admin_client, second_person)
    assert client.post(reverse("directory:second_number_refuse", args=[asked.pk])).status_code == 302
    assert merge(client, kept, second).status_code == 409
    second.refresh_from_db()
    assert second.merged_into is None
    assert any("no second record of Canal Bridge" in each.title for each in history_of(second))
    with pytest.raises(Stale):
        merging.refuse_second(asked, by=administrator)


def test_how_one_knows_is_asked_for_and_said_once(admin_client, administrator, pair):
    kept, second = pair
    answer = ask(admin_client, kept, second, reason=" ")
    assert answer.status_code == 422
    assert "Enter how you know that the two are one school." in said(answer)
    merging.ask_second(second, into=kept, by=administrator, reason="Entered twice.")
    with pytest.raises(ValidationError, match="said of the record already"):
        merging.ask_second(second, into=kept, by=administrator, reason="Again.")


def test_where_more_stands_in_the_way_nobody_is_asked(administrator, pair):
    kept, second = pair
    services.add_succession(
        by=administrator, predecessor=second, successor=kept, on=timezone.localdate(), kind="replaced"
    )
    with pytest.raises(ValidationError, match="successor of the other"):
        merging.ask_second(second, into=kept, by=administrator, reason="Entered twice.")


def test_records_of_one_name_are_told_apart_where_one_is_chosen_and_the_preview_says_until_when(admin_client, pair):
    kept, second = pair
    page = said(admin_client.get(address(second)))
    assert "School; URN 999001; Longton ST3 9ZZ" in page
    services.add_alias(second, by=None, name="The Bridge")
    other = services.add_agency(by=None, name="Canal Bridge Primary School Trust", kind="provider")
    page = said(admin_client.get(address(other), {"keep": str(kept.pk)}))
    assert "no number and no address recorded" in page
    assert "it can be taken back until" in page
