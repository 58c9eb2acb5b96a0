"""Who assists a member: reads the open meeting, answers whether the member comes, and no more."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.calling import answering, assistants, services
from boards.groups import services as groups
from boards.groups.grants import sync
from boards.models import Assistant, Meeting, Proposal
from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.people.models import Membership
from partnership.people.roles import Perm, Role
from tests.actions.ground import make_action
from tests.boards import making
from tests.boards.calling.ground import WHY, invited, seat
from tests.world import person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def assistant(world):
    return person("secretary", Role.AGENCY_STAFF, world.agencies["uhnm"])


def roles(group, user):
    rows = FolderGrant.objects.live().filter(content_object=group.folder_id, user=user).select_related("permission")
    return {row.role for row in rows}


def test_an_assistant_reads_the_open_meeting_and_answers_whether_the_member_comes_and_no_more(
    world, group, called, assistant
):
    assistants.name_assistant(world.colleague, assistant=assistant)
    assert roles(group, assistant) == {Role.ASSISTANT} and sync() == (0, [])
    hidden = making.restricted_item(called, "A hidden matter", by=world.manager)
    action = make_action(world, group.folder, what="Review the pathway")
    assert can(assistant, Perm.MEETING_VIEW, called)
    assert not can(assistant, Perm.MEETING_VIEW, hidden) and not can(assistant, Perm.ACTION_VIEW, action)
    client, url = sign_in(Client(), assistant), reverse("boards:reply", args=[called.pk])
    page = client.get(url)
    assert page.status_code == 200 and "Review the pathway" not in page.content.decode()
    assert "title" not in page.context["form"].fields
    client.post(url, {"answer": "coming", "read": page.context["form"]["read"].value(), "title": "Smuggled"})
    row = invited(called, world.colleague)
    assert (row.answer, row.answered_by) == ("coming", assistant) and not Proposal.objects.unscoped(WHY).exists()
    with pytest.raises(PermissionDenied):
        answering.answer(invited(called, world.lead_other), by=assistant, answer="coming")
    keeper = sign_in(Client(), world.officer).get(reverse("boards:group", args=[group.pk])).content.decode()
    assert f"Assistant: {assistant.name}" in keeper


def test_an_assistant_answers_nothing_of_a_case(world, assistant):
    group = making.group(world)
    seat(world, group, world.panel, agency=world.agencies["icb"])
    helper = person("icb_secretary", Role.AGENCY_STAFF, world.agencies["icb"])
    assistants.name_assistant(world.panel, assistant=helper)
    meeting = Meeting.objects.create(
        folder=world.ours.folder, title="Panel", starts_at=timezone.now() + timedelta(days=3)
    )
    services.invite(meeting, by=world.officer, user=world.panel)
    services.call(meeting, by=world.officer)
    assert not can(helper, Perm.MEETING_VIEW, meeting)
    access.grant(world.ours.folder, helper, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    with pytest.raises(PermissionDenied):
        answering.answer(invited(meeting, world.panel), by=helper, answer="coming")


def test_assisting_ends_by_either_with_the_seat_and_with_the_organisation(world, group, assistant):
    row = assistants.name_assistant(world.colleague, assistant=assistant)
    with pytest.raises(PermissionDenied):
        assistants.end(row, by=world.lead_other)
    assistants.end(row, by=assistant)
    assert roles(group, assistant) == set()
    assistants.name_assistant(world.colleague, assistant=assistant)
    Membership.objects.filter(user=assistant).update(ends=timezone.localdate())
    assert assistants.sweep() == 1 and sync()[0] == 0 and roles(group, assistant) == set()
    Membership.objects.filter(user=assistant).update(ends=None)
    assistants.name_assistant(world.colleague, assistant=assistant)
    groups.end_seat(group.seats.get(user=world.colleague), by=world.manager, ends=timezone.localdate())
    assert roles(group, assistant) == set(), "what came with the seat went with the seat"
    assert assistants.sweep() == 1 and not Assistant.objects.live().exists()
    with pytest.raises(ValidationError, match="sit on no group"):
        assistants.name_assistant(world.colleague, assistant=assistant)


def test_only_a_colleague_can_be_named_and_who_has_a_seat_keeps_what_it_gives(world, group, assistant):
    with pytest.raises(ValidationError, match="does not belong"):
        assistants.name_assistant(world.colleague, assistant=world.lead_other)
    seat(world, group, assistant, agency=world.agencies["uhnm"])
    assistants.name_assistant(world.colleague, assistant=assistant)
    assert roles(group, assistant) == {Role.GROUP_MEMBER}
    page = sign_in(Client(), world.colleague).get(reverse("boards:assistants")).content.decode()
    assert assistant.name in page and world.lead_other.name not in page
