"""The days on which somebody is told: the rapid review's steps, the defaults, and the days that nobody could count."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.deadlines.rules import (
    CODES,
    RULES,
    Level,
    Status,
    Unit,
    editions,
    london_date,
    milestones,
    rule,
)
from partnership.deadlines.working_days import ENGLAND_AND_WALES, UNITED_KINGDOM, load_file, working_days_between

LONDON = ZoneInfo("Europe/London")
CALENDARS = {name: load_file(name) for name in (ENGLAND_AND_WALES, UNITED_KINGDOM)}
ENGLAND = CALENDARS[ENGLAND_AND_WALES]


def d(text: str) -> date:
    return date.fromisoformat(text)


def plan(code, start, due_on=None):
    edition = rule(code, london_date(start))
    return milestones(edition, start, due_on, CALENDARS[edition.division])


def days(code, start, due_on=None) -> dict:
    return {each.code: str(each.on) for each in plan(code, start, due_on)}


def test_the_rapid_review_steps_fall_on_their_working_days_over_easter():
    """A notification of Friday 27 March 2026: Good Friday is 3 April, Easter Monday 6 April."""
    assert days("rapid_review", d("2026-03-27")) == {
        "requests_out": "2026-03-30",
        "returns_in": "2026-04-09",
        "meeting": "2026-04-14",
        "draft_to_partners": "2026-04-16",
        "signed_off": "2026-04-20",
        "not_sent_manager": "2026-04-20",
        "sent": "2026-04-21",
        "late_manager": "2026-04-22",
        "late_partners": "2026-04-22",
    }


def test_the_rapid_review_steps_are_owed_by_those_who_may_take_them():
    found = {each.code: each for each in plan("rapid_review", d("2026-03-27"))}
    assert {code: each.perm for code, each in found.items() if each.step} == {
        "requests_out": "return_request",
        "returns_in": "return_request",
        "meeting": "review_manage",
        "draft_to_partners": "report_make",
        "signed_off": "sign_off",
        "sent": "send",
    }
    escalations = {code: each.level for code, each in found.items() if not each.step}
    assert escalations == {
        "not_sent_manager": Level.MANAGER,
        "late_manager": Level.MANAGER,
        "late_partners": Level.PARTNERS,
    }
    assert all(each.statutory for each in found.values())


def test_every_edition_of_the_rapid_review_has_the_same_steps():
    assert len({edition.milestones for edition in editions("rapid_review")}) == 1


@pytest.mark.parametrize(
    ("trigger", "sent"),
    [("2026-12-11", "2027-01-06"), ("2026-12-19", "2027-01-13"), ("2028-02-14", "2028-03-06")],
    ids=["over New Year", "from a Saturday", "over 29 February"],
)
def test_the_last_step_is_the_due_date(trigger, sent):
    assert days("rapid_review", d(trigger))["sent"] == sent


def test_people_are_told_at_half_past_eight_in_london_in_summer_and_winter():
    offsets = {each.fire_at.utcoffset().total_seconds() for each in plan("rapid_review", d("2026-03-20"))}
    assert offsets == {0, 3600}, "the review runs over the night of 29 March 2026"
    for each in plan("rapid_review", d("2026-03-20")):
        assert each.fire_at == datetime.combine(each.on, time(8, 30), LONDON)


class TestDefaults:
    def test_law_reaches_the_partners_after_five_working_days_guidance_does_not(self):
        assert days("freedom_of_information", d("2026-03-02")) == {
            "due_in_5": "2026-03-24",
            "due_in_1": "2026-03-30",
            "due_today": "2026-03-31",
            "late_manager": "2026-04-01",
            "late_partners": "2026-04-09",
        }
        assert "late_partners" not in days("local_review_published", d("2026-03-02"))

    def test_the_e_mail_of_a_legal_duty_cannot_be_switched_off(self):
        for edition in RULES:
            if edition.code not in ("rapid_review", "incident_notification", "publication_kept"):
                assert {each.statutory for each in edition.milestones} == {edition.status is Status.LAW}

    def test_nobody_is_chased_for_what_is_never_late(self):
        assert set(days("panel_response", d("2026-03-02"))) == {"due_in_1", "due_today"}

    def test_a_short_period_has_no_reminder_before_it_begins(self):
        assert set(days("lado_referral", d("2026-03-02"))) == {"due_today", "late_manager"}
        given = days("information_request", d("2026-03-02"), d("2026-03-04"))
        assert given == {
            "due_in_1": "2026-03-03", "due_today": "2026-03-04", "chased_1": "2026-03-05",
            "late_manager": "2026-03-05", "chased_3": "2026-03-09", "late_manager_3": "2026-03-09",
            "late_partners": "2026-03-11",
        }  # fmt: skip

    def test_before_a_publication_the_owner_is_told_before_the_report_must_go(self):
        assert days("report_before_publication", d("2026-04-10")) == {
            "due_in_1": "2026-04-02",
            "due_today": "2026-04-03",
            "late_manager": "2026-04-07",
            "late_partners": "2026-04-13",
        }


class TestHours:
    def test_who_must_act_by_seven_in_the_morning_is_told_the_day_before(self):
        begins = datetime(2026, 6, 1, 7, 0, tzinfo=LONDON)
        edition = rule("private_fostering_change", d("2026-06-01"))
        found = {each.code: each.on for each in milestones(edition, begins, None, ENGLAND)}
        assert found["due_today"] == d("2026-06-02")

    def test_nobody_is_told_before_it_began(self):
        begins = datetime(2026, 6, 1, 9, 0, tzinfo=LONDON)
        edition = replace(rule("private_fostering_change", d("2026-06-01")), length=2)
        assert all(each.fire_at > begins for each in milestones(edition, begins, None, ENGLAND))


def test_reminders_beyond_the_calendar_are_found_by_weekends_alone():
    """A 36-month period ends after the last known bank holiday: its date is certain, a reminder may shift."""
    assert days("primary_care_training", d("2026-12-27"))["due_in_1"] == "2029-12-26"
    assert days("rapid_review", d("2028-12-06"))["late_manager"] == "2029-01-01"


@given(start=st.dates(date(2018, 6, 29), date(2027, 6, 1)), code=st.sampled_from(CODES), hour=st.integers(0, 23))
def test_nobody_is_told_in_the_night_and_each_code_once(start, code, hour):
    trigger = datetime.combine(start, time(hour, 30), LONDON)
    edition = next((each for each in editions(code) if each.in_force(start)), None)
    if edition is None or not edition.in_force(london_date(trigger)):
        return
    given_date = date.fromordinal(start.toordinal() + 40) if edition.length is None else None
    found = milestones(edition, trigger, given_date, CALENDARS[edition.division])
    assert len({each.code for each in found}) == len(found)
    assert [each.fire_at for each in found] == sorted(each.fire_at for each in found)
    for each in found:
        local = each.fire_at.astimezone(LONDON)
        assert (local.hour, local.minute, local.date()) == (8, 30, each.on)
        if each.step and edition.unit is Unit.WORKING_DAYS:
            assert working_days_between(start, each.on, ENGLAND) == next(
                m.day for m in edition.milestones if m.code == each.code
            )
