"""The board of what is due: by the row rule, computed from the clocks, and right without any sender."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import board, services
from partnership.deadlines.models import Deadline
from partnership.deadlines.office import office_of
from partnership.notify.models import Notice
from partnership.people.models import Partnership

MOST_QUERIES = 12


def titles(user, whose=board.ALL):
    return {row.line.title for bucket in board.board(user, whose) for row in bucket.rows}


def duty(world, what, days, **how):
    office = office_of(Partnership.objects.get())
    due_on = timezone.localdate() + timedelta(days=days)
    return services.start(
        "information_request", by=world.officer, folder=office, trigger=timezone.now() - timedelta(days=30),
        due_on=due_on, what=what, **how,
    )  # fmt: skip


def test_each_clock_stands_in_its_part_soonest_first(world):
    duty(world, "Late by weeks", -20)
    duty(world, "Late by days", -6)
    duty(world, "Far away", 90)
    parts = {each.code: each for each in board.board(world.officer_outside, board.ALL)}
    assert [row.line.title for row in parts["overdue"].rows] == ["Late by weeks", "Late by days"]
    assert "Far away" not in titles(world.officer_outside)
    assert all("late" in row.standing for row in parts["overdue"].rows)
    assert Notice.objects.count() == 0, "nobody was told anything, and the board is right"


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
