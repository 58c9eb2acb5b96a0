"""Letters of requests: all in one go, on what basis and by when, never with whom to search for; copies carry a name."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partnership.documents.models import Version
from partnership.documents.services import read
from partnership.jobs import services as jobs
from partnership.people.models import SharingAgreement
from partnership.ui import pdf
from reviews import waves
from reviews.asking import letters, services
from reviews.asking.bases import BASES
from reviews.models import AgencyReturn, RequestLetter
from reviews.naming import Known
from tests.reviews import guests
from tests.world import sign_in


def words_of(content):
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def made(world, client):
    """made() -> agency's slug -> the words of its letter, as the officer's browser makes them."""
    sign_in(client, world.officer)

    def make():
        asked = client.post(reverse("reviews:make_letters", args=[world.ours.review.pk]))
        assert jobs.run(asked.url.rstrip("/").split("/")[-1]) == "done"
        found = {}
        for letter in RequestLetter.objects.unscoped("the test's own").select_related("row__agency"):
            versions = Version.objects.unscoped("the test's own").filter(document=letter.document_id)
            found[letter.row.agency.slug if letter.row.agency else letter.row.outside] = words_of(
                read(versions.order_by("-number").first())
            )
        return found

    return make


def test_a_guests_letter_says_that_she_is_rung_first_and_names_no_way_in_that_she_has_not(world, made):
    guests.name_guest(world)
    found = made()
    words = found[guests.NURSERY]
    assert "We ring you" in words and "a link that works once" in words and "authenticator app" in words
    assert "Mira Fenn, Nursery manager" in words and "sign in with your work email address" not in words
    assert "sign in with your work email address" in found["uhnm"] and "We ring you" not in found["uhnm"]


def test_a_wave_has_its_letters_in_one_go_each_with_its_own_basis_and_day(world, made):
    SharingAgreement.objects.filter(agency=world.agencies["mpft"]).update(ends=timezone.localdate())
    due = timezone.localdate() + timedelta(days=4)
    letter = {"letter_sent_on": timezone.localdate(), "letter_from": "Director of children", "letter_purpose": "Learn."}
    asked, wave = ("mpft", "staffs-police"), waves.wave_of(world.officer, world.ours.review)
    chosen = [
        each if each.author else replace(each, author=world.deputy_police)
        for each in wave.offers
        if each.agency.slug in asked
    ]
    waves.ask_wave(
        world.ours.review, chosen, by=world.officer, due_on=due, purpose="Search from 2020 on.", letter=letter
    )
    found = made()
    assert set(found) == {"uhnm", "mpft", "staffs-police"}, "what is in or withdrawn needs no letter"
    for slug, title in (("mpft", "Section 16H of the Children Act 2004"), ("staffs-police", "Your sharing agreement")):
        assert title in found[slug] and "Search from 2020 on." in found[slug]
        assert f"{due.day} {due:%B %Y}" in found[slug] and world.partnership.name in found[slug]
    assert "Director of children" in found["mpft"] and "Director of children" not in found["staffs-police"]
    assert not [slug for slug, words in found.items() if "canary-ours-name" in words or "addresses" in words]


def test_a_request_that_names_somebody_is_left_out_of_its_letter(world, made):
    row = world.ours.returns["uhnm"]
    AgencyReturn.objects.filter(pk=row.pk).update(purpose="Search for canary-ours-name, please.")
    assert "What is asked stands in the portal" in made()["uhnm"]


def test_another_day_asks_for_the_letter_anew_and_keeps_the_one_that_went(world, client, made):
    made()
    page = client.get(reverse("reviews:letters", args=[world.ours.review.pk])).content.decode()
    assert "Make the letter" not in page
    row = world.ours.returns["uhnm"]
    services.extend(row, by=world.officer, due_on=row.due_on + timedelta(days=1), reason="Holidays.")
    assert (
        "It says another day or author"
        in client.get(reverse("reviews:letters", args=[world.ours.review.pk])).content.decode()
    )
    made()
    letter = RequestLetter.objects.get()
    assert Version.objects.unscoped("counted").filter(document=letter.document).count() == 2
    assert letter.due_on == row.due_on + timedelta(days=1)


def test_a_copy_carries_its_readers_name_and_only_who_sends_has_it_without(world, client, made):
    made()
    version = Version.objects.unscoped("the test's own").get(document=RequestLetter.objects.get().document)
    copy = client.get(reverse("documents:download", args=[version.pk])).content
    assert world.officer.name in words_of(copy) and "Case Officer" not in words_of(copy)
    plain = reverse("documents:unmarked", args=[version.pk])
    assert client.get(plain).content == read(version)
    assert sign_in(Client(), world.panel).get(plain).status_code == 403
    for name in ("author", "stranger", "colleague"):
        assert sign_in(Client(), world.people[name]).get(plain).status_code == 404, name


def test_every_basis_names_its_source():
    assert set(BASES) == {"agreement", "letter"} and all(each.source and each.limits for each in BASES.values())


def test_a_letter_fits_one_page_and_its_signature_never_stands_alone(world):
    row = world.ours.returns["uhnm"]
    pages = lambda purpose: [  # noqa: E731
        " ".join(page.extract_text().split())
        for page in PdfReader(
            io.BytesIO(pdf.render("reviews/letter_pdf.html", letters.facts(row, Known(), None) | purpose))
        ).pages
    ]
    assert len(pages({"purpose": "Search your records for two years."})) == 1
    first, second = pages({"purpose": "Search your records for two years. " * 45})
    assert "How to sign in" in second and "for the safeguarding partners" in second
    assert "How to sign in" not in first
