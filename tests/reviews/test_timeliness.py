"""How timely reviews are: counts by financial year, the board's without what is small or would give it away."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines.calendars import newest_version
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW
from reviews.asking import services as asking
from reviews.clocks import AGENCY_RETURN
from reviews.timeliness.reads import Figures, Year, timeliness, without_small
from tests.world import answer, london

AT = "reviews:timeliness"


def met(world, rule, began: datetime, done: datetime, *, due=None, agency=None, n=1):
    due = due or done + timedelta(days=1)
    Deadline.objects.bulk_create(
        Deadline(
            folder=world.theirs.folder, subject_kind="walk", subject_id=uuid4(), rule=rule, edition="WT2023",
            division="england-and-wales", trigger_at=began, due_on=timezone.localdate(due), due_at=due,
            calendar=newest_version("england-and-wales"), status="met", met_at=done,
            late_reason="A flood of canaries" if done > due else "", agency=agency,
        )
        for _ in range(n)
    )  # fmt: skip


def year_of(user, start):
    return next((each for each in timeliness(user) if each.start == start), None)


def test_the_year_runs_from_the_first_of_april_in_london(world):
    began = london(2025, 3, 28, 9)
    met(world, INCIDENT_NOTIFICATION, began, london(2025, 3, 31, 23, 59))
    met(world, INCIDENT_NOTIFICATION, began, london(2025, 4, 1, 0, 1))
    assert [year_of(world.officer_outside, start).notified.number for start in (2024, 2025)] == [1, 1]


def test_working_days_leave_out_weekends_and_bank_holidays(world):
    # Thursday before Easter to the Wednesday after: Friday and Monday are bank holidays.
    met(world, RAPID_REVIEW, london(2025, 4, 17, 9), london(2025, 4, 23, 12))
    met(world, RAPID_REVIEW, london(2025, 4, 17, 9), london(2025, 4, 24, 12), due=london(2025, 4, 23, 12))
    sent = year_of(world.signer_icb, 2025).sent
    assert (sent.number, sent.on_time, sent.late, sent.reasons, sent.days) == (2, 1, 1, 1, 2.5)


def test_live_figures_count_every_review_and_show_none(world, sign_in):
    assert year_of(world.officer_outside, 2026) is not None, "the running year, with cases that she is not on"
    page = sign_in(world.officer_outside).get(reverse(AT)).content.decode()
    assert "so far" in page and "canar" not in page
    for case in (world.ours, world.theirs):
        assert case.folder.reference not in page and str(case.review.pk) not in page


def test_the_board_has_the_totals_of_years_that_are_over(world, sign_in):
    began = london(2025, 5, 1, 9)
    met(world, INCIDENT_NOTIFICATION, began, london(2025, 5, 7, 12), n=6)
    met(world, RAPID_REVIEW, began, london(2025, 5, 20, 12), n=6)
    met(world, RAPID_REVIEW, began, london(2025, 5, 30, 12), due=london(2025, 5, 22, 12), n=2)
    assert [year.start for year in timeliness(world.board_member)] == [2025]
    year = year_of(world.board_member, 2025)
    assert (year.notified.number, year.notified.on_time, year.notified.late) == (6, 6, 0)
    assert (year.sent.number, year.sent.on_time, year.sent.late, year.sent.reasons) == (8, None, None, None)
    assert year_of(world.officer_outside, 2025).sent.late == 2
    page = sign_in(world.board_member).get(reverse(AT)).content.decode()
    assert "Not shown" in page and "so far" not in page and "canar" not in page


def test_returns_are_told_by_organisation_and_a_small_one_is_not_named(world, sign_in):
    began, done = london(2025, 5, 1, 9), london(2025, 5, 7, 12)
    uhnm, mpft = world.agencies["uhnm"], world.agencies["mpft"]
    met(world, AGENCY_RETURN, began, done, agency=uhnm, n=7)
    met(world, AGENCY_RETURN, began, done, agency=mpft, n=2)
    live = year_of(world.officer_outside, 2025)
    assert {each.name: each.number for each in live.returns} == {uhnm.name: 7, mpft.name: 2}
    assert live.all_returns.number == 9
    page = sign_in(world.board_member).get(reverse(AT)).content.decode()
    assert uhnm.name in page and mpft.name not in page
    assert year_of(world.board_member, 2025).all_returns.number is None


def line(number, late=0):
    return Figures("x", number, number - late, late, late)


@pytest.mark.parametrize(
    "returns, number, late",
    [
        ([(9, 0), (8, 0)], 17, 0),
        ([(9, 0), (4, 0)], None, None),
        ([(9, 0), (0, 0)], None, None),
        ([(20, 3), (20, 6)], 40, None),
        ([(20, 18), (20, 6)], 40, None),
        ([(20, 6), (20, 6)], 40, 12),
        ([(20, 20), (20, 6)], 40, 26),
    ],
)
def test_no_sum_gives_a_small_number_away(returns, number, late):
    lines = [line(*each) for each in returns]
    total = line(sum(n for n, _ in returns), sum(n for _, n in returns))
    year = without_small(Year(2025, False, line(9), line(9), total, lines))
    assert (year.all_returns.number, year.all_returns.late) == (number, late)
    assert year.left_out is (number is None or late is None)
    for each in (*year.returns, year.all_returns):
        assert each.reasons is None
        for value in (each.late, each.on_time):
            assert value is None or value == 0 or value >= 5


def test_days_to_return_are_told_by_organisation_and_together(world, sign_in):
    began = london(2025, 5, 1, 9)  # a Thursday; the Monday after is a bank holiday
    uhnm, mpft = world.agencies["uhnm"], world.agencies["mpft"]
    met(world, AGENCY_RETURN, began, london(2025, 5, 7, 12), agency=uhnm, n=6)  # Friday, Tuesday, Wednesday
    met(world, AGENCY_RETURN, began, london(2025, 5, 8, 12), agency=mpft, n=2)
    year = year_of(world.officer_outside, 2025)
    assert {each.name: each.days for each in year.returns} == {uhnm.name: 3.0, mpft.name: 4.0}
    assert year.all_returns.days == 3.2, "weighed by how many"
    shut = year_of(world.board_member, 2025)
    assert [each.days for each in shut.returns] == [3.0] and shut.all_returns.days is None
    assert "Owed and late" not in sign_in(world.board_member).get(reverse(AT)).content.decode()


def test_what_is_owed_and_late_today_is_told_by_organisation_while_the_year_runs(world, sign_in):
    """An organisation that never answers is in no average: it must not look better than one that is late."""
    row = world.ours.returns["uhnm"]
    before = timeliness(world.officer_outside)[0]
    assert before.all_returns.owed == 0
    past = timezone.now() - timedelta(days=1)
    Deadline.objects.filter(subject_id=row.pk, rule=AGENCY_RETURN, status="open").update(
        due_at=past, due_on=timezone.localdate(past)
    )
    Deadline.objects.filter(subject_id=world.ours.review.pk, rule=RAPID_REVIEW, status="open").update(due_at=past)
    year = timeliness(world.officer_outside)[0]
    assert year.running and {each.name: each.owed for each in year.returns if each.owed} == {row.agency.name: 1}
    assert (year.all_returns.owed, year.sent.owed, year.notified.owed) == (1, 1, 0)
    assert year.all_returns.number == before.all_returns.number, "it is in no other number"
    page = sign_in(world.officer_outside).get(reverse(AT)).content.decode()
    assert "Owed and late today" in page and world.ours.folder.reference not in page
    answer(world.ours, row, by=world.author, submit=False)
    assert timeliness(world.officer_outside)[0].all_returns.owed == 1, "what is typed is not in"


def test_nobody_else_opens_it_and_only_they_are_offered_it(world, sign_in):
    for persona in ("panel", "author", "lead_same", "directory_admin", "operator", "nobody"):
        assert sign_in(world.people[persona]).get(reverse(AT)).status_code == 403
    assert reverse(AT) in sign_in(world.board_member).get(reverse("reporting:home")).content.decode()
    assert reverse(AT) not in sign_in(world.lead_same).get(reverse("reporting:home")).content.decode()


def test_returns_that_were_given_more_time_are_counted_and_small_numbers_are_not_told(world):
    row = world.ours.returns["uhnm"]
    asking.extend(row, by=world.officer, due_on=row.due_on + timedelta(days=1), reason="Notes on paper.")
    row.refresh_from_db()
    answer(world.ours, row, by=world.author)
    year = timeliness(world.officer_outside)[0]
    lines = {line.name: line for line in year.returns}
    assert lines[row.agency.name].extended == year.all_returns.extended == 1
    assert lines[row.agency.name].late == 0, "it was in by the day that was given"
    assert without_small(year).all_returns.extended is None
