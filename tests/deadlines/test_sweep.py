"""The sweep: whose day has come is told once, by the powers of that moment; what breaks does not hold up the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import CharField, F
from django.db.models.functions import Cast, Left
from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import FolderGrant
from partnership.deadlines import registrations, services, telling
from partnership.deadlines import sweep as sweeping
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.office import office_of
from partnership.deadlines.sweep import sweep
from partnership.notify.models import Alarm, Heartbeat, Notice, Outgoing
from partnership.people.models import Agency, Membership
from partnership.people.roles import Role
from tests.deadlines.clocks import due_now, make_case, milestones, told_of
from tests.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return make_case()


def test_a_step_tells_whoever_owes_it_and_nobody_else(case):
    clock = case.clock()
    due_now(clock, "requests_out")
    done = sweep()
    assert (done.fired, done.told) == (1, 2)
    assert told_of(clock) == {("lead", "requests_out"), ("officer", "requests_out")}


def test_sweeping_again_tells_nobody_twice(case):
    clock = case.clock()
    due_now(clock, "requests_out")
    sweep()
    assert sweep().fired == 0
    Milestone.objects.filter(deadline=clock, code="requests_out").update(state="pending", fired_at=None)
    assert sweep().told == 0, "the key of the notice holds even if the milestone's own mark were lost"
    assert Notice.objects.count() == 2


def test_an_escalation_reaches_the_lead_and_then_the_partners_of_the_list_only(case):
    clock = case.clock(trigger=timezone.now() - timedelta(days=40))
    done = sweep()
    told = told_of(clock)
    levels = {each.code: each.level for each in milestones(clock).values()}
    by_level = {level: {who for who, code in told if levels[code] == level} for level in set(levels.values())}
    assert by_level["manager"] == {"lead"}
    assert by_level["partners"] == {"signatory"}
    assert "manager_outside" not in {who for who, _ in told}
    assert done.fired + done.suppressed == len(milestones(clock))


def test_after_an_outage_everybody_gets_the_last_reminder_that_was_theirs_and_every_escalation(case):
    clock = case.clock(trigger=timezone.now() - timedelta(days=40))
    sweep()
    rows = milestones(clock).values()
    assert {each.code for each in rows if each.state == "suppressed"} == {"requests_out"}, "the returns overtook it"
    assert {each.why for each in rows if each.state == "suppressed"} == {"catch_up"}
    assert ("signatory", "signed_off") in told_of(clock), "whoever signs is told though the sending is due as well"
    assert all(each.state == "fired" for each in rows if each.level != "owner")


def test_who_left_or_is_barred_or_whose_grant_ended_is_not_told(case):
    clock = case.clock()
    third = make_case().people["lead"]
    access.grant(case.folder, third, "co", by=case.people["lead"], reason="Third")
    FolderGrant.objects.filter(user=case.people["officer"]).update(ends=timezone.now())
    access.bar(case.folder, third, by=case.people["lead"], reason="personal")
    due_now(clock, "requests_out")
    sweep()
    assert told_of(clock) == {("lead", "requests_out")}


def test_where_the_named_owner_has_left_the_manager_is_told_instead(case):
    owner = case.people["officer"]
    clock = case.clock(code="local_review_published", owner=owner)
    Membership.objects.filter(user=owner).update(ends=timezone.localdate())
    first = next(each for each in milestones(clock).values() if each.level == "owner")
    due_now(clock, first.code)
    sweep()
    assert told_of(clock) == {("lead", first.code)}


def test_a_named_owner_who_may_not_see_the_clock_counts_as_nobody(case):
    """Barred, or named without a role that sees it: the manager is told in the owner's place."""
    barred = case.clock(code="local_review_published", owner=case.people["officer"])
    access.bar(case.folder, case.people["officer"], by=case.people["lead"], reason="personal")
    outside = duty_of_the_unit(case, owner=person("board", Role.BOARD_MEMBER))
    for clock in (barred, outside):
        due_now(clock, "due_today")
    sweep()
    assert told_of(barred) == {("lead", "due_today")}
    assert told_of(outside) == {("manager_outside", "due_today")}


def test_an_agencys_author_is_told_while_she_belongs_to_that_agency(case):
    agencies = list(Agency.objects.filter(partner_seat="")[:2])
    author = person("author", Role.AGENCY_STAFF, agencies[0])
    due_on = timezone.localdate() + timedelta(days=30)
    clock = case.clock("information_request", due_on=due_on, owner=author, agency=agencies[0], subject=case.folder)
    due_now(clock, "due_in_1")
    sweep()
    assert told_of(clock) == {("author", "due_in_1")}
    Membership.objects.filter(user=author).update(agency=agencies[1])
    due_now(clock, "due_today")
    sweep()
    assert told_of(clock) == {("author", "due_in_1"), ("lead", "due_today")}


def test_a_duty_that_nobody_is_named_for_is_owed_by_everybody_of_the_business_unit(case):
    clock = duty_of_the_unit(case)
    due_now(clock, "due_today")
    sweep()
    assert told_of(clock) == {(name, "due_today") for name in ("lead", "officer", "signatory", "manager_outside")}


