"""Returns that are not in: chased once a day, calls kept, how late by working days, and only for those on the case."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partnership.access import services as access
from partnership.deadlines.models import Milestone
from partnership.deadlines.sweep import sweep
from partnership.documents.models import Version
from partnership.documents.services import read
from partnership.jobs import services as jobs
from partnership.notify.models import Notice
from partnership.people.roles import Role
from reviews import notices, returns
from reviews.asking import reads, services
from reviews.models import Contact
from tests.walk.post import moment
from tests.world import answer, sign_in


@pytest.fixture
def row(world):
    return world.ours.returns["uhnm"]


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def told(user):
    return Notice.objects.unscoped("who was told").filter(kind=notices.CHASED, recipient=user).count()


def test_a_chaser_goes_once_a_day_however_often_it_is_pressed(world, row, client):
    sign_in(client, world.officer)
    assert "is reminded of the return" in client.post(at("chase", row), follow=True).content.decode()
    again = client.post(at("chase", row), follow=True).content.decode()
    assert "One reminder a day is sent." in again and "Reminded today" in again
    assert (told(world.author), Contact.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        services.chase(row, by=world.case_officer)
    assert told(world.author) == 2


def test_a_chaser_is_not_sent_for_what_came_in_nor_to_whom_it_is_closed(world, row, client):
    sign_in(client, world.officer)
    access.bar(world.ours.folder, world.author, by=world.officer, reason="personal")
    assert "can no longer open this request" in client.post(at("chase", row), follow=True).content.decode()
    gone = client.post(at("chase", world.ours.returns["school"]), follow=True).content.decode()
    assert "no longer owed" in gone
    assert not Contact.objects.exists() and told(world.author) == told(world.author_other) == 0


def test_a_call_is_kept_with_its_time_for_those_on_the_case_alone(world, row, client):
    sign_in(client, world.officer)
    spoke = timezone.now() - timedelta(hours=2)
    typed = moment("at", spoke) | {"said": "The ward manager looks for the notes."}
    assert client.post(at("note_call", row), {"said": "No time."}).status_code == 422
    assert client.post(at("note_call", row), typed).status_code == 302
    listed = sign_in(Client(), world.panel).get(at("outstanding", world.ours.review)).content.decode()
    assert "The ward manager looks for the notes." in listed and at("note_call", row) not in listed
    assert "ward manager" not in sign_in(Client(), world.author).get(at("agency_return", row)).content.decode()
    assert told(world.author) == 0


def test_late_is_counted_in_working_days_and_what_came_in_is_not_listed(world, row):
    due = date(2028, 12, 22)
    type(row).objects.filter(pk=row.pk).update(due_on=due)
    with time_machine.travel("2028-12-28 10:00Z", tick=False):  # a weekend, Christmas Day and Boxing Day between
        (owed,) = reads.outstanding(world.officer, [world.ours.review])
        assert (owed.row, owed.late, owed.standing) == (row, 2, "2 working days late")
    assert reads.came_in(world.officer, world.ours.review) == (1, 2)
    returns.withdraw(row, by=world.officer, note="A mistake.")
    assert reads.outstanding(world.officer, [world.ours.review]) == []


def test_the_portals_own_reminders_are_listed_and_end_with_the_return(world, row):
    days = Milestone.objects.filter(deadline__subject_id=row.pk)
    days.filter(code="chased_1").update(fire_at=timezone.now() - timedelta(minutes=1))  # its day has come
    sweep()
    (owed,) = reads.outstanding(world.panel, [world.ours.review])
    assert [each.what for each in owed.tried] == ["Reminded by the portal: late: send it, or ask for more time"]
    reminded = Notice.objects.unscoped("who was told").filter(data__milestone=str(days.get(code="chased_1").pk))
    assert {each.recipient for each in reminded} == {world.author}
    answer(world.ours, row, by=world.author)
    days.filter(code="chased_3").update(fire_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert days.get(code="chased_3").state == Milestone.State.SUPPRESSED


def test_across_reviews_each_sees_her_own_and_no_trace_of_others(world, row, client):
    path = reverse("reviews:all_outstanding")
    page = sign_in(client, world.officer).get(path).content.decode()
    assert row.case_word in page and world.theirs.folder.reference not in page
    other = sign_in(Client(), world.officer_outside).get(path).content.decode()
    assert "Nothing is outstanding." in other and row.case_word not in other
    access.grant(world.ours.folder, world.officer_outside, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    assert row.case_word in sign_in(Client(), world.officer_outside).get(path).content.decode()


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_list_is_made_as_a_file_by_a_job_without_who_the_child_is(world, row, client, kind):
    services.note_call(row, by=world.officer, said="=SUM(A1) is what they said.", at=timezone.now())
    services.extend(row, by=world.officer, due_on=row.due_on + timedelta(days=1), reason="The notes are on paper.")
    sign_in(client, world.officer)
    answer_ = client.post(at(f"outstanding_{kind}", world.ours.review))
    job = answer_.url.rstrip("/").split("/")[-1]
    assert jobs.run(job) == "done"
    content = read(Version.objects.unscoped("the test's own").order_by("-made_at").first())
    if kind == "pdf":
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula"
        words = "\n".join(str(cell.value) for cell in cells)
    assert row.agency.name.split()[0] in words and "notes are on paper" in " ".join(words.split())
    assert "canary-ours-name" not in words
    assert sign_in(Client(), world.panel).post(at(f"outstanding_{kind}", world.ours.review)).status_code == 403


def test_a_bar_says_how_many_requests_it_leaves_and_every_list_of_them_does(world, row, client):
    sign_in(client, world.officer)
    sent = {"person": world.author.pk, "reason": "personal"}
    at_bar = reverse("access:bar", args=[world.ours.folder.pk])
    assert "1 request has nobody now who can answer it" in client.post(at_bar, sent, follow=True).content.decode()
    words = f"{world.author.name} can no longer open it: withdraw the request and ask somebody else."
    listed = client.get(at("outstanding", world.ours.review)).content.decode()
    assert words in listed and at("withdraw", row) in listed and at("chase", row) not in listed
    assert words in client.get(at("agency_return", row)).content.decode()
    page = client.get(at("review", world.ours.review)).content.decode()
    assert f"Ask somebody else for the return of {row.body}" in page
    other = {"person": world.board_member.pk, "reason": "personal"}
    assert "nobody now who can answer" not in client.post(at_bar, other, follow=True).content.decode()


def test_the_author_is_sent_to_somebody_who_is_on_the_case_today(world, row, client):
    sign_in(client, world.author)
    assert f"tell {row.asked_by.name}" in client.get(at("agency_return", row)).content.decode()
    access.bar(world.ours.folder, row.asked_by, by=world.manager, reason="operational")
    page = client.get(at("agency_return", row)).content.decode()
    assert f"tell {row.asked_by.name}" not in page and "if it should go to somebody else, tell " in page


def test_nobody_bars_themselves_where_only_others_are_barred(world, client):
    page = sign_in(client, world.officer).get(reverse("access:bar", args=[world.ours.folder.pk]))
    people = page.context["form"].fields["person"].queryset
    assert world.officer not in people and world.panel in people
