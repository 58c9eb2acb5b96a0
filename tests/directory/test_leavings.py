"""The list of leavings: found again when they are over, by those alone who may see each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory.leaving import services
from partnership.people.roles import Role
from tests.world import person, sign_in


@pytest.fixture
def over(world):
    """One finished at one hospital, one being prepared, one planned and one given up; two at another body."""
    today, uhnm = timezone.localdate(), world.agencies["uhnm"]
    made = {}
    for name, agency, days in (
        ("finished", uhnm, 0), ("prepared", uhnm, 9), ("ready", uhnm, 9), ("stays", uhnm, 9),
        ("elsewhere", world.agencies["mpft"], 0),
    ):  # fmt: skip
        user = person(name, Role.AGENCY_STAFF, agency, world.partnership)
        made[name] = services.start(
            user, by=world.manager, agency=agency, altogether=True, last_day=today + timedelta(days=days)
        )
    for name in ("finished", "ready", "elsewhere"):
        services.finish(made[name], by=world.manager)
    services.cancel(made["stays"], by=world.manager)
    return made


def listed(user, **asked):
    page = sign_in(Client(), user).get(reverse("directory:leavings"), asked)
    assert page.status_code == 200
    return {row.pk for row in page.context["found"]}


def test_a_finished_leaving_is_found_by_its_person_its_organisation_and_its_state(world, over):
    every = {row.pk for row in over.values()}
    assert listed(world.manager) == every
    assert listed(world.manager, state="done") == {over["finished"].pk, over["elsewhere"].pk}
    assert listed(world.manager, state="planned") == {over["ready"].pk}
    assert listed(world.manager, state="cancelled") == {over["stays"].pk}
    assert listed(world.manager, q=over["finished"].user.name) == {over["finished"].pk}
    assert listed(world.manager, q=world.agencies["mpft"].name, state="done") == {over["elsewhere"].pk}
    home = sign_in(Client(), world.manager).get(reverse("directory:departures")).content.decode()
    assert reverse("directory:leavings") in home


def test_a_lead_finds_the_leavings_of_her_own_organisation_alone(world, over):
    assert listed(world.lead_same) == {row.pk for name, row in over.items() if name != "elsewhere"}
    assert listed(world.lead_same, q=over["elsewhere"].user.name) == set()
    refused = sign_in(Client(), world.colleague).get(reverse("directory:leavings"))
    assert refused.status_code == 403


def test_a_state_that_does_not_exist_shows_no_list(world, over):
    page = sign_in(Client(), world.manager).get(reverse("directory:leavings"), {"state": "forged"})
    assert page.status_code == 422 and "No list is shown" in page.content.decode()
