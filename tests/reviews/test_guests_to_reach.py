"""A request that has reached nobody yet does not count as gone out, and is not reminded of."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from reviews.answering import signing
from reviews.asking import services
from reviews.models import AgencyReturn, Contact
from tests.reviews.guests import NURSERY, WHY, as_guest, come_in, fresh, invited, name_guest, ring
from tests.world import sign_in, submit_return


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


def row_of(guest):
    return AgencyReturn.objects.unscoped(WHY).select_related("review__folder", "agency").get(pk=guest.row_id)


def step_of(page):
    return next(task for task in page.context["steps"] if task.title == "Requests to agencies")


def test_until_she_is_rung_and_invited_the_step_stays_open_and_the_page_says_what_is_next(world, client):
    from reviews.guests import services as inviting

    sign_in(client, world.officer)
    review = at("review", world.ours.review)
    assert step_of(client.get(review)).status == "Completed"
    guest = name_guest(world)
    for words, act in (("To ring", ring), ("To invite", inviting.invite)):
        page = client.get(review)
        assert words in page.content.decode() and step_of(page).status == "To do"
        assert step_of(page).hint == f"Still {words.lower()} {NURSERY}"
        assert words in client.get(at("agency_return", guest.row)).content.decode()
        act(fresh(guest), by=world.officer)
    assert step_of(client.get(review)).status == "Completed"


def test_nobody_is_reminded_who_has_not_come_in_and_it_says_what_to_do(world, client):
    guest = name_guest(world)
    for words, step in (("was not rung yet", ring), ("not invited yet", None)):
        with pytest.raises(ValidationError, match=words):
            services.chase(row_of(guest), by=world.officer)
        if step:
            step(guest, by=world.officer)
    page = sign_in(client, world.officer).get(at("outstanding", world.ours.review)).content.decode()
    assert "Send the invitation" in page and at("chase", guest.row) not in page and "To invite; not due yet" in page
    assert "Withdraw" not in client.post(at("chase", guest.row), follow=True).content.decode()
    assert not Contact.objects.exists()


def test_once_she_has_come_in_she_is_reminded_as_any_author(world, client):
    guest = come_in(invited(world))
    page = sign_in(client, world.officer).get(at("outstanding", world.ours.review)).content.decode()
    assert at("chase", guest.row) in page
    services.chase(row_of(guest), by=world.officer)
    assert Contact.objects.filter(row=guest.row_id).count() == 1


def test_what_she_submits_she_declares_for_her_body_and_not_as_a_sole_practitioner(world, client):
    guest = come_in(invited(world))
    answers = {
        "searched_on": timezone.localdate(), "records_secured": True, "contacts": "Five days a week.",
        "analysis": "As planned.", "voice": "The sand.", "learning": "None.",
    }  # fmt: skip
    assert "sole practitioner" not in as_guest(guest).get(at("finish_return", guest.row)).content.decode()
    row = submit_return(row_of(guest), by=guest.user, answers=answers)
    signing.change(row, by=guest.user, reason="A day was wrong.")
    sign_in(client, world.officer)
    for page in (at("agency_return", row), reverse("reviews:return_version", args=[row.pk, 1])):
        words = client.get(page).content.decode()
        assert f"Declared by Mira Fenn for {NURSERY}" in words and "sole practitioner" not in words
