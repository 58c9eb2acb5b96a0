"""The statutory periods: which edition applies, from which day it runs, and what the screen says of it."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from partnership.deadlines.clock import State, clock
from partnership.deadlines.rules import (
    CODES,
    RULES,
    NoEditionInForce,
    Status,
    UnknownRule,
    due,
    editions,
    london_date,
    rule,
)
from partnership.deadlines.working_days import CalendarEnds, load_england_and_wales

LONDON = ZoneInfo("Europe/London")
ENGLAND = load_england_and_wales()
OLD = ("incident_notification", "rapid_review")


def d(text: str) -> date:
    return date.fromisoformat(text)


class TestEditions:
    @pytest.mark.parametrize("code", CODES)
    def test_editions_follow_one_another_without_gap_or_overlap(self, code):
        found = editions(code)
        for older, newer in pairwise(found):
            assert older.effective_to + timedelta(1) == newer.effective_from
        assert len({e.edition for e in found}) == len(found)

    def test_what_ran_once_or_was_the_dissolved_boards_has_ended_and_nothing_else(self):
        ended = {code for code in CODES if editions(code)[-1].effective_to}
        assert ended == {"arrangements_wt2023", "partnership_group_meeting", "arrangements_reviewed"}

    @pytest.mark.parametrize(
        ("on", "edition"),
        [
            ("2018-06-29", "WT2018"),
            ("2023-12-14", "WT2018"),
            ("2023-12-15", "WT2023"),
            ("2026-03-17", "WT2023"),
            ("2026-03-18", "WT2026"),
        ],
    )
    def test_the_edition_of_the_triggers_day_applies(self, on, edition):
        assert {rule(code, d(on)).edition for code in OLD} == {edition}

    def test_before_the_panel_there_was_no_such_period(self):
        with pytest.raises(NoEditionInForce, match="2018-06-28"):
            rule("rapid_review", d("2018-06-28"))

    def test_an_unknown_code_names_the_known_ones(self):
        with pytest.raises(UnknownRule, match="incident_notification, rapid_review, "):
            rule("rapid-review", d("2026-01-01"))

    def test_an_edition_is_not_stretched_over_a_day_it_did_not_govern(self):
        old = editions("rapid_review")[0]
        with pytest.raises(NoEditionInForce, match="WT2018"):
            due(old, d("2024-01-02"), ENGLAND)

    def test_what_was_not_read_in_the_source_is_not_called_verified(self):
        unread = [r for r in RULES if not r.verified]
        assert all(r.doubt for r in unread)
        assert {r.confidence for r in RULES if r.verified} == {"S"}
        assert {r.edition for r in RULES if r.verified and r.code in OLD} == {"WT2018", "WT2023"}
        assert not any(r.verified for r in editions("rapid_review"))

    def test_a_number_that_was_read_cannot_be_set_here_and_every_other_can(self):
        fixed = {r.code for r in RULES if not r.editable}
        assert {"freedom_of_information", "report_before_publication", "private_fostering_first_visit"} <= fixed
        assert fixed & {"rapid_review", "subject_access", "section_11_audit", "information_request"} == set()

    def test_every_duty_of_the_list_ships(self):
        """Statutory facts, D1 to D12, D20 to D36 (the yearly cycle), D50 to D64; our own: D70 to D74, D80 to D88,
        D94 to D97, D103, D110 to D120."""
        numbers = {int(r.ref.removeprefix("D")) for r in RULES}
        assert numbers == {
            *range(1, 13),
            *range(20, 37),
            *range(50, 65),
            *range(70, 75),
            *range(80, 89),
            *range(94, 98),
            103,
            *range(110, 121),
        }

    def test_neither_period_is_called_law(self):
        """Section 16C sets no time limit: both numbers are guidance, and a page must not say otherwise."""
        assert {r.status for r in RULES if r.code in OLD} == {Status.GUIDANCE}


class TestDue:
    def test_notification_runs_five_and_the_rapid_review_fifteen_working_days(self):
        on = d("2026-03-27")
        assert due(rule("incident_notification", on), on, ENGLAND).due_on == d("2026-04-07")
        assert due(rule("rapid_review", on), on, ENGLAND).due_on == d("2026-04-21")

    @pytest.mark.parametrize(
        ("when", "day"),
        [
            (datetime(2026, 6, 1, 22, 59, 59, tzinfo=UTC), "2026-06-01"),
            (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), "2026-06-02"),
            (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "2026-12-01"),
            (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "2027-03-28"),
            (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), "2027-03-29"),
            (datetime(2027, 10, 30, 23, 0, tzinfo=UTC), "2027-10-31"),
            (datetime(2027, 10, 31, 23, 59, tzinfo=UTC), "2027-10-31"),
            (datetime(2027, 10, 31, 1, 30, tzinfo=LONDON, fold=0), "2027-10-31"),
            (datetime(2027, 10, 31, 1, 30, tzinfo=LONDON, fold=1), "2027-10-31"),
            (datetime(2027, 3, 28, 1, 30, tzinfo=LONDON), "2027-03-28"),
            (datetime(2026, 6, 2, 8, 0, tzinfo=ZoneInfo("Pacific/Auckland")), "2026-06-01"),
        ],
    )
    def test_a_time_counts_from_its_date_in_london(self, when, day):
        assert london_date(when) == d(day)

    def test_a_trigger_late_on_a_summer_evening_in_utc_is_a_day_later_in_london(self):
        friday_in_utc = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)
        edition = rule("incident_notification", d("2026-06-05"))
        result = due(edition, friday_in_utc, ENGLAND)
        assert (result.count.start, result.due_on) == (d("2026-06-06"), d("2026-06-12"))

    def test_a_time_without_offset_is_refused(self):
        with pytest.raises(ValueError, match="offset"):
            london_date(datetime.fromisoformat("2026-06-01T23:30"))

    def test_a_count_over_the_end_of_the_calendar_is_refused(self):
        with pytest.raises(CalendarEnds):
            due(rule("rapid_review", d("2028-12-15")), d("2028-12-15"), ENGLAND)


class TestClock:
    """A notification sent on Friday 27 March 2026: due on Tuesday 21 April, over Easter."""

    sent = d("2026-03-27")

    def at(self, today: str, done_on: str | None = None):
        edition = rule("rapid_review", self.sent)
        return clock(edition, self.sent, d(today), ENGLAND, done_on=d(done_on) if done_on else None)

    @pytest.mark.parametrize(
        ("today", "progress", "standing", "state"),
        [
            ("2026-03-27", "Working day 0 of 15", "15 working days left", State.RUNNING),
            ("2026-03-29", "Working day 0 of 15", "15 working days left", State.RUNNING),
            ("2026-03-30", "Working day 1 of 15", "14 working days left", State.RUNNING),
            ("2026-04-06", "Working day 4 of 15", "11 working days left", State.RUNNING),
            ("2026-04-13", "Working day 9 of 15", "6 working days left", State.RUNNING),
            ("2026-04-20", "Working day 14 of 15", "1 working day left", State.RUNNING),
            ("2026-04-21", "Working day 15 of 15", "due today", State.DUE_TODAY),
            ("2026-04-22", "Working day 16, limit 15", "1 working day late", State.LATE),
            ("2026-04-27", "Working day 19, limit 15", "4 working days late", State.LATE),
        ],
    )
    def test_running_clock(self, today, progress, standing, state):
        facts = self.at(today)
        assert (facts.progress, facts.standing, facts.state) == (progress, standing, state)
        assert facts.due_on == d("2026-04-21")
        assert facts.not_counted == "weekends, Good Friday 3 April, Easter Monday 6 April"

    def test_a_weekend_after_the_due_date_is_late_although_no_working_day_has_passed(self):
        facts = clock(rule("incident_notification", d("2026-06-05")), d("2026-06-05"), d("2026-06-13"), ENGLAND)
        assert (facts.due_on, facts.state, facts.days_late) == (d("2026-06-12"), State.LATE, 0)
        assert facts.standing == "less than one working day late"

    def test_done_on_the_due_date_is_met_whatever_today_is(self):
        facts = self.at("2026-11-22", done_on="2026-04-21")
        assert (facts.state, facts.standing, facts.days_late) == (State.MET, "met on working day 15", 0)

    def test_done_the_day_after_is_met_late(self):
        facts = self.at("2026-11-22", done_on="2026-04-22")
        assert (facts.state, facts.standing, facts.day) == (State.MET_LATE, "met 1 working day late", 16)

    def test_a_finished_clock_can_be_read_after_the_calendar_has_ended(self):
        assert self.at("2035-01-01", done_on="2026-04-20").state is State.MET

    def test_a_soft_rule_is_past_its_date_and_never_late(self):
        soft = replace(rule("rapid_review", self.sent), soft=True)
        facts = clock(soft, self.sent, d("2026-04-28"), ENGLAND)
        assert (facts.state, facts.standing, facts.days_late) == (State.PAST, "past its date", 0)
        assert clock(soft, self.sent, d("2026-05-01"), ENGLAND, done_on=d("2026-04-28")).state is State.MET

    def test_past_the_calendar_it_is_late_in_calendar_days(self):
        facts = self.at("2029-01-03")
        assert (facts.state, facts.standing) == (State.LATE, f"{(d('2029-01-03') - d('2026-04-21')).days} days late")
        assert (facts.progress, facts.of) == ("Due on 21 April 2026", 15)

    def test_times_are_london_dates_on_both_ends(self):
        edition = rule("incident_notification", d("2026-06-01"))
        facts = clock(
            edition,
            datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
            datetime(2026, 6, 10, 9, 0, tzinfo=UTC),
            ENGLAND,
            done_on=datetime(2026, 6, 8, 23, 30, tzinfo=UTC),
        )
        assert (facts.due_on, facts.done_on, facts.state) == (d("2026-06-08"), d("2026-06-09"), State.MET_LATE)

    @pytest.mark.parametrize(("today", "done_on"), [("2026-03-26", None), ("2026-04-01", "2026-03-26")])
    def test_nothing_is_done_or_read_before_it_began(self, today, done_on):
        with pytest.raises(ValueError, match="before"):
            self.at(today, done_on)


def test_the_arithmetic_and_the_rules_need_no_django():
    """They are read by commands, tests and spreadsheets of others; the floor above may change without them."""
    files = ("working_days", "shapes", "periods", "rule_files", "rules", "clock")
    code = (
        "import sys, types; package = types.ModuleType('partnership'); package.__path__ = ['partnership'];"
        "sys.modules['partnership'] = package;"
        + "".join(f"import partnership.deadlines.{name};" for name in files)
        + "print([m for m in sys.modules if m.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
