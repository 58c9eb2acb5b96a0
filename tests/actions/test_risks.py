"""The register of risks: who sees and edits them, what their score is, and what may not be."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import FolderKind
from partnership.access.rows import can
from partnership.access.services import bar, open_folder
from partnership.actions.models import Plan, Priority, Risk
from partnership.actions.risks import forms, reads, services
from partnership.actions.risks.open_work import risks_owned
from partnership.actions.sources import actions_of, sources_of
from partnership.deadlines.office import office_of
from partnership.people.roles import Perm
from partnership.trail.models import Event
from tests.actions.ground import make_action
from tests.world import sign_in


def make_risk(world, folder, **facts):
    shared = {"what": "Too few social workers", "likelihood": 4, "impact": 5, "by": world.manager}
    return services.add(folder, **(shared | {"owner": world.colleague, "agency": world.agencies["uhnm"]} | facts))


def test_a_risk_is_seen_by_its_group_its_owner_and_the_leads_of_its_organisation(world, group):
    row = make_risk(world, group)
    for name in ("manager", "officer_outside", "board_member", "lead_other", "colleague", "lead_same"):
        assert can(world.people[name], Perm.RISK_VIEW, row), name
    for name in ("author", "school_outside", "directory_admin", "partner_outside", "panel", "nobody"):
        assert not can(world.people[name], Perm.RISK_VIEW, row), name
    editors = {name for name in world.people if can(world.people[name], Perm.RISK_EDIT, row)}
    assert "board_member" in editors and not editors & {"colleague", "lead_same", "lead_other"}
    bar(group, world.colleague, by=world.manager, reason="personal")
    assert not can(world.colleague, Perm.RISK_VIEW, row)


def test_a_risk_belongs_to_a_group_or_the_office_never_to_a_case(world):
    with pytest.raises(PermissionDenied):
        make_risk(world, world.ours.folder)
    meeting = open_folder(
        kind=FolderKind.MEETING, title="A meeting", partnership=world.partnership, by=world.manager, reference="meeting"
    )
    with pytest.raises(ValidationError, match="not to a case"):
        make_risk(world, meeting)
    assert make_risk(world, office_of(world.partnership))


def test_its_score_is_computed_and_a_change_of_it_is_told_in_numbers(world, group):
    row = make_risk(world, group)
    row = services.change(row, by=world.board_member, version=row.version, likelihood=2)
    assert row.score == 10 and reads.band_of(row.score) == "Medium"
    told = Event.objects.get(verb="risk_changed").data
    assert (told["score_before"], told["score"], told["fields"]) == (20, 10, ["likelihood"])
    with pytest.raises(Stale):
        services.change(row, by=world.manager, version=row.version - 1, impact=1)


def test_who_cannot_edit_is_refused_whatever_the_page(world, group):
    row = make_risk(world, group)
    for name in ("colleague", "lead_other", "lead_same"):
        user = world.people[name]
        with pytest.raises(PermissionDenied):
            services.change(row, by=user, version=row.version, impact=1)
        with pytest.raises(PermissionDenied):
            services.close(row, by=user, close_reason="Over")
        with pytest.raises(PermissionDenied):
            make_risk(world, group, by=user)


def test_a_closed_risk_has_its_reason_and_is_reopened_before_it_is_changed(world, group):
    row = make_risk(world, group)
    with pytest.raises(ValidationError, match="Say why"):
        services.close(row, by=world.manager, close_reason=" ")
    row = services.close(row, by=world.manager, close_reason="The posts are filled.")
    assert row.status == Risk.Status.CLOSED and row.closed_by == world.manager
    with pytest.raises(Stale, match="closed now"):
        services.change(row, by=world.manager, version=row.version, impact=1)
    row = services.reopen(row, by=world.manager, close_reason="Three have left again.")
    assert row.status == Risk.Status.OPEN and row.closed_at is None


def test_actions_arise_from_a_risk_and_it_is_told_to_those_alone_who_may_see_it(world, group):
    row = make_risk(world, group)
    action = make_action(world, group, source=row, origin="risk", owner=world.author)
    assert list(actions_of(world.manager, row)) == [action]
    assert sources_of(world.manager, [action])[action.pk].url == reverse("actions:risk", args=[row.pk])
    assert sources_of(world.author, [action]) == {}


def test_an_action_is_added_from_a_risk_which_offers_the_priorities_of_the_plan_in_force(world, group, client):
    today = timezone.localdate()
    old, now = (Plan.objects.create(title=words, starts=today - timedelta(days=90)) for words in ("Old", "Now"))
    Plan.objects.filter(pk=old.pk).update(ends=today)
    for each in (old, now):
        Priority.objects.create(plan=each, kind="strategic", title="Neglect", position=1)
    row = make_risk(world, group)
    offered = forms.AddRiskForm(user=world.manager).fields["priority"]
    assert [offered.label_from_instance(each) for each in offered.queryset] == ["Strategic priority: Neglect"]
    sign_in(client, world.manager)
    page = reverse("actions:risk_action", args=[row.pk])
    assert page in client.get(reverse("actions:risk", args=[row.pk])).content.decode()
    sent = {"what": "Hire", "owner": f"{world.agencies['uhnm'].pk}:{world.colleague.pk}", "when": "days", "days": "10"}
    agreed = {f"agreed_on_{part}": getattr(today, part) for part in ("day", "month", "year")}
    client.post(page, sent | agreed)
    (action,) = actions_of(world.manager, row)
    assert (action.what, action.origin, action.folder) == ("Hire", "risk", group)
    sign_in(client, world.colleague)
    assert client.get(page).status_code == 403, "the owner of a risk adds none"


def test_the_list_has_the_highest_first_and_a_matrix_of_what_is_seen(world, group, client):
    low = make_risk(world, group, likelihood=1, impact=2, what="A small thing")
    high = make_risk(world, group, owner=world.officer, agency=None)
    sign_in(client, world.manager)
    page = client.get(reverse("actions:risks")).content.decode()
    assert page.index(high.reference) < page.index(low.reference)
    assert "likelihood=4&amp;impact=5" in page
    page = client.get(reverse("actions:risks"), {"score": "high"}).content.decode()
    assert high.reference in page and low.reference not in page
    assert client.get(reverse("actions:risks"), {"likelihood": "9"}).status_code == 422
    sign_in(client, world.colleague)
    page = client.get(reverse("actions:risks")).content.decode()
    assert low.reference in page and high.reference not in page, "the owner sees hers"
    assert group.title not in page, "and learns of no group that she does not sit on"


def test_whoever_leaves_hands_her_risks_over_or_leaves_them_vacant(world, group):
    row = make_risk(world, group)
    (held,) = risks_owned(world.colleague)
    assert held.candidates(world.lead_same) is None, "a lead does not change a risk"
    assert set(held.candidates(world.manager)) >= {world.author, world.lead_same}
    held.hand_over(world.author, by=world.manager)
    assert list(risks_owned(world.colleague)) == []
    (held,) = risks_owned(world.author)
    held.vacate(by=world.lead_same)
    row.refresh_from_db()
    assert row.owner is None and row.status == Risk.Status.OPEN


def test_two_who_edit_at_once_see_both_texts(world, group, client):
    row = make_risk(world, group)
    sign_in(client, world.manager)
    data = {"what": "Mine", "likelihood": "4", "impact": "5", "version": row.version}
    services.change(row, by=world.board_member, version=row.version, what="Theirs")
    response = client.post(reverse("actions:risk_edit", args=[row.pk]), data)
    assert response.status_code == 409
    assert "Mine" in response.content.decode() and "Theirs" in response.content.decode()
    page = client.get(reverse("actions:risk", args=[row.pk])).content.decode()
    assert "Theirs" in page
