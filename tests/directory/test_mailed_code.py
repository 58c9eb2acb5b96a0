"""Signing in by a mailed code: for people who are near no case, and not a moment longer."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from partnership.access import services as access
from partnership.access.casereach import has_case_reach
from partnership.access.models import FolderGrant
from partnership.people.models import Membership, User
from partnership.people.roles import Role
from partnership.people.services import join
from partnership.trail.models import Event
from reviews.returns import withdraw
from tests.world import ask

HOME = "reporting:home"


def send(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def code_in(letter):
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", letter.body, re.MULTILINE).group()


def sign_in_by_code(client, user):
    send(client, user.email)
    return client.post(reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[-1])})


@pytest.fixture
def visitor(world):
    """A school's lead who is on no case, with the proven address that every joined person has."""
    from allauth.account.models import EmailAddress

    user = world.school_outside
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_a_mailed_code_signs_in_who_is_near_no_case(client, visitor):
    answer = sign_in_by_code(client, visitor)
    assert answer["Location"] == reverse(HOME)
    assert client.get(reverse(HOME)).status_code == 200
    assert client.get(reverse("directory:agencies")).status_code == 200
    assert Event.objects.get(verb="sign_in").data["methods"] == ["code"]


def test_every_address_gets_the_same_answer(client, world, visitor):
    """Known and near no case; known and near one; unknown; closed."""
    User.objects.filter(pk=world.colleague.pk).update(is_active=False)
    pages = []
    for email in (visitor.email, world.officer.email, world.author.email, "nobody@tern.example", world.colleague.email):
        answer = send(client, email)
        page = client.get(answer["Location"])
        text = re.sub(r'[Tt]oken"?( value=|: )"[^"]*"', "", page.content.decode()).replace(email, "ADDRESS")
        pages.append((answer.status_code, answer["Location"], page.status_code, text))
        client.cookies.clear()
    assert len(set(pages)) == 1
    assert [letter.to for letter in mail.outbox] == [[visitor.email]]


def test_a_code_is_good_for_three_tries_and_once(client, visitor):
    send(client, visitor.email)
    confirm = reverse("account_confirm_login_code")
    right = code_in(mail.outbox[-1])
    for _ in range(3):
        client.post(confirm, {"code": "XXXX-XXXX"})
    client.post(confirm, {"code": right})
    assert "_auth_user_id" not in client.session
    assert sign_in_by_code(client, visitor).status_code == 302
    used = code_in(mail.outbox[-1])
    client.post(reverse("account_logout"))
    client.post(confirm, {"code": used})
    assert "_auth_user_id" not in client.session


def test_codes_are_not_sent_without_end(client, visitor):
    for _ in range(5):
        answer = send(client, visitor.email)
        client.cookies.clear()
    assert answer.status_code == 200 and "too many" in answer.content.decode()
    assert len(mail.outbox) == 3


def test_who_waits_for_a_code_can_go_back_to_the_password(client, visitor):
    send(client, visitor.email)
    page = client.get(reverse("account_confirm_login_code")).content.decode()
    assert f'action="{reverse("account_logout")}"' in page
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert client.get(reverse("account_login")).status_code == 200


WAYS = {
    "a grant": lambda world, user: access.grant(
        world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it."
    ),
    "a case role": lambda world, user: join(
        user, role=Role.DELEGATED_PARTNER, partnership=world.partnership, agency=world.agencies["council"]
    ),
    "the unit": lambda world, user: join(user, role=Role.BUSINESS_UNIT, partnership=world.partnership),
    "the directory's keys": lambda world, user: join(user, role=Role.DIRECTORY_ADMIN, partnership=world.partnership),
}


@pytest.mark.parametrize("way", WAYS)
def test_who_is_let_near_a_case_a_moment_later_is_asked_for_the_app(client, world, visitor, way):
    sign_in_by_code(client, visitor)
    assert client.get(reverse(HOME)).status_code == 200
    WAYS[way](world, visitor)
    assert has_case_reach(visitor)
    assert client.get(reverse(HOME))["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("reviews:review", args=[world.ours.review.pk]))["Location"] == reverse(
        "mfa_activate_totp"
    )
    fragment = client.get(reverse(HOME), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, reverse("mfa_activate_totp"))
    sent = len(mail.outbox)
    client.post(reverse("account_logout"))
    send(client, visitor.email)
    assert len(mail.outbox) == sent


def test_the_author_of_a_return_needs_the_app_while_she_is_named_on_it(client, world, visitor):
    sign_in_by_code(client, visitor)
    world.people["visitor"] = visitor
    row = ask(world, world.theirs, "visitor", "school", by=world.stranger)
    assert client.get(reverse(HOME))["Location"] == reverse("mfa_activate_totp")
    withdraw(row, by=world.stranger, note="Asked by mistake.")
    assert client.get(reverse(HOME)).status_code == 200


def test_a_grant_that_rests_counts_while_its_owner_belongs_nowhere(world, visitor):
    access.grant(world.ours.folder, visitor, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    Membership.objects.filter(user=visitor).update(ends=timezone.localdate())
    assert has_case_reach(visitor)
    FolderGrant.objects.filter(user=visitor).update(ends=timezone.now())
    assert not has_case_reach(visitor)


def test_setting_the_app_up_from_a_mailed_code_asks_for_the_password(client, world, visitor):
    """A mailbox alone must not make itself the phone of somebody who was let into a case."""
    visitor.set_password("orchard-lantern-gravel-9")
    visitor.save()
    sign_in_by_code(client, visitor)
    access.grant(world.ours.folder, visitor, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))


def test_who_has_set_the_app_up_is_mailed_no_code(client, visitor):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(visitor, "JBSWY3DPEHPK3PXP")
    send(client, visitor.email)
    assert mail.outbox == []
