"""Who is named where nobody should be: the rule, what a saving says, what is said before a file is made, to whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.identities.services import add_identity, change_identity
from partnership.jobs.models import Job
from partnership.trail.models import Event
from reviews import naming, places, returns
from reviews.chronology import services as chronology
from reviews.findings import services as findings
from reviews.models import AgencyReturn, Episode, Notification, ReportSection
from reviews.report import services as report
from tests.reviews.chronology import told
from tests.walk.post import day as on_day

BORN = date(2021, 5, 4)
JANE = {
    "name": "Jané Maple",
    "other_names": "known as Jo, May",
    "date_of_birth": BORN,
    "addresses": "14 Larch Close, Stoke-on-Trent, ST1 2AB",
    "other": "NHS number 943 476 5919",
}


@pytest.fixture
def family(world):
    """Child A is Jané Maple; her brother is Tom Maple. The world's own words name nobody."""
    change_identity(world.ours.identity, facts=JANE, version=1, by=world.officer)
    facts = {"name": "Tom Maple", "date_of_birth": None}
    add_identity(world.ours.folder, subject="sibling", label="Sibling 1", facts=facts, by=world.officer)
    return world


@pytest.mark.parametrize(
    "text, said",
    [
        ("We saw jane at home", "Use ‘Child A’ instead of the name in ‘Event’."),
        ("JANE’S nursery rang", "Use ‘Child A’ instead of the name in ‘Event’."),
        ("Jane Maple was seen", "Use ‘Child A’ instead of the name in ‘Event’."),
        ("Tom and Jane", "Use ‘Child A’ or ‘Sibling 1’ instead of the name in ‘Event’."),
        ("the Maple family", "Use ‘Child A’ or ‘Sibling 1’ instead of the name in ‘Event’."),
        ("Jo said so", "Use ‘Child A’ instead of the name in ‘Event’."),
        ("with May at school", "Use ‘Child A’ instead of the name in ‘Event’."),
        ("born on 4th May 2021", "Give an age instead of the date of birth in ‘Event’."),
        ("dob 04/05/21", "Give an age instead of the date of birth in ‘Event’."),
        ("2021-05-04", "Give an age instead of the date of birth in ‘Event’."),
        ("moved to 14, Larch Close", "Take the address or the number of an identity record out of ‘Event’."),
        ("near st12ab", "Take the address or the number of an identity record out of ‘Event’."),
        ("NHS 9434765919", "Take the address or the number of an identity record out of ‘Event’."),
    ],
)
def test_a_name_a_birth_date_an_address_and_a_number_are_found_however_they_are_written(family, text, said):
    known = naming.known_of(family.ours.folder.pk)
    assert naming.found_in(text, known).advice("Event") == said


@pytest.mark.parametrize(
    "text",
    ["", "may be seen again", "on 3 May 2024", "May 2024", "Janet", "known as a risk", "the close", "5 May 2021", "jo"],
)
def test_an_ordinary_word_a_month_and_a_part_of_a_word_are_no_name(family, text):
    assert not naming.found_in(text, naming.known_of(family.ours.folder.pk))


def test_saving_succeeds_and_says_which_passage_names_somebody_without_the_name(family, sign_in):
    client = sign_in(family.case_officer)
    at = reverse("reviews:entry_add", args=[family.ours.review.pk])
    sent = {"when": "3 April 2024", "source": "Helpline", "event": "Jane was seen."}
    page = client.post(at, sent, follow=True).content.decode()
    assert "The entry was added." in page and "Use ‘Child A’ instead of the name in ‘Event’." in page
    assert "withdraw the entry as wrong and add it again" in page
    at = reverse("reviews:episode_add", args=[family.ours.review.pk])
    page = client.post(at, {"title": "The visit", "happened": "Tom opened the door."}, follow=True).content.decode()
    assert "Use ‘Sibling 1’ instead of the name in ‘What happened’." in page and Episode.objects.count() == 1


def test_saving_who_somebody_is_says_where_they_are_named_already(world, sign_in):
    Notification.objects.filter(review=world.ours.review).update(what_happened="Jane was brought to hospital.")
    client, at = sign_in(world.officer), reverse("reviews:change_person", args=[world.ours.identity.pk])
    sent = {"name": "Jane Maple", "date_of_birth": "", "version": world.ours.identity.version}
    page = client.post(at, sent, follow=True).content.decode()
    assert "Use ‘Child A’ instead of the name in ‘What was notified’." in page
    assert reverse("reviews:change_notification", args=[world.ours.review.notification.pk]) in page
    assert places.written_already(world.panel, world.ours.review) == []


def test_a_request_that_names_somebody_is_asked_about_before_it_goes(family, sign_in):
    client, review = sign_in(family.officer), family.ours.review
    before, at = AgencyReturn.objects.count(), reverse("reviews:ask_agency", args=[review.pk])
    sent = {"agency": family.agencies["mpft"].pk, "author": family.lead_other.pk, "purpose": "What you knew of Jane."}
    sent |= on_day("due_on", timezone.localdate() + timedelta(days=3))
    page = client.post(at, sent)
    assert page.status_code == 422 and AgencyReturn.objects.count() == before
    assert "Use ‘Child A’ instead of the name in ‘What is asked, and why’." in page.content.decode()
    assert client.post(at, sent | {"as_written": "on"}).status_code == 302
    assert AgencyReturn.objects.count() == before + 1


