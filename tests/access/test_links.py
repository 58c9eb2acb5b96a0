"""The second door: a link is for one purpose, one person, so many uses, until a day; looking uses nothing up."""

import re
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.trail.models import Event
from tests.world import person
from tests.world import sign_in as sign_in_on

PASSWORD = "orchard-lantern-gravel-9"
BOTH = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invited(db):
    return person("invited")


@pytest.fixture
def path(invited):
    return reverse("directory:first_sign_in", args=[links.make("first_sign_in", acts_as=invited)])


def test_only_the_hash_of_a_token_is_kept(invited):
    token = links.make("first_sign_in", acts_as=invited)
    row = Link.objects.get(acts_as=invited)
    kept = [str(value) for value in Link.objects.filter(pk=row.pk).values_list()[0]]
    assert token not in " ".join(kept) and len(row.token_hash) == 64
    assert token not in str(Event.objects.filter(verb="link_made").values_list("data", flat=True)[0])


def test_looking_uses_nothing_up(client, invited, path):
    """A mail scanner opens every link that it finds (bad input 38)."""
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path, {"password1": "short", "password2": "short"}).status_code == 422
    assert Link.objects.get(acts_as=invited).uses_left == 1
    assert client.post(path, BOTH).status_code == 302
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


def test_a_link_is_good_once(client, invited, path):
    client.post(path, BOTH)
    assert client.get(path).status_code == 404
    assert client.post(path, dict.fromkeys(BOTH, "another-long-password-7")).status_code == 404
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"uses_left": 0},
        {"purpose": "survey"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_link_that_is_over_answers_as_one_that_never_was(client, invited, path, change):
    Link.objects.filter(acts_as=invited).update(**change)
    gone = client.get(path)
    never = client.get(reverse("directory:first_sign_in", args=["never-was"]))
    assert gone.status_code == never.status_code == 404
    token = rb"[A-Za-z0-9]{64}"  # masked anew in each answer
    assert re.sub(token, b"", gone.content) == re.sub(token, b"", never.content)
    assert client.post(path, BOTH).status_code == 404


def test_a_link_of_an_account_that_was_switched_off_is_dead(client, invited, path):
    invited.is_active = False
    invited.save()
    assert client.get(path).status_code == 404


def test_somebody_else_who_is_signed_in_cannot_use_it(world, client, invited, path):
    sign_in_on(client, world.officer)
    assert client.get(path).status_code == 403
    assert client.post(path, BOTH).status_code == 403
    assert Link.objects.get(acts_as=invited).uses_left == 1


def test_two_who_use_the_last_use_up_at_once_one_is_refused(invited):
    links.make("first_sign_in", acts_as=invited)
    first, second = links.live("first_sign_in").get(), links.live("first_sign_in").get()
    links.use_up(first)
    with pytest.raises(Http404):
        links.use_up(second)


def test_the_page_behind_a_link_is_neither_cached_nor_told_to_others(client, path):
    response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] in ("no-referrer", "strict-origin")
    for method in ("PUT", "DELETE", "TRACE"):
        assert client.generic(method, path).status_code == 405


def test_a_token_that_is_no_text_is_not_found(client, db):
    assert client.get("/directory/first-sign-in/%ED%A0%80").status_code in (400, 404)
    assert client.get("/directory/first-sign-in/%00").status_code in (400, 404)
