"""Professional challenges: who sees them, which stage is due when, and what becomes of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from boards.challenges import clocks, reads, services, views
from boards.demo import fill_challenges
from boards.models import Challenge, ChallengeStage
from partnership.access import scope
from partnership.access.flow import Stale
from partnership.access.models import FolderGrant
from partnership.access.rows import can, holders
from partnership.access.services import bar
from partnership.access.work import work_of
from partnership.actions import services as actions
from partnership.actions.sources import sources_of
from partnership.deadlines.board import board
from partnership.deadlines.editions import add_edition
from partnership.deadlines.models import Deadline
from partnership.directory.demo import people
from partnership.notify.models import Notice
from partnership.people.roles import Perm, Role
from tests.world import person, sign_in

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
WORDS = {
    "post": "Named nurse", "challenged_post": "Duty manager", "subject": "A referral that was closed",
    "words": "It was closed without a visit.", "wanted": "A visit.", "safety": "The school sees her daily.",
}  # fmt: skip


@pytest.fixture
def now():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def raised(world, *, by=None, about_child=True, urgency="standard", **facts):
    """The hospital trust's lead challenges the other trust."""
    shared = {"agency": world.agencies["uhnm"], "challenged": world.agencies["mpft"], "partnership": world.partnership}
    row = services.raise_challenge(
        by=by or world.lead_same, about_child=about_child, urgency=urgency, **shared, **WORDS | facts
    )
    return fresh(row)


def fresh(row):
    return Challenge.objects.select_related("folder", "agency", "challenged").get(pk=row.pk)


def named(world, **facts):
    row = raised(world, **facts)
    services.name(row, "answerer", by=world.manager, user=world.lead_other)
    return fresh(row)


def running(row):
    return Deadline.objects.filter(subject_id=row.pk, status="open").get()


NAMES = ("manager", "officer", "lead_same", "colleague", "lead_other", "partner_outside", "board_member", "panel")


def who_sees(world, row):
    return {name for name in NAMES if can(world.people[name], Perm.CHALLENGE_VIEW, row)}


def test_one_about_a_child_is_sealed_and_opens_to_those_named_and_the_managers_alone(world):
    second = person("second_manager", Role.BUSINESS_MANAGER, None, world.partnership)
    row = raised(world)
    assert row.folder.sealed and row.case_word == row.folder.reference
    assert who_sees(world, row) == {"manager", "lead_same"}
    assert set(holders(row.folder, Perm.FOLDER_GRANT)) == {world.manager, second}
    services.name(row, "answerer", by=world.manager, user=world.lead_other)
    assert who_sees(world, fresh(row)) == {"manager", "lead_same", "lead_other"}


def test_another_lead_of_the_same_organisation_sees_nothing_of_it(world):
    row = named(world)
    second = person("second_lead", Role.AGENCY_LEAD, world.agencies["uhnm"])
    assert not can(second, Perm.CHALLENGE_VIEW, row) and list(reads.log(second)) == []
    assert not ChallengeStage.objects.visible_to(second).exists()


def test_one_about_how_organisations_work_is_open_to_the_unit_and_may_be_sealed_later(world):
    row = raised(world, about_child=False, safety="")
    assert not row.folder.sealed and who_sees(world, row) == {"manager", "officer", "lead_same"}
    services.seal(row, by=world.officer)
    row = fresh(row)
    assert row.folder.sealed and row.about_child and who_sees(world, row) == {"manager", "officer", "lead_same"}
    assert not can(world.officer_outside, Perm.CHALLENGE_VIEW, row)
    with pytest.raises(Stale):
        services.seal(row, by=world.officer)


def test_whoever_left_the_organisation_reads_it_no_longer(world):
    row = named(world)
    world.lead_other.memberships.update(ends=timezone.localdate())
    assert not can(world.lead_other, Perm.CHALLENGE_VIEW, row)


def test_each_stage_has_its_days_which_are_waited_for_or_not_with_a_reason(world, now, client):
    row = named(world)
    assert running(row).due_on == MONDAY.date() + timedelta(days=1)
    with pytest.raises(ValidationError, match="due and not there yet"):
        services.escalate(row, by=world.lead_same, note="Nobody rang back.")
    row = services.escalate(row, by=world.lead_same, note="Nobody rang back.", early="She goes home today.")
    assert "She goes home today." in ChallengeStage.objects.get(challenge=row, number=1).outcome_words
    clock = running(row)
    assert (clock.rule, clock.due_on, clock.owner) == ("challenge_stage_2", MONDAY.date() + timedelta(days=2), None)
    now.move_to(MONDAY + timedelta(days=3))
    page = sign_in(client, world.lead_same).get(reverse("boards:challenge_escalate", args=[row.pk])).content.decode()
    assert "does not wait for the answer" not in page, "its days are over"
    row = services.name(fresh(row), "answerer", by=world.manager, user=world.lead_other)
    with pytest.raises(ValidationError, match="late"):
        services.answer(row, by=world.lead_other, answer="We visit.", post="Head")
    row = services.answer(row, by=world.lead_other, answer="We visit.", post="Head", late_reason="Nobody was named.")
    assert not Deadline.objects.filter(subject_id=row.pk, status="open").exists()


