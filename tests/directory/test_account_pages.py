"""'Your account': what one reads and changes of oneself, and nothing of anybody else."""

import pytest
from django.urls import reverse

from partnership.access import services as access
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.directory.accounts import browser, fresh, page
from tests.world import person

ACCOUNT, ACCESS, ROLES = (reverse(f"directory:{name}") for name in ("account", "account_access", "account_roles"))
DETAILS = {"name": "Ivy  Osier\r\nBcc: x", "job_title": "Nurse", "telephone": "+44 1782 000000 ext 12"}


def test_details_are_ones_own_on_one_line_and_the_trail_keeps_names_of_fields(world):
    user = world.colleague
    client = browser(user)
    assert client.post(ACCOUNT, DETAILS | {"email": "a@b.example", "is_active": "", "suspended_at": "2026-01-01"})
    now = fresh(user)
    assert (now.name, now.job_title, now.telephone) == ("Ivy Osier Bcc: x", "Nurse", "+44 1782 000000 ext 12")
    assert (now.email, now.is_active, now.suspended_at) == (user.email, True, None)
    event = Event.objects.get(verb="details_changed")
    assert set(event.data["fields"]) == {"name", "job_title", "telephone"} and "Osier" not in str(event.data)


@pytest.mark.parametrize("facts", [{"name": " "}, {"telephone": "ring me"}, {"name": "x" * 201}])
def test_what_is_wrong_is_said_at_its_field(world, facts):
    answer = browser(world.colleague).post(ACCOUNT, DETAILS | facts)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(facts)


def test_what_i_may_see_names_my_grants_and_returns_with_the_reason(world):
    body = browser(world.case_officer).get(ACCESS).content.decode()
    for words in (world.ours.folder.reference, "Case officer", "canary-ours-reason", world.officer.name):
        assert words in body
    assert world.theirs.folder.reference not in body
    body = browser(world.author).get(ACCESS).content.decode()
    assert "You are its named author" in body and world.ours.folder.reference in body


def test_my_bars_are_shown_without_the_case_and_nobody_elses(world):
    body = browser(world.barred).get(ACCESS).content.decode()
    assert "Knows the child or family" in body and world.officer.name in body
    assert world.ours.folder.reference not in body
    assert "1 other access of yours opens nothing" in body
    assert "conflict of interest" not in browser(world.case_officer).get(ACCESS).content.decode()


def test_roles_are_told_in_words_with_their_organisation(world):
    body = browser(world.lead_same).get(ROLES).content.decode()
    assert "Agency safeguarding lead" in body and world.agencies["uhnm"].name in body
    assert "look after who works at your organisation" in body
    assert "sign for a safeguarding partner" not in body


def test_every_page_of_the_account_leads_to_the_others(world):
    client = browser(world.colleague)
    pages = [
        ACCOUNT,
        ACCESS,
        ROLES,
        reverse("directory:account_sessions"),
        reverse("notify:preferences"),
        "/account/second-factor/",
    ]
    for here in pages:
        body = client.get(here).content.decode()
        assert 'aria-current="page"' in body
        assert [each for each in pages if f'href="{each}"' not in body] == [], here


def test_a_person_is_reached_from_their_organisation_by_those_who_look_after_it(world):
    here = page("person", world.colleague)
    agency = reverse("directory:agency", args=[world.agencies["uhnm"].pk])
    for name, may in (("lead_same", True), ("directory_admin", False), ("lead_other", False), ("author", False)):
        client = browser(world.people[name])
        assert (here in client.get(agency).content.decode()) is may, name
        assert client.get(here).status_code == (200 if may else 404), name


def test_a_lead_reads_that_a_request_waits_and_not_what_was_said(world):
    from partnership.directory.requests.case_roles import ask_for_role

    lead = person("lead_icb", Role.AGENCY_LEAD, world.agencies["icb"], world.partnership)
    ask_for_role(world.panel, Role.DELEGATED_PARTNER, world.agencies["icb"], by=world.officer)
    body = browser(lead).get(page("person", world.panel)).content.decode()
    assert "A new role" in body and "/directory/requests/" not in body


def test_a_grant_to_a_suspended_person_opens_nothing_until_it_is_decided(world):
    from partnership.directory.requests import addresses, services

    asked = addresses.ask_for_address(world.panel, "panel.new@portal.example", by=world.panel)
    access.grant(world.ours.folder, world.panel, Role.CASE_OFFICER, by=world.officer, reason="Needed.")
    review = reverse("reviews:review", args=[world.ours.review.pk])
    client = browser(fresh(world.panel))
    assert client.get(review).status_code == 404
    assert world.ours.folder.reference not in client.get(ACCESS).content.decode()
    services.withdraw(asked, by=fresh(world.panel))
    assert client.get(review).status_code == 200
