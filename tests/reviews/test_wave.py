"""Asking several agencies at once: whom, on what basis, all of them or none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.people.models import Closure, NamedDuty, SharingAgreement
from reviews import waves
from reviews.models import AgencyReturn
from tests.world import sign_in


def offered(world):
    return {each.agency.slug: each for each in waves.offers(world.officer, world.ours.review)}


def send(world, *slugs, **more):
    rows = offered(world)
    facts = {"due_on": timezone.localdate() + timedelta(days=3), "purpose": "Search your records."} | more
    return waves.ask_wave(world.ours.review, [rows[slug] for slug in slugs], by=world.officer, **facts)


def test_offered_is_the_case_contact_else_the_lead_and_nobody_who_was_asked_or_is_barred(world):
    rows = offered(world)
    assert rows["mpft"].author == world.lead_other and "safeguarding lead is asked" in rows["mpft"].why
    assert "uhnm" not in rows, "it was asked already"
    assert "school" not in rows
    access.bar(world.ours.folder, world.lead_other, by=world.officer, reason="personal")
    assert "mpft" not in offered(world)


def test_while_it_is_closed_the_cover_is_asked(world):
    today, agency = timezone.localdate(), world.agencies["mpft"]
    NamedDuty.objects.create(agency=agency, kind="case", holder=world.lead_other)
    Closure.objects.create(agency=agency, name="Summer", starts=today, ends=today + timedelta(days=9))
    NamedDuty.objects.create(agency=agency, kind="cover", holder=world.lead_other)
    row = offered(world)["mpft"]
    assert row.closed and "its cover is asked" in row.why


def test_one_that_needs_the_letter_sends_nothing_without_it(world):
    SharingAgreement.objects.filter(agency=world.agencies["mpft"]).update(ends=timezone.localdate())
    before = AgencyReturn.objects.unscoped("counted").count()
    with pytest.raises(ValidationError, match="no sharing agreement"):
        send(world, "staffs-police", "mpft")
    assert AgencyReturn.objects.unscoped("counted").count() == before
    letter = {"letter_sent_on": timezone.localdate(), "letter_from": "A director", "letter_purpose": "The review."}
    police, mpft = send(world, "staffs-police", "mpft", letter=letter)
    assert (police.letter_sent_on, mpft.letter_sent_on) == (None, timezone.localdate())
    assert police.agreement is not None


def test_a_wave_goes_out_from_the_page_and_nothing_is_offered_twice(world, client):
    at = reverse("reviews:ask_agencies", args=[world.ours.review.pk])
    sign_in(client, world.officer)
    assert "needs the letter" not in client.get(at).content.decode()
    due, rows = timezone.localdate() + timedelta(days=3), offered(world)
    sent = {
        "agencies": [rows["mpft"].key, rows["staffs-police"].key], "purpose": "Search.",
        "due_on_day": due.day, "due_on_month": due.month, "due_on_year": due.year,
    }  # fmt: skip
    assert client.post(at, sent | {"agencies": []}).status_code == 422
    answer = client.post(at, sent, follow=True)
    assert "2 requests have gone out." in answer.content.decode()
    assert client.post(at, sent).status_code == 422
    assert not {"mpft", "staffs-police"} & set(offered(world))