def test_an_urgent_one_is_due_within_24_hours_and_may_leave_a_stage_out(world, now):
    row = named(world, urgency="day")
    assert running(row).due_at == MONDAY + timedelta(hours=24)
    row = services.escalate(row, by=world.lead_same, note="No answer.", to=3)
    assert row.stage == 3
    with pytest.raises(ValidationError, match="leaves a stage out"):
        services.escalate(named(world), by=world.lead_same, note="No answer.", to=3)


def test_the_page_says_the_time_of_the_rule_in_force(world, client):
    add_edition(
        clocks.URGENT, by=world.manager, length=48, trigger="It is raised", days={}, source="Manual", reason="Agreed",
        effective_from=timezone.localdate(),
    )  # fmt: skip
    page = sign_in(client, world.lead_same).get(reverse("boards:challenge_raise")).content.decode()
    assert "answered within 48 hours" in page and "24 hours" not in page


def test_immediate_danger_waits_for_no_clock_and_the_page_says_whom_to_ring(world, client):
    row = named(world, urgency="immediate", about_child=False)
    assert row.folder.sealed and row.about_child, "danger to a child is about a child, whatever was ticked"
    services.name(named(world), "answerer", by=world.manager, user=world.lead_other)
    first, *_ = work_of(world.lead_other)[0]
    assert (first.folder_id, first.note) == (row.folder_id, "Immediate: a child may be in danger")
    assert not Deadline.objects.filter(subject_id=row.pk).exists()
    sign_in(client, world.lead_same)
    assert b"ring 999" in client.get(reverse("boards:challenge", args=[row.pk])).content
    assert b"ring 999" in client.get(reverse("boards:challenge_raise")).content


def test_it_goes_through_its_stages_to_the_executives_final_decision_and_learning(world):
    row = named(world)
    with pytest.raises(ValidationError, match="no earlier stage"):
        services.decide(row, by=world.manager, decision="Visit.", decided_by_posts="DCS", decided_on=MONDAY.date())
    for stage in (2, 3, 4):
        row = fresh(services.escalate(row, by=world.lead_same, note="Not resolved.", early="It cannot wait."))
        assert not can(world.lead_other, Perm.CHALLENGE_VIEW, row), "each stage is answered at its own level"
        (waits,) = [each for each in work_of(world.manager)[0] if each.folder_id == row.folder_id]
        last = "Record the Executive’s decision on a challenge"
        assert waits.what == (last if stage == 4 else f"Name who answers a challenge, stage {stage}")
        assert waits.due_on == running(row).due_on
    with pytest.raises(ValidationError, match="final"):
        services.escalate(row, by=world.lead_same, note="Still not.")
    said = {"adviser": "A retired judge", "adviser_on": MONDAY.date(), "advice": "Visit."}
    services.advise(row, by=world.manager, version=row.version, **said)
    with pytest.raises(Stale):
        services.advise(row, by=world.manager, version=row.version, **said)
    with pytest.raises(PermissionDenied):
        services.decide(row, by=world.lead_same, decision="Ours", decided_by_posts="X", decided_on=MONDAY.date())
    row = services.decide(
        row, by=world.manager, decision="A visit is made.", decided_by_posts="DCS", decided_on=MONDAY.date()
    )
    with pytest.raises(ValidationError, match="learned"):
        services.close(row, by=world.manager, learning=" ")
    row = services.close(row, by=world.manager, learning="A closed referral is told to its referrer.")
    stages = ChallengeStage.objects.filter(challenge=row)
    assert (row.status, row.stage, stages.count()) == ("closed", 4, 4)
    assert stages.filter(outcome="not_agreed").count() == 3
    row = services.reopen(row, by=world.manager, note="The visit was not made.")
    assert row.status == "open" and row.decision and running(row).rule == "challenge_stage_4"


def test_agreement_settles_it_and_only_its_raiser_or_the_unit_agrees(world):
    row = named(world)
    row = services.answer(row, by=world.lead_other, answer="We will visit.", post="Head")
    with pytest.raises(PermissionDenied):
        services.agree(row, by=world.lead_other, note="Fine.")
    row = services.agree(row, by=world.lead_same, note="They visit on Friday.")
    stage = ChallengeStage.objects.get(challenge=row)
    assert row.status == "agreed" and (stage.outcome, stage.answer_agency) == ("agreed", world.agencies["mpft"])


