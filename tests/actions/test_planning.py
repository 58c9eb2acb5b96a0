"""The business plan, the duties and the workplans: what holds whatever page is used."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.actions.models import Duty, Plan, Priority, WorkItem, Workplan
from partnership.actions.planning import reads, services, work
from partnership.actions.planning.demo import fill_planning
from partnership.actions.planning.loading import load
from partnership.actions.planning.loading import read as read_file
from partnership.actions.planning.owners import owned_by
from partnership.actions.planning.rules import next_due, occurrences, rule_of, timing_of, year_of
from partnership.deadlines import services as clocks
from partnership.deadlines.office import office_of
from partnership.deadlines.rules import CODES
from tests.actions.ground import make_action, make_group
from tests.world import sign_in

SEEN = {"words": "Fewer children go missing twice", "seen_by": "Police figures", "baseline": "", "target": ""}
FIXED = {f"FX{n:02}" for n in range(1, 19)}
PERIODIC = {f"PE{n:02}" for n in range(1, 24)}
CLOCKS = {f"CL{n:02}" for n in range(1, 7)}


@pytest.fixture
def loaded(world):
    load()
    return Plan.objects.get(ref="stoke-about-us")


def _in(user):
    return sign_in(Client(), user)


def priority(plan, title="Child Exploitation"):
    return plan.priorities.get(title=title)


class TestLoading:
    def test_all_47_obligations_of_the_documents_are_decided_once(self):
        decided = read_file("duties.toml")["decided"]
        assert [row["id"] for row in decided] == sorted([row["id"] for row in decided], key=_file_order)
        assert {row["id"] for row in decided} == FIXED | PERIODIC | CLOCKS
        assert len(decided) == 47
        refs = {row["ref"] for row in read_file("duties.toml")["duty"]}
        for row in decided:
            assert row["says"] in ("applies", "over", "other", "superseded") and row["why"]
            assert ("duty" in row) == (row["says"] == "applies")
            assert row.get("duty", "D20") in refs

    def test_every_duty_of_the_yearly_cycle_is_a_duty_or_left_out_with_a_reason(self):
        file = read_file("duties.toml")
        said = {row["ref"].split("-")[0] for row in file["duty"]} | {row["ref"] for row in file["left_out"]}
        assert {f"D{n}" for n in range(20, 37)} <= said

    def test_no_length_of_a_rule_is_said_twice(self):
        for row in read_file("duties.toml")["duty"]:
            if "rule" in row:
                assert row["rule"] in CODES
                assert not {"amount", "anchor", "source", "edition", "doubt"} & set(row), row["ref"]
            else:
                assert row["source"] and row["doubt"]

    def test_a_second_loading_adds_nothing_and_changes_nothing_that_people_changed(self, world, loaded):
        row = Duty.objects.get(ref="D21")
        services.change_duty(row, by=world.manager, version=row.version, owner_post="Chair", title="Our yearly report")
        services.change_plan(loaded, by=world.manager, version=loaded.version, title="Our plan")
        counts = Plan.objects.count(), Priority.objects.count(), Duty.objects.count()
        assert load().duties == 0
        row.refresh_from_db()
        loaded.refresh_from_db()
        assert (row.title, row.owner_post, loaded.title) == ("Our yearly report", "Chair", "Our plan")
        assert counts == (Plan.objects.count(), Priority.objects.count(), Duty.objects.count())

    def test_a_duty_finds_its_group_once_that_is_set_up_unless_somebody_touched_it(self, world, loaded):
        Duty.objects.update(group=None)
        touched = Duty.objects.get(ref="D28")
        services.change_duty(touched, by=world.manager, version=touched.version, owner_post="Somebody")
        load()
        touched.refresh_from_db()
        assert Duty.objects.get(ref="D25").group.title == "Quality Assurance Sub-group" and touched.group_id is None

    def test_the_real_priorities_stand_in_their_order(self, loaded):
        found = [(row.kind, row.position, row.title) for row in loaded.priorities.order_by("kind", "position")]
        assert len(found) == 8 and loaded.ends == date(2026, 4, 1)
        assert ("practice", 2, "Neglect (Graded Care Profile 2)") in found

    def test_the_file_of_the_duties_says_what_the_statutory_list_says_of_september(self, loaded):
        days = occurrences(Duty.objects.get(ref="D21"), rule_of("yearly_report_september", date(2026, 11, 23)),
                           date(2026, 4, 1), date(2028, 3, 31))  # fmt: skip
        assert days == [date(2026, 9, 30), date(2027, 9, 30)]


def _file_order(ref):
    return ("FX", "PE", "CL").index(ref[:2]), ref


@pytest.mark.django_db
class TestWhenDue:
    def test_a_duty_with_a_rule_returns_by_its_rule(self):
        duty = Duty(every="months", rule="progress_report_to_board", anchor=date(2026, 8, 31))
        rule = rule_of(duty.rule, date(2026, 11, 23))
        assert timing_of(duty, rule).months == rule.length
        assert occurrences(duty, rule, date(2026, 4, 1), date(2027, 3, 31)) == [date(2026, 8, 31), date(2027, 2, 28)]

    def test_a_period_counts_from_its_anchor_and_only_forward(self):
        duty = Duty(every="months", amount=1, anchor=date(2026, 1, 31))
        found = occurrences(duty, None, date(2025, 11, 1), date(2026, 4, 30))
        assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]

    def test_a_duty_far_past_its_anchor_is_due_in_every_year(self):
        duty = Duty(every="years", amount=2, anchor=date(2012, 6, 1))
        assert occurrences(duty, None, date(2025, 4, 1), date(2027, 3, 31)) == [date(2026, 6, 1)]
        assert next_due(duty, None, date(2026, 11, 23)) == date(2028, 6, 1)

    def test_a_day_after_a_duty_has_ended_is_none(self):
        duty = Duty(every="months", amount=6, anchor=date(2026, 4, 1), ends=date(2026, 10, 1))
        assert occurrences(duty, None, date(2026, 4, 1), date(2027, 3, 31)) == [date(2026, 4, 1)]

    def test_without_an_anchor_nothing_is_made_up(self):
        assert next_due(Duty(every="months", amount=6), None, date(2026, 11, 23)) is None

    def test_march_is_of_the_year_before(self):
        assert (year_of(date(2027, 3, 31)), year_of(date(2027, 4, 1))) == (2026, 2027)


class TestPlan:
    @time_machine.travel("2026-11-23 12:00", tick=False)
    def test_a_plan_that_ended_says_so_and_offers_the_unit_to_carry_on(self, world, loaded):
        said = _in(world.manager).get(reverse("actions:plan")).content.decode()
        assert "The period of this plan has ended: its last day was 31 March 2026" in said
        assert "Carry the priorities on in a new plan" in said
        said = _in(world.colleague).get(reverse("actions:plan")).content.decode()
        assert "has ended" in said and "Carry the priorities on" not in said

    def test_carrying_on_copies_the_priorities_and_leaves_the_old_plan_alone(self, world, loaded):
        row = priority(loaded)
        row = services.change_priority(row, by=world.manager, version=row.version, measures=[SEEN], title=row.title)
        new = services.carry_on(
            loaded, by=world.partner_outside, title="Next", starts=date(2026, 4, 1), priorities=[row]
        )
        (carried,) = new.priorities.all()
        assert carried.carried_on_from == row and services.measures_of(carried) == [SEEN]
        assert loaded.priorities.count() == 8 and reads.current_plan(world.manager, date(2026, 11, 23)) == new

    def test_a_plan_that_holds_beside_another_is_added_with_a_warning(self, world, loaded):
        client = _in(world.manager)
        sent = {"title": "Next", "starts_day": 1, "starts_month": 4, "starts_year": 2025}
        page = client.post(reverse("actions:plan_carry_on", args=[loaded.pk]), sent, follow=True).content.decode()
        assert "holds until 31 March 2026, so two plans hold in one time" in page

    def test_an_ended_priority_stays_with_its_actions_and_is_not_carried_on(self, world, loaded):
        row = priority(loaded)
        action = make_action(world, make_group(world), priority=row)
        with pytest.raises(ValidationError):
            services.end_priority(row, by=world.manager, version=1, ended_on=timezone.localdate(), end_reason=" ")
        row = services.end_priority(
            row, by=world.manager, version=1, ended_on=timezone.localdate(), end_reason="It is met."
        )
        action.refresh_from_db()
        assert action.priority == row and not services.stands(row)
        with pytest.raises(ValidationError, match="still stand"):
            services.carry_on(loaded, by=world.manager, title="Next", priorities=[row])
        with pytest.raises(Stale):
            services.end_priority(row, by=world.manager, version=row.version, ended_on=row.ended_on, end_reason="x")
        assert services.take_up_priority(row, by=world.manager).ended_on is None

    def test_an_edit_of_what_somebody_else_changed_is_stale_measures_included(self, world, loaded):
        row = priority(loaded)
        services.change_priority(row, by=world.manager, version=1, measures=[SEEN])
        with pytest.raises(Stale):
            services.change_priority(row, by=world.officer, version=1, measures=[])
        assert services.measures_of(row) == [SEEN]

    def test_the_order_changes_with_the_neighbour_that_stands(self, world, loaded):
        first, second, third = loaded.priorities.filter(kind="practice").order_by("position")
        services.end_priority(second, by=world.manager, version=1, ended_on=timezone.localdate(), end_reason="Met.")
        services.move_priority(third, by=world.manager, way="up")
        order = loaded.priorities.filter(kind="practice").order_by("position").values_list("title", flat=True)
        assert list(order) == [third.title, second.title, first.title]
        services.move_priority(third, by=world.manager, way="up")
        third.refresh_from_db()
        assert third.position == 1

    def test_measures_are_added_changed_and_taken_out_on_one_page(self, world, loaded):
        row, client = priority(loaded), _in(world.partner_outside)
        url = reverse("actions:priority_edit", args=[row.pk])
        typed = {"title": row.title, "version": 1, "words_1": "One", "words_2": "Two", "target_2": "Half"}
        assert client.post(url, typed).status_code == 302
        assert [each["words"] for each in services.measures_of(row)] == ["One", "Two"]
        typed = {"title": row.title, "version": 2, "words_1": "", "words_2": "Two, changed", "target_2": "Half"}
        assert client.post(url, typed).status_code == 302
        assert services.measures_of(row) == [{"words": "Two, changed", "seen_by": "", "baseline": "", "target": "Half"}]
        answer = client.post(url, {"title": row.title, "version": 3, "target_1": "Half"})
        assert answer.status_code == 422 and "Say what will have changed" in answer.content.decode()

    def test_a_stale_edit_shows_both_texts_and_can_be_sent_again(self, world, loaded):
        row = priority(loaded)
        services.change_priority(row, by=world.officer, version=1, measures=[SEEN], title="Exploitation")
        typed = {"title": "Child exploitation", "version": 1}
        answer = _in(world.manager).post(reverse("actions:priority_edit", args=[row.pk]), typed)
        said = answer.content.decode()
        assert answer.status_code == 409 and "Child exploitation" in said and SEEN["words"] in said

    def test_who_keeps_neither_plan_nor_workplan_writes_none_past_the_pages_either(self, world, loaded):
        row, by, group = priority(loaded), world.colleague, make_group(world)
        duty = Duty.objects.get(ref="D20")
        year = work.start_workplan(group, by=world.board_member, year=year_of(timezone.localdate()))
        item = work.add_item(year, by=world.board_member, title="Audit", priority=row, quarter=1)
        for deed in (
            lambda: services.add_plan(by=by, title="Mine"),
            lambda: services.change_plan(loaded, by=by, version=1, title="Mine"),
            lambda: services.carry_on(loaded, by=by, title="Mine", priorities=[row]),
            lambda: services.add_priority(loaded, by=by, kind="practice", title="Mine"),
            lambda: services.change_priority(row, by=by, version=1, measures=[SEEN]),
            lambda: services.move_priority(row, by=by, way="up"),
            lambda: services.end_priority(row, by=by, version=1, ended_on=timezone.localdate(), end_reason="Met"),
            lambda: services.take_up_priority(row, by=by),
            lambda: services.add_duty(by=by, title="Mine", basis="local", source="Minutes", every="event"),
            lambda: services.change_duty(duty, by=by, version=duty.version, title="Mine"),
            lambda: work.agree(year, by=by, agreed_on=timezone.localdate()),
            lambda: work.add_item(year, by=by, title="Mine", priority=row, quarter=1),
            lambda: work.change_item(item, by=by, version=item.version, title="Mine"),
            lambda: work.carry_on(year, by=by, items=[item]),
        ):
            with pytest.raises(PermissionDenied):
                deed()

    def test_a_plan_that_ends_before_it_begins_is_refused(self, world, loaded):
        with pytest.raises(ValidationError):
            services.change_plan(loaded, by=world.manager, version=1, ends=date(2021, 1, 1))


class TestDuties:
    def test_the_clock_that_runs_says_when_a_duty_is_due_to_those_who_may_see_it(self, world, loaded):
        row = Duty.objects.get(ref="D20")
        clock = _yearly_report(world)
        (line,) = reads.lines_of(world.manager, [row], timezone.localdate())
        assert (line.running, line.due_on) == (clock, clock.due_on)
        (line,) = reads.lines_of(world.colleague, [row], timezone.localdate())
        assert (line.running, line.due_on) == (None, None)

    def test_a_duty_without_a_period_or_a_day_is_refused(self, world):
        facts = {"title": "A duty", "basis": "local", "source": "Minutes"}
        with pytest.raises(ValidationError, match="how many"):
            services.add_duty(by=world.manager, every="months", **facts)
        with pytest.raises(ValidationError, match="day on which"):
            services.add_duty(by=world.manager, every="once", **facts)
        row = services.add_duty(by=world.manager, every="months", amount=3, **facts)
        with pytest.raises(ValidationError, match="how many"):
            services.change_duty(row, by=world.manager, version=1, amount=None)

    def test_the_list_says_who_owns_what_and_what_has_no_date(self, world, loaded):
        said = _in(world.colleague).get(reverse("actions:duties")).content.decode()
        assert "Statutory guidance" in said and "30 September" in said and "No date set" in said
        assert "Add a duty" not in said


def _yearly_report(world):
    return clocks.start(
        "yearly_report", by=world.manager, folder=office_of(world.partnership), what="Yearly report",
        trigger=timezone.localdate() - timedelta(days=30),
    )  # fmt: skip


class TestWorkplan:
    @pytest.fixture
    def group(self, world):
        return make_group(world, members=[world.lead_other])

    @pytest.fixture
    def plan(self, world, group, loaded):
        return work.start_workplan(group, by=world.board_member, year=year_of(timezone.localdate()))

    def _item(self, world, plan, **facts):
        row = priority(Plan.objects.get(ref="stoke-about-us"))
        return work.add_item(plan, by=world.board_member, **({"title": "Audit", "priority": row, "quarter": 2} | facts))

    def test_only_who_keeps_it_starts_it_and_never_for_a_case(self, world, group):
        for name in ("lead_other", "colleague"):
            with pytest.raises(PermissionDenied):
                work.start_workplan(group, by=world.people[name], year=2026)
        with pytest.raises(ValidationError, match="board or sub-group"):
            work.start_workplan(world.ours.folder, by=None, year=2026)
        first = work.start_workplan(group, by=world.manager, year=2026)
        assert work.start_workplan(group, by=world.board_member, year=2026) == first
        for year, _ in work.years_to_start(group):
            work.start_workplan(group, by=world.manager, year=year)
        page = _in(world.manager).get(reverse("actions:workplan_add", args=[group.pk]), follow=True).content.decode()
        assert "have been started already" in page and "Start it" not in page

    def test_members_and_the_board_read_it_others_do_not_know_of_it(self, world, plan):
        self._item(world, plan)
        assert set(Workplan.objects.visible_to(world.lead_other)) == {plan}
        assert set(Workplan.objects.visible_to(world.scrutineer)) == {plan}
        assert not WorkItem.objects.visible_to(world.colleague).exists()
        assert _in(world.colleague).get(reverse("actions:workplan_year", args=[plan.pk])).status_code == 404
        page = _in(world.lead_other).get(reverse("actions:workplan", args=[plan.folder_id])).content.decode()
        assert "Audit" in page and "Add an item" not in page
        without = reverse("actions:workplan", args=[make_group(world, "Another", members=[world.lead_other]).pk])
        page = _in(world.board_member).get(without).content.decode()
        assert "No workplan yet" in page and "Start a workplan" in page
        assert "No workplan yet" in _in(world.lead_other).get(without).content.decode()

    def test_an_item_serves_a_priority_or_a_duty(self, world, plan):
        with pytest.raises(ValidationError, match="priority or the duty"):
            self._item(world, plan, priority=None)
        assert self._item(world, plan, priority=None, duty=Duty.objects.get(ref="D25"))

    def test_what_is_over_is_changed_only_after_it_was_taken_up_again(self, world, plan):
        row = work.step(self._item(world, plan), "finish", by=world.board_member)
        with pytest.raises(Stale, match="done"):
            work.change_item(row, by=world.board_member, version=row.version, title="Another")
        row = work.step(row, "take_up", by=world.board_member)
        assert work.change_item(row, by=world.board_member, version=row.version, title="Another").title == "Another"

    def test_dropping_needs_a_reason_which_goes_when_it_is_taken_up(self, world, plan):
        row = self._item(world, plan)
        with pytest.raises(ValidationError):
            work.step(row, "drop", by=world.board_member, drop_reason=" ")
        row = work.step(row, "drop", by=world.board_member, drop_reason="No money")
        assert work.step(row, "take_up", by=world.board_member).drop_reason == ""

    def test_unfinished_items_go_on_once_and_serve_the_priority_that_was_carried_on(self, world, plan, loaded):
        row, done = self._item(world, plan), work.step(self._item(world, plan), "finish", by=world.manager)
        new = services.carry_on(
            loaded, by=world.manager, title="Next", starts=date(2026, 4, 1), priorities=[row.priority]
        )
        with pytest.raises(ValidationError):
            work.carry_on(plan, by=world.board_member, items=[row, done])
        after = work.carry_on(plan, by=world.board_member, items=[row])
        work.carry_on(plan, by=world.board_member, items=[row])
        (carried,) = WorkItem.objects.unscoped("a test").filter(workplan=after)
        assert (carried.status, carried.quarter, carried.carried_on_from_id) == ("planned", 1, row.pk)
        assert carried.priority == new.priorities.get() and after.starts == plan.ends


@time_machine.travel("2026-11-23 12:00", tick=False)
def test_the_demo_carries_the_real_priorities_on_and_is_safe_to_run_twice(world):
    for _ in range(2):
        fill_planning(world.people)
    plan = reads.current_plan(world.manager)
    assert plan.title.startswith("Demonstration") and plan.priorities.count() == 8 and Plan.objects.count() == 2
    items = WorkItem.objects.unscoped("a test").select_related("priority", "folder")
    counts = Counter(row.folder.title for row in items)
    assert sorted(counts.values()) == [6, 7, 8] and counts["Quality Assurance Sub-group"] == 8
    assert all(row.priority is None or row.priority.plan == plan for row in items)
    assert {row.status for row in items} == {"done", "begun", "planned"}


class TestLeaving:
    def _held(self, user):
        return {each.key.split(":")[0]: each for each in owned_by(user)}

    def test_what_a_person_sponsors_and_owns_is_handed_over_by_who_keeps_it(self, world):
        plan = services.add_plan(by=world.manager, title="Plan", starts=date(2020, 1, 1))
        leaver, group = world.lead_other, make_group(world, members=[world.lead_other, world.school_outside])
        row = services.add_priority(plan, by=world.manager, kind="practice", title="One", sponsor=leaver)
        duty = services.change_duty(Duty.objects.get(ref="D25"), by=world.manager, version=1, owner=leaver)
        year = work.start_workplan(group, by=world.manager, year=year_of(timezone.localdate()))
        item = work.add_item(year, by=world.manager, title="Audit", duty=duty, quarter=4, owner=leaver)
        held = self._held(leaver)
        assert set(held) == {"priority", "duty", "workitem"}
        for each in held.values():
            assert each.candidates(world.lead_same) is None and not each.may_vacate(world.lead_same)
            with pytest.raises(PermissionDenied):
                each.hand_over(world.lead_same, by=world.lead_same)
        with pytest.raises(ValidationError, match="cannot take this on"):
            held["workitem"].hand_over(world.colleague, by=world.board_member)
        held["workitem"].hand_over(world.school_outside, by=world.board_member)
        held["duty"].hand_over(world.partner_outside, by=world.manager)
        held["priority"].vacate(by=world.partner_outside)
        for each in (row, duty, item):
            each.refresh_from_db()
        assert (row.sponsor, duty.owner, item.owner) == (None, world.partner_outside, world.school_outside)
        assert self._held(leaver) == {}

    def test_what_is_over_stays_with_whoever_had_it(self, world):
        plan = services.add_plan(by=world.manager, title="Plan", starts=date(2020, 1, 1), ends=date(2021, 1, 1))
        services.add_priority(plan, by=world.manager, kind="practice", title="One", sponsor=world.lead_other)
        assert self._held(world.lead_other) == {}


def test_a_priority_leads_to_its_live_actions_in_the_register(world, loaded):
    row = priority(loaded)
    action = make_action(world, make_group(world), priority=row)
    client = _in(world.manager)
    address = f"{reverse('actions:register')}?priority={row.pk}"
    assert address in client.get(reverse("actions:priority", args=[row.pk])).content.decode()
    assert action.what in client.get(address).content.decode()
