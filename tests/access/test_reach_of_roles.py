"""How far a role reaches over rows that no folder holds: one's own organisation, or the whole partnership."""

import pytest
from django.urls import reverse

from partnership.access.page import page
from partnership.access.rows import allowing, can
from partnership.people.models import Agency, Alias, Membership
from partnership.people.roles import Perm
from tests.world import sign_in


@pytest.mark.parametrize(
    "persona, own, other",
    [
        ("lead_same", True, False),
        ("lead_other", False, True),
        ("colleague", False, False),
        ("officer", True, True),
        ("directory_admin", False, False),
        ("board_member", False, False),
        ("nobody", False, False),
    ],
)
def test_a_lead_keeps_the_people_of_her_own_organisation_and_the_unit_of_all(world, persona, own, other):
    user = world.people[persona]
    assert can(user, Perm.COLLEAGUES, world.agencies["uhnm"]) is own
    assert can(user, Perm.COLLEAGUES, world.agencies["mpft"]) is other
    theirs = Membership.objects.get(user=world.author, agency=world.agencies["uhnm"])
    assert can(user, Perm.COLLEAGUES, theirs) is own


def test_a_lead_sees_every_organisation_and_changes_none(world):
    assert allowing(Agency, world.lead_same, Perm.DIRECTORY_VIEW).count() == Agency.objects.count()
    assert not allowing(Agency, world.lead_same, Perm.DIRECTORY_EDIT).exists()


def test_a_page_of_an_organisations_people_opens_to_its_lead_and_to_no_other_lead(world, rf):
    from django.core.exceptions import PermissionDenied
    from django.http import HttpResponse

    view = page(Perm.COLLEAGUES, Agency)(lambda request, row: HttpResponse(row.name))
    request = rf.get("/")
    request.user, request.htmx = world.lead_same, False
    assert view(request, pk=world.agencies["uhnm"].pk).content.decode() == world.agencies["uhnm"].name
    with pytest.raises(PermissionDenied):
        view(request, pk=world.agencies["mpft"].pk)


def test_the_address_of_a_button_says_that_there_is_nothing_to_open(world, client):
    sign_in(client, world.directory_admin)
    alias = Alias.objects.create(agency=world.agencies["mpft"], name="Another")
    answer = client.get(reverse("directory:alias_remove", args=[alias.pk]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing to open here" in answer.content.decode()
