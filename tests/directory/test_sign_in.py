"""Signing in: the second factor for everybody, nothing given away, links that work once."""

import re
from datetime import timedelta
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.directory.accounts import first_sign_in_path, open_account
from partnership.directory.adapters import address_hash
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import AGENCY_ROLES, WIDE_ROLES, Role
from partnership.trail.models import Event
from tests.directory.conftest import page_of
from tests.second_factor import code_of
from tests.world import sign_in as sign_in_as

PASSWORD = "three random words"
LOGIN = "/account/login/"


@pytest.fixture
def person(council):
    return open_account(
        email="ivy@portal.example", name="Ivy Tern", role=Role.AGENCY_STAFF, agency=council, password=PASSWORD
    )


def post_password(client, email="ivy@portal.example", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def enrol(client):
    """Sign in with the password and set up the authenticator app as a person would; the app's secret."""
    post_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})["Location"] == reverse(
        "mfa_view_recovery_codes"
    )
    return secret


@pytest.mark.parametrize("role", [*WIDE_ROLES, *AGENCY_ROLES])
def test_no_role_reaches_a_page_with_a_password_alone(client, council, role):
    agency = council if role in AGENCY_ROLES else None
    user = open_account(email="any@portal.example", name="Any Body", role=role, agency=agency)
    sign_in_as(client, user, second_factor=False)
    for address in (reverse("directory:agencies"), page_of(council), reverse("account_change_password")):
        assert client.get(address)["Location"] == reverse("mfa_activate_totp")
    answer = client.get(reverse("directory:agencies"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("mfa_activate_totp"))


def test_setting_up_the_app_opens_the_portal_and_shows_the_recovery_codes(client, person):
    enrol(client)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert all(re.fullmatch(r"[a-z0-9]{8,}", code) for code in codes.context["unused_codes"])
    assert client.get(reverse("directory:agencies")).status_code == 200
    assert Event.objects.filter(verb="second_factor_set_up", actor_id=person.pk).exists()


def test_the_next_sign_in_asks_for_the_code_and_takes_it_once(client, person):
    secret = enrol(client)
    client.post(reverse("account_logout"))
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert post_password(client)["Location"] == reverse("mfa_authenticate")
        assert client.get(reverse("directory:agencies")).status_code == 302
        code = code_of(secret)
        assert client.post(reverse("mfa_authenticate"), {"code": code})["Location"] == reverse("reporting:home")
        assert client.get(reverse("directory:agencies")).status_code == 200
        client.post(reverse("account_logout"))
        post_password(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(reverse("directory:agencies")).status_code == 302


def test_a_recovery_code_signs_in_once(client, person):
    enrol(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for opens in (True, False):
        client.post(reverse("account_logout"))
        cache.clear()
        post_password(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get(reverse("directory:agencies")).status_code == 200) is opens


def test_a_session_from_before_the_app_was_set_up_gets_neither_in_nor_the_codes(client, person):
    post_password(client)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    assert client.get(reverse("mfa_view_recovery_codes"))["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp"))["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_the_secret_of_the_app_rests_encrypted(client, person):
    secret = enrol(client)
    assert secret not in str(Authenticator.objects.get(user=person, type="totp").data)


def test_a_wrong_code_is_in_the_trail(client, person):
    enrol(client)
    client.post(reverse("account_logout"))
    post_password(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert Event.objects.filter(verb="second_factor_failed", object_id=person.pk).exists()


def test_signing_in_and_out_and_failing_are_in_the_trail_without_address_or_password(client, person):
    post_password(client, password="wrong horse battery")
    post_password(client)
    client.post(reverse("account_logout"))
    events = Event.objects.filter(verb__in=["sign_in_failed", "sign_in", "sign_out"]).order_by("id")
    assert [event.verb for event in events] == ["sign_in_failed", "sign_in", "sign_out"]
    assert events[0].data == {"address": address_hash("IVY@portal.example ")}
    assert not any("ivy" in str(event.data) or "horse" in str(event.data) for event in events)


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_switched_off_or_unverified_is_turned_away_plainly(client, person, verified):
    User.objects.filter(pk=person.pk).update(is_active=not verified)
    person.emailaddress_set.update(verified=verified)
    assert post_password(client)["Location"] == LOGIN
    assert b"You cannot sign in with this account" in client.get(LOGIN).content
    assert client.get(reverse("directory:agencies"))["Location"].startswith(LOGIN)
    assert mail.outbox == []


def test_logging_out_clears_the_browser(client, person):
    sign_in_as(client, person)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("directory:agencies")).status_code == 302


def plain(response, *emails):
    """The words of a page without tokens and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"', "", response.content.decode())
    for email in emails:
        text = text.replace(email, "")
    return text


def test_a_known_and_an_unknown_address_answer_the_same(client, person):
    known, unknown = "ivy@portal.example", "nobody@portal.example"
    first, second = (post_password(client, email, "wrong horse battery") for email in (known, unknown))
    assert first.status_code == second.status_code
    assert plain(first, known) == plain(second, unknown)
    resets = [client.post(reverse("account_reset_password"), {"email": email}) for email in (known, unknown)]
    assert [answer["Location"] for answer in resets] == [reverse("account_reset_password_done")] * 2


def test_a_reset_password_still_meets_the_second_factor(client, person):
    enrol(client)
    client.post(reverse("account_logout"))
    client.post(reverse("account_reset_password"), {"email": person.email})
    path = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True)
    done = client.post(
        form.redirect_chain[-1][0], {"password1": "another three words", "password2": "another three words"}
    )
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert client.get(reverse("directory:agencies"))["Location"].startswith(LOGIN)
    assert post_password(client, password="another three words")["Location"] == reverse("mfa_authenticate")


def lands_here(answer):
    """Whether a browser that follows this redirect from the sign-in page stays with the portal."""
    return urlsplit(urljoin(f"http://testserver{LOGIN}", answer["Location"].replace("\\", "/"))).netloc == "testserver"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "%2f%2fevil",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, person, settings, target):
    answer = post_password(client, next=target)
    assert answer.status_code == 302
    assert lands_here(answer)
    settings.DEMO = True
    open_demo = open_account(email="alex.marlow@portal.example", name="Alex Marlow", role=Role.BUSINESS_MANAGER)
    assert lands_here(client.post(reverse("directory:demo_sign_in", args=[open_demo.pk]), {"next": target}))


@pytest.mark.parametrize("name", ["account_signup", "account_email", "mfa_deactivate_totp", "account_set_password"])
def test_nobody_signs_up_changes_an_address_or_drops_the_second_factor_alone(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_sign_in_page_offers_the_demos_people_in_the_demo_alone(client, person, settings):
    assert b"demo" not in client.get(LOGIN).content
    open_account(email="alex.marlow@portal.example", name="Alex Marlow", role=Role.BUSINESS_MANAGER)
    settings.DEMO = True
    assert b"Alex Marlow" in client.get(LOGIN).content


def test_demo_sign_in_does_not_exist_without_the_demo_nor_for_others(client, person, settings):
    alex = open_account(email="alex.marlow@portal.example", name="Alex Marlow", role=Role.BUSINESS_MANAGER)
    address = reverse("directory:demo_sign_in", args=[alex.pk])
    assert client.post(address).status_code == 404
    settings.DEMO = True
    assert client.get(address).status_code == 405
    assert client.post(reverse("directory:demo_sign_in", args=[person.pk])).status_code == 404
    assert client.post(address)["Location"] == reverse("reporting:home")
    assert client.get(reverse("directory:agencies")).status_code == 200
    settings.DEMO = False
    assert client.get(reverse("directory:agencies"))["Location"] == reverse("mfa_activate_totp")


# --- the first sign-in ------------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(council):
    return open_account(email="new@portal.example", name="Nia Osier", role=Role.AGENCY_LEAD, agency=council)


WORDS = {"password1": PASSWORD, "password2": PASSWORD}


def test_looking_at_the_link_uses_nothing_up_and_setting_the_password_does(client, newcomer):
    path = first_sign_in_path(newcomer)
    for _ in range(3):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "strict-origin"  # a stricter one makes browsers send Origin: null
    assert client.post(path, WORDS)["Location"] == LOGIN
    assert client.get(path).status_code == 404
    assert (
        client.post(path, {"password1": "a thief's own words", "password2": "a thief's own words"}).status_code == 404
    )
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    assert post_password(client, newcomer.email)["Location"] == reverse("reporting:home")


def test_a_refused_password_leaves_the_link_good(client, newcomer):
    path = first_sign_in_path(newcomer)
    for wrong in (
        {},
        {"password1": "short", "password2": "short"},
        {"password1": PASSWORD, "password2": "other words now"},
    ):
        assert client.post(path, wrong).status_code == 422
    assert Link.objects.get(acts_as=newcomer).uses_left == 1
    assert client.post(path, WORDS).status_code == 302


def test_an_expired_or_revoked_link_is_a_page_that_does_not_exist(client, newcomer):
    path = first_sign_in_path(newcomer)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert client.get(path).status_code == 404
    Link.objects.update(revoked_at=timezone.now())
    assert client.post(path, WORDS).status_code == 404


def test_a_link_forwarded_to_somebody_signed_in_does_not_work_for_them(client, newcomer, person):
    path = first_sign_in_path(newcomer)
    sign_in_as(client, person)
    assert client.post(path, WORDS).status_code == 403
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def test_a_link_for_an_account_that_was_switched_off_is_dead(client, newcomer):
    path = first_sign_in_path(newcomer)
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_only_the_hash_of_the_link_is_kept(newcomer):
    token = links.make("first_sign_in", acts_as=newcomer)
    assert token not in str(Link.objects.values_list().last())


def test_the_command_opens_an_account_and_prints_its_link(client, db):
    out = StringIO()
    call_command(
        "create_person", "una@portal.example", "--name=Una Reed", "--role=agency-lead", "--agency=uhnm", stdout=out
    )
    membership = Membership.objects.get(user__email="una@portal.example")
    assert (membership.role, membership.agency) == (Role.AGENCY_LEAD, Agency.objects.get(slug="uhnm"))
    path = re.search(r"http://[^/]+(/\S+)", out.getvalue())[1]
    assert client.post(path, WORDS).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--role=agency-lead"], "Say which"),
        (["--role=business-unit", "--agency=uhnm"], "whole partnership"),
        (["--role=agency-lead", "--agency=nowhere"], "No organisation"),
    ],
)
def test_the_command_refuses_a_role_where_it_does_not_belong(db, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_person", "una@portal.example", "--name=Una Reed", *arguments)
    assert not User.objects.exists()


def test_one_address_has_one_account(person):
    with pytest.raises(CommandError, match="account already"):
        call_command("create_person", "IVY@portal.example", "--name=Ivy Tern", "--role=board-member")
