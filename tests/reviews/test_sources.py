"""How a case comes: an organisation, the child death panel, the council on a Friday afternoon; and its files."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.deadlines import services as deadlines
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.documents.models import Document, Version
from partnership.documents.scanners import EICAR
from partnership.people.roles import Role
from partnership.people.services import join
from reviews.considering.files import OF_NOTIFICATION, OF_REFERRAL
from reviews.models import Referral, Review
from tests.documents import bad_files
from tests.documents.conftest import check, no_worker, store
from tests.walk.post import day, moment
from tests.world import london, sign_in, small_pdf

__all__ = ["check", "no_worker", "store"]
FRIDAY = london(2026, 11, 20, 16, 40)


@pytest.fixture
def manager(world):
    join(world.stranger, role=Role.BUSINESS_MANAGER, partnership=world.partnership)
    return sign_in(Client(), world.manager)


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def referred(world, **more):
    today = timezone.localdate()
    return {
        "safety": "The sister was seen today.", "records_secured": "on", "agency": world.agencies["uhnm"].pk,
        "kind": "incident", "agreed_by": "Director of Nursing", "harm": "harm", "what_happened": "A fall.",
        "why": "Unexplained.", "name": "Fern Example", "age_band": "1-4", "legal_status": "cin",
    } | day("agreed_on", today) | day("incident_on", today) | more  # fmt: skip


def notified(world, aware, sent):
    return (
        moment("aware_at", aware) | moment("sent_at", sent) | day("incident_on", timezone.localdate(aware))
        | {"authority": world.agencies["council"].pk, "kind": "incident", "harm": "harm", "what_happened": "A fall.",
           "age_band": "1-4", "legal_status": "cin"}
    )  # fmt: skip


def upload(name="form.pdf", content=None):
    return SimpleUploadedFile(name, small_pdf("The form") if content is None else content)


# --- the three sources ------------------------------------------------------------------------------------------------


def test_an_organisation_refers_only_with_its_senior_leads_agreement_and_what_was_done_first(world, manager):
    lead = sign_in(Client(), world.lead_same)
    start = lead.get(reverse("reviews:start")).content.decode()
    assert "This is not a child protection referral" in start and "999" in start
    assert "brothers, sisters and other children" in start and "records are secured" in start
    left_out = ("agreed_by", "safety", "records_secured")
    wrong = lead.post(reverse("reviews:refer"), {k: v for k, v in referred(world).items() if k not in left_out})
    assert wrong.status_code == 422 and set(left_out) <= set(wrong.context["form"].errors)
    assert lead.post(reverse("reviews:refer"), referred(world)).status_code == 302
    row = Referral.objects.get()
    assert manager.post(at("decide_referral", row), {"taken": "yes"}).status_code == 302
    now = timezone.now()
    sent = notified(world, now - timedelta(hours=3), now - timedelta(hours=1))
    assert manager.post(at("notify_considered", row.review), sent).status_code == 302
    review = Review.objects.get(pk=row.review_id)
    assert review.runs and manager.get(at("review", review)).status_code == 200
    assert "Taken on" in lead.get(at("referral", row)).content.decode()
    assert lead.get(at("review", review)).status_code == 404, "the referrer keeps the referral and its outcome alone"


def test_the_child_death_panels_question_is_recorded_with_who_asked_and_how_it_came(world, manager):
    asked = referred(world, agency=world.agencies["icb"].name, source="cdop", given_by="Panel chair", channel="phone")
    asked |= moment("given_at", timezone.now() - timedelta(hours=2))
    assert (
        "given_by" in manager.post(reverse("reviews:record_referral"), asked | {"given_by": ""}).context["form"].errors
    )
    done = manager.post(reverse("reviews:record_referral"), asked)
    row = Referral.objects.get()
    page = manager.get(done.url).content.decode()
    assert "Panel chair" in page and "by telephone" in page and row.folder.sealed
    assert manager.post(at("decide_referral", row), {"taken": "yes"}).status_code == 302
    assert (
        "A question from the child death overview panel"
        in manager.get(at("consideration", row.review)).content.decode()
    )


def test_the_councils_notification_of_a_friday_afternoon_is_filed_with_its_copy_and_counts_from_monday(
    world, store, check
):
    with time_machine.travel(FRIDAY, tick=False):
        officer = sign_in(Client(), world.officer)
        sent = notified(world, FRIDAY - timedelta(days=1), FRIDAY - timedelta(minutes=10)) | {"copy": upload()}
        done = officer.post(reverse("reviews:notify"), sent)
        assert done.status_code == 302
        review = Review.objects.get(folder__reference=officer.get(done.url).context["review"].folder.reference)
        assert review.folder.sealed
        assert deadlines.running(review, RAPID_REVIEW).due_on == date(2026, 12, 11), "day 1 is Monday"
        assert sign_in(Client(), world.officer_outside).get(done.url).status_code == 404
        check(Version.objects.get(document__kind=OF_NOTIFICATION))
        page = officer.get(at("notification", review)).content.decode()
        assert "Copy of the council’s notification, version 1" in page


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def row(world, manager, store):
    sign_in(Client(), world.lead_same).post(reverse("reviews:refer"), referred(world))
    return Referral.objects.get()


def test_a_referrer_attaches_and_reads_her_own_file_and_the_cases_people_read_it(world, manager, row, check):
    lead = sign_in(Client(), world.lead_same)
    assert lead.post(at("attach_file", row), {"file": upload("scan.pdf"), "title": "Body map"}).status_code == 302
    version = Version.objects.get(document__kind=OF_REFERRAL)
    assert "Being checked" in lead.get(at("referral", row)).content.decode()
    check(version)
    download = reverse("documents:download", args=[version.pk])
    for reader in (lead, manager):
        assert download in reader.get(at("referral", row)).content.decode()
        assert reader.get(download).status_code == 200
    manager.post(at("attach_file", row), {"file": upload("notes.pdf"), "title": "Notes of a call"})
    check(Version.objects.get(document__title="Notes of a call"))
    assert "Notes of a call" in manager.get(at("referral", row)).content.decode()
    assert "Notes of a call" not in lead.get(at("referral", row)).content.decode(), "what the unit adds is the case's"
    for name in ("colleague", "author", "officer_outside", "lead_other"):
        other = sign_in(Client(), world.people[name])
        assert other.get(download).status_code == other.get(at("attach_file", row)).status_code == 404, name


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("harmless.txt", EICAR, "virus"),
        ("letter.pdf", b"<!doctype html><script>alert(1)</script>", "not"),
        ("letter.docx", "bomb", "far more"),
    ],
    ids=["EICAR", "a renamed HTML", "a zip bomb"],
)
def test_a_harmful_file_is_refused_with_a_plain_sentence_and_given_to_nobody(
    world, manager, row, check, name, content, words
):
    content = bad_files.bomb() if content == "bomb" else content
    lead = sign_in(Client(), world.lead_same)
    assert lead.post(at("attach_file", row), {"file": upload(name, content)}).status_code == 302
    version = Version.objects.get(document__kind=OF_REFERRAL)
    check(version)
    page = lead.get(at("referral", row)).content.decode()
    assert "Not kept." in page and words in page
    for reader in (lead, manager):
        assert reader.get(reverse("documents:download", args=[version.pk])).status_code in (404, 409)
    assert "Not kept." not in manager.get(at("referral", row)).content.decode(), "who sent it is told, nobody else"


def test_a_program_is_refused_before_anything_is_recorded_and_the_notification_is_not_half_kept(world, store):
    officer = sign_in(Client(), world.officer)
    before, now = Review.objects.unscoped("counted").count(), timezone.now()
    sent = notified(world, now - timedelta(hours=3), now - timedelta(hours=1))
    wrong = officer.post(reverse("reviews:notify"), sent | {"copy": upload("form.exe", b"MZ")})
    assert wrong.status_code == 422 and set(wrong.context["form"].errors) == {"copy"}
    assert wrong.context["form"]["what_happened"].value() == "A fall."
    assert Review.objects.unscoped("counted").count() == before


def test_a_copy_is_filed_later_too_and_another_one_is_its_next_version(world, store, check):
    case, officer = world.ours.review, sign_in(Client(), world.officer)
    assert "No copy is attached." in officer.get(at("notification", case)).content.decode()
    for number in (1, 2):
        file = upload("form.pdf", small_pdf(f"Form {number}"))
        assert officer.post(at("attach_notification", case), {"file": file}).status_code == 302
        check(Version.objects.filter(document__kind=OF_NOTIFICATION).order_by("-number").first())
    assert Document.objects.unscoped("counted").filter(kind=OF_NOTIFICATION).count() == 1
    page = sign_in(Client(), world.panel).get(at("notification", case)).content.decode()
    assert "version 2" in page and at("attach_notification", case) not in page
    assert sign_in(Client(), world.panel).post(at("attach_notification", case), {}).status_code == 403


def test_nothing_is_attached_to_a_referral_that_was_taken_back(world, manager, row):
    lead = sign_in(Client(), world.lead_same)
    lead.post(at("take_back_referral", row), {"reason": "A mistake."})
    assert at("attach_file", row) not in lead.get(at("referral", row)).content.decode()
    assert lead.post(at("attach_file", row), {"file": upload(), "title": "Late"}).status_code == 409
    assert not Document.objects.unscoped("counted").filter(kind=OF_REFERRAL).exists()
