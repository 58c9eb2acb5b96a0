"""Adding, splitting, giving, updating: what holds whatever page is used."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.actions import closing, dates, services
from partnership.actions.models import Action, DateChange, Update
from partnership.actions.reads import references
from partnership.trail.models import Event
from tests.actions.ground import closed, in_days, make_action, own_browser
from tests.actions.test_orphans import leaves

S = Action.Status


def test_a_small_action_needs_what_who_and_when_no_more(world, group):
    row = services.add(group, by=world.manager, what="Send the list", due_on=in_days(3), owner=world.officer)
    assert row.status == S.OPEN and row.first_due_on == row.due_on and not row.sensitive
    assert row.reference.startswith("A-")


def test_a_parked_idea_has_no_owner_and_no_date(world, group):
    row = make_action(world, group, parked=True)
    assert row.status == S.PARKED and row.owner is None and row.due_on is None and row.agency is None
    row = closing.start(row, by=world.manager, due_on=in_days(20), owner=world.colleague, agency=world.agencies["uhnm"])
    assert row.status == S.OPEN and row.first_due_on == in_days(20)
    row = closing.park(row, by=world.manager, note="The grant was refused")
    assert row.owner is None and row.due_on is None


def test_an_action_without_a_day_or_with_a_day_before_it_was_agreed_is_refused(world, group):
    with pytest.raises(ValidationError, match="park it"):
        make_action(world, group, due_on=None)
    with pytest.raises(ValidationError, match="before the day"):
        make_action(world, group, due_on=in_days(1), agreed_on=in_days(2))


def test_who_does_not_belong_to_the_organisation_cannot_own_its_action(world, group):
    with pytest.raises(ValidationError, match="does not belong"):
        make_action(world, group, owner=world.lead_other)
    with pytest.raises(ValidationError, match="belongs to no organisation"):
        make_action(world, group, owner=world.nobody, agency=None)


def test_an_action_always_has_somebody_and_one_that_is_reopened_somebody_who_is_here(world, group):
    with pytest.raises(ValidationError, match="Choose who does it"):
        services.add(group, by=world.manager, what="Send the list", due_on=in_days(3))
    idea = make_action(world, group, parked=True)
    with pytest.raises(ValidationError, match="Choose who does it"):
        closing.start(idea, by=world.manager, due_on=in_days(3))
    row = closing.cancel(make_action(world, group), by=world.manager, note="The council does it")
    leaves(world.colleague)
    with pytest.raises(ValidationError, match="does not belong"):
        closing.reopen(row, by=world.manager, note="It does not")
    assert closing.reopen(row, by=world.manager, note="It does not", owner=world.author).owner == world.author


def test_only_those_with_the_power_add_in_a_folder(world, group):
    for name in ("lead_other", "lead_same", "colleague"):
        with pytest.raises(PermissionDenied):
            make_action(world, group, by=world.people[name])
    assert make_action(world, group, by=world.board_member)
    with pytest.raises(PermissionDenied):
        make_action(world, world.ours.folder, by=world.officer_outside)


def test_a_split_action_is_done_when_its_parts_are(world, group):
    whole = make_action(world, group, owner=None, agency=None)
    parts = services.split(
        whole,
        by=world.manager,
        version=whole.version,
        parts=[
            {"agency": world.agencies["uhnm"], "owner": world.colleague},
            {"agency": world.agencies["mpft"], "owner": world.lead_other, "what": "Train the night team"},
        ],
    )
    whole.refresh_from_db()
    assert [part.what for part in parts] == [whole.what, "Train the night team"]
    with pytest.raises(ValidationError, match="split between organisations"):
        services.update(whole, by=world.manager, words="All is well")
    closed(world, parts[0])
    whole.refresh_from_db()
    assert whole.status == S.OPEN
    closing.cancel(parts[1], by=world.manager, note="The team was closed; agreed by the group")
    whole.refresh_from_db()
    assert whole.status == S.DONE, "one was done and none goes on"
    closing.reopen(parts[0], by=world.manager, note="It slipped back", due_on=in_days(10))
    whole.refresh_from_db()
    assert whole.status == S.OPEN, "a whole is not done while a part goes on"


def test_a_part_cannot_be_split_and_an_organisation_has_one_part(world, group):
    whole = make_action(world, group)
    one = {"agency": world.agencies["uhnm"], "owner": world.colleague}
    with pytest.raises(ValidationError, match="has a part already"):
        services.split(whole, by=world.manager, version=whole.version, parts=[one, one])
    (part,) = services.split(whole, by=world.manager, version=whole.version, parts=[one])
    with pytest.raises(ValidationError, match="is a part already"):
        services.split(part, by=world.manager, version=part.version, parts=[one])
    with pytest.raises(Stale):
        services.split(whole, by=world.manager, version=whole.version, parts=[one])


def test_an_organisation_sees_its_own_part_alone(world, group):
    whole = make_action(world, group, owner=None, agency=None)
    mine, theirs = services.split(
        whole,
        by=world.manager,
        version=whole.version,
        parts=[
            {"agency": world.agencies["uhnm"], "owner": world.colleague},
            {"agency": world.agencies["icb"], "owner": world.panel},
        ],
    )
    assert set(Action.objects.visible_to(world.colleague)) == {mine}
    assert set(Action.objects.visible_to(world.lead_same)) == {mine}
    assert set(Action.objects.visible_to(world.panel)) == {theirs}


def test_an_update_overwrites_nothing_even_for_the_database(world, group):
    row = make_action(world, group)
    services.update(row, by=world.colleague, words="Begun", outlook="on_track")
    services.update(row, by=world.manager, words="Told at the meeting", channel="meeting", given_by="Head of nursing")
    said = list(Update.objects.visible_to(world.colleague).filter(action=row))
    assert [each.words for each in said] == ["Told at the meeting", "Begun"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Update.objects.unscoped("a test").filter(action=row).update(words="Never said")


def test_the_trail_keeps_no_word_of_an_action(world, group):
    row = make_action(world, group, what="Canary words")
    services.update(row, by=world.colleague, words="Canary update")
    closing.cancel(row, by=world.manager, note="Canary note")
    told = str(list(Event.objects.filter(object_id=row.pk).values_list("verb", "data")))
    assert "action_added" in told and "Canary" not in told


def test_a_date_is_asked_for_once_and_a_later_one_counts_as_a_slip(world, group):
    row = make_action(world, group)
    first = row.due_on
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(45), reason="Two nurses left")
    with pytest.raises(ValidationError, match="asked for already"):
        dates.ask_date(row, by=world.lead_same, wanted=in_days(50), reason="Again")
    with pytest.raises(PermissionDenied):
        dates.grant(asked, by=world.lead_same)
    row = dates.grant(asked, by=world.manager)
    assert (row.first_due_on, row.due_on) == (first, in_days(45))
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(60), reason="And another")
    dates.refuse(asked, by=world.board_member, answer="The group needs it before winter")
    row.refresh_from_db()
    assert row.due_on == in_days(45)
    row = dates.set_due(row, by=world.manager, due_on=in_days(20), reason="Earlier meeting", version=row.version)
    assert row.due_on == in_days(20) and row.first_due_on == first


def test_nobody_gives_a_date_to_themselves(world, group):
    row = make_action(world, group, owner=world.officer, agency=None)
    asked = dates.ask_date(row, by=world.officer, wanted=in_days(45), reason="Leave")
    with pytest.raises(ValidationError, match="Somebody else"):
        dates.grant(asked, by=world.officer)
    with pytest.raises(ValidationError, match="somebody else decides"):
        dates.set_due(row, by=world.officer, due_on=in_days(99), reason="Because", version=row.version)


@pytest.mark.parametrize(
    "wanted, reason, words",
    [(-1, "Leave", "today or a later day"), (30, "Leave", "has already"), (40, " ", "Say why")],
)
def test_a_date_that_makes_no_sense_is_refused(world, group, wanted, reason, words):
    row = make_action(world, group)
    with pytest.raises(ValidationError, match=words):
        dates.ask_date(row, by=world.colleague, wanted=in_days(wanted), reason=reason)


def test_it_is_closed_with_evidence_and_by_somebody_else(world, group):
    row = make_action(world, group)
    with pytest.raises(ValidationError, match="without evidence"):
        closing.ask_close(row, by=world.colleague, closing_words="Done")
    services.add_evidence(row, by=world.colleague, words="The new pathway, version 2")
    asked = dates.ask_date(row, by=world.colleague, wanted=in_days(45), reason="Leave")
    row = closing.ask_close(row, by=world.colleague, closing_words="Done, and audited")
    asked.refresh_from_db()
    assert asked.status == DateChange.Status.WITHDRAWN, "what is done needs no other date"
    with pytest.raises(PermissionDenied):
        closing.approve(row, by=world.officer)
    row = closing.send_back(row, by=world.board_member, note="Where is the audit?")
    assert row.status == S.OPEN and row.note == "Where is the audit?"
    row = closing.ask_close(row, by=world.colleague, closing_words="The audit is there now")
    row = closing.approve(row, by=world.board_member)
    assert row.status == S.DONE and row.closed_by == world.board_member
    with pytest.raises(Stale):
        services.update(row, by=world.colleague, words="Too late")
    with pytest.raises(Stale):
        closing.approve(row, by=world.board_member)


def test_nobody_approves_their_own_and_the_rest_of_a_list_is_approved(world, group):
    own = make_action(world, group, owner=world.board_member, agency=None)
    other = make_action(world, group)
    for row in (own, other):
        services.add_evidence(row, by=row.owner, words="Seen")
        closing.ask_close(row, by=row.owner, closing_words="Done")
    done, left = closing.approve_each([own, other], by=world.board_member)
    assert done == [other] and left[0][0] == own and "Somebody else approves" in left[0][1]
    assert closing.approve(own, by=world.manager).status == S.DONE, "the business manager stands in"


def test_a_lead_gives_an_action_of_a_case_on_without_reading_it(world):
    row = make_action(world, world.ours.folder)
    row = services.give(row, by=world.lead_same, owner=world.author)
    assert row.owner == world.author
    with pytest.raises(PermissionDenied):
        services.give(row, by=world.lead_other, owner=world.lead_other)
    with pytest.raises(PermissionDenied):
        services.give(row, by=world.lead_same, owner=world.lead_other, agency=world.agencies["mpft"])


def test_two_windows_that_change_one_action_are_told(world, group):
    row = make_action(world, group)
    services.change(row, by=world.manager, version=row.version, what="Other words")
    with pytest.raises(Stale):
        services.change(row, by=world.officer, version=row.version, what="Third words")
    services.give(row, by=world.manager, owner=world.lead_same)
    row.refresh_from_db()
    assert row.what == "Other words" and row.owner == world.lead_same


def test_the_story_of_a_group_says_which_action_to_those_who_may_see_it(world, group):
    row = make_action(world, group)
    page = own_browser(world.manager).get(reverse("access:folder_story", args=[row.folder_id])).content.decode()
    assert "added an action" in page and row.reference in page and reverse("actions:action", args=[row.pk]) in page
    assert references(world.manager, [row.pk]) and references(world.author, [row.pk]) == {}
