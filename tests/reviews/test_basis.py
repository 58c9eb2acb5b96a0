"""What lets an agency share: its recorded agreement, or a letter under section 16H; and who writes for whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from partnership.people.models import SharingAgreement
from reviews import returns
from reviews.models import AgencyReturn
from tests.world import sign_in

LETTER = {"letter_from": "Director of Children\u2019s Services", "letter_purpose": "The rapid review of this incident."}


@pytest.fixture
def asked(world):
    """Asks the police, with what a test says besides."""
    facts = {"agency": world.agencies["police"], "author": world.deputy_police, "purpose": "Search your records."}

    def ask(**more):
        due = timezone.localdate() + timedelta(days=3)
        return returns.ask_agency(world.ours.review, by=world.officer, due_on=due, **facts | more)

    return ask


def without_agreement(world):
    today = timezone.localdate()
    SharingAgreement.objects.filter(agency=world.agencies["police"]).update(ends=today)


def test_a_request_names_the_agreement_that_is_in_force(world, asked):
    row = asked()
    assert (row.agreement.agency, row.letter_sent_on) == (world.agencies["police"], None)


def test_without_an_agreement_in_force_a_request_needs_the_whole_letter(world, asked):
    without_agreement(world)
    with pytest.raises(ValidationError, match="no sharing agreement"):
        asked()
    with pytest.raises(ValidationError) as partly:
        asked(letter={"letter_sent_on": timezone.localdate()})
    assert set(partly.value.message_dict) == {"letter_from", "letter_purpose"}
    row = asked(letter=LETTER | {"letter_sent_on": timezone.localdate()})
    assert (row.agreement, row.letter_from) == (None, LETTER["letter_from"])


def test_an_agreement_past_its_review_is_still_in_force_and_one_that_begins_tomorrow_is_not(world):
    agency, today = world.agencies["police"], timezone.localdate()
    row = SharingAgreement.objects.get(agency=agency)
    row.review_on = today - timedelta(days=90)
    row.save()
    assert returns.agreement_of(agency) == row
    SharingAgreement.objects.filter(pk=row.pk).update(starts=today + timedelta(days=1))
    assert returns.agreement_of(agency) is None


def test_the_author_reads_what_lets_her_share_and_whom_it_is_about(world, asked, client):
    without_agreement(world)
    practice = world.agencies["school"]
    row = asked(letter=LETTER | {"letter_sent_on": timezone.localdate()}, subject=practice)
    page = sign_in(client, world.deputy_police).get(reverse("reviews:agency_return", args=[row.pk])).content.decode()
    assert "section 16H" in page and LETTER["letter_purpose"] in page and escape(practice.name) in page
    assert "No consent is needed" in page


def test_the_form_says_which_agency_needs_the_letter_and_keeps_what_was_typed(world):
    without_agreement(world)
    client = sign_in(Client(), world.officer)
    at = reverse("reviews:ask_agency", args=[world.ours.review.pk])
    assert "(no agreement: needs the letter)" in client.get(at).content.decode()
    due = timezone.localdate() + timedelta(days=3)
    sent = {
        "agency": world.agencies["police"].pk, "author": world.deputy_police.pk, "purpose": "Search.",
        "due_on_day": due.day, "due_on_month": due.month, "due_on_year": due.year,
    }  # fmt: skip
    answer = client.post(at, sent)
    assert answer.status_code == 422 and "letter_sent_on" in answer.context["form"].errors
    assert not AgencyReturn.objects.unscoped("none was made").filter(agency=world.agencies["police"]).exists()
