"""'People with access' has everybody who can open something: those on the case, and those named on a part of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.people.models import User
from reviews.answering import parts as answering
from tests.reviews import guests


def listed(client, world):
    page = client.get(reverse("access:people", args=[world.ours.folder.pk]))
    return {(part.name, part.why) for part in page.context["parts"]}, " ".join(page.content.decode().split())


@pytest.fixture
def named(world):
    """The trust's return with a helper and its body's co-ordinator; a guest who has come in."""
    row = world.ours.returns["uhnm"]
    answering.name_helper(row, by=world.author, helper=world.colleague)
    answering.name_coordinator(world.ours.review, by=world.officer, agency=world.agencies["uhnm"], user=world.lead_same)
    return guests.joined(world)


def test_authors_helpers_coordinators_and_guests_stand_there_with_what_they_may_open(world, named, sign_in):
    found, page = listed(sign_in(world.panel), world)
    assert (world.author.name, "Named author of the return") in found
    assert (world.author_other.name, "Named author of the return") in found
    assert (world.colleague.name, "Helps to write the return") in found
    assert (world.lead_same.name, "Co-ordinator of the organisation") in found
    assert "Guest, asked for one return" in {why for _, why in found}
    assert "Their own return only, and whom to search for until it is finished" in page


def test_a_scrutineer_is_not_told_who_writes(world, named, sign_in):
    found, page = listed(sign_in(world.scrutineer), world)
    assert found == set() and world.author.name not in page and world.colleague.name not in page


def test_who_can_open_nothing_is_not_said_to_have_access(world, named, sign_in):
    access.bar(world.ours.folder, world.colleague, by=world.officer, reason="personal")
    User.objects.filter(pk=world.author_other.pk).update(is_active=False)
    world.author.memberships.update(starts=None, ends=timezone.localdate())
    names = {name for name, _ in listed(sign_in(world.officer), world)[0]}
    assert not names & {world.colleague.name, world.author_other.name, world.author.name}
    assert world.lead_same.name in names
