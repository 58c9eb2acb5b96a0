"""An action never dies with its owner or its organisation: who has nobody is found, by those who can do something."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.access.services import bar
from partnership.actions import closing, services
from partnership.actions.orphans import AGENCY, NOBODY, OWNER, UNLED, orphans, without_owner
from partnership.actions.sweep import tell_of_orphans
from partnership.notify.models import Notice
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import Role
from partnership.people.services import join
from tests.actions.ground import in_days, make_action, make_group, own_browser, shown


@pytest.fixture
def group(world):
    return make_group(world)


def found(user):
    return {row.pk: row.orphaned for row in orphans(user)}


def leaves(user):
    Membership.objects.filter(user=user).update(ends=timezone.localdate())


def test_what_goes_on_and_has_nobody_is_found_with_its_reason(world, group):
    owners = make_action(world, group)
    ended = make_action(world, group, agency=world.agencies["mpft"], owner=world.lead_other)
    nobodys = make_action(world, group, agency=None, owner=None, owner_words="Sam from the trust")
    answered = make_action(world, group, owner=None)
    quay = Agency.objects.create(slug="quay", name="Quayside Trust", kind=world.agencies["uhnm"].kind)
    unled = make_action(world, group, owner=None, agency=quay)
    assert found(world.manager) == {nobodys.pk: NOBODY, unled.pk: UNLED}
    join(world.nobody, role=Role.AGENCY_LEAD, partnership=world.partnership, agency=quay)
    assert found(world.manager) == {nobodys.pk: NOBODY}, "its lead says who does it"
    leaves(world.colleague)
    agency = world.agencies["mpft"]
    type(agency).objects.filter(pk=agency.pk).update(ends=timezone.localdate())
    assert found(world.manager) == {owners.pk: OWNER, ended.pk: AGENCY, nobodys.pk: NOBODY}
    assert found(world.board_member) == found(world.manager), "the chair manages the group's"
    assert {row.pk for row in without_owner(world.lead_same)} == {owners.pk, answered.pk}


def test_who_went_to_another_organisation_does_not_answer_for_the_old_ones_action(world, group):
    row = make_action(world, group)
    Membership.objects.filter(user=world.colleague).update(agency=world.agencies["mpft"])
    assert found(world.manager) == {row.pk: OWNER}
    services.give(row, by=world.manager, owner=world.colleague, agency=world.agencies["mpft"])
    assert found(world.manager) == {}


def test_an_account_that_rests_for_a_while_leaves_nothing_behind(world, group):
    make_action(world, group)
    User.objects.filter(pk=world.colleague.pk).update(suspended_at=timezone.now())
    assert found(world.manager) == {}
    User.objects.filter(pk=world.colleague.pk).update(is_active=False, closed_at=timezone.now())
    assert list(found(world.manager).values()) == [OWNER]


def test_what_is_over_parked_or_answered_for_by_its_parts_is_no_orphan(world, group):
    over = make_action(world, group)
    closing.cancel(over, by=world.manager, note="The council does it")
    make_action(world, group, parked=True)
    whole = make_action(world, group, owner=None, agency=None)
    services.split(whole, by=world.manager, version=whole.version, parts=[
        {"agency": world.agencies["uhnm"], "owner": world.author, "due_on": in_days(5)}
    ])  # fmt: skip
    leaves(world.colleague)
    assert found(world.manager) == {}


def test_an_orphan_of_a_sealed_folder_is_listed_for_its_people_alone(world):
    row = make_action(world, world.ours.folder)
    leaves(world.colleague)
    assert row.pk in found(world.manager) and row.pk in found(world.case_officer)
    for name in ("officer_outside", "board_member", "lead_same", "barred", "stranger"):
        assert row.pk not in found(world.people[name]), name
        assert row.pk not in {each.pk for each in without_owner(world.people[name])}, name


def test_a_membership_that_has_not_begun_is_none(world, group):
    row = make_action(world, group)
    Membership.objects.filter(user=world.colleague).update(starts=timezone.localdate() + timedelta(days=3))
    assert found(world.manager) == {row.pk: OWNER}


def test_an_action_of_whoever_was_barred_is_found_and_told_as_one_that_nobody_answers_for(world):
    """Nobody reads why: a bar is the person's own matter."""
    row = make_action(world, world.ours.folder)
    assert found(world.case_officer) == {}
    bar(world.ours.folder, world.colleague, by=world.case_officer, reason="operational")
    assert found(world.case_officer) == {row.pk: OWNER}
    assert tell_of_orphans() and not tell_of_orphans(), "told once"
    told = {notice.recipient_id for notice in Notice.objects.filter(kind="action_orphaned", subject_id=row.pk)}
    assert world.case_officer.pk in told and not told & {world.colleague.pk, world.lead_same.pk}
    page = shown(own_browser(world.case_officer), row)
    assert "can no longer open it" in page and "has left" not in page
