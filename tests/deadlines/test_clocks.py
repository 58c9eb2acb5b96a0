"""A clock: started once, met with a reason when late, corrected by a row that supersedes, counted again by calendar."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.deadlines import calendars, services
from partnership.deadlines.models import CalendarVersion, Deadline, Milestone
from partnership.deadlines.periods import LONDON
from partnership.deadlines.working_days import Holiday
from partnership.notify.models import Notice
from partnership.trail.models import Event
from tests.deadlines.clocks import due_now, london, make_case, milestones

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return make_case()


@pytest.fixture
def by(case):
    return case.people["lead"]


def test_the_fifteen_days_and_their_milestones_skip_easter(case):
    clock = case.clock(trigger=london(2026, 3, 23, 15, 20))
    assert clock.due_on == date(2026, 4, 15)
    assert clock.due_at == london(2026, 4, 15, 23, 59, 59, 999999)
    days = {code: each.on for code, each in milestones(clock).items()}
    assert days["requests_out"] == date(2026, 3, 24)
    assert days["returns_in"] == date(2026, 4, 1)
    assert days["meeting"] == date(2026, 4, 8)
    assert days["draft_to_partners"] == date(2026, 4, 10)
    assert days["signed_off"] == date(2026, 4, 14)
    assert days["sent"] == date(2026, 4, 15)
    assert {each.fire_at.astimezone(LONDON).strftime("%H:%M") for each in milestones(clock).values()} == {"08:30"}


@pytest.mark.parametrize(("day", "utc"), [(date(2026, 3, 27), 8), (date(2026, 3, 30), 7), (date(2026, 10, 26), 8)])
def test_half_past_eight_is_in_london_on_both_sides_of_a_clock_change(case, day, utc):
    clock = case.clock(trigger=london(day.year, day.month, day.day, 9) - timedelta(days=14))
    fire = {each.on: each.fire_at for each in milestones(clock).values()}
    found = [moment for on, moment in fire.items() if on == day]
    assert [(each.astimezone(LONDON).hour, each.utctimetuple().tm_hour) for each in found] == [(8, utc)] * len(found)
    assert all((each.astimezone(LONDON).hour, each.astimezone(LONDON).minute) == (8, 30) for each in fire.values())


def test_starting_twice_is_one_clock(case, by):
    review_like = case.folder
    first = case.clock(subject=review_like)
    assert case.clock(subject=review_like) == first
    assert Deadline.objects.count() == 1


def test_a_clock_keeps_the_edition_it_began_under(case):
    with time_machine.travel(london(2026, 3, 10, 12)):
        clock = case.clock(trigger=london(2026, 3, 10, 9))
    assert clock.edition == "WT2023"
    moved = services.move(clock, by=case.people["lead"], reason="Typed wrongly", trigger=london(2026, 3, 9, 9))
    assert moved.edition == "WT2023"


def test_a_rule_without_a_number_asks_for_the_date(case):
    with pytest.raises(ValidationError) as wrong:
        case.clock(code="information_request")
    assert "due_on" in wrong.value.message_dict
    assert case.clock(code="information_request", due_on=timezone.localdate() + timedelta(days=9)).length is None


def test_running_clocks_from_before_that_name_nobody_are_given_to_the_business_unit(case):
    migration = import_module("partnership.deadlines.migrations.0005_owed_by_the_unit")
    nobodys, owned = case.clock(code="local_review_published"), case.clock(code="board_meeting")
    Deadline.objects.update(owed_by="")
    Deadline.objects.filter(pk=owned.pk).update(owner=case.people["officer"])
    migration.name_the_unit(apps, SimpleNamespace(connection=connection))
    assert dict(Deadline.objects.values_list("pk", "owed_by")) == {nobodys.pk: "deadline_manage", owned.pk: ""}


def test_late_asks_for_a_reason_which_is_kept(case, by):
    clock = case.clock(trigger=timezone.now() - timedelta(days=60))
    with pytest.raises(ValidationError) as wrong:
        services.meet(clock, by=by)
    assert "late_reason" in wrong.value.message_dict
    assert services.meet(clock, by=by, late_reason="The coroner's letter came late").late_reason
    assert not Milestone.objects.filter(deadline=clock, state="pending").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=clock.pk).update(late_reason="")


def test_met_on_the_last_second_of_the_day_is_in_time_and_a_second_later_is_late(case, by):
    clock = case.clock(trigger=london(2026, 3, 23, 15, 20))
    assert not services.is_late(clock, london(2026, 4, 15, 23, 59, 59))
    assert services.is_late(clock, london(2026, 4, 16, 0, 0, 1))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_time_before_the_trigger_or_in_the_future_is_refused(case, by, days):
    clock = case.clock()
    with pytest.raises(ValidationError) as wrong:
        services.meet(clock, by=by, at=timezone.now() + timedelta(days=days))
    assert "met_at" in wrong.value.message_dict


def test_a_corrected_trigger_supersedes_and_the_earlier_date_stays_readable(case, by):
    clock = case.clock(trigger=london(2026, 3, 23, 15))
    new = services.move(clock, by=by, reason="The receipt says the 24th", trigger=london(2026, 3, 24, 9))
    clock.refresh_from_db()
    assert (clock.status, clock.due_on, clock.reason) == ("superseded", date(2026, 4, 15), "The receipt says the 24th")
    assert (new.supersedes, new.due_on) == (clock, date(2026, 4, 16))
    assert {each.why for each in milestones(clock).values()} == {"superseded"}
    with pytest.raises(Stale):
        services.meet(clock, by=by)


def test_what_was_done_stays_done_when_the_date_moves(case, by):
    clock = case.clock()
    services.done(clock, "requests_out", by=by)
    new = services.move(clock, by=by, reason="Typed wrongly", trigger=timezone.now() - timedelta(days=1))
    assert milestones(new)["requests_out"].done_by == by
    assert milestones(new)["requests_out"].why == "done"


def test_what_was_told_is_not_told_again_unless_its_day_lies_ahead_now(case, by):
    clock = case.clock(trigger=timezone.now() - timedelta(days=1))
    due_now(clock, "requests_out")
    Milestone.objects.filter(deadline=clock, code="requests_out").update(state="fired", fired_at=timezone.now())
    again = services.move(clock, by=by, reason="An hour earlier", trigger=clock.trigger_at - timedelta(days=7))
    assert milestones(again)["requests_out"].why == "told"
    later = services.move(again, by=by, reason="It was today", trigger=timezone.now())
    assert milestones(later)["requests_out"].state == "pending"


def test_a_pause_lengthens_the_clock_by_the_days_it_stood_still(case, by):
    with time_machine.travel(london(2026, 6, 1, 9), tick=False):
        clock = case.clock(code="subject_access", trigger=london(2026, 6, 1, 9))
        assert clock.due_on == date(2026, 7, 1)
        services.pause(clock, by=by, reason="Proof of identity was asked for")
    with time_machine.travel(london(2026, 6, 11, 9), tick=False):
        new = services.resume(clock, by=by)
    assert new.due_on == date(2026, 7, 11)
    assert "Proof of identity" in Deadline.objects.get(pk=clock.pk).reason


def test_a_pause_that_adds_no_day_replaces_no_row_and_tells_nobody(case, by):
    clock = services.pause(case.clock(code="subject_access"), by=by, reason="Proof of identity")
    again = services.resume(clock, by=by)
    assert (again.pk, again.status, again.paused_on, again.due_at) == (clock.pk, "open", None, clock.due_at)
    assert again.reason.endswith("Proof of identity") and Event.objects.filter(verb="deadline_resumed").count() == 1
    assert not Deadline.objects.filter(supersedes=clock).exists() and not Notice.objects.exists()


def test_a_reason_may_be_as_long_as_the_note_that_ends_a_request(case, by):
    assert services.cancel(case.clock(), by=by, reason="x" * 1000).reason == "x" * 1000
    paused = services.pause(case.clock(code="subject_access"), by=by, reason="y" * 1000)
    again = timezone.localdate() + timedelta(days=3)
    assert services.resume(paused, by=by, on=again).supersedes.reason.endswith("y")


def test_a_rapid_review_cannot_be_paused(case, by):
    with pytest.raises(ValidationError, match="cannot be paused"):
        services.pause(case.clock(), by=by, reason="Christmas")


def test_a_late_bank_holiday_moves_the_running_clocks_tells_people_and_leaves_met_ones(db):
    with time_machine.travel(london(2026, 11, 2, 9), tick=False):
        case = make_case()
        by = case.people["lead"]
        running = case.clock(trigger=london(2026, 11, 2, 9))
        met = make_case().clock(trigger=london(2026, 11, 2, 9))
        services.meet(met, by=by, at=timezone.now())
        assert running.due_on == date(2026, 11, 23)
        holiday = Holiday(date(2026, 11, 20), "One-off holiday", announced_on=date(2026, 11, 2), source="Proclamation")
        version = calendars.change("england-and-wales", add=[holiday], by=by, reason="One-off holiday announced")
    running.refresh_from_db()
    met.refresh_from_db()
    new = Deadline.objects.get(supersedes=running)
    assert (running.status, running.due_on) == ("superseded", date(2026, 11, 23))
    assert (new.due_on, new.calendar, new.trigger_at) == (date(2026, 11, 24), version, running.trigger_at)
    assert (met.status, met.due_on) == ("met", date(2026, 11, 23))
    told = {row.recipient for row in Notice.objects.filter(kind="deadline_moved", subject_id=new.pk)}
    assert told == {by, case.people["officer"]}
    assert CalendarVersion.objects.filter(division="england-and-wales").count() == version.number


def test_a_clock_past_the_calendars_last_year_is_refused(case):
    with pytest.raises(ValidationError, match="cannot be counted"):
        case.clock(trigger=london(2028, 12, 20, 9))
