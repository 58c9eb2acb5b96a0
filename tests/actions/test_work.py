"""Home, 'what I may see' and leaving: what waits for somebody is there, grouped when it is much, and never widens."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import scope
from partnership.access.mine import named_rows
from partnership.access.open_work import open_work_of
from partnership.access.services import bar
from partnership.access.work import work_of
from partnership.actions import closing, dates, services, work
from partnership.actions.models import Action
from partnership.directory.leaving import services as leaving
from partnership.directory.leaving.reads import items_of
from partnership.directory.models import HandOver
from partnership.people.models import Membership
from partnership.people.roles import Role
from partnership.ui.dates import plain
from tests.actions.ground import in_days, make_action, make_group
from tests.actions.test_orphans import leaves
from tests.walk.post import day
from tests.world import person


@pytest.fixture
def group(world):
    return make_group(world)


def lines(user):
    return [each.what for each in work_of(user)[0] if "A-" in each.what or "action" in each.what]


def held(user, start):
    return {item.key: item for item in open_work_of(user) if item.key.startswith(start)}


def test_my_due_actions_stand_on_home_and_many_are_one_line_with_the_soonest_day(world, group):
    make_action(world, group, what="In the far future", due_on=in_days(200))
    near = [make_action(world, group, what=f"Near {n}", due_on=in_days(1 + n)) for n in range(3)]
    assert [line.split(": ")[1] for line in lines(world.colleague)] == ["Near 0", "Near 1", "Near 2"]
    make_action(world, group, due_on=in_days(2))
    Action.objects.filter(pk=near[0].pk).update(due_on=in_days(-5))
    (found,) = [each for each in work_of(world.colleague)[0] if "actions of yours" in each.what]
    assert found.what == "4 actions of yours are due or near" and found.note == "1 overdue"
    assert found.due_on == in_days(-5)
    services.update(near[1], by=world.colleague, words="Under way")
    assert len(lines(world.colleague)) == 3, "what was answered and is not overdue waits no longer"


def test_what_came_back_stands_first_and_what_has_no_line_is_counted_in_one(world, group):
    row = make_action(world, group, what="In the far future", due_on=in_days(200))
    _, (told,), _ = work_of(world.colleague)
    assert told.what == f"You own 1 action, due {plain(in_days(200))}"
    services.add_evidence(row, by=world.colleague, words="The pathway.")
    closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
    row = closing.send_back(row, by=world.board_member, note="Where is the audit?")
    make_action(world, group, what="Near", due_on=in_days(1))
    first, near = work_of(world.colleague)[0]
    assert "In the far future" in first.what and first.standing[0] == "Came back" and "Near" in near.what
    assert work_of(world.colleague)[1] == [], "each has a line of its own"
    services.update(row, by=world.colleague, words="It is under way.")
    assert [each.what for each in work_of(world.colleague)[1]] == [
        f"You own 2 actions, the earliest is due {plain(in_days(1))}"
    ]


def test_closings_are_one_line_to_the_page_where_they_are_approved_together(world, group):
    for n in range(2):
        row = make_action(world, group, what=f"Done {n}")
        services.add_evidence(row, by=world.colleague, words="The pathway.")
        closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
    (found,) = [each for each in work_of(world.board_member)[0] if "approval" in each.what]
    assert (found.what, found.url) == ("2 actions wait for your approval to be closed", reverse("actions:to_approve"))


def test_what_waits_for_a_decision_is_on_home_of_who_decides_nearest(world, group):
    row = make_action(world, group)
    services.add_evidence(row, by=world.colleague, words="The pathway.")
    closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
    other = make_action(world, group, what="Another")
    dates.ask_date(other, by=world.colleague, wanted=in_days(60), reason="Leave")
    found = lines(world.board_member)
    assert any(line.startswith("Approve the closing of") for line in found)
    assert any(line.startswith("Say whether") for line in found)
    for name in ("manager", "officer", "colleague", "lead_same", "author"):
        assert not any("Approve" in line or "whether" in line for line in lines(world.people[name])), name
    bar(group, world.board_member, by=world.manager, reason="personal")
    found = lines(world.manager)
    assert any("Approve" in line for line in found) and any("whether" in line for line in found), (
        "the chair can decide nothing any more, so it waits for whoever else decides"
    )


def test_many_of_a_sort_are_one_line_that_leads_to_their_list(world, group, sign_in, monkeypatch):
    monkeypatch.setattr(work, "MOST", 1)
    for n in range(2):
        row = make_action(world, group, what=f"Done {n}")
        services.add_evidence(row, by=world.colleague, words="The pathway.")
        closing.ask_close(row, by=world.colleague, closing_words="Reviewed.")
        asked = make_action(world, group, what=f"Later {n}")
        dates.ask_date(asked, by=world.colleague, wanted=in_days(60), reason="Leave")
        lost = make_action(world, group, what=f"Lost {n}", owner=world.author, due_on=in_days(50 + n))
    leaves(lost.owner)
    found = {each.what: each for each in work_of(world.board_member)[0] if "action" in each.what}
    assert set(found) == {
        "2 actions wait for your approval to be closed",
        "Say whether 2 actions have another date",
        "2 actions have nobody who answers for them",
    }
    assert found["2 actions have nobody who answers for them"].due_on == in_days(50)
    listed = sign_in(world.board_member).get(found["Say whether 2 actions have another date"].url).context["found"]
    assert {line.action.what for line in listed.page} == {"Later 0", "Later 1"}


def test_a_lead_finds_what_of_her_organisation_has_nobody_and_nobody_elses(world, group):
    nobodys = make_action(world, group, owner=None)
    lost = make_action(world, group, what="Lost")
    leaves(world.colleague)
    assert {line.split(": ")[0].rsplit(" ", 1)[1] for line in lines(world.lead_same)} == {
        nobodys.reference,
        lost.reference,
    }
    for name in ("lead_other", "author", "school_outside", "panel"):
        assert lines(world.people[name]) == [], name
    assert any("Lost" in line for line in lines(world.board_member)), "the chair manages it"


def test_what_i_may_see_names_my_actions_by_reference_alone(world, group):
    rows = [make_action(world, group), make_action(world, world.ours.folder)]
    named = [each for each in named_rows(world.colleague) if each.what.startswith("Action")]
    assert {each.what for each in named} == {f"Action {row.reference}" for row in rows}
    assert all(each.why == "You own it" and not each.case for each in named)


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_a_live_action_must_be_handed_over_to_a_colleague(world, group):
    row = make_action(world, group)
    (item,) = held(world.colleague, "action:").values()
    assert item.must_hand_over and not item.may_vacate(world.lead_other) and item.agency_id == row.agency_id
    assert world.author in item.candidates(world.lead_same) and world.lead_other not in item.candidates(world.lead_same)
    assert item.candidates(world.lead_other) is None and item.candidates(world.author) is None
    assert {world.lead_same, world.manager, world.board_member} <= set(item.who_can())
    with pytest.raises(ValidationError, match="does not belong"):
        item.hand_over(world.lead_other, by=world.lead_same)
    item.hand_over(world.author, by=world.lead_same)
    row.refresh_from_db()
    assert row.owner == world.author and held(world.colleague, "action:") == {}


def test_who_is_alone_in_an_organisation_leaves_an_action_to_nobody_and_the_unit_finds_it(world, group):
    school = world.agencies["school"]
    here = Membership.objects.live().filter(agency=school)
    alone = person("alone", Role.SCHOOL_LEAD, school)
    row = make_action(world, group, owner=alone, agency=school, what="Train the staff")
    here.exclude(user=alone).update(ends=timezone.localdate())
    departure = leaving.start(alone, by=world.manager, agency=school, last_day=timezone.localdate())
    (item,) = [each for each in items_of(departure, world.manager) if each.key == f"action:{row.pk}"]
    assert "choose ‘Nobody yet" in item.missing
    departure = leaving.save(
        departure, by=world.manager, version=departure.version, choices={item.key: HandOver.Choice.VACANT}
    )
    leaving.finish(departure, by=world.manager)
    row.refresh_from_db()
    assert (row.owner, row.agency) == (None, school)
    assert any("Train the staff" in line for line in lines(world.board_member)), "the nearest who manages it"


def test_a_leaving_asks_who_may_have_them_once_however_many_actions_there_are(world, group):
    row = leaving.start(world.colleague, by=world.lead_same, agency=world.agencies["uhnm"], last_day=in_days(3))

    def asked(by):
        with scope.entered(), CaptureQueriesContext(connection) as queries:
            found = [(item.missing, item.offers, len(item.people or ()), item.others) for item in items_of(row, by)]
        return len(queries), found

    make_action(world, group)
    few = [asked(by) for by in (world.lead_same, world.author)]
    for _ in range(4):
        make_action(world, group)
    many = [asked(by) for by in (world.lead_same, world.author)]
    assert [number for number, _ in many] == [number for number, _ in few]
    for (_, one), (_, five) in zip(few, many, strict=True):
        assert len(five) == len(one) + 4 and five[-1] in one, "and each is answered as one alone"


def test_one_person_can_take_all_that_is_not_decided_yet(world, group, sign_in):
    rows = [make_action(world, group, what=f"Do {n}") for n in range(5)]
    row = leaving.start(world.colleague, by=world.lead_same, agency=world.agencies["uhnm"], last_day=in_days(3))
    client, url = sign_in(world.lead_same), reverse("directory:departure", args=[row.pk])
    form = client.get(url).context["form"]
    (first, *_) = [name for name in form.fields if name.startswith("item_action")]
    assert str(world.lead_other.pk) not in dict(form.fields["rest"].choices)
    typed = {"version": row.version, "rest": str(world.author.pk), first: str(world.lead_same.pk)}
    assert client.post(url, typed | day("last_day", in_days(3))).status_code == 302
    decided = row.decided.filter(key__startswith="action:")
    assert sorted(each.to_id == world.author.pk for each in decided) == [False, *[True] * (len(rows) - 1)]


def test_a_sensitive_action_is_handed_over_unread(world):
    row = make_action(world, world.ours.folder, what="Ask the family")
    (item,) = held(world.colleague, "action:").values()
    assert item.what == f"Action {row.reference}" and item.folder_id == world.ours.folder.pk
    item.hand_over(world.author, by=world.lead_same)
    assert not Action.objects.visible_to(world.lead_same).filter(pk=row.pk).exists()


def test_a_leaving_says_an_actions_words_to_whoever_may_see_it_and_keeps_none_of_them(world, group):
    """A bar beats every path, also that of who looks after the people of the organisation."""
    row = make_action(world, group, what="Secret words")
    second = person("second_lead", Role.AGENCY_LEAD, world.agencies["uhnm"])
    bar(group, second, by=world.manager, reason="personal")
    departure = leaving.start(
        world.colleague, by=world.lead_same, agency=world.agencies["uhnm"], last_day=timezone.localdate()
    )

    def named(by):
        return next(item for item in items_of(departure, by) if item.key == f"action:{row.pk}")

    assert named(world.lead_same).what == f"Action {row.reference}: Secret words"
    assert named(second).hidden and row.reference not in named(second).what
    assert second not in named(second).held.who_can()
    with pytest.raises(PermissionDenied):
        services.give(row, by=second, owner=world.author)
    leaving.save(departure, by=world.lead_same, version=1, choices={f"action:{row.pk}": world.author})
    leaving.finish(departure, by=world.lead_same)
    (kept,) = HandOver.objects.filter(key=f"action:{row.pk}")
    assert kept.what == f"Action {row.reference}", "the folder may be sealed later"


def test_an_action_of_no_organisation_goes_to_the_partnerships_own_people(world, group):
    row = make_action(world, group, owner=world.officer, agency=None)
    (item,) = held(world.officer, "action:").values()
    found = set(item.candidates(world.manager))
    assert world.case_officer in found and world.colleague not in found and world.officer not in found
    item.hand_over(world.case_officer, by=world.manager)
    row.refresh_from_db()
    assert row.owner == world.case_officer


def test_what_is_over_need_not_be_handed_over(world, group):
    closing.cancel(make_action(world, group), by=world.manager, note="The council does it")
    assert held(world.colleague, "action:") == {}
