"""Local editions: what may be set, from when, and that nothing is lost or rewritten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access import scope
from partnership.deadlines import registry, services
from partnership.deadlines.editions import add_edition, days_now
from partnership.deadlines.models import LocalEdition
from partnership.deadlines.office import office_of
from partnership.deadlines.reads import facts_of
from partnership.deadlines.rules import CODES, Unit, UnknownRule, due, milestones, rule
from partnership.deadlines.working_days import load_england_and_wales

pytestmark = pytest.mark.django_db
ENGLAND = load_england_and_wales()
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)


def d(text: str) -> date:
    return date.fromisoformat(text)


def set_it(code="challenge_stage_1", first="2026-12-01", *, length=3, by=None, days=None, **more):
    facts = {
        "trigger": "the challenge is written down",
        "source": "Regional procedures, section 4",
        "reason": "Agreed by the Executive",
    }
    return add_edition(code, by=by, length=length, days=days or {}, effective_from=d(first), **facts | more)


def edition_on(day, code="challenge_stage_1"):
    return registry.rule_in_force(code, d(day)).edition


def test_it_holds_from_its_first_day_on_and_what_began_before_keeps_the_old(world):
    row = set_it(by=world.manager)
    assert [edition_on(day) for day in ("2026-11-30", "2026-12-01", "2030-01-01")] == [
        "portal default", "local 1", "local 1",
    ]  # fmt: skip
    now = registry.rule_in_force("challenge_stage_1", d("2026-12-01"))
    assert (now.length, now.unit, now.trigger) == (3, Unit.WORKING_DAYS, "the challenge is written down")
    assert (now.title, now.local, now.verified, row.added_by) == (
        rule("challenge_stage_1", TODAY).title,
        True,
        False,
        world.manager,
    )
    assert due(now, d("2026-12-24"), ENGLAND).due_on == d("2026-12-31")


def test_a_later_one_ends_the_earlier_which_stays_readable_for_the_clocks_that_run():
    set_it(length=3)
    set_it(first="2027-03-01", length=4)
    assert [edition_on(day) for day in ("2027-02-28", "2027-03-01")] == ["local 1", "local 2"]
    assert registry.edition("challenge_stage_1", "local 1").length == 3
    found = {each.edition: each.effective_to for each in registry.editions_of("challenge_stage_1")}
    assert found == {"portal default": None, "local 1": d("2027-02-28"), "local 2": None}


def test_after_its_last_day_the_shipped_edition_holds_again():
    set_it(effective_to=d("2026-12-31"))
    assert [edition_on(day) for day in ("2026-12-31", "2027-01-01")] == ["local 1", "portal default"]


class TestOverlap:
    def refused(self, first, **more):
        with pytest.raises(ValidationError) as refusal:
            set_it(first=first, **more)
        return " ".join(refusal.value.messages)

    def test_the_same_first_day_names_the_other_edition(self):
        set_it()
        assert "The local edition 1 begins on 1 December 2026 too" in self.refused("2026-12-01")

    def test_a_day_within_an_edition_with_a_last_day_names_it(self):
        set_it(effective_to=d("2026-12-31"))
        assert "The local edition 1 holds until 31 December 2026" in self.refused("2026-12-31")
        set_it(first="2027-01-01")

    def test_running_into_one_that_is_planned_names_it(self):
        set_it(first="2027-03-01")
        assert "The local edition 1 begins on 1 March 2027" in self.refused("2026-12-01")
        assert "The local edition 1 begins on 1 March 2027" in self.refused("2026-12-01", effective_to=d("2027-03-01"))
        set_it(effective_to=d("2027-02-28"))
        assert [edition_on(day) for day in ("2027-02-28", "2027-03-01")] == ["local 2", "local 1"]

    def test_a_mistake_is_put_right_and_kept(self):
        wrong = set_it(length=30)
        right = set_it(length=3, corrects=True)
        assert right.replaces == wrong
        assert edition_on("2026-12-01") == "local 2"
        assert registry.edition("challenge_stage_1", "local 1").length == 30
        assert LocalEdition.objects.count() == 2

    def test_there_must_be_something_to_put_right(self):
        assert "nothing to put right" in self.refused("2026-12-01", corrects=True)


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "says"),
        [
            ("freedom_of_information", "was read in its source"),
            ("report_before_publication", "was read in its source"),
            ("private_fostering_first_visit", "was read in its source"),
            ("arrangements_wt2023", "not in force"),
        ],
    )
    def test_a_number_of_the_law_that_was_read_stays(self, code, says):
        with pytest.raises(ValidationError) as refusal:
            set_it(code)
        assert says in " ".join(refusal.value.messages)

    def test_an_unknown_rule_is_a_bug_of_the_caller(self):
        with pytest.raises(UnknownRule):
            set_it("tea_time")

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"first": "2026-11-22"}, "effective_from"),
            ({"effective_to": date(2026, 11, 30)}, "effective_to"),
            ({"source": "  "}, "source"),
            ({"reason": ""}, "reason"),
            ({"trigger": ""}, "trigger"),
            ({"length": 0}, "length"),
            ({"length": 5001}, "length"),
            ({"length": None}, "length"),
            ({"days": {"late_manager": 0}}, "day_late_manager"),
            ({"days": {"due_today": -1}}, "day_due_today"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, facts, field):
        with pytest.raises(ValidationError) as refusal:
            set_it(**facts)
        assert set(refusal.value.error_dict) == {field}
        assert not LocalEdition.objects.exists()

    def test_a_step_beyond_the_period_is_refused(self):
        with pytest.raises(ValidationError) as refusal:
            set_it("rapid_review", length=12)
        assert set(refusal.value.error_dict) == {"day_signed_off", "day_sent"}


class TestMilestones:
    def test_their_days_are_set_and_an_empty_one_is_left_out(self):
        set_it("rapid_review", length=15, days={"returns_in": 6, "meeting": 9, "draft_to_partners": None})
        found = {m.code: m for m in registry.rule_in_force("rapid_review", d("2026-12-01")).milestones}
        assert (found["returns_in"].day, found["meeting"].day, found["sent"].day) == (6, 9, 15)
        assert "draft_to_partners" not in found
        assert found["returns_in"].step and found["returns_in"].perm == "return_request" and found["sent"].statutory
        assert days_now("rapid_review", d("2026-12-01"))["meeting"] == 9
        plan = milestones(registry.edition("rapid_review", "local 1"), d("2026-12-01"), None, ENGLAND)
        assert {each.code: each.on for each in plan}["returns_in"] == d("2026-12-09")

    def test_an_edition_tells_somebody_at_least_once(self):
        shipped = {each.code: None for each in rule("challenge_stage_1", TODAY).milestones}
        with pytest.raises(ValidationError, match="Nobody would be told"):
            set_it(days=shipped)
        set_it(days=shipped | {"due_today": 0})

    def test_what_was_left_out_can_come_back_with_the_next_edition(self):
        set_it("rapid_review", length=15, days={"draft_to_partners": None})
        set_it("rapid_review", "2027-02-01", length=15, days={"draft_to_partners": 11})
        found = registry.rule_in_force("rapid_review", d("2027-02-01")).milestones
        assert {m.code: m.day for m in found}["draft_to_partners"] == 11

    def test_a_duty_without_a_number_may_be_given_one(self):
        set_it("school_safeguarding_return", length=2)
        now = registry.rule_in_force("school_safeguarding_return", d("2027-01-31"))
        assert due(now, d("2027-01-31"), ENGLAND).due_on == d("2027-03-31")


def test_a_checked_edition_of_a_new_release_holds_over_a_local_one(monkeypatch):
    """Law or guidance that somebody read is not set aside by what was set while nobody had."""
    set_it("rapid_review", length=15)
    shipped = rule("rapid_review", TODAY)
    read = replace(shipped, edition="WT2028", verified=True, effective_from=d("2028-01-01"))
    editions = (replace(shipped, effective_to=d("2027-12-31")), read)
    monkeypatch.setattr(
        "partnership.deadlines.rules.rule", lambda code, on: next(e for e in editions if e.in_force(on))
    )
    assert [edition_on(day, "rapid_review") for day in ("2027-12-31", "2028-01-01")] == ["local 1", "WT2028"]


def test_the_list_of_rules_needs_one_query(django_assert_num_queries):
    set_it()
    with django_assert_num_queries(1):
        found = registry.all_in_force(d("2026-12-01"))
    assert [each.code for each, _ in found] == list(CODES)
    assert {each.code for each, _ in found if each.local} == {"challenge_stage_1"}
    assert {each.code for each, holds in found if not holds} == {
        "arrangements_wt2023", "partnership_group_meeting", "arrangements_reviewed",
    }  # fmt: skip


@pytest.mark.parametrize("clocks", [1, 50])
def test_a_page_of_clocks_under_local_editions_asks_for_them_once(world, clocks):
    set_it(first="2026-11-23")
    office = office_of(world.partnership)
    rows = [
        services.start("challenge_stage_1", by=world.officer, folder=office, trigger=timezone.now())
        for _ in range(clocks)
    ]
    assert {row.edition for row in rows} == {"local 1"}
    with scope.entered(), CaptureQueriesContext(connection) as asked:
        assert {facts_of(row).of for row in rows} == {3}
    assert len([each for each in asked if "localedition" in each["sql"]]) == 1
    assert len(asked) == 2, "and once for the calendar"


def test_the_page_of_a_rule_asks_for_its_local_editions_once_and_once_for_their_history(world, sign_in):
    set_it()
    client = sign_in(world.manager)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("deadlines:rule", args=["challenge_stage_1"]), {"start_day": 1})
    assert len([each for each in asked if 'FROM "deadlines_localedition"' in each["sql"]]) == 2


def test_what_was_set_holds_in_the_same_request(world):
    with scope.entered():
        before = registry.rule_in_force("challenge_stage_1", d("2026-12-01")).edition
        set_it(by=world.manager)
        assert (before, edition_on("2026-12-01")) == ("portal default", "local 1")


def test_a_form_offers_the_rules_that_hold_by_subject():
    offered = dict(registry.choices(timezone.localdate()))
    codes = [code for subject in offered.values() for code, _ in subject]
    assert "yearly_report" in codes and "partnership_group_meeting" not in codes
    assert not {"rapid_review", "incident_notification", "information_request"} & set(codes), "a record starts them"
    assert registry.title_of("rapid_review").startswith("Complete the rapid review")
    assert registry.title_of("gone") == "gone"


def test_an_edition_that_never_was_is_unknown():
    for name in ("local 9", "local x", "WT1999"):
        with pytest.raises(UnknownRule):
            registry.edition("rapid_review", name)


def test_numbers_run_for_each_rule_on_its_own():
    first, second = set_it(), set_it("challenge_stage_2")
    third = set_it(first=str(d("2026-12-01") + timedelta(90)))
    assert [first.number, second.number, third.number] == [1, 1, 2]