def test_one_reopened_waits_for_the_unit_where_its_people_have_gone(world, client):
    row = services.withdraw(named(world), by=world.lead_same, note="Settled by telephone.")
    row = services.reopen(row, by=world.manager, note="It was not.")
    assert (row.answerer, row.raiser) == (world.lead_other, world.lead_same)
    row = services.withdraw(row, by=world.lead_same, note="Settled by telephone.")
    world.lead_other.memberships.update(ends=timezone.localdate())
    row = services.reopen(row, by=world.manager, note="It was not.")
    assert (row.answerer, row.raiser) == (None, world.lead_same)
    assert "Name who answers a challenge" in str(work_of(world.manager))
    page = sign_in(client, world.lead_same).get(reverse("boards:challenge", args=[row.pk])).content.decode()
    assert "Nobody is named to answer: it waits for the business unit." in page


def test_an_organisation_does_not_challenge_itself(world):
    with pytest.raises(ValidationError, match="another organisation"):
        services.raise_challenge(
            by=world.lead_same, partnership=world.partnership, agency=world.agencies["uhnm"],
            challenged=world.agencies["uhnm"], about_child=True, urgency="standard", **WORDS,
        )  # fmt: skip


def test_nobody_challenges_for_an_organisation_that_is_not_theirs_past_the_page_either(world):
    for by, on_behalf in ((world.lead_other, False), (world.officer, False), (world.lead_other, True)):
        with pytest.raises(PermissionDenied):
            raised(world, by=by, on_behalf=on_behalf)


def test_a_lead_who_is_barred_or_suspended_names_nobody(world):
    row = raised(world)
    other = person("duty_manager", Role.AGENCY_STAFF, world.agencies["mpft"])
    services.name(row, "answerer", by=world.manager, user=other)
    (held,) = reads.held_by(other)
    assert held.candidates(world.lead_other) is not None
    bar(row.folder, world.lead_other, by=world.manager, reason="personal")
    assert held.candidates(world.lead_other) is None and world.lead_other not in held.who_can()
    world.lead_other.conflicts.all().delete()
    world.lead_other.suspended_at = timezone.now()
    world.lead_other.save()
    assert held.candidates(world.lead_other) is None


def test_nobody_is_named_who_does_not_belong_there_or_has_a_conflict(world):
    row = raised(world)
    with pytest.raises(ValidationError, match="cannot be named"):
        services.name(row, "answerer", by=world.manager, user=world.colleague)
    bar(row.folder, world.lead_other, by=world.manager, reason="personal")
    with pytest.raises(ValidationError, match="cannot be named"):
        services.name(row, "answerer", by=world.manager, user=world.lead_other)
    with pytest.raises(PermissionDenied):
        services.name(row, "answerer", by=world.lead_same, user=world.lead_other)


def test_those_who_wait_find_it_on_home_and_on_the_board_of_what_is_due(world, now, monkeypatch):
    with scope.entered(), CaptureQueriesContext(connection) as queries:
        assert list(reads.work(world.manager)) == []
    assert len(queries) == 2, "who one is, and one question"
    row = named(world)
    owed, _, _ = work_of(world.lead_other)
    assert [each.what for each in owed if each.folder_id == row.pk] == ["Answer a challenge, stage 1"]
    assert row.case_word in repr(board(world.lead_other, "mine"))
    services.answer(row, by=world.lead_other, answer="We visit.", post="Head")
    owed, _, _ = work_of(world.lead_same)
    assert any("make of the answer" in each.what for each in owed)
    monkeypatch.setattr(reads, "MOST", 1)
    row, _ = named(world), named(world)
    (many,) = [each for each in work_of(world.lead_other)[0] if "challenge" in each.what]
    assert many.what == "2 challenges wait for your answer" and many.due_on == running(row).due_on


def test_notices_say_nothing_of_what_it_is_about(world):
    row = named(world)
    services.answer(row, by=world.lead_other, answer="We visit.", post="Head")
    told = Notice.objects.filter(subject_id=row.pk)
    assert {each.recipient_id for each in told} >= {world.manager.pk, world.lead_other.pk, world.lead_same.pk}
    assert world.colleague.pk not in {each.recipient_id for each in told}
    assert WORDS["subject"] not in repr([(each.kind, each.data) for each in told])


def test_the_unit_records_for_an_organisation_that_named_nobody(world):
    row = raised(world, by=world.officer, on_behalf=True)
    assert row.raiser is None and can(world.officer, Perm.CHALLENGE_PURSUE, row)
    assert FolderGrant.objects.live().filter(content_object=row.folder, user=world.officer).exists()
    assert not can(world.lead_same, Perm.CHALLENGE_VIEW, row)


