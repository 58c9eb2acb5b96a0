"""The merged chronology: what is added, gaps and contradictions, who sees it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.trail.models import Event
from reviews import returns
from reviews.chronology import exporting, reads, services
from reviews.models import Entry, EntryNote
from tests.reviews.chronology import WORDS, page_of, received, told
from tests.world import sign_in

# --- adding -----------------------------------------------------------------------------------------------------------


def test_entries_stand_by_their_earliest_moment_and_the_undated_last(world):
    review, by = world.ours.review, world.officer
    for when in ("not known", "3 April 2025", "2025", "April 2025"):
        told(review, when, by=by)
    told(review, "3 April 2025", "In the morning", by=by, time="9:15")
    shown = [(each.entry.when, each.entry.clock) for each in page_of(world)]
    assert shown == [
        ("2025", ""),
        ("April 2025", ""),
        ("3 April 2025", ""),
        ("3 April 2025", "9:15am"),
        ("Not known", ""),
    ]


def test_the_very_same_entry_is_not_added_twice(world):
    told(world.ours.review, "3.4.25", by=world.officer)
    with pytest.raises(ValidationError, match="already"):
        told(world.ours.review, "3 April 2025", "Seen  at home", by=world.officer)


def test_an_entry_is_added_by_its_form_with_the_agency_of_a_return(world, client):
    row = returns.ask_agency(
        world.ours.review, by=world.officer, agency=world.agencies["police"], author=world.deputy_police,
        due_on=date(2030, 1, 1), purpose="Search.",
    )  # fmt: skip
    at = reverse("reviews:entry_add", args=[world.ours.review.pk])
    sign_in(client, world.case_officer)
    sent = {"when": "about April 2024", "answer": row.pk, "event": "A call.", "children": [world.ours.child.pk]}
    assert client.post(at, sent).status_code == 302
    entry = Entry.objects.get()
    assert (entry.agency, entry.answer, entry.children) == (row.agency, row, [world.ours.child.pk])
    assert (entry.when, entry.recorded_by) == ("About April 2024", world.case_officer)
    wrong = client.post(at, {"when": "4/13/25", "event": "A call."})
    assert wrong.status_code == 422 and set(wrong.context["form"].errors) == {"source"}
    wrong = client.post(at, {"when": "4/13/25", "source": "x", "event": "A call."})
    assert "the day stands before the month" in wrong.context["form"].errors["when"][0]
    wrong = client.post(at, {"when": "2024", "time": "9am", "source": "x", "event": "A call."})
    assert set(wrong.context["form"].errors) == {"time"}


def test_nothing_of_an_entry_is_changed_by_what_is_said_beside_it(world, client):
    entry = told(world.ours.review, "3.4.25", by=world.officer)
    before = Entry.objects.filter(pk=entry.pk).values().get()
    sign_in(client, world.officer)
    at = reverse("reviews:entry_note", args=[entry.pk])
    assert client.post(at, {"kind": "wrong", "note": "It was another family."}).status_code == 302
    assert client.post(at, {"kind": "wrong", "note": "Again."}).status_code == 422
    assert client.post(at, {"kind": "note", "note": ""}).status_code == 422
    assert Entry.objects.filter(pk=entry.pk).values().get() == before
    page = client.get(reverse("reviews:chronology", args=[entry.review_id])).content.decode()
    assert "Withdrawn as wrong" in page and "It was another family." in page and "Seen at home" in page
    assert Event.objects.filter(verb="entry_withdrawn", folder_id=entry.folder_id).count() == 1


# --- gaps, contradictions, filters ------------------------------------------------------------------------------------


def test_a_gap_is_shown_from_the_last_day_that_anything_reaches(world):
    review, by = world.ours.review, world.officer
    told(review, "1 January 2024 to 31 March 2024", by=by)
    told(review, "5 January 2024", by=by)
    wrong = told(review, "1 May 2024", by=by)
    told(review, "3 July 2024", by=by)
    told(review, "not known", by=by)
    assert [each.gap for each in page_of(world)] == [0, 0, 0, 0, 0]
    services.annotate(wrong, by=by, kind="wrong", note="Another family.")
    assert [each.gap for each in page_of(world)] == [0, 0, 0, 93, 0], "what was withdrawn fills no gap"
    assert [each.gap for each in page_of(world, gap=14)] == [0, 0, 30, 93, 0]


def test_two_sources_with_the_same_words_and_different_dates_are_pointed_out(world):
    review, by = world.ours.review, world.officer
    told(review, "3 April 2024", WORDS, "Midwives", by=by)
    told(review, "5 April 2024", WORDS.upper(), "Helpline", by=by)
    told(review, "6 April 2024", WORDS, "Helpline", by=by)
    told(review, "3 April 2024", "Home visit", "Midwives", by=by)
    told(review, "5 April 2024", "Home visit", "Helpline", by=by)
    hints = {(each.entry.when, each.entry.event): [other.when for other in each.alike] for each in page_of(world)}
    assert hints["3 April 2024", WORDS] == ["5 April 2024", "6 April 2024"]
    assert hints["6 April 2024", WORDS] == ["3 April 2024"]
    assert hints["3 April 2024", "Home visit"] == [], "few words say nothing"


def test_a_contradiction_that_a_person_saw_stands_at_both(world):
    review, by = world.ours.review, world.officer
    one, two = (told(review, "3 April 2024", event, event, by=by) for event in ("One", "Two"))
    services.annotate(one, by=by, kind="against", note="He was elsewhere.", other=two)
    assert [[other.event for _, other in each.against] for each in page_of(world)] == [["Two"], ["One"]]
    for other in (one, two):
        with pytest.raises(ValidationError):
            services.annotate(one, by=by, kind="against", note="x", other=other)
    with pytest.raises(ValidationError):
        services.annotate(two, by=by, kind="against", note="x", other=one)
    with pytest.raises(ValidationError):
        services.annotate(two, by=by, kind="against", note="x")


def test_an_entry_of_another_review_is_never_offered_as_contradicted(world, client):
    mine = told(world.ours.review, "3 April 2024", by=world.officer)
    theirs = told(world.theirs.review, "3 April 2024", by=world.stranger)
    sign_in(client, world.officer)
    at = reverse("reviews:entry_note", args=[mine.pk])
    answer = client.post(at, {"kind": "against", "note": "x", "other": theirs.pk})
    assert answer.status_code == 422 and not EntryNote.objects.exists()


def test_the_page_is_filtered_by_source_child_and_words(world):
    review, by = world.ours.review, world.officer
    told(review, "2024", "A call", "Helpline", by=by)
    told(review, "2024", "Seen", world.agencies["police"].name, by=by, children=world.ours.child.pseudonym)
    police, child = f"a:{world.agencies['police'].pk}", str(world.ours.child.pk)
    seen = lambda **asked: [each.entry.event for each in page_of(world, **asked)]  # noqa: E731
    assert seen(source=police) == ["Seen"] and seen(source="w:Helpline") == ["A call"]
    assert seen(child=child) == ["A call", "Seen"] and seen(q="call") == ["A call"] and seen(q="%") == []
    assert dict(reads.frame(world.officer, review).sources).keys() == {police, "w:Helpline"}


# --- need to know -----------------------------------------------------------------------------------------------------


def test_who_still_owes_a_return_does_not_see_the_chronology(world, client):
    review = world.ours.review
    entry = told(review, "2024", "Only for those who are through", by=world.officer)
    row = returns.ask_agency(
        review, by=world.officer, agency=world.agencies["police"],
        author=world.deputy_police, due_on=date(2030, 1, 1), purpose="Search.",
    )  # fmt: skip
    row.__class__.objects.filter(pk=row.pk).update(author=world.case_officer)
    sign_in(client, world.case_officer)
    at = reverse("reviews:chronology", args=[review.pk])
    page = client.get(at)
    assert "You still owe a return" in page.content.decode() and b"Only for those" not in page.content
    assert client.get(reverse("reviews:entry_note", args=[entry.pk])).status_code == 404
    assert client.post(reverse("reviews:chronology_pdf", args=[review.pk])).status_code == 404
    with pytest.raises(exporting.Withheld):
        exporting.make_xlsx(review, by=world.case_officer, progress=lambda *said: None)
    row.__class__.objects.filter(pk=row.pk).update(status="submitted")
    assert b"Only for those" in client.get(at).content


def test_the_reading_of_the_chronology_is_written_down(world, client):
    told(world.ours.review, "2024", by=world.officer)
    sign_in(client, world.panel).get(reverse("reviews:chronology", args=[world.ours.review.pk]))
    assert Event.objects.filter(verb="read", actor_id=world.panel.pk, object_id=world.ours.review.pk).exists()


def test_the_page_asks_no_more_for_many_rows_than_for_few(world, client):
    review, by = world.ours.review, world.officer
    sign_in(client, by)
    at = reverse("reviews:chronology", args=[review.pk])
    counts = []
    for lines in (3, 120):
        text = "\n".join(f"{1 + n % 28}.4.2024\tSource {n % 12}\t{WORDS} {n // 2}" for n in range(lines))
        services.take(received(world, text), by=by)
        received(world, text)
        services.annotate(Entry.objects.all()[0], by=by, kind="note", note=f"{lines}")
        client.get(at)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at).status_code == 200
        counts.append([each["sql"] for each in asked])
    assert len(counts[0]) == len(counts[1]) <= 12, "\n".join(each[:150] for each in counts[1])


def test_the_pages_are_turned_and_one_that_is_not_there_is_the_last(world, client):
    text = "\n".join(f"{1 + n % 28}.4.2024\tHelpline\tNumber {n}" for n in range(120))
    services.take(received(world, text), by=world.officer)
    review = world.ours.review
    sizes = {
        number: reads.page(world.officer, review, number=number) for number in ("", "2", "3", "99", "x", "-1", "0")
    }
    found = {number: (page.number, len(page.object_list), page.paginator.count) for number, page in sizes.items()}
    first, last = (1, 50, 120), (3, 20, 120)
    assert found == {"": first, "2": (2, 50, 120), "3": last, "99": last, "x": first, "-1": first, "0": first}
