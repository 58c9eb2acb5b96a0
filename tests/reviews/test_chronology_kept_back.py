"""Rows that wait for the chronology: those of a wrong shape are shown, those that name somebody can be put right."""

import io
from datetime import datetime, time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.identities.services import change_identity
from reviews.chronology import rows, services
from reviews.models import Entry, Intake
from tests.reviews.chronology import reader, received, sheet

MOMENT = datetime(2025, 3, 5, 14, 30)  # noqa: DTZ001 - a cell of a sheet has no zone
HEAD = ["Date", "Source", "Event", "Practice analysis", "Child’s voice", "Child"]


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def with_formulas(*lines):
    """As other systems write them: a formula that was never calculated, without a value."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in (HEAD, *lines):
        book.active.append(line)
    book.save(out)
    return SimpleUploadedFile("chronology.xlsx", out.getvalue())


@pytest.fixture
def family(world):
    facts = {"name": "Robin Testfield", "date_of_birth": None}
    change_identity(world.ours.identity, facts=facts, version=1, by=world.officer)
    return world


@pytest.mark.parametrize(
    "line, words",
    [
        (["=DATE(2025,7,2)", "Helpline", "A call", None, None, None], "a formula without a value"),
        (["2.7.2025", "Helpline", '=CONCATENATE("a","b")', None, None, None], "a formula without a value"),
        (["2.7.2025", "Helpline", "A call", "x" * 10_001, None, None], "longer than 10,000 characters"),
        (["2.7.2025", "Helpline", "A call", None, None, None, "beyond"], "so it is not known which belongs where"),
    ],
)
def test_a_row_of_the_wrong_shape_is_shown_with_its_reason_and_can_be_discarded(world, sign_in, line, words):
    client = sign_in(world.officer)
    upload = with_formulas(["1.7.2025", "Helpline", "Seen"], line)
    page = client.post(at("entries_upload", world.ours.review), {"file": upload}, follow=True)
    row, shown = Intake.objects.get(), page.content.decode()
    assert page.status_code == 200 and f"Line 3: {'The' if 'belongs' in words else 'A'}" in shown and words in shown
    client.post(at("intake", row))
    assert "Seen" in Entry.objects.get().event
    assert words in client.get(at("intake_mend", row)).content.decode()
    client.post(at("intake_discard", row))
    row.refresh_from_db()
    assert row.status == Intake.Status.DISCARDED


def test_a_pasted_line_with_a_value_too_many_is_shown_with_its_reason(world, sign_in):
    text = "Date\tSource\tEvent\n1.7.2025\tHelpline\tSeen\tmore"
    page = sign_in(world.officer).post(at("entries_paste", world.ours.review), {"text": text}, follow=True)
    assert page.status_code == 200 and "4 values under 3 columns" in page.content.decode()


def test_rows_that_were_kept_with_cells_missing_are_opened_and_given_back(world, sign_in):
    broken = {"line": 2, "problem": "A cell is wrong.", "remark": "", "reading": "", "source": "", "facts": {}}
    for more in ({"said": {"when": "2.7.2025"}}, {"said": {}, "cells": {"when": "2.7.2025", "more": ""}}, {}):
        row = services.receive(world.ours.review, by=world.officer, name="", rows=[broken | more])
        page = sign_in(world.officer).get(at("intake", row))
        assert page.status_code == 200 and "Line 2: A cell is wrong." in page.content.decode()
        assert sign_in(world.officer).get(at("intake_mend", row)).status_code == 200


def test_the_time_of_a_day_in_a_sheet_is_taken_over(world):
    upload = sheet(HEAD[:3], then=lambda book, page: (
        page.write_datetime(1, 0, MOMENT, book.add_format({"num_format": "d mmm yyyy hh:mm"})),
        page.write_row(1, 1, ["Helpline", "A call"]),
        page.write_row(2, 0, [45721.75, "Helpline", "A number"]),
        page.write_datetime(3, 0, MOMENT.replace(hour=0, minute=0), book.add_format({"num_format": "d mmm yyyy"})),
        page.write_row(3, 1, ["Helpline", "No time"]),
        page.write_row(4, 0, ["5 March 2025 at 2.30pm", "Helpline", "In words"]),
    ))  # fmt: skip
    found, _ = rows.of_file(upload, reader(world))
    assert [(row["reading"], row["facts"]["time"]) for row in found] == [
        ("5 March 2025", time(14, 30)), ("5 March 2025", time(18, 0)), ("5 March 2025", None),
        ("5 March 2025", time(14, 30)),
    ]  # fmt: skip


def test_two_times_of_one_row_and_the_times_of_several_days_are_told(world):
    found, _ = rows.of_paste(
        "Date\tDate to\tTime\tSource\tEvent\n"
        "5.3.2025 14:30\t\t15:00\tHelpline\tA call\n"
        "5.3.2025 14:30\t6.3.2025 09:00\t\tHelpline\tA night\n"
        "5.3.2025 14:30\t5.3.2025 16:00\t\tHelpline\tA visit\n"
        "3\t5 March 2025\t\tHelpline\tA stay",
        reader(world),
    )
    assert "Two times are given: 14:30 with the date, and 15:00" in found[0]["problem"]
    assert (found[1]["reading"], found[1]["facts"]["time"]) == ("5 March 2025 to 6 March 2025", None)
    assert "times of day are not taken over" in found[1]["remark"]
    assert (found[2]["facts"]["time"], found[2]["remark"].split(":")[0]) == (time(14, 30), "Until 16")
    assert found[3]["reading"] == "3 March 2025 to 5 March 2025"


def test_every_row_that_would_be_added_is_looked_at_on_whatever_page(family, sign_in):
    lines = [f"1.7.2025\tHelpline\tCall {n}" for n in range(120)] + [
        "1.7.2025\tHelpline\tSeen\t\tRobin cried",
        "x\ty\tz",
    ]
    row = received(family, "\n".join(lines))
    client = sign_in(family.officer)
    for query in ("", "?only=wrong", "?page=2"):
        assert "in ‘line 121’" in client.get(at("intake", row) + query).content.decode()
    # Who carries the review on without the identities would not be told: nothing of it stands in the stored rows.
    assert "Robin" not in "".join(each["problem"] + each["remark"] for each in row.rows)


def test_the_page_shows_the_child_and_every_text_before_they_are_added(family, sign_in):
    row = received(family, "1.7.2025\tHelpline\tSeen\tNo plan\tWas cold\tChild A\n2.7.2025\tHelpline\tSeen")
    shown = sign_in(family.officer).get(at("intake", row)).content.decode()
    assert all(words in shown for words in ("No plan", "Was cold", "Child A", "All children"))


def test_a_row_that_names_somebody_is_kept_back_put_right_and_added(family, sign_in, monkeypatch):
    row = received(family, "spring 2024\tHelpline\tCall\n1.7.2025 14:30\tHelpline\tSeen\tPlan\tRobin cried\tChild A")
    client = sign_in(family.officer)
    page = client.get(at("intake", row))
    sent = {"instead": "back", "read": page.context["read"]}
    page = client.post(at("intake", row), sent, follow=True)
    assert "1 row was kept back" in page.content.decode() and not page.context["named"]
    page = client.post(at("intake", row), follow=True)
    box = page.context["form"].initial["text"]
    assert page.context["named"] == ["Use ‘Child A’ instead of the name in ‘row 1’."]
    assert box.splitlines()[1] == "1.7.2025 14:30\tHelpline\tSeen\tPlan\tRobin cried\tChild A"
    sent = {"text": box.replace("Robin", "Child A"), "read": page.context["form"].initial["read"]}
    client.post(at("intake_mend", row), sent)
    assert "name somebody" not in client.get(at("intake", row)).content.decode()
    monkeypatch.setattr("reviews.naming.finds", None)  # who adds was told already: the rows are not read again
    client.post(at("intake", row))
    made = Entry.objects.get(voice="Child A cried")
    assert (made.time, made.written, made.children) == (time(14, 30), "1.7.2025 14:30", [family.ours.child.pk])


def test_rows_that_name_somebody_are_left_out_and_a_stale_page_leaves_out_nothing(family, sign_in):
    row = received(family, "1.7.2025\tHelpline\tRobin came\n2.7.2025\tHelpline\tSeen")
    client = sign_in(family.officer)
    sent = {"instead": "out", "read": client.get(at("intake", row)).context["read"]}
    stale = client.post(at("intake", row), sent | {"read": "0" * 16}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.count == 2 and "changed meanwhile" in stale
    client.post(at("intake", row), sent)
    row.refresh_from_db()
    assert [each["facts"]["event"] for each in row.rows] == ["Seen"] and row.status == Intake.Status.WAITING
    alone = received(family, "1.7.2025\tHelpline\tRobin came")
    sent["read"] = client.get(at("intake", alone)).context["read"]
    assert client.post(at("intake", alone), sent, follow=True).status_code == 200
    alone.refresh_from_db()
    assert alone.status == Intake.Status.DISCARDED