def test_a_leaver_hands_a_challenge_over_without_its_lead_reading_it(world):
    row = raised(world)
    staff = person("duty_manager", Role.AGENCY_STAFF, world.agencies["mpft"])
    other = person("other_manager", Role.AGENCY_STAFF, world.agencies["mpft"])
    services.name(row, "answerer", by=world.manager, user=staff)
    (held,) = reads.held_by(staff)
    assert held.must_hand_over and held.vacate is None and WORDS["subject"] not in held.what
    assert held.candidates(world.colleague) is None and other in held.candidates(world.lead_other)
    held.hand_over(other, by=world.lead_other)
    assert fresh(row).answerer == other and running(row).owner == other
    assert not can(world.lead_other, Perm.CHALLENGE_VIEW, fresh(row))


def test_an_action_from_a_challenge_leads_back_for_those_alone_who_see_it(world):
    row = named(world)
    action = actions.add(
        row.folder, by=world.manager, what="Tell referrers", due_on=timezone.localdate() + timedelta(days=9),
        owner=world.colleague, agency=world.agencies["uhnm"], source=row, origin="challenge",
    )  # fmt: skip
    assert sources_of(world.lead_same, [action])[action.pk].url == reverse("boards:challenge", args=[row.pk])
    assert sources_of(world.colleague, [action]) == {}


def test_the_log_names_organisations_and_the_page_no_people_to_the_other_side(world, client, monkeypatch):
    row, newer = named(world), named(world)
    sign_in(client, world.lead_other)
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    assert newer.case_word in client.get(reverse("boards:challenges")).content.decode()
    log = client.get(reverse("boards:challenges") + "?page=2").content.decode()
    assert newer.case_word not in log
    assert row.case_word in log and world.agencies["uhnm"].name in log and "Lead Same" not in log
    page = client.get(reverse("boards:challenge", args=[row.pk])).content.decode()
    assert "Lead Same" not in page and "Name somebody else" not in page and ">Answer<" in page.replace("\n", "")
    sign_in(client, world.manager)
    assert "Lead Same" in client.get(reverse("boards:challenge", args=[row.pk])).content.decode()


def test_it_is_raised_and_answered_in_the_browser(world, client):
    sign_in(client, world.lead_same)
    sent = WORDS | {"about_child": "yes", "urgency": "standard", "agency": world.agencies["uhnm"].pk}
    wrong = client.post(reverse("boards:challenge_raise"), sent | {"challenged": "No such body"})
    assert wrong.status_code == 422 and b"It was closed without a visit." in wrong.content
    page = client.post(reverse("boards:challenge_raise"), sent | {"challenged": world.agencies["mpft"].name})
    row = Challenge.objects.get()
    assert page["Location"] == reverse("boards:challenge", args=[row.pk])
    assert row.raiser == world.lead_same and clocks.LAST == 4
    sign_in(client, world.manager)
    shown = client.get(page["Location"]).content.decode()
    assert shown.index(WORDS["words"]) < shown.index(">Name who answers</a>") < shown.index(">Answer</a>")
    client.post(reverse("boards:name_answerer", args=[row.pk]), {"user": world.lead_other.pk})
    sign_in(client, world.lead_other)
    client.post(reverse("boards:challenge_answer", args=[row.pk]), {"answer": "We will visit.", "post": "Head"})
    assert fresh(row).status == "answered"
    again = client.post(reverse("boards:challenge_answer", args=[row.pk]), {"answer": "Again.", "post": "Head"})
    assert again.status_code == 409 and b"Again." in again.content


def test_the_demo_has_one_at_stage_two_and_one_closed_with_its_learning(db):
    everybody = people()
    fill_challenges(everybody)
    fill_challenges(everybody)
    assert set(Challenge.objects.values_list("status", "stage", "folder__sealed")) == {
        ("open", 2, True),
        ("closed", 1, False),
    }
    row = Challenge.objects.get(status="closed")
    assert row.learning and row.raised_at < timezone.now() - timedelta(days=59)


def test_an_action_is_added_from_a_challenge_in_the_browser(world, client):
    row = named(world)
    sign_in(client, world.manager)
    sent = {"what": "Tell referrers", "owner": f"{world.agencies['uhnm'].pk}:{world.colleague.pk}", "when": "days"}
    today = {f"agreed_on_{part}": getattr(timezone.localdate(), part) for part in ("day", "month", "year")}
    named_too = sent | today | {"days": "10", "what": f"Learn from {row.folder.reference}"}
    refused = client.post(reverse("boards:challenge_action", args=[row.pk]), named_too)
    assert refused.status_code == 422 and b"Take the code word" in refused.content
    page = client.post(reverse("boards:challenge_action", args=[row.pk]), sent | today | {"days": "10"})
    assert page["Location"] == reverse("boards:challenge", args=[row.pk])
    assert b"Tell referrers" in client.get(page["Location"]).content
    sign_in(client, world.lead_same)
    assert client.get(reverse("boards:challenge_action", args=[row.pk])).status_code == 403
