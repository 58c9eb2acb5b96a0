"""The rows of a chronology that come in a file or by pasting: what is read, what is taken, what comes back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.documents.tables.limits import Unreadable
from reviews.chronology import reads, rows, services
from reviews.models import AgencyReturn, Entry, Intake
from tests.reviews.chronology import reader, received, sheet
from tests.reviews.guests import name_guest
from tests.world import sign_in


def test_a_spreadsheet_is_read_row_by_row_and_what_is_wrong_is_named_by_its_line(world):
    def more(book, page):
        day = book.add_format({"num_format": "d mmm yyyy"})
        page.write_datetime(4, 0, date(2025, 4, 3), day)
        page.write_row(4, 1, [world.agencies["police"].name.upper(), "Called out", "Child A"])
        page.write_formula(5, 0, "=DATE(2024,5,1)", day, 45413)
        page.write_row(5, 1, ["Helpline", "A call"])
        page.write_row(6, 0, ["", "Helpline", "An empty date"])
        page.write_row(7, 0, [45750, "Helpline", "A number", "Child Z"])
        page.write_row(8, 0, [45750, "", "No source"])
        page.write_row(9, 0, [45750, "Helpline", ""])
        hidden = book.add_worksheet("Old ones")
        hidden.hide()

    upload = sheet(["Our chronology"], [], ["When?", "Who"], ["Date", "Source", "Event", "Child"], then=more)
    found, remarks = rows.of_file(upload, reader(world))
    assert [(row["line"], row["reading"] or row["problem"].split(":")[0].split(".")[0]) for row in found] == [
        (5, "3 April 2025"), (6, "1 May 2024"), (7, "The date is empty"), (8, "‘child z’ is no child of this review"),
        (9, "The source is empty"), (10, "The event is empty"),
    ]  # fmt: skip
    assert found[0]["source"] == world.agencies["police"].name and not found[0]["remark"]
    assert "kept in these words" in found[1]["remark"]
    assert any("‘Old ones’" in each for each in remarks) and any("formulas" in each for each in remarks)


def test_merged_column_names_are_read_and_a_formula_without_a_value_is_refused(world):
    def more(book, page):
        page.merge_range(0, 0, 1, 0, "Date")
        page.merge_range(0, 1, 1, 1, "Source")
        page.merge_range(0, 2, 1, 2, "Event")
        page.write_row(2, 0, ["April 2025", "Helpline", "A call"])
        page.write_row(3, 0, ["May 2025", "Helpline"])
        page.write_formula(3, 2, "=A1", None, "")

    found, _ = rows.of_file(sheet(then=more), reader(world))
    assert found[0]["reading"] == "April 2025"
    assert "formula" in found[1]["problem"] or "empty" in found[1]["problem"]


@pytest.mark.parametrize(
    "upload, words",
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken"), "damaged"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "PDF"),
        (SimpleUploadedFile("a.csv", b"Day,What\n1,2\n"), "lacks"),
        (SimpleUploadedFile("a.csv", b"Date,Source,Event\n"), "no row"),
        (SimpleUploadedFile("a.csv", b"Date,Source,Event\n" + b"2024,x,y\n" * 5001), "5,000"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(world, upload, words):
    with pytest.raises(Unreadable, match=words):
        rows.of_file(upload, reader(world))


def test_pasted_lines_are_read_with_tabs_and_with_strokes_by_name_and_by_place(world):
    by_place, remarks = rows.of_paste("3.4.25\tHelpline\tA call\n\n2024\tHelpline", reader(world))
    assert [(row["line"], row["reading"], row["problem"]) for row in by_place] == [
        (1, "3 April 2025", ""), (3, "", "The event is empty."),
    ]  # fmt: skip
    assert remarks
    named, remarks = rows.of_paste(
        "| Event | Date | Source |\n|---|---|---|\n| A call | 2024 | Helpline |", reader(world)
    )
    assert [row["facts"]["event"] for row in named] == ["A call"] and not remarks
    quoted, _ = rows.of_paste('2024\tHelpline\t"Two\nlines"\n2025\tHelpline\tOne', reader(world))
    assert [(row["line"], row["facts"]["event"]) for row in quoted] == [(1, "Two\nlines"), (3, "One")]
    for text in ("only words", "   "):
        with pytest.raises(Unreadable):
            rows.of_paste(text, reader(world))


def test_the_rows_that_can_be_read_are_taken_and_the_others_stay_to_be_put_right(world):
    row = services.take(received(world, "3.4.25\tHelpline\tA call\nnever\tHelpline\tB"), by=world.officer)
    assert (row.added, row.count, row.wrong, row.status) == (1, 1, 1, Intake.Status.WAITING)
    with pytest.raises(ValidationError, match="No row can be read"):
        services.take(row, by=world.officer)
    row = services.take(
        received(world, "3.4.25\tHelpline\tA call\n3.4.25\tHelpline\tA call\n2024\tX\tB"), by=world.officer
    )
    assert (row.added, row.count, row.rows, Entry.objects.count()) == (1, 3, [], 2)
    with pytest.raises(Stale):
        services.take(row, by=world.officer)


def test_what_cannot_be_read_comes_back_in_a_box_with_its_line_and_reason(world, client):
    sign_in(client, world.officer)
    text = '3.4.25\tHelpline\tA call\nnever\tHelpline\t"Two\nlines"\t\tcried\n2024\tHelpline\t\n'
    page = client.post(reverse("reviews:entries_paste", args=[world.ours.review.pk]), {"text": text}, follow=True)
    row = Intake.objects.get()
    assert "2 rows cannot be added" in page.content.decode() and not Entry.objects.exists()
    page = client.post(reverse("reviews:intake", args=[row.pk]), follow=True)
    box, words = page.context["form"].initial["text"], page.content.decode()
    assert "1 entry was added." in words and "line 2 of what was sent: ‘never’" in words
    assert "line 4 of what was sent: The event is empty." in words
    assert box == 'Date\tSource\tEvent\tChild’s voice\nnever\tHelpline\t"Two\nlines"\tcried\n2024\tHelpline\t\t\n'
    at, read = reverse("reviews:intake_mend", args=[row.pk]), page.context["form"].initial["read"]
    assert client.post(at, {"text": "nothing", "read": read}).status_code == 422
    mended = box.replace("never", "summer 2024").replace("2024\tHelpline\t\t", "2024\tHelpline\tB\t")
    assert client.post(at, {"text": mended, "read": read}).status_code == 302
    assert client.post(at, {"text": mended, "read": read}).status_code == 409, "a second window keeps its words"
    client.post(reverse("reviews:intake", args=[row.pk]))
    assert set(Entry.objects.values_list("event", "voice")) == {("A call", ""), ("Two\nlines", "cried"), ("B", "")}
    row.refresh_from_db()
    assert (row.status, row.added, row.rows) == (Intake.Status.TAKEN, 3, [])


def test_a_serial_date_of_a_row_that_comes_back_is_written_out(world):
    found, _ = rows.of_file(sheet(["Date", "Source", "Event"], [45750, "Helpline", ""]), reader(world))
    assert rows.as_lines(found) == "Date\tSource\tEvent\n3 April 2025\tHelpline\t\n"


def test_a_body_outside_the_directory_that_was_asked_is_known_by_its_name_or_chosen(world, client):
    answer = name_guest(world).row
    sign_in(client, world.officer)
    text = f"3.4.25\t{answer.body.upper()}\tA call\n4.4.25\tThe nursery\tSeen\n5.4.25\tA neighbour\tHeard"
    client.post(reverse("reviews:entries_paste", args=[world.ours.review.pk]), {"text": text})
    row = Intake.objects.get()
    assert reads.unknown_sources(row) == ["The nursery", "A neighbour"]
    at = reverse("reviews:intake_sources", args=[row.pk])
    other = AgencyReturn.objects.filter(review=world.theirs.review).first()
    assert client.post(at, {"source_0": other.pk}).status_code == 422, "only bodies of this review"
    assert client.post(at, {"source_0": answer.pk}).status_code == 302
    client.post(reverse("reviews:intake", args=[row.pk]))
    found = list(Entry.objects.order_by("starts").values_list("source", "answer"))
    assert found == [(answer.body, answer.pk), (answer.body, answer.pk), ("A neighbour", None)]


def test_the_same_file_twice_adds_nothing(world, client):
    sign_in(client, world.officer)
    review = world.ours.review
    for expected in (2, 0):
        upload = SimpleUploadedFile("a.csv", b"Date,Source,Event\n3.4.25,Helpline,=1+1\n2024,School,Seen\n")
        answer = client.post(reverse("reviews:entries_upload", args=[review.pk]), {"file": upload})
        row = Intake.objects.first()
        assert answer.url == reverse("reviews:intake", args=[row.pk])
        assert "3 April 2025" in client.get(answer.url).content.decode()
        assert client.post(answer.url).status_code == 302
        row.refresh_from_db()
        assert row.added == expected
    assert Entry.objects.count() == 2
