"""The board of what is due: by the row rule, computed from the clocks, and right without any sender."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import board, reads, services
from partnership.deadlines.models import Deadline
from partnership.deadlines.office import office_of
from partnership.deadlines.working_days import words
from partnership.notify.models import Notice
from partnership.people.models import Partnership
from tests.deadlines.clocks import london

MOST_QUERIES = 12


def titles(user, whose=board.ALL):
    return {row.line.title for bucket in board.board(user, whose) for row in bucket.rows}


def duty(world, what, days, code="information_request", **how):
    office = office_of(Partnership.objects.get())
    due_on = timezone.localdate() + timedelta(days=days)
    return services.start(
        code, by=world.officer, folder=office, trigger=timezone.now() - timedelta(days=30),
        due_on=due_on, what=what, **how,
    )  # fmt: skip


def test_each_clock_stands_in_its_part_soonest_first(world):
    duty(world, "Late by weeks", -20)
    duty(world, "Late by days", -6)
    duty(world, "Far away", 90)
    parts = {each.code: each for each in board.board(world.officer_outside, board.ALL)}
    assert [row.line.title for row in parts["overdue"].rows] == ["Late by weeks", "Late by days"]
    assert "Far away" in {row.line.title for row in parts["later"].rows}
    assert all("late" in row.standing for row in parts["overdue"].rows)
    assert Notice.objects.count() == 0, "nobody was told anything, and the board is right"


def test_a_paused_clock_stands_as_paused_however_its_date_lies(world):
    clock = duty(world, "Access request", -6, code="subject_access")
    services.pause(clock, by=world.officer, reason="Proof of identity")
    parts = {each.code: each for each in board.board(world.officer_outside)}
    assert [(row.line.title, row.standing) for row in parts["paused"].rows] == [
        ("Access request", f"Paused since {words(timezone.localdate(), year=True)}")
    ]
    assert not parts["overdue"].rows


def test_home_has_the_duties_that_a_person_owes_soon_and_of_nobody_else(world, sign_in):
    duty(world, "The yearly report", 3, owner=world.officer)
    duty(world, "Far away", 90, owner=world.officer)
    duty(world, "Of the whole unit", -6)

    def owed(user):
        return [work.what for work, _ in sign_in(user).get("/home").context["owed"]]

    assert owed(world.officer_outside) == ["Of the whole unit"]
    assert {"Of the whole unit", "The yearly report"} <= set(owed(world.officer))
    assert "Far away" not in owed(world.officer)
    assert not {"Of the whole unit", "The yearly report"} & set(owed(world.author))


def standing(world, clock):
    (row,) = board.rows_of(world.officer, [Deadline.objects.select_related("folder").get(pk=clock.pk)])
    return row.standing


def test_a_period_of_hours_that_ran_out_today_is_late_and_not_due_today(world):
    clock = duty(world, "Interview", 0, code="return_interview")
    assert standing(world, clock) == "Due today"
    Deadline.objects.filter(pk=clock.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert standing(world, clock) == "Less than one day late"
    assert [row.line.title for row in board.board(world.officer)[0].rows if row.deadline.pk == clock.pk]


def test_a_period_of_hours_shows_its_hour_and_stands_alike_on_every_page(world, sign_in):
    with time_machine.travel(london(2026, 6, 4, 10, 15), tick=False):
        office = office_of(Partnership.objects.get())
        services.start(
            "return_interview", by=world.officer, folder=office, trigger=london(2026, 6, 1, 9, 15), what="Talk"
        )
        client, clock = sign_in(world.officer_outside), Deadline.objects.get(what="Talk")
        page = client.get(reverse("deadlines:deadline", args=[clock.pk])).content.decode()
        due = client.get(reverse("deadlines:due")).content.decode()
        home = client.get("/home")
        assert "Thursday 4 June 2026 at 9:15am" in page and "Thursday 4 June 2026 at 9:15am" in due
        late = standing(world, clock)
        assert late.startswith("Less than one ") and late in page and late in due
        assert [said for work, said in home.context["owed"] if work.what == "Talk"] == [(late, "red")]
        assert home.context["overdue"] == 1 and "Due today" not in home.content.decode()


def test_a_soft_date_is_never_late_on_any_page(world, sign_in):
    clock = duty(world, "Panel's answer", -20, code="panel_response")
    parts = {each.code: each for each in board.board(world.officer)}
    assert clock.pk not in {row.deadline.pk for row in parts["overdue"].rows}
    assert standing(world, clock) == "Past its date"
    page = sign_in(world.officer_outside).get(reverse("deadlines:deadline", args=[clock.pk])).content.decode()
    assert "Past its date" in page and "late" not in page.partition("Days on which")[0].partition("How it stands")[2]
    services.meet(clock, by=world.officer)
    assert reads.timeliness(world.officer_outside) == [], "a soft one counts neither as in time nor as late"


def test_each_clock_is_counted_with_the_bank_holidays_of_its_own_division(world):
    with time_machine.travel(london(2026, 11, 27, 9), tick=False):  # 30 November is one in Scotland
        england = duty(world, "England's", 4)
        kingdom = duty(world, "The Kingdom's", 4, code="freedom_of_information")
        assert (standing(world, england), standing(world, kingdom)) == ("2 working days left", "1 working day left")


@pytest.mark.parametrize(
    ("code", "agreed", "said"),
    [
        ("private_fostering_visits_first_year", False, "53 days late"),
        ("review_progress", True, "53 days late"),
        ("information_request", True, "39 working days late"),
    ],
)
def test_a_clock_is_late_by_its_rules_own_days_on_every_page(world, sign_in, code, agreed, said):
    with time_machine.travel(london(2026, 6, 1, 9), tick=False):
        due_on, office = date(2026, 6, 1), office_of(Partnership.objects.get())
        trigger = due_on - timedelta(days=42)
        clock = services.start(
            code, by=world.officer, folder=office, trigger=trigger, due_on=due_on if agreed else None, what="Duty"
        )
    with time_machine.travel(london(2026, 7, 24, 9), tick=False):
        client = sign_in(world.officer_outside)
        assert standing(world, clock) == reads.facts_of(clock).standing == said
        assert [words for work, (words, _) in client.get("/home").context["owed"] if work.what == "Duty"] == [said]


def test_a_rule_that_no_longer_ships_leaves_the_board_standing(world):
    clock = duty(world, "Old duty", 0)
    Deadline.objects.filter(pk=clock.pk).update(rule="gone", edition="gone")
    assert "Old duty" in titles(world.officer_outside)


def test_past_the_calendars_end_clocks_are_told_in_calendar_days(world):
    clock = duty(world, "Report", 4)
    review = Deadline.objects.get(rule="rapid_review", subject_id=world.ours.review.pk)
    with time_machine.travel(london(2029, 2, 1, 9), tick=False):
        assert standing(world, clock).endswith(" days late") and "working" not in standing(world, clock)
        facts = reads.facts_of(review)
    assert facts.standing == f"{(date(2029, 2, 1) - review.due_on).days} days late"
    assert facts.progress == f"Due on {words(review.due_on, year=True)}"


def test_one_part_is_paged_through_to_its_last_clock(world, sign_in):
    for n in range(board.SHOWN + 3):
        duty(world, f"Duty {n:02}", 60 + n)
    client = sign_in(world.officer)
    whole = client.get(reverse("deadlines:due") + "?whose=all").content.decode()
    assert "Duty 49" in whole and "Duty 50" not in whole and "only=later" in whole
    first = client.get(reverse("deadlines:due") + "?whose=all&only=later").content.decode()
    second = client.get(reverse("deadlines:due") + "?whose=all&only=later&page=2").content.decode()
    assert "Duty 49" in first and "Duty 50" not in first
    assert "Duty 49" not in second and all(f"Duty {n}" in second for n in (50, 51, 52))


def test_met_clocks_are_counted_by_year_and_rule_with_the_reasons_of_the_late_ones(world, sign_in):
    for days, reason in ((9, ""), (-3, "The council's figures came late"), (-4, "Nobody had the form")):
        services.meet(duty(world, f"Due {days}", days), by=world.officer, late_reason=reason)
    (year,) = reads.timeliness(world.officer_outside)
    assert year.year == timezone.localdate().year
    assert [(in_time, late) for _, in_time, late in year.rules] == [(1, 2)]
    assert [(what, reason) for what, _, _, reason in year.reasons] == [
        ("Due -3", "The council's figures came late"),
        ("Due -4", "Nobody had the form"),
    ]
    page = sign_in(world.officer_outside).get(reverse("deadlines:timeliness")).content.decode()
    assert "Nobody had the form" in page


def test_of_a_case_only_those_on_it_see_the_clock_and_the_author_her_own(world):
    Deadline.objects.update(due_on=timezone.localdate(), due_at=timezone.now() + timedelta(hours=1))
    case = world.ours.folder.reference
    assert "Rapid review: send to the Panel" in titles(world.officer)
    assert titles(world.officer_outside) == titles(world.barred) == titles(world.ended) == set()
    own = [row for bucket in board.board(world.author) for row in bucket.rows]
    assert [row.line.case for row in own] == [case]
    assert titles(world.colleague, board.AGENCY) == set()


def test_what_i_owe_is_by_name_or_by_the_power_on_that_very_folder(world):
    Deadline.objects.update(due_on=timezone.localdate(), due_at=timezone.now() + timedelta(hours=1))
    duty(world, "Mine by name", 0, owner=world.officer_outside)
    assert titles(world.officer_outside, board.MINE) == {"Mine by name"}
    assert "Rapid review: send to the Panel" in titles(world.case_officer, board.MINE)
    assert "Rapid review: send to the Panel" not in titles(world.panel, board.MINE)
    assert "Rapid review: send to the Panel" in titles(world.panel, board.ALL)


def test_a_duty_that_nobody_is_named_for_stands_with_everybody_of_the_business_unit(world):
    duty(world, "Yearly report", 1)
    assert "Yearly report" in titles(world.officer_outside, board.MINE)
    assert "Yearly report" not in titles(world.partner_outside, board.MINE)


def test_a_delegated_partner_sees_the_partnerships_own_clocks(world):
    duty(world, "Yearly report", 1)
    assert "Yearly report" in titles(world.partner_outside)
    assert titles(world.lead_other) == set()


@pytest.mark.parametrize("whose", board.WHOSE)
def test_the_board_asks_the_same_for_one_and_many(world, sign_in, whose):
    client = sign_in(world.officer)
    url = reverse("deadlines:due") + f"?whose={whose}"
    duty(world, "One", 1, owner=world.officer)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for n in range(60):
        duty(world, f"Many {n}", n % 9 - 4, owner=world.officer)
    with CaptureQueriesContext(connection) as many:
        page = client.get(url)
    assert page.status_code == 200
    assert len(one) == len(many) <= MOST_QUERIES