def test_the_author_who_may_read_the_identities_is_told_while_typing_and_a_helper_is_told_nothing(family, sign_in):
    row = AgencyReturn.objects.get(pk=family.ours.returns["uhnm"].pk)
    at, client = reverse("reviews:write_return", args=[row.pk]), sign_in(family.author)
    sent = {"version": row.version, "analysis": "Jane was seen."}
    said = client.post(at, sent, headers={"HX-Request": "true"}).json()
    assert "Use ‘Child A’ instead of the name in ‘Analysis of practice" in said["advice"] and not said["error"]
    assert "Use ‘Child A’" in client.get(at).content.decode(), "whoever comes back to it is told again"
    helper = family.people["stranger"]
    assert naming.advice(helper, row, [("Analysis", "Jane was seen.")]) == []
    row.refresh_from_db()
    assert row.analysis == "Jane was seen."


def test_who_may_not_read_the_identities_learns_nothing_from_a_saving(family, sign_in):
    for user in (family.panel, family.signer_icb, family.scrutineer):
        assert naming.advice(user, family.ours.review, [("Words", "Jane Maple")]) == []
        assert places.in_report(user, family.ours.review) == [] == places.in_chronology(user, family.ours.review)


def test_the_rule_reads_nothing_as_a_person_does(family, sign_in):
    before = Event.objects.filter(verb="identity_read").count()
    client = sign_in(family.officer)
    told(family.ours.review, "3 April 2024", "Jane was seen", by=family.officer)
    page = client.post(reverse("reviews:chronology_pdf", args=[family.ours.review.pk])).content.decode()
    assert "the entry of Helpline" in page and "Jane" not in page
    assert Event.objects.filter(verb="identity_read").count() == before


def section(world, code, text):
    row = ReportSection.objects.unscoped("the test writes in it").get(review=world.ours.review, code=code)
    report.write(row, by=world.officer, version=row.version, text=text)
    return row


def test_the_places_of_a_report_are_listed_with_links_before_it_is_made_or_sent(family, sign_in):
    client, review = sign_in(family.officer), family.ours.review
    Job.objects.all().delete()
    row = section(family, "family", "We spoke with Jane at home.")
    make = reverse("reviews:make_report", args=[review.pk])
    page = client.post(make).content.decode()
    assert "Nothing has been made yet" in page and not Job.objects.exists()
    assert reverse("reviews:write_section", args=[row.pk]) in page and "section 7, Views of the family" in page
    sending = client.get(reverse("reviews:record_sending", args=[review.pk])).content.decode()
    assert "section 7, Views of the family" in sending
    assert client.post(make, {"seen": "yes"}).url == reverse("jobs:job", args=[Job.objects.get().pk])


def test_a_report_that_names_nobody_is_made_at_once(family, sign_in):
    answer = sign_in(family.officer).post(reverse("reviews:make_report", args=[family.ours.review.pk]))
    assert answer.status_code == 302 and answer.url.startswith("/jobs/")


def test_every_passage_that_a_pack_prints_is_looked_at(family):
    review, by = family.ours.review, family.officer
    row = findings.add(Episode, review, by=by, title="A visit", happened="Tom was there.", agencies=[])
    entry = told(review, "3 April 2024", "Jane was seen", by=by)
    chronology.annotate(told(review, "4 April 2024", "Seen", by=by), by=by, kind="note", note="Tom said so")
    aloud = {place.url: place.advice for place in places.in_pack(by, review, "aloud")}
    assert "key practice episode 1" in aloud[reverse("reviews:episode_edit", args=[row.pk])]
    members = [place.url for place in places.in_pack(by, review, "members")]
    assert reverse("reviews:entry_note", args=[entry.pk]) in members and len(members) == 2
    answer = family.ours.returns["school"]
    AgencyReturn.objects.unscoped("the test writes in it").filter(pk=answer.pk).update(learning="Ask Jane first.")
    assert [place for place in places.in_pack(by, review, "aloud") if "Learning, return of" in place.advice]


def test_a_withdrawn_entry_names_nobody_any_more(family, sign_in):
    review, by = family.ours.review, family.officer
    entry = told(review, "3 April 2024", "Jane was seen", by=by)
    make = reverse("reviews:chronology_pdf", args=[review.pk])
    client = sign_in(by)
    assert "the entry of Helpline, 3 April 2024" in client.post(make).content.decode()
    chronology.annotate(entry, by=by, kind="wrong", note="It names Jane.")
    assert client.post(make).status_code == 302


def test_the_identities_are_read_once_however_long_the_chronology(family):
    review, by = family.ours.review, family.officer

    def questions():
        with CaptureQueriesContext(connection) as asked:
            places.in_chronology(by, review)
        return len(asked), sum("identities_identity" in each["sql"] for each in asked)

    told(review, "3 April 2024", "Jane was seen", by=by)
    few = questions()
    for day in range(1, 12):
        told(review, f"{day} May 2024", "Jane was seen", by=by)
    assert questions() == few and few[1] == 1


def test_a_return_that_was_saved_unread_is_looked_at_with_its_own_labels(family):
    row = AgencyReturn.objects.get(pk=family.ours.returns["uhnm"].pk)
    returns.save_return(row, by=family.author, version=row.version, answers={"voice": "Jane said no."})
    row.refresh_from_db()
    said = naming.in_saved(family.author, row, {"voice": type("Field", (), {"label": "Voice"})})
    assert said == ["Use ‘Child A’ instead of the name in ‘Voice’."]