def duty_of_the_unit(case, **how):
    office = office_of(case.folder.partnership)
    due_on = timezone.localdate() + timedelta(days=30)
    return services.start(
        "information_request", by=case.people["lead"], folder=office, trigger=timezone.now(), due_on=due_on, **how
    )


def test_where_nobody_is_left_there_is_an_alarm_and_never_silence(case):
    clock = case.clock()
    FolderGrant.objects.all().update(ends=timezone.now())
    due_now(clock, "requests_out")
    sweep()
    assert milestones(clock)["requests_out"].why == "nobody"
    assert Alarm.objects.get(closed_at=None).what == "nobody_to_tell"


def test_a_met_cancelled_or_paused_clock_tells_nobody(case):
    met, ended = case.clock(), case.clock(code="local_review_published")
    due_now(met, "requests_out")
    due_now(ended, next(iter(milestones(ended))))
    services.meet(met, by=case.people["lead"])
    services.cancel(ended, by=case.people["lead"], reason="Not owed")
    assert sweep().fired == 0
    assert not Milestone.objects.filter(state="pending").exists()


def test_one_that_cannot_be_told_waits_an_hour_and_the_others_go(case, monkeypatch):
    clocks = [make_case().clock() for _ in range(3)]
    for clock in clocks:
        due_now(clock, "requests_out")
    poison = milestones(clocks[1])["requests_out"].pk
    real = telling.tell_of

    def fails(rows, recipients):
        if poison in {each.pk for each in rows}:
            raise ValueError("cannot be told")
        return real(rows, recipients)

    with monkeypatch.context() as broken:
        broken.setattr(sweeping.telling, "tell_of", fails)
        done = sweep()
        assert (done.fired, done.broken) == (2, 1)
        assert sweep().broken == 0, "it waits before it is tried again"
    assert Alarm.objects.get(closed_at=None).what == "milestone_broken"
    Milestone.objects.filter(pk=poison).update(retry_after=timezone.now() - timedelta(minutes=1))
    assert sweep().fired == 1
    assert not Alarm.objects.filter(closed_at=None).exists(), "it was told, so its alarm is over"


def test_a_sweep_refuses_while_this_machines_clock_is_wrong(case, monkeypatch):
    clock = case.clock()
    due_now(clock, "requests_out")
    monkeypatch.setattr(sweeping, "clocks_apart", lambda: timedelta(hours=2))
    assert "clock differs" in sweep().refused
    assert not Heartbeat.objects.filter(name="sweep").exists(), "the banner must come, so there is no heartbeat"
    assert Alarm.objects.get(closed_at=None).what == "clocks_differ"
    monkeypatch.undo()
    assert sweep().fired == 1
    assert not Alarm.objects.filter(closed_at=None).exists()


def test_statutory_and_case_alerts_leave_at_once_and_a_storm_is_one_mail(case):
    clock = case.clock(trigger=timezone.now() - timedelta(days=40))
    sweep()
    mails = Outgoing.objects.filter(recipient=case.people["lead"])
    assert Notice.objects.filter(recipient=case.people["lead"], subject_id=clock.pk).count() > 1
    assert mails.count() == 1


def test_a_met_clock_that_a_paused_one_was_is_told_once_it_runs_again(case):
    clock = case.clock(code="subject_access")
    services.pause(clock, by=case.people["lead"], reason="Proof of identity was asked for")
    first = sorted(milestones(clock).values(), key=lambda each: each.fire_at)[0]
    due_now(clock, first.code)
    assert sweep().fired == 0
    new = services.resume(clock, by=case.people["lead"], on=timezone.localdate() + timedelta(days=3))
    assert Deadline.objects.get(pk=clock.pk).status == "superseded"
    due_now(new, first.code)
    assert sweep().fired == 1


class TestRowsThatTheLoopsWouldLeaveBehind:
    """What the reconciler calls a clock without days, and what it leaves alone."""

    def found(self):
        with connection.cursor() as cursor:
            cursor.execute(registrations.INVARIANTS["clock_without_days"][1])
            return {pk for (pk,) in cursor.fetchall()}

    def test_a_clock_whose_days_to_come_were_passed_over_or_lost_is_found(self, case):
        passed_over, lost = case.clock(), case.clock(code="local_review_published")
        Milestone.objects.filter(deadline=passed_over).update(state="suppressed", why="nobody")
        Milestone.objects.filter(deadline=lost).update(
            deadline=passed_over, state="suppressed", why="nobody", code=Left(Cast(F("id"), CharField()), 36)
        )
        assert self.found() == {passed_over.pk, lost.pk}

    def test_a_soft_one_and_one_whose_last_day_was_told_are_left_alone(self, case):
        soft, told = case.clock(code="panel_response"), case.clock()
        now = timezone.now() - timedelta(hours=1)
        Milestone.objects.filter(deadline=soft).update(state="fired", fired_at=now, fire_at=now)
        Milestone.objects.filter(deadline=told).update(state="fired", fired_at=now, fire_at=now)
        assert self.found() == set()
