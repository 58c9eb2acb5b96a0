"""The agenda: its items and their order, what is restricted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from boards.agenda import services
from boards.attending import interests
from boards.demo_agenda import fill_agendas
from boards.models import Decision, Item, Meeting
from partnership.access.flow import Stale
from partnership.access.models import Folder, FolderGrant
from partnership.access.rows import can
from partnership.access.services import bar, grant
from partnership.actions.models import Plan, Priority
from partnership.actions.services import add as add_action
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from tests.boards.agenda.ground import FACTS, SECRET, add, lines, secret, sent, titles


def test_what_is_restricted_leaves_no_trace_in_number_time_or_order(meeting, world):
    add(meeting, "Apologies", world.officer)
    secret(meeting, world, world.colleague)
    add(meeting, "Any other business", world.officer)
    seen, unseen = titles(world.colleague, meeting), titles(world.lead_same, meeting)
    assert unseen == [("1", "Apologies"), ("2", "Any other business")]
    assert seen == [*unseen, ("R1", SECRET)]
    times = [[line.starts_at for line in lines(user, meeting)] for user in (world.colleague, world.lead_same)]
    assert times[0][:2] == times[1] and times[1][1] == meeting.starts_at + timedelta(minutes=30)


def test_a_restricted_item_is_led_by_the_unit_of_the_day_and_opens_to_the_chosen_alone(meeting, world):
    row = secret(meeting, world, world.colleague)
    folder = Folder.objects.get(pk=row.pk)
    assert (folder.sealed, folder.parent_id, folder.title) == (True, meeting.folder_id, SECRET)
    led = {grant.user: grant.role for grant in folder.grants.live().select_related("user", "permission")}
    assert led[world.officer] == led[world.manager] == Role.CASE_LEAD and led[world.colleague] == Role.GROUP_MEMBER
    assert not Item.objects.visible_to(world.officer_outside).filter(pk=row.pk).exists()
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))


def test_whoever_is_barred_from_the_group_is_not_let_into_its_restricted_item(meeting, world):
    bar(meeting.folder, world.manager, by=world.officer, reason="personal")
    row = secret(meeting, world, world.colleague)
    assert world.manager not in {grant.user for grant in Folder.objects.get(pk=row.pk).grants.all()}
    bar(meeting.folder, world.colleague, by=world.officer, reason="personal")
    with pytest.raises(ValidationError, match="barred"):
        secret(meeting, world, world.colleague)


def test_in_a_sealed_folder_nothing_is_restricted_once_more(world):
    row = Meeting.objects.create(folder=world.ours.folder, title="Rapid review", starts_at=timezone.now())
    with pytest.raises(ValidationError, match="sealed folder"):
        secret(row, world)


def test_an_item_serves_what_holds_today_and_its_presenter_may_open_it(meeting, world, sign_in):
    plans = [Plan.objects.create(title="Plan", starts=date(2020, 4, 1), ends=ends) for ends in (date(2021, 4, 1), None)]
    over, holds = (Priority.objects.create(plan=each, kind="practice", position=1, title="Neglect") for each in plans)
    client, url = sign_in(world.officer), reverse("boards:item_add", args=[meeting.pk])
    data = {"title": "Plan", "purpose": "note", "audience": "open"}
    assert "Choose the priority or the duty" in client.post(url, data).text
    refused = client.post(url, data | {"serves": "priority", "priority": over.pk})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["priority"]
    assert client.post(url, data | {"serves": "priority", "priority": holds.pk}).status_code == 302
    with pytest.raises(ValidationError, match="not let into this item"):
        add(meeting, SECRET, world.officer, restricted=True, presenter=world.lead_same, reason="x")


def test_who_only_assists_a_member_is_let_into_no_restricted_item(meeting, world):
    grant(meeting.folder, world.author, Role.ASSISTANT, by=world.manager, reason="Assists a member")
    assert can(world.author, Perm.MEETING_VIEW, meeting)
    assert world.author not in services.who_may_be_let_in(meeting, world.officer)
    with pytest.raises(ValidationError, match="Choose somebody who is called"):
        secret(meeting, world, world.author)


def test_items_move_and_a_second_tab_moves_nothing(meeting, world):
    first, _, third = (add(meeting, title, world.officer) for title in "ABC")
    services.move_item(third, by=world.officer, to=1, was=3)
    assert [title for _, title in titles(world.officer, meeting)] == ["C", "A", "B"]
    with pytest.raises(Stale):
        services.move_item(third, by=world.officer, to=2, was=3)
    services.move_item(first, by=world.officer, to=9, was=2)
    assert [title for _, title in titles(world.officer, meeting)] == ["C", "B", "A"]
    assert sorted(Item.objects.filter(meeting=meeting).values_list("position", flat=True)) == [1, 2, 3]


def test_who_does_not_see_a_restricted_item_moves_another_past_it(meeting, world):
    hidden = secret(meeting, world)
    mine = add(meeting, "Mine", world.manager, restricted=True, people=[world.colleague, world.officer], reason="x")
    services.move_item(mine, by=world.colleague, to=5, was=1)
    assert [title for _, title in titles(world.officer, meeting)] == [SECRET, "Mine"]
    assert titles(world.colleague, meeting) == [("R1", "Mine")]
    assert hidden.pk not in {line.item.pk for line in lines(world.colleague, meeting)}


def test_an_item_under_which_something_stands_stays_and_another_comes_back(meeting, world):
    *kept, other = (add(meeting, title, world.officer) for title in "ABCD")
    Decision.objects.create(folder=meeting.folder, meeting=meeting, item=kept[0], number=1, text="Agreed.")
    interests.declare(kept[1], by=world.officer, words="Works there", name="A guest")
    add_action(
        meeting.folder, by=world.officer, what="Ask the school", owner=None, agency=world.agencies["uhnm"],
        due_on=timezone.localdate() + timedelta(days=9), source=kept[2],
    )  # fmt: skip
    for row in kept:
        with pytest.raises(ValidationError, match="stays on the agenda"):
            services.remove_item(row, by=world.officer)
    services.remove_item(other, by=world.officer)
    assert [title for _, title in titles(world.officer, meeting)] == ["A", "B", "C"]
    services.restore_item(other, by=world.officer)
    assert titles(world.officer, meeting)[-1] == ("4", "D")


def test_agreed_minutes_close_the_agenda(meeting, world):
    Meeting.objects.filter(pk=meeting.pk).update(minutes_status=Meeting.Minutes.AGREED)
    with pytest.raises(ValidationError, match="agreed"):
        add(meeting, "Late", world.officer)


def test_two_who_change_one_item_see_both_texts(meeting, world, sign_in):
    row = add(meeting, "Old words", world.officer)
    client = sign_in(world.officer)
    services.change_item(row, by=world.manager, version=1, **FACTS | {"title": "Words of the manager"})
    data = {"title": "Words of the officer", "purpose": "note", "serves": "standing", "version": 1}
    response = client.post(reverse("boards:item_edit", args=[row.pk]), data)
    assert response.status_code == 409
    assert "Words of the manager" in response.text and "Words of the officer" in response.text
    secret_row = secret(meeting, world)
    services.change_item(secret_row, by=world.officer, version=1, **FACTS | {"title": "Renamed"})
    assert Folder.objects.get(pk=secret_row.pk).title == "Renamed"


def test_the_demo_has_an_agenda_with_a_late_paper_one_to_come_and_a_restricted_item(meeting, world):
    FolderGrant.objects.filter(content_object=meeting.folder).update(starts=timezone.now() - timedelta(days=90))
    fill_agendas({"officer": world.officer})
    fill_agendas({"officer": world.officer})
    found = lines(world.manager, meeting)
    assert [line.number for line in found] == ["1", "2", "3", "4", "R1"]
    (done, late), (_, owed) = found[1].papers, found[2].papers
    assert done.shown and not done.late and late.shown and late.late and owed.to_come and owed.late
    assert found[-1].papers[0].shown and len(lines(world.officer_outside, meeting)) == 4


def test_the_agenda_asks_as_much_for_forty_papers_as_for_one(meeting, world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as queries:
            found = lines(world.lead_same, meeting)
        return len(queries), len(found)

    sent(add(meeting, "First", world.officer), world.officer)
    few = asked()
    for n in range(4):
        item = add(meeting, f"Item {n}", world.officer)
        for paper in range(2):
            sent(item, world.officer, title=f"Paper {n} {paper}")
    many = asked()
    assert many[0] <= few[0] and many[1] == few[1] + 4 and few[0] <= 9
