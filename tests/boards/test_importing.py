"""Day one: past attendance, seats and earlier minutes come in with a preview, all or none; twice changes nothing."""

import io
import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from boards.groups.services import add_seat
from boards.importing import attendance, minutes, seats
from boards.importing.words import NOTHING, read_mark
from boards.matrix import reads
from boards.matrix.entering import held_before, meant
from boards.minutes import editions
from boards.models import Attendance, Edition, Meeting, Part, Seat
from partnership.documents.models import Document, Version
from partnership.trail.models import Event
from tests.boards.making import group as make_group
from tests.world import sign_in, small_pdf

YEAR = date(2018, 4, 1), date(2019, 3, 31)


@pytest.fixture
def group(world):
    row = make_group(world, starts=date(2018, 1, 1))
    for post, facts in (
        ("Representative", {"agency": world.agencies["uhnm"]}),
        ("Named GP", {"organisation": "South Staffordshire"}),
        ("Named GP", {"organisation": "Stoke-on-Trent"}),
    ):
        add_seat(row, by=world.manager, role="member", post=post, **facts)
    return row


def file_of(text, name="who.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def book(*rows):
    made, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.create_sheet("Names of families").sheet_state = "hidden"
    made.save(file)
    return SimpleUploadedFile("who.xlsx", file.getvalue())


TABLE = """Agency,12 June 2018,Sept 2018,Total
University Hospitals of North Midlands NHS Trust,P,Apols,1
Named GP South Staffordshire,✓,D (Dr Okafor),2
Independent schools,A,N/A,0
"""


def sent_in(client, group, file):
    return client.post(reverse("boards:import_attendance", args=[group.pk]), {"file": file})


def carried(answer, **more):
    return {name: answer.context["form"].initial[name] for name in ("rows", "days")} | more


def test_attendance_is_shown_asked_about_taken_in_and_twice_changes_nothing(world, group):
    client = sign_in(Client(), world.manager)
    shown = sent_in(client, group, file_of(TABLE))
    words = shown.content.decode()
    assert "What does ‘A’ mean" in words and "‘Total’" in words and "Line 4, Independent schools" in words
    assert not Attendance.objects.filter(folder=group.pk).exists() and not Meeting.objects.filter(group=group).exists()
    url = reverse("boards:import_attendance", args=[group.pk])
    half = client.post(url, carried(shown, act="take", word_0="absent"))
    assert half.status_code == 422 and not Meeting.objects.filter(group=group).exists()
    answers = {"act": "take", "word_0": "absent", "row_4": "ended"}
    done = client.post(url, carried(shown, **answers), follow=True)
    assert "6 marks were taken in" in done.content.decode()
    found = reads.sheet(world.manager, group.pk, *YEAR)
    total = found.total
    assert (total.present, total.deputy, total.apologies, total.absent, total.na) == (2, 1, 1, 1, 1)
    assert [meeting.day_words for meeting, _ in found.columns] == ["12 June 2018", "September 2018"]
    made = Seat.objects.get(group=group, organisation="Independent schools")
    assert (made.starts, made.last_day) == (date(2018, 6, 12), date(2018, 9, 30))
    assert Attendance.objects.get(folder=group.pk, mark="deputy").stood_in_words == "Dr Okafor"
    before = Event.objects.exclude(verb__in=("read", "listed")).count()
    again = sent_in(client, group, file_of(TABLE))
    done = client.post(url, carried(again, act="take", word_0="absent"), follow=True)
    assert "recorded already" in done.content.decode()
    assert Event.objects.exclude(verb__in=("read", "listed")).count() == before
    assert Meeting.objects.filter(group=group).count() == 2 and Seat.objects.filter(group=group).count() == 4


def test_days_stand_under_merged_headings_and_hidden_sheets_are_named(world, group):
    file = book(
        ["Attendance of the group"],
        ["Agency", "Meetings", None],
        [None, date(2018, 6, 12), "Sep 2018"],
        ["UHNM", "P", "x"],
    )
    sent = attendance.read(file)
    assert sent.days[0] == "2018-06-12" and sent.rows[0][1] == "UHNM" and sent.rows[0][4] == "P"
    assert any("hidden sheet" in remark for remark in sent.remarks)
    wide = attendance.read(file_of("Agency,12 June 2018\nUHNM,P,P"))
    assert wide.remarks == ["Left out: column 3, which has no heading."]


def test_what_windows_wrote_and_what_has_a_mark_at_its_head_is_read():
    for raw in (
        "Organisation;Post;03.12.2018\r\nBoard of Fierté;Head;✓".encode("utf-8-sig"),
        "Organisation;Post;03.12.2018\r\nBoard of Fierté;Head;P".encode("cp1252"),
        "Organisation\tPost\t03.12.2018\r\nBoard of Fierté\tHead\tP".encode("utf-16"),
    ):
        sent = attendance.read(file_of(raw))
        assert sent.days == ["2018-12-03"] and sent.rows[0][1:3] == ["Board of Fierté", "Head"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Agency,12 June 2018,12/06/18\nUHNM,P,P", "Two columns are of 12 June 2018"),
        ("Agency,Agency,12 June 2018\nUHNM,UHNM,P", "stands twice"),
        ("Agency,31/04/2018\nUHNM,P", "no day of the calendar"),
        ("Agency,Post\nUHNM,P", "No column has the day"),
        ("Agency,Sep-18\nUHNM,P", "heading of a column"),
        ("<html><body>Sign in</body></html>", "web page"),
        ("", "empty"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_reason(text, why):
    with pytest.raises(ValidationError, match=why):
        attendance.read(file_of(text))


def test_spellings_mean_one_thing_or_are_asked():
    for text, code in (("P", "present"), ("✔️", "present"), ("Apologies.", "apologies"), ("n/a", "na"), ("", "")):
        assert read_mark(text, {}).code == code
    assert read_mark("Deputy: Jo Ash", {}).who == read_mark("Jo Ash (deputy)", {}).who == "Jo Ash"
    assert [read_mark(text, {}).code for text in ("A", "x", "4", "late")] == [None] * 4
    assert read_mark("A", {"a": "apologies"}).code == "apologies" and read_mark("late", {"late": NOTHING}).code == ""


def test_meetings_to_come_those_not_held_and_double_rows_are_named(world, group):
    sent = attendance.Sent(["2099-06-12", "2016-01-05"], [[2, "UHNM", "", "", "P", "P"], [3, "UHNM", "", "", "", ""]])
    plan = attendance.plan(attendance.Beside(world.manager, group.folder, sent), sent, {}, {})
    said = " ".join(plan.problems)
    assert "lies in the future" in said and "outside the time" in said
    with pytest.raises(ValidationError):
        attendance.take(group.folder, sent, {}, {}, by=world.manager)


def test_a_mark_of_agreed_minutes_is_not_changed_by_a_file(world, group):
    rows = [[2, "", "Named GP South Staffordshire", "", "P"]]
    assert attendance.take(group.folder, attendance.Sent(["2018-06-12"], rows), {}, {}, by=world.manager) == 1
    Meeting.objects.filter(group=group).update(minutes_status="agreed")
    other = attendance.Sent(["2018-06-12"], [[*rows[0][:4], "absent"]])
    with pytest.raises(ValidationError, match="agreed"):
        attendance.take(group.folder, other, {}, {}, by=world.manager)
    assert Attendance.objects.get(folder=group.pk).mark == "present"


def test_a_mark_that_agreed_minutes_lack_makes_a_corrected_edition_of_them(world, group):
    meeting = held_before(group.folder, date(2018, 6, 12), by=world.manager, title="Meeting", source="Earlier minutes")
    Meeting.objects.filter(pk=meeting.pk).update(minutes_status="agreed")
    said = editions.content_of_meeting(meeting)
    editions.make(meeting, "agreed", by=None, drafts=[editions.Draft(meeting.folder_id, None, 0, said)])
    sent = attendance.Sent(["2018-06-12"], [[2, "", "Named GP South Staffordshire", "", "P"]])
    attendance.take(group.folder, sent, {}, {}, by=world.manager)
    edition = editions.newest(meeting)
    assert (edition.kind, edition.reason) == ("corrected", attendance.SOURCE)
    assert "South Staffordshire" in str(Part.objects.get(edition=edition).content)
    assert Attendance.objects.get(meeting=meeting).reason == attendance.SOURCE


def test_a_month_is_of_a_group_that_began_in_it_and_a_day_before_it_began_is_not(world):
    row = make_group(world, starts=date(2018, 6, 10), ends=date(2018, 9, 11))
    why = lambda *day: meant(row, [], *day)[1]  # noqa: E731
    assert not why(date(2018, 6, 1), True) and not why(date(2018, 9, 1), True)
    for day in ((date(2018, 6, 3), False), (date(2018, 5, 1), True), (date(2018, 9, 11), False)):
        assert "outside the time" in why(*day)


def test_what_comes_back_changed_is_refused(world, group):
    client, url = sign_in(Client(), world.manager), reverse("boards:import_attendance", args=[group.pk])
    for rows, days in (("[[", "[]"), ("[[1,2]]", '[[0,"2018-06-12"]]'), ('[[2,"a","b","c","P"]]', '[[0,"never"]]')):
        answer = client.post(url, {"rows": rows, "days": days, "act": "take"})
        assert answer.status_code == 422 and "Upload the file again" in answer.content.decode()


SEATS = """Group,Post,Organisation,Name,Email,Role,Voting,First day
Practice,Chair of the group,,Board Member,,chair,yes,1 May 2018
Practice,Representative,UHNM,{name},{email},,no,
Practice,Lay member,,Nobody Known,,,,
"""


def test_seats_are_previewed_by_the_services_and_nobody_is_guessed(world, group):
    text = SEATS.format(name=world.lead_same.name, email=world.lead_same.email).replace("UHNM", group_name(world))
    rows, _ = seats.read(file_of(text))
    before = Seat.objects.count()
    shown = seats.preview(rows, by=world.manager)
    assert [line.state for line in shown] == [seats.NEW, seats.GIVEN, seats.NEW] and Seat.objects.count() == before
    assert "stays vacant" in shown[2].remarks[-1]
    seats.take(rows, by=world.manager)
    assert Seat.objects.get(group=group, user=world.board_member).role == "chair"
    assert Seat.objects.get(group=group, user=world.lead_same).agency == world.agencies["uhnm"]
    assert {line.state for line in seats.preview(rows, by=world.manager)} == {seats.SAME}


def group_name(world):
    return world.agencies["uhnm"].name


def test_seats_that_are_wrong_are_named_by_line_and_none_is_taken(world, group):
    text = "Group,Post,Role,First day\nPractice,Head,member,\nPractise,Head,king,\nPractice,Head of law,king,31/4/26\n"
    client, url = sign_in(Client(), world.manager), reverse("boards:import_seats")
    shown = client.post(url, {"file": file_of(text)})
    words = shown.content.decode()
    assert "No group of today is called ‘Practise’" in words and "‘king’ is no role" in words
    assert "Take them in" not in words
    before = Seat.objects.count()
    client.post(url, {"rows": shown.context["form"].initial["rows"], "act": "take"})
    client.post(url, {"rows": json.dumps([[1, "x"]]), "act": "take"})
    assert Seat.objects.count() == before


def test_seats_sent_after_the_session_had_ended_are_there_again_and_the_page_that_says_so_writes_nothing(world, group):
    client, url = sign_in(Client(), world.manager), reverse("boards:import_seats")
    form = client.post(url, {"file": file_of("Group,Post\nPractice,Head\n")}).context["form"]
    carried = {"rows": form.initial["rows"], "form_token": form["form_token"].value(), "act": "take"}
    client.session.flush()
    back = parse_qs(urlsplit(client.post(url, carried)["Location"]).query)["next"][0]
    page = sign_in(client, world.manager).get(back)
    assert page.status_code == 200 and "1 row of your spreadsheet is here still" in page.content.decode()
    again = {"rows": page.context["form"].initial["rows"]}
    assert [line.state for line in client.post(back, again).context["lines"]] == [seats.NEW]
    assert client.post(back, again | {"act": "take"})["Location"] == reverse("boards:groups")
    assert Seat.objects.filter(group=group, post="Head").exists()


def test_nobody_takes_a_seat_for_themselves_from_a_file(world, group):
    rows, _ = seats.read(file_of(f"Group,Post,Email\nPractice,Head,{world.manager.email}\n"))
    (line,) = seats.preview(rows, by=world.manager)
    assert line.state == seats.WRONG and "yourself" in line.why


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2018-06-12 Board minutes.pdf", "12 June 2018"), ("Minutes_12.06.18.docx", "12 June 2018"),
        ("Board 3rd Sept 2018 v2.pdf", "3 September 2018"), ("Minutes June 2018.pdf", "June 2018"),
        ("Minutes 2.pdf", ""), ("12-06-18 and 13-06-18.pdf", ""),
    ],
)  # fmt: skip
def test_the_day_of_minutes_is_read_from_the_name_where_it_is_sure(name, day):
    assert minutes.day_in(name) == day


def test_earlier_minutes_wait_apart_and_become_the_agreed_minutes_of_a_held_meeting(world, group):
    add_seat(group, by=world.manager, user=world.colleague, role="member", post="Nurse")
    client, url = sign_in(Client(), world.manager), reverse("boards:import_minutes", args=[group.pk])
    pdf = SimpleUploadedFile("2018-06-12 Minutes.pdf", small_pdf("Minutes"), content_type="application/pdf")
    assert client.post(url, {"act": "send", "files": [pdf], "marking": "official"}).status_code == 302
    document = Document.objects.get(kind=minutes.KIND)
    assert not Document.objects.visible_to(world.colleague).filter(pk=document.pk).exists()
    Version.objects.filter(document=document).update(state="clean")
    assert "12 June 2018" in client.get(url).content.decode()
    done = client.post(url, {"act": "take", f"day_{document.pk.hex}": "12 June 2018"})
    assert done.status_code == 302
    meeting = Meeting.objects.get(group=group)
    assert (meeting.status, meeting.minutes_status, meeting.source) == ("held", "agreed", "Earlier minutes")
    assert Part.objects.get(edition=Edition.objects.get(meeting=meeting)).content["document"] == str(document.pk)
    assert Document.objects.visible_to(world.colleague).filter(pk=document.pk).exists()
    pdf.seek(0)
    again = client.post(url, {"act": "send", "files": [pdf], "marking": "official"}, follow=True)
    assert "Here already" in again.content.decode() and Document.objects.filter(kind=minutes.KIND).count() == 1


def test_minutes_without_a_clean_file_or_for_a_meeting_that_has_some_are_not_taken_in(world, group):
    pdf = SimpleUploadedFile("12 June 2018.pdf", small_pdf("One"))
    minutes.send(group.folder, [pdf], marking="official", by=world.manager)
    (waits,) = minutes.waiting(group.folder)
    with pytest.raises(ValidationError, match="not ready"):
        minutes.take_in(group.folder, {waits.pk: (date(2018, 6, 12), False)}, by=world.manager)
    Version.objects.update(state="clean")
    minutes.take_in(group.folder, {waits.pk: (date(2018, 6, 12), False)}, by=world.manager)
    other = SimpleUploadedFile("again.pdf", small_pdf("Two"))
    minutes.send(group.folder, [other], marking="official", by=world.manager)
    (waits,) = minutes.waiting(group.folder)
    Version.objects.filter(document=waits.pk).update(state="clean")
    with pytest.raises(ValidationError, match="minutes already"):
        minutes.take_in(group.folder, {waits.pk: (date(2018, 6, 1), True)}, by=world.manager)
    assert minutes.drop(group.folder, [waits.pk], by=world.manager) == 1
    assert minutes.waiting(group.folder) == []
