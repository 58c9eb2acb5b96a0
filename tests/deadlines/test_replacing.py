"""A date changes: one clock by hand, or all by a calendar. Nobody is told twice, and nobody of what did not change."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.deadlines import calendars, editions, services
from partnership.deadlines.models import Deadline
from partnership.deadlines.working_days import Holiday
from partnership.notify.models import Notice
from tests.deadlines.clocks import due_now, london, make_case, milestones

pytestmark = pytest.mark.django_db
ENGLAND = "england-and-wales"


@pytest.fixture
def case(db):
    return make_case()


@pytest.fixture
def by(case):
    return case.people["lead"]


def holiday_on(day, by):
    each = Holiday(day, "One-off holiday", announced_on=timezone.localdate(), source="Proclamation")
    return calendars.change(ENGLAND, add=[each], by=by, reason="One-off holiday announced")


def test_where_only_a_reminder_moves_the_clock_stays_and_nobody_is_told(case, by):
    with time_machine.travel(london(2026, 6, 1, 9), tick=False):
        clock = case.clock(code="subject_access", trigger=london(2026, 6, 1, 9))
        assert (clock.due_on, milestones(clock)["due_in_1"].on) == (date(2026, 7, 1), date(2026, 6, 30))
        holiday_on(date(2026, 6, 30), by)
    clock.refresh_from_db()
    assert clock.status == "open" and not Deadline.objects.exclude(pk=clock.pk).exists()
    day = milestones(clock)["due_in_1"]
    assert (day.on, day.fire_at, day.state) == (date(2026, 6, 29), london(2026, 6, 29, 8, 30), "pending")
    assert not Notice.objects.filter(kind="deadline_moved").exists()


def test_a_reminder_that_was_told_already_stays_told(case, by):
    with time_machine.travel(london(2026, 6, 1, 9), tick=False):
        clock = case.clock(code="subject_access", trigger=london(2026, 6, 1, 9))
        told = milestones(clock)["due_in_1"]
        told.state, told.fired_at = "fired", timezone.now()
        told.save()
        holiday_on(date(2026, 6, 30), by)
    day = milestones(clock)["due_in_1"]
    assert (day.on, day.state) == (date(2026, 6, 30), "fired")


@pytest.mark.parametrize("local", [False, True])
def test_counting_again_asks_as_much_for_twelve_clocks_as_for_one(db, local):
    with time_machine.travel(london(2026, 11, 2, 9), tick=False):
        cases = [make_case() for _ in range(3)]
        by = cases[0].people["lead"]
        if local:
            editions.add_edition(
                "challenge_stage_1", by=by, length=15, trigger="It is written down", days={}, source="Minutes",
                effective_from=timezone.localdate(), reason="Agreed",
            )  # fmt: skip
        code = "challenge_stage_1" if local else "rapid_review"
        cases[0].clock(code, trigger=london(2026, 11, 2, 9))
        with CaptureQueriesContext(connection) as one:
            holiday_on(date(2026, 11, 5), by)
        for n in range(11):
            cases[n % 3].clock(code, trigger=london(2026, 11, 2, 9))
        with CaptureQueriesContext(connection) as twelve:
            holiday_on(date(2026, 11, 6), by)
    assert Deadline.objects.filter(status="superseded", supersedes=None).count() == 12
    assert Notice.objects.filter(kind="deadline_moved").exists()
    assert len(twelve) <= len(one) <= 45, "both calendars, their clocks, and everybody told"


@pytest.mark.parametrize("deed", ["meet", "move", "pause", "resume", "cancel", "done"])
def test_the_calendar_is_held_before_the_clock_is_locked(case, by, deed):
    """A change of the calendar holds it alone and then locks the clocks: the other order would stop both for good."""
    clock = case.clock(code="subject_access")
    if deed == "resume":
        services.pause(clock, by=by, reason="Proof of identity")
    arguments = {
        "move": {"reason": "Typed wrongly", "trigger": timezone.now() - timedelta(days=3)},
        "pause": {"reason": "Proof of identity"},
        "cancel": {"reason": "Not owed"},
    }
    code = ("due_today",) if deed == "done" else ()
    with CaptureQueriesContext(connection) as asked:
        getattr(services, deed)(clock, *code, by=by, **arguments.get(deed, {}))
    texts = [each["sql"] for each in asked]
    held = next(n for n, text in enumerate(texts) if "pg_advisory_xact_lock_shared" in text)
    assert held < next(n for n, text in enumerate(texts) if "FOR UPDATE" in text)


def test_what_was_told_stays_told_however_often_the_date_moves(case, by):
    clock = case.clock(trigger=timezone.now() - timedelta(days=1))
    due_now(clock, "requests_out")
    day = milestones(clock)["requests_out"]
    day.state, day.fired_at = "fired", timezone.now()
    day.save()
    for days in (7, 8, 9):
        clock = services.move(clock, by=by, reason="Earlier", trigger=timezone.now() - timedelta(days=days))
        assert milestones(clock)["requests_out"].why == "told"


class TestMoving:
    def test_an_agreed_date_is_moved_to_another(self, case, by):
        today = timezone.localdate()
        clock = case.clock(code="information_request", due_on=today + timedelta(days=9))
        new = services.move(clock, by=by, reason="Agreed with the school", due_on=today + timedelta(days=12))
        assert (new.due_on, new.trigger_at, new.length) == (today + timedelta(days=12), clock.trigger_at, None)

    def test_a_move_that_changes_nothing_is_refused(self, case, by):
        clock = case.clock(code="information_request", due_on=timezone.localdate() + timedelta(days=9))
        for same in ({"due_on": clock.due_on}, {"trigger": timezone.localdate(clock.trigger_at)}, {}):
            with pytest.raises(ValidationError, match="nothing would change"):
                services.move(clock, by=by, reason="Typed wrongly", **same)
        assert Deadline.objects.count() == 1

    def test_a_trigger_before_the_edition_takes_the_edition_of_that_day(self, case, by):
        """Working Together 2026 is the edition of what began from March 2026 on; the right date lies before."""
        clock = case.clock(trigger=london(2026, 11, 2, 9))
        new = services.move(clock, by=by, reason="The year was mistyped", trigger=london(2025, 11, 3, 9))
        assert (clock.edition, new.edition) == ("WT2026", "WT2023")
        assert (new.due_on, new.status) == (date(2025, 11, 24), "open")

    def test_a_period_of_hours_is_never_counted_from_midnight_unasked(self, case, by):
        clock = case.clock(code="return_interview", trigger=london(2026, 6, 2, 9, 15))
        with pytest.raises(ValidationError) as wrong:
            services.move(clock, by=by, reason="Typed wrongly", trigger=date(2026, 6, 1))
        assert "enter the time" in wrong.value.message_dict["trigger_on"][0]
        new = services.move(clock, by=by, reason="Typed wrongly", trigger=london(2026, 6, 1, 9, 15))
        assert new.due_at == london(2026, 6, 4, 9, 15)


class TestReturning:
    def test_the_next_period_begins_when_a_duty_is_met(self, case, by):
        met = services.meet(case.clock(code="board_meeting", what="Board"), by=by)
        assert met.next_clock.status == "open" and met.next_clock.what == "Board"
        assert timezone.localdate(met.next_clock.trigger_at) == timezone.localdate()

    def test_also_where_this_one_had_an_agreed_date(self, case, by):
        soon = timezone.localdate() + timedelta(days=4)
        met = services.meet(case.clock(code="board_meeting", due_on=soon), by=by)
        assert met.length is None and met.next_clock.length == 3

    @pytest.mark.parametrize(
        ("code", "how"),
        [
            ("review_progress", {"due_on": date(2026, 12, 18)}),  # law sets no number
            ("partnership_group_meeting", {"trigger": london(2019, 6, 3, 9)}),  # no edition is in force any more
        ],
    )
    def test_what_cannot_be_counted_is_met_all_the_same_and_somebody_starts_the_next(self, case, by, code, how):
        met = services.meet(case.clock(code=code, **how), by=by, late_reason="Found in the minutes")
        assert (met.status, met.next_clock) == ("met", None)
        assert services.returns(met)
