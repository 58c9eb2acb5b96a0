"""Who sees which action: its folder's people, its owner, and, of an open folder, the leads of its organisation."""

import pytest

from partnership.access.casereach import has_case_reach
from partnership.access.rows import can, powers
from partnership.access.services import bar
from partnership.actions import dates, rating, services
from partnership.actions.models import Action, DateChange, Evidence, RagOverride, Update
from partnership.people.roles import Perm
from tests.actions.ground import in_days, make_action, make_group


def seen(user):
    return set(Action.objects.visible_to(user).values_list("pk", flat=True))


def test_an_action_of_an_open_group_is_seen_by_the_group_its_owner_and_the_leads_of_its_organisation(world):
    row = make_action(world, make_group(world, members=[world.lead_other]))
    for name in ("manager", "officer_outside", "board_member", "lead_other", "colleague", "lead_same"):
        assert row.pk in seen(world.people[name]), name
    for name in ("author", "school_outside", "directory_admin", "operator", "nobody", "partner_outside", "panel"):
        assert row.pk not in seen(world.people[name]), name


def test_an_action_of_a_sealed_folder_is_its_owners_and_nobody_elses_of_the_organisation(world):
    row = make_action(world, world.ours.folder)
    assert row.sensitive, "no mail carries a word of it"
    assert row.pk in seen(world.colleague) and row.pk in seen(world.manager) and row.pk in seen(world.panel)
    for name in ("lead_same", "author", "officer_outside", "board_member", "partner_outside", "barred"):
        assert row.pk not in seen(world.people[name]), name


def test_whoever_is_barred_from_the_folder_does_not_see_an_action_of_theirs(world):
    group = make_group(world)
    row = make_action(world, group)
    bar(group, world.colleague, by=world.manager, reason="personal")
    assert row.pk not in seen(world.colleague)


def test_what_is_said_of_an_action_opens_with_it(world):
    group = make_group(world)
    row = make_action(world, group)
    services.update(row, by=world.colleague, words="We have begun.")
    services.add_evidence(row, by=world.colleague, words="Minutes of the trust's board.")
    dates.ask_date(row, by=world.colleague, wanted=in_days(40), reason="Leave")
    rating.rate(row, by=world.manager, colour="amber", reason="The trust is short of staff")
    for model in (Update, Evidence, DateChange, RagOverride):
        for name in ("colleague", "lead_same", "manager", "board_member"):
            assert model.objects.visible_to(world.people[name]).filter(action=row).exists(), (model, name)
        for name in ("author", "lead_other", "school_outside"):
            assert not model.objects.visible_to(world.people[name]).filter(action=row).exists(), (model, name)
        one = model.objects.visible_to(world.manager).select_related("action").get(action=row)
        for name in ("colleague", "lead_same"):
            assert Perm.ACTION_ANSWER in powers(world.people[name], [one])[one.pk], "the row rule says so in memory too"


def test_an_owner_answers_and_does_not_manage_or_approve(world):
    row = make_action(world, make_group(world))
    held = {perm for perm in Perm if can(world.colleague, perm, row)}
    assert held == {Perm.ACTION_VIEW, Perm.ACTION_ANSWER}
    assert Perm.ACTION_APPROVE not in powers(world.officer_outside, [row])[row.pk], "an officer approves nothing"
    assert Perm.ACTION_APPROVE in powers(world.board_member, [row])[row.pk]


def test_an_ordinary_action_asks_for_no_second_factor_and_a_sensitive_one_or_one_of_a_case_does(
    world, django_assert_max_num_queries
):
    row = make_action(world, make_group(world))
    with django_assert_max_num_queries(2):  # the reach, and one question of all that names people: at every request
        assert not has_case_reach(world.colleague), "a practitioner with an ordinary action is near no case"
    row = services.change(row, by=world.manager, version=row.version, sensitive=True)
    assert has_case_reach(world.colleague), "it is answered after the full sign-in only"
    services.change(row, by=world.manager, version=row.version, sensitive=False)
    assert not has_case_reach(world.colleague)
    make_action(world, world.ours.folder)
    assert has_case_reach(world.colleague)


def test_a_suspended_owner_sees_no_action(world):
    row = make_action(world, make_group(world))
    world.colleague.suspended_at = world.colleague.created_at
    world.colleague.save()
    assert row.pk not in seen(world.colleague)


@pytest.mark.parametrize("name", ["author", "lead_other", "school_outside", "nobody"])
def test_nobody_else_can_write_to_it(world, name):
    from django.core.exceptions import PermissionDenied

    row = make_action(world, make_group(world))
    with pytest.raises(PermissionDenied):
        services.update(row, by=world.people[name], words="Not mine")
    with pytest.raises(PermissionDenied):
        dates.ask_date(row, by=world.people[name], wanted=in_days(60), reason="Not mine")
    with pytest.raises(PermissionDenied):
        services.add_evidence(row, by=world.people[name], words="Not mine")
