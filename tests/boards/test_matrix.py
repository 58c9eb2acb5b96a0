"""Who came, counted: the published year gives its figures, a seat counts only while it exists, two misses are told."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.groups.services import add_seat, give_seat
from boards.matrix import counting, loading, misses, reads
from boards.matrix.counting import Cell
from boards.models import Attendance, Group, Meeting, Seat
from partnership.access.work import work_of
from partnership.notify.models import Notice
from tests.boards.making import group as make_group
from tests.boards.making import meeting as make_meeting
from tests.world import sign_in

YEAR = date(2018, 4, 1), date(2019, 3, 31)


@pytest.fixture
def group(world):
    return make_group(world, starts=date(2018, 1, 1))


@pytest.fixture
def board(world):
    """The board of 2018/19 with its 26 seats, and the printed attendance, as every installation has them."""
    return Group.objects.select_related("folder").get(ref="sscb-board")


def seat(world, group, **facts):
    facts = {"role": "member", "post": "Head of nursing", "agency": world.agencies["uhnm"], "starts": None} | facts
    return add_seat(group, by=world.manager, **facts)


def held(group, day, marks=None):
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 10))  # noqa: DTZ001
    row = make_meeting(group, starts_at=at, status="held")
    for each, mark in (marks or {}).items():
        came(row, each, mark)
    return row


def came(row, seat, mark):
    facts = {"agency": seat.agency, "organisation": seat.organisation, "post": seat.post, "standing": seat.standing}
    return Attendance.objects.create(
        folder=row.folder, meeting=row, seat=seat, place=seat.place, mark=mark, user=seat.user, **facts
    )


def page(world, group, *, by=None, **asked):
    return sign_in(Client(), by or world.manager).get(reverse("boards:matrix", args=[group.pk]), asked)


def period(first, last):
    boxes = {}
    for name, day in (("first", first), ("last", last)):
        boxes |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return boxes


def test_a_rate_counts_deputies_and_leaves_out_what_does_not_apply():
    marks = ["present", "deputy", "apologies", "absent", "na", "observer", ""]
    total = counting.count(Cell(n, "body", "day", mark) for n, mark in enumerate(marks)).total
    assert (total.came, total.expected, total.rate, total.na, total.observer) == (2, 4, Decimal("50.0"), 1, 1)
    assert counting.count([Cell(1, "body", "day", "na")]).total.rate is None
    watching = [Cell(1, "b", "d", mark, "observer") for mark in ("present", "absent")]
    assert counting.count(watching).total == counting.Tally(observer=1)
    assert counting.count([Cell(1, "b", "d", "absent", there=False)]).total == counting.Tally()


def test_the_published_year_gives_its_published_figures(world, board):
    assert loading.load() == 0  # safe to repeat
    found = reads.sheet(world.manager, board.pk, *YEAR, by=reads.BY_SEAT)
    total = found.total
    assert (total.present, total.absent, total.na, total.rate) == (84, 17, 3, Decimal("83.2"))
    assert [(tally.came, tally.expected) for _, tally in found.columns] == [(23, 26), (20, 25), (22, 25), (19, 25)]
    assert sum(line.tally.came == 4 for line in found.lines) == 15
    assert [line.name for line in found.lines if not line.tally.came] == ["Cafcass"]
    words = page(world, board, **period(*YEAR)).content.decode()
    assert "83.2 %" in words and "84 of 101" in words and "June 2018" in words and "15 June" not in words


def test_marks_after_a_seat_ended_drop_out(world, board):
    schools = Seat.objects.get(group=board, organisation="Special schools")
    boxes = {"ends_day": 30, "ends_month": 6, "ends_year": 2018}
    done = sign_in(Client(), world.manager).post(reverse("boards:seat_end", args=[schools.pk]), boxes)
    assert done.status_code == 302
    found = reads.sheet(world.manager, board.pk, *YEAR, by=reads.BY_SEAT)
    assert (found.total.came, found.total.expected, found.total.rate) == (84, 98, Decimal("85.7"))
    (line,) = (line for line in found.lines if line.name == "Special schools")
    assert [cell.words for cell in line.cells] == ["Present", *["No seat (absent)"] * 3]
    assert "85.7 %" in page(world, board, **period(*YEAR)).content.decode()


def test_a_changed_mark_changes_the_figures(world, group):
    one, two = seat(world, group), seat(world, group, post="Head of practice")
    row = held(group, date(2018, 6, 12), {one: "present", two: "absent"})
    assert reads.sheet(world.manager, group.pk, *YEAR).total.rate == Decimal("50.0")
    Attendance.objects.filter(meeting=row, seat=two).update(mark="deputy")
    assert reads.sheet(world.manager, group.pk, *YEAR).total.rate == Decimal("100.0")


def test_a_seat_stays_one_line_while_its_holders_change(world, group):
    first = seat(world, group, user=world.lead_same, starts=date(2018, 5, 1))
    second = give_seat(first, by=world.manager, user=world.author, starts=date(2018, 9, 1))
    held(group, date(2018, 6, 12), {first: "present"})
    held(group, date(2018, 9, 12), {second: "absent"})
    held(group, date(2018, 4, 12))  # before there was the seat
    (line,) = reads.sheet(world.manager, group.pk, *YEAR, by=reads.BY_SEAT).lines
    assert [cell.words for cell in line.cells] == ["No seat", "Present", "Absent"]


def test_only_what_the_reader_may_see_is_counted(world, group):
    hidden = make_group(world, name="Another group", starts=date(2018, 1, 1))
    seat(world, group, user=world.colleague)
    mine, theirs = seat(world, group, post="Nurse"), seat(world, hidden, post="Canary post")
    held(group, date(2018, 6, 12), {mine: "present"})
    held(hidden, date(2018, 6, 12), {theirs: "absent"})
    found = reads.overall(world.colleague, *YEAR)
    assert [line.group.pk for line in found.groups] == [group.pk] and found.total.rate == Decimal("100.0")
    figures = reads.figures(world.colleague, [group.pk, hidden.pk], *YEAR)
    assert [each["group"] for each in figures["groups"]] == [str(group.pk)] and figures["total"]["rate"] == "100.0"
    client = sign_in(Client(), world.colleague)
    assert client.get(reverse("boards:matrix", args=[hidden.pk])).status_code == 404
    assert hidden.name not in client.get(reverse("boards:attendance"), period(*YEAR)).content.decode()


def test_what_is_taken_out_cannot_run_as_a_formula_and_says_who_took_it(world, group):
    odd = seat(world, group, agency=None, organisation="=HYPERLINK(1)")
    held(group, date(2018, 6, 12), {odd: "present"})
    client = sign_in(Client(), world.manager)
    sent = period(*YEAR) | {"take": "csv", "by": "seat"}
    answer = client.post(reverse("boards:matrix", args=[group.pk]), sent)
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[6][0] == "'=HYPERLINK(1)" and world.manager.name in lines[2][0] and lines[-1][-1] == "100.0"
    for name, args in (("boards:matrix", [group.pk]), ("boards:attendance", [])):
        answer = client.post(reverse(name, args=args), sent | {"take": "xlsx"})
        assert b"".join(answer.streaming_content).startswith(b"PK")


def test_two_misses_running_are_told_once_a_run(world, group):
    chair = seat(world, group, user=world.board_member, role="chair", agency=None)
    nurse = seat(world, group, user=world.colleague)
    days = [timezone.localdate() - timedelta(days=30 * n) for n in (6, 5, 4, 3, 2, 1)]
    marks = ["absent", "na", "apologies", "absent", "present", "absent"]
    told = []
    for day, mark in zip(days, marks, strict=True):
        row = held(group, day, {nurse: mark, chair: "present"})
        misses.tell_of_misses(row)
        told.append(Notice.objects.filter(kind=misses.TOLD, recipient=world.board_member).count())
    assert told == [0, 0, 1, 1, 1, 1]  # not applicable counts neither way; the third miss is of the same run
    assert misses.tell_of_misses(row) == 0 and misses.sweep() == 0
    assert misses.names(world.board_member, group.folder) == []


def test_a_deputy_breaks_the_run_and_the_chair_finds_a_run_on_home(world, group):
    chair = seat(world, group, user=world.board_member, role="chair", agency=None)
    nurse = seat(world, group)
    watcher = seat(world, group, post="Lead member")
    Seat.objects.filter(pk=watcher.pk).update(standing="observer")
    watcher.standing = "observer"
    for days, mark in ((90, "deputy"), (60, "apologies"), (30, "absent")):
        marks = {nurse: mark, watcher: "absent", chair: "present"}
        row = held(group, timezone.localdate() - timedelta(days=days), marks)
    assert misses.sweep() > 0
    assert misses.names(world.board_member, group.folder) == [f"Head of nursing, {nurse.agency.name}"]
    _, waiting, _ = work_of(world.board_member)
    assert any("Head of nursing" in each.what and each.folder_id == group.pk for each in waiting)
    told = Notice.objects.get(kind=misses.TOLD, recipient=world.board_member)
    assert told.subject_id == row.pk
    warned = lambda user: page(world, group, by=user).context["missing"]  # noqa: E731
    assert warned(world.manager) and not warned(world.officer), "who is told of it reads it there, and nobody else"


def test_nobody_is_told_before_the_meeting_was_held(world, group):
    nurse = seat(world, group)
    for days in (60, 30):
        row = held(group, timezone.localdate() - timedelta(days=days), {nurse: "absent"})
    Meeting.objects.filter(pk=row.pk).update(status="called", held_at=None)
    assert misses.tell_of_misses(Meeting.objects.get(pk=row.pk)) == 0


def test_the_page_asks_the_same_however_many_seats_and_meetings(world, group, django_assert_max_num_queries):
    seats = [seat(world, group, post=f"Post {n}") for n in range(3)]
    for month in (4, 5, 6, 7):
        held(group, date(2018, month, 12), dict.fromkeys(seats, "present"))
    client = sign_in(Client(), world.manager)
    client.get(reverse("boards:matrix", args=[group.pk]))
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("boards:matrix", args=[group.pk]), period(*YEAR))
    assert answer.status_code == 200


def test_a_period_that_ends_before_it_begins_is_refused(world, group):
    assert page(world, group, **period(YEAR[1], YEAR[0])).status_code == 422
    assert page(world, group, first_day="31", first_month="4", first_year="2018").status_code == 422


def test_a_group_that_is_over_opens_on_its_last_year_and_its_file_says_which(world, board):
    client = sign_in(Client(), world.manager)
    path = reverse("boards:matrix", args=[board.pk])
    assert "1 April 2018 to 31 March 2019" in client.get(path).content.decode()
    file = client.post(path, {"take": "csv"})
    assert b"1 April 2018 to 31 March 2019" in b"".join(file.streaming_content)
    name = file.headers["Content-Disposition"]
    assert "attendance-sscb-board-2018-04-01-to-2019-03-31.csv" in name
