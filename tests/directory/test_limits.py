"""Guessing is slow, and nobody's guesses shut out the owner of an account (docs/adr/0013)."""

import random
import re
import string
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from partnership.directory import limits
from partnership.directory.accounts import open_account
from partnership.people.models import User
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.directory.test_sign_in import LOGIN, PASSWORD, code_of, enrol, person, post_password
from tests.world import sign_in

__all__ = ["person"]

WRONG = "wrong horse battery"
TOO_MANY = b"too many wrong attempts"


def try_from(address, password=WRONG, client=None, email="ivy@portal.example"):
    """One try of a password from an address of the network, by default in a browser that nobody knows."""
    data = {"login": email, "password": password}
    return (client or Client()).post(LOGIN, data, REMOTE_ADDR=address)


def in_by_password(answer):
    return answer.status_code == 302


def test_a_stranger_who_guesses_shuts_out_himself_and_not_her(person):
    for n in range(40):
        answer = try_from("198.51.100.1")
        assert (TOO_MANY in answer.content) is (n >= 5), n
    assert not in_by_password(try_from("198.51.100.1", PASSWORD)), "not even with the right one"
    assert in_by_password(try_from("203.0.113.9", PASSWORD))
    assert Event.objects.filter(verb="sign_in_failed").count() == 5


def test_guessing_by_many_addresses_is_held_at_a_hundred_an_hour(person, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "account", "12/h/key")
    assert limits.LIMITS["from"] == "10/m/ip"
    done = [TOO_MANY in try_from(f"198.51.100.{n}").content for n in range(15)]
    assert done == [False] * 12 + [True] * 3
    assert not in_by_password(try_from("203.0.113.9", PASSWORD))
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=5), tick=False):
        assert in_by_password(try_from("203.0.113.9", PASSWORD))


def test_the_ceiling_is_the_hundred_of_the_standard():
    assert limits.LIMITS["account"] == "100/h/key"


def test_her_own_browser_gets_in_whatever_strangers_do_even_from_her_own_office(person, monkeypatch):
    hers = Client()
    assert in_by_password(try_from("192.0.2.1", PASSWORD, hers))
    hers.post(reverse("account_logout"))
    monkeypatch.setitem(limits.LIMITS, "account", "12/h/key")
    for n in range(15):
        try_from(f"198.51.100.{n}")
    for _ in range(30):
        try_from("192.0.2.1")
        try_from("192.0.2.1", email=f"{random.choice(string.ascii_letters)}@portal.example")
    assert TOO_MANY in try_from("192.0.2.1", PASSWORD).content
    assert in_by_password(try_from("192.0.2.1", PASSWORD, hers))


def test_a_browser_that_is_known_guesses_no_faster_and_knows_one_account_only(person, council):
    open_account(
        email="una@portal.example",
        name="Una Reed",
        role=Role.AGENCY_STAFF,
        agency=council,
        password="three other words",
    )
    thief = Client()
    assert in_by_password(try_from("192.0.2.1", "three other words", thief, "una@portal.example"))
    thief.post(reverse("account_logout"))
    assert TOO_MANY in [try_from("192.0.2.1", client=thief) for _ in range(6)][-1].content
    assert TOO_MANY in [try_from("192.0.2.2", client=thief, email="una@portal.example") for _ in range(6)][-1].content


@pytest.mark.parametrize("value", ["", "nonsense", "W10:1abc:xyz", "é" * 10])
def test_a_forged_mark_is_no_mark(person, value):
    client = Client()
    client.cookies[limits.cookie_name()] = value
    done = [TOO_MANY in try_from("192.0.2.1", client=client).content for _ in range(6)]
    assert done == [False] * 5 + [True]


def test_the_mark_of_a_browser_names_nobody_and_scripts_cannot_read_it(client, person):
    answer = post_password(client)
    cookie = answer.cookies[limits.cookie_name()]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert "ivy" not in cookie.value and str(person.pk) not in cookie.value


def test_a_browser_is_marked_only_after_the_second_factor(client, person):
    secret = enrol(client)
    other = Client()
    answer = post_password(other)
    assert answer["Location"] == reverse("mfa_authenticate") and limits.cookie_name() not in answer.cookies
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        answer = other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert limits.cookie_name() in answer.cookies


def test_typing_the_address_otherwise_does_not_begin_afresh(person):
    spelt = [
        "IVY@portal.example",
        " ivy@portal.example",
        "ivy@PORTAL.example ",
        "iVy@portal.Example",
        "ivy@portal.example",
    ]
    for email in spelt:
        try_from("198.51.100.1", email=email)
    assert TOO_MANY in try_from("198.51.100.1", email="Ivy@portal.example").content


def test_an_address_without_account_is_limited_alike(db):
    done = [TOO_MANY in try_from("198.51.100.1", email="nobody@portal.example").content for _ in range(6)]
    assert done == [False] * 5 + [True]


def test_a_new_password_by_the_link_of_an_email_begins_afresh(client, person):
    for _ in range(6):
        post_password(client, password=WRONG)
    assert TOO_MANY in post_password(client).content
    client.post(reverse("account_reset_password"), {"email": person.email})
    path = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another three words", "password2": "another three words"})
    assert post_password(client, password="another three words").status_code == 302


def test_a_flush_of_the_broker_or_its_end_neither_forgets_guesses_nor_breaks_the_page(client, person, monkeypatch):
    for _ in range(5):
        post_password(client, password=WRONG)
    with Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter(f"*{settings.REDIS_PREFIX}*"):
            broker.delete(key)
    assert TOO_MANY in post_password(client).content

    def down(*args, **kwargs):
        raise ConnectionError("the broker does not answer")

    monkeypatch.setattr("redis.connection.AbstractConnection.connect", down)
    assert TOO_MANY in post_password(client).content
    assert try_from("203.0.113.9", PASSWORD).status_code == 302


# --- codes of the second factor ---------------------------------------------------------------------------------------


def test_the_code_that_set_up_the_app_does_not_sign_in_as_well(client, person):
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        secret = enrol(client)
        other = Client()
        post_password(other)
        other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert other.get(reverse("directory:agencies")).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert other.get(reverse("directory:agencies")).status_code == 200


def test_a_code_works_once_whether_to_sign_in_or_to_show_that_it_is_you(client, person):
    secret = enrol(client)
    with time_machine.travel((timezone.now() + timedelta(minutes=9)).replace(second=5), tick=False):
        other = Client()
        post_password(other)
        assert other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})["Location"] == reverse(
            "reporting:home"
        )
        again = other.post(reverse("mfa_reauthenticate"), {"code": f" {code_of(secret)} "})
        assert again.status_code == 200 and again.context["form"].errors
    with time_machine.travel((timezone.now() + timedelta(minutes=12)).replace(second=5), tick=False):
        assert other.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)}).status_code == 302


def test_codes_are_guessed_five_times_in_five_minutes(client, person):
    secret = enrol(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        clients = [Client() for _ in range(7)]
        for n, each in enumerate(clients):
            post_password(each)
            answer = each.post(reverse("mfa_authenticate"), {"code": "000000"}, REMOTE_ADDR=f"198.51.100.{n}")
        assert TOO_MANY in answer.content
        clients[0].post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert clients[0].get(reverse("directory:agencies")).status_code == 302


# --- what is said -----------------------------------------------------------------------------------------------------


def test_before_the_app_is_set_up_nothing_says_signed_in(client, person):
    post_password(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "One step is left" in page and "govuk-notification-banner--success" not in page
    assert "igned in as" not in page


def test_after_the_second_factor_it_says_so(client, person):
    secret = enrol(client)
    client.post(reverse("account_logout"))
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        post_password(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "You are signed in." in client.get(reverse("directory:agencies")).content.decode()


def test_who_has_no_password_yet_is_told_how_to_set_one(client, person):
    enrol(client)
    user = User.objects.get(pk=person.pk)
    user.set_unusable_password()
    user.save()
    sign_in(client, user)
    for method in (client.get, client.post):
        page = method(reverse("account_change_password"))
        assert page.status_code == 200 and "has no password yet" in page.content.decode()
    assert "Not set" in client.get(reverse("mfa_index")).content.decode()
    client.post(reverse("account_reset_password"), {"email": user.email})
    path = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.has_usable_password()


def test_signing_in_with_password_and_code_leads_back_to_the_form_that_was_kept(client, person):
    secret = enrol(client)
    client.post(reverse("account_logout"))
    back = f"{reverse('directory:agencies')}?kept=6f0d2b58-52b0-4f9b-8d3e-4f1f0b7b8a11"
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        assert post_password(client, password=WRONG, next=back).context["kept"]
        post_password(client, next=back)
        assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})["Location"] == back
