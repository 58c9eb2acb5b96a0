"""A lost phone and another address: neither is ever one person's doing, and cases are closed meanwhile."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Folder, Link, SignedIn
from partnership.access.rows import can, holders
from partnership.directory.requests import addresses, services
from partnership.directory.requests.kinds import BOUNCED, LOST_FACTOR
from partnership.notify.kinds import bounced_hooks
from partnership.notify.models import Notice, Outgoing
from partnership.notify.telling import Told, tell
from partnership.people.models import User
from partnership.people.roles import Perm, Role
from partnership.trail.models import Event
from reviews.models import AgencyReturn, Review
from tests.directory.accounts import (
    WHY,
    approved,
    browser,
    checked,
    fresh,
    has_app,
    page,
    practitioner,
    requests_of,
    unit,
)

PASSWORD = "three random words"
LOST = "/directory/lost-phone"


@pytest.fixture
def first(db):
    return unit("Ada")


@pytest.fixture
def second(db):
    return unit("Bo", Role.BUSINESS_MANAGER)


@pytest.fixture
def subject(db):
    """Somebody with an authenticator app and recovery codes."""
    user = practitioner(password=PASSWORD)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    return user


def password_typed(user):
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    return client


# --- a lost phone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOST, "/account/second-factor/authenticate/"])
def test_who_waits_for_a_code_when_the_lost_phone_is_approved_begins_anew_and_goes_round_in_no_circle(subject, path):
    waiting = password_typed(subject)
    Authenticator.objects.filter(user=subject).delete()
    assert waiting.get(path)["Location"] == reverse("account_login")
    assert waiting.get(reverse("account_login")).status_code == 200
    waiting.post(reverse("account_login"), {"login": subject.email, "password": PASSWORD})
    assert waiting.get("/home")["Location"] == reverse("mfa_activate_totp")


def test_only_who_has_typed_the_password_says_that_the_phone_is_lost(client, subject):
    assert client.get(LOST)["Location"] == client.post(LOST)["Location"] == reverse("account_login")
    client.post(reverse("account_login"), {"login": subject.email, "password": "a wrong guess here"})
    assert client.post(LOST).status_code == 302
    assert browser(practitioner("Una")).post(LOST).status_code == 302
    assert not requests_of(subject).exists()
    pending = password_typed(subject)
    assert pending.get(LOST).status_code == 200 and not requests_of(subject).exists(), "looking asks for nothing"
    for _ in range(2):
        assert b"told" in pending.post(LOST).content
    row = requests_of(subject).get()
    assert (row.kind, row.opened_by, row.status) == (LOST_FACTOR, None, "open")
    assert pending.get("/home").status_code == 302, "and it opens nothing"
    assert has_app(subject)


def test_until_two_people_agree_neither_the_request_nor_a_new_password_opens_anything(subject, first):
    password_typed(subject).post(LOST)
    checked(requests_of(subject).get(), first)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": subject.email})
    path = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True)
    new = {"password1": "another three words", "password2": "another three words"}
    client.post(form.redirect_chain[-1][0], new)
    answer = client.post(reverse("account_login"), {"login": subject.email, "password": "another three words"})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/home").status_code == 302
    assert has_app(subject)


def test_when_two_agree_the_app_the_codes_and_the_sessions_are_gone_and_the_phone_is_set_up_anew(
    subject, first, second
):
    lead = practitioner("Una", role=Role.AGENCY_LEAD)
    tab = browser(subject)
    password_typed(subject).post(LOST)
    asked = requests_of(subject).get()
    checked(asked, first)
    approved(asked, second)
    assert not Authenticator.objects.filter(user=subject).exists()
    assert tab.get("/home")["Location"].startswith("/account/login/")
    told = set(Notice.objects.unscoped(WHY).filter(kind="second_factor_off").values_list("recipient", flat=True))
    assert told == {lead.pk}
    assert Notice.objects.unscoped(WHY).filter(recipient=subject, kind="request_about_you").count() == 2
    client = Client()
    client.post(reverse("account_login"), {"login": subject.email, "password": PASSWORD})
    assert client.get("/home")["Location"] == reverse("mfa_activate_totp")


def test_the_unit_opens_it_for_who_rang_and_nobody_opens_their_own(subject, first):
    assert browser(first).post(page("person_lost_phone", subject), {"note": "Rang at nine."}).status_code == 302
    assert requests_of(subject).get().opened_by == first
    assert browser(first).post(page("person_lost_phone", first), {"note": "Mine."}).status_code == 403
    outsider = practitioner("Una", role=Role.AGENCY_LEAD)
    assert browser(outsider).post(page("person_lost_phone", subject), {"note": "x"}).status_code == 403


# --- another address --------------------------------------------------------------------------------------------------


def ask_from_the_web(user, address="ivy.new@portal.example"):
    client = browser(user)
    return client, client.post(reverse("directory:account_address"), {"address": address})


def link_in(letter):
    return re.search(r"http://[^/]+(/directory/confirm-address/\S+)", letter.body)[1]


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """approve(row, by) as it is after the commit, when the emails leave."""

    def run(row, by):
        with django_capture_on_commit_callbacks(execute=True):
            return approved(row, by)

    return run


def test_asking_for_another_address_signs_out_everywhere_and_says_so_in_words(subject):
    tab = browser(subject)
    client, answer = ask_from_the_web(subject)
    assert answer["Location"] == reverse("account_login")
    assert b"The new address is asked for" in client.get(answer["Location"]).content
    for each in (tab, client):
        assert each.get("/home")["Location"].startswith("/account/login/")
    assert not SignedIn.objects.filter(user=subject).exists()
    assert b"Cases are closed to you for now" in browser(subject).get("/home").content
    assert fresh(subject).email == "ivy@portal.example"


def test_the_address_changes_when_two_people_and_the_new_mailbox_agree(subject, first, second, sent):
    ask_from_the_web(subject)
    asked = checked(requests_of(subject).get(), first)
    assert mail.outbox == []
    sent(asked, second)
    assert [letter.to for letter in mail.outbox] == [["ivy.new@portal.example"], ["ivy@portal.example"]]
    assert "confirm-address" not in mail.outbox[1].body, "the old mailbox gets no link"
    assert fresh(subject).suspended_at is None
    path = link_in(mail.outbox[0])
    client = Client()
    for _ in range(2):
        assert b"ivy.new@portal.example" in client.get(path).content
    assert fresh(subject).email == "ivy@portal.example", "looking changes nothing"
    assert client.post(path)["Location"] == reverse("account_login")
    assert fresh(subject).email == "ivy.new@portal.example"
    (address,) = EmailAddress.objects.filter(user=subject)
    assert (address.email, address.verified, address.primary) == ("ivy.new@portal.example", True, True)
    assert client.get(path).status_code == client.post(path).status_code == 404
    answer = Client().post(reverse("account_login"), {"login": "ivy.new@portal.example", "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate"), "the second factor stays"


def test_the_link_of_a_reminder_in_the_old_mailbox_ends_with_the_request_and_with_the_address(
    subject, first, second, sent
):
    def opens(token):
        return Client().get(reverse("actions:answer_by_link", args=[token])).status_code == 200

    before = links.make(Link.Purpose.ACTIONS, acts_as=subject, object_id=subject.pk)
    assert opens(before)
    ask_from_the_web(subject)
    assert not opens(before), "the account rests"
    sent(checked(requests_of(subject).get(), first), second)
    meanwhile = links.make(Link.Purpose.ACTIONS, acts_as=subject, object_id=subject.pk)
    assert opens(meanwhile)
    Client().post(link_in(mail.outbox[0]))
    assert fresh(subject).email == "ivy.new@portal.example" and not opens(meanwhile)


def test_the_link_does_nothing_for_somebody_else_nor_after_a_newer_address(subject, first, second, sent):
    ask_from_the_web(subject)
    sent(checked(requests_of(subject).get(), first), second)
    path = link_in(mail.outbox[0])
    assert browser(practitioner("Una")).post(path).status_code == 403
    addresses.ask_for_address(subject, "ivy.third@portal.example", by=subject)
    newer = requests_of(subject).get(status="open")
    sent(checked(newer, first), second)
    assert Client().post(path).status_code == 404
    assert fresh(subject).email == "ivy@portal.example"
    assert Client().post(link_in(mail.outbox[2])).status_code == 302
    assert fresh(subject).email == "ivy.third@portal.example"


def test_an_address_taken_since_it_was_approved_is_not_given_twice(subject, first, second, sent):
    ask_from_the_web(subject)
    asked = checked(requests_of(subject).get(), first)
    practitioner("Una", password=PASSWORD)
    User.objects.filter(name="Una Tern").update(email="IVY.NEW@portal.example")
    with pytest.raises(ValidationError, match="Another account"):
        approved(asked, second)
    User.objects.filter(name="Una Tern").update(email="una@portal.example")
    sent(asked, second)
    User.objects.filter(name="Una Tern").update(email="IVY.NEW@portal.example")
    assert Client().post(link_in(mail.outbox[0])).status_code == 422
    assert fresh(subject).email == "ivy@portal.example"


def test_the_unit_reads_at_the_top_that_an_address_is_taken_and_whoever_asked_does_not(subject, first, second):
    practitioner("Una", password=PASSWORD)
    User.objects.filter(name="Una Tern").update(email="IVY.NEW@portal.example")
    ask_from_the_web(subject)
    row = requests_of(subject).get()
    shown = browser(first).get(page("account_request", row)).content.decode()
    assert "As it stands this cannot be approved. Another account has this email address" in shown
    assert reverse("directory:person_double", args=[subject.pk]) in shown
    checked(row, first)
    at_the_end = browser(second).get(page("account_request", row)).content.decode()
    assert reverse("directory:request_approve", args=[row.pk]) not in at_the_end
    assert "Another account" not in browser(subject).get(reverse("directory:account")).content.decode()


def test_a_link_that_did_not_arrive_is_sent_again_and_the_first_dies(
    subject, first, second, sent, django_capture_on_commit_callbacks
):
    ask_from_the_web(subject)
    row = sent(checked(requests_of(subject).get(), first), second)
    old = link_in(mail.outbox[0])
    with django_capture_on_commit_callbacks(execute=True):
        assert browser(first).post(page("request_send_again", row)).status_code == 302
    assert Client().post(old).status_code == 404
    assert Client().post(link_in(mail.outbox[-1])).status_code == 302
    browser(first).post(page("request_send_again", row))
    assert Event.objects.filter(verb="address_link_sent_again").count() == 1, "nothing waits for a link any more"


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_after_a_refusal_or_a_withdrawal_all_is_as_before(subject, first, end):
    ask_from_the_web(subject)
    row = requests_of(subject).get()
    assert fresh(subject).suspended_at
    if end == "refuse":
        browser(first).post(page("request_refuse", row), {"version": 1, "reason": "It was not her."})
    else:
        browser(subject).post(reverse("directory:account_withdraw"), {"request": row.pk})
    user = fresh(subject)
    assert (user.suspended_at, user.email) == (None, "ivy@portal.example")
    assert not Link.objects.filter(purpose="new_address").exists()


@pytest.mark.parametrize("address", ["IVY@portal.example", "not an address", ""])
def test_the_same_address_a_wrong_one_and_none_are_refused_at_their_field(subject, address):
    client, answer = ask_from_the_web(subject, address)
    assert answer.status_code == 422 and answer.context["form"].errors["address"]
    assert fresh(subject).suspended_at is None
    assert client.get("/home").status_code == 200


def test_asking_for_an_address_does_not_tell_who_has_an_account_and_the_unit_cannot_approve_it(subject, first, second):
    practitioner("Una")
    _, taken = ask_from_the_web(subject, "una@portal.example")
    assert taken.status_code == 302
    row = requests_of(subject).get()
    browser(first).post(
        page("request_check", row), {"version": 1, "how": "called", "note": "Asked on the number that is held."}
    )
    answer = browser(second).post(page("request_approve", row), {"version": 2, "sure": "on"})
    assert answer.status_code == 422 and "Another account" in answer.content.decode()
    with pytest.raises(ValidationError, match="Another account"):
        addresses.ask_for_address(fresh(subject), "una@portal.example", by=first)


# --- what suspended means, on real cases ------------------------------------------------------------------------------


def test_while_an_address_waits_no_case_is_open_to_the_person_by_any_path(world):
    """A case officer by grant, an author by name, a manager by role: lists, pages and the reverse question."""
    ours = world.ours
    for name, model, row, perm in [
        ("case_officer", Review, ours.review, Perm.REVIEW_VIEW),
        ("author", AgencyReturn, ours.returns["uhnm"], Perm.RETURN_EDIT),
        ("signer_police", Folder, ours.folder, Perm.SIGN_OFF),
        ("manager", Folder, ours.folder, Perm.FOLDER_GRANT),
    ]:
        user = world.people[name]
        assert can(user, perm, row), name
        addresses.ask_for_address(user, f"{name}.new@portal.example", by=user)
        user = fresh(user)
        assert not can(user, perm, row), name
        assert not model.objects.visible_to(user).exists(), name
        assert user not in holders(ours.folder, perm)
        client = browser(user)
        assert client.get(reverse("reviews:review", args=[ours.review.pk])).status_code == 404
        assert client.get(reverse("directory:agencies")).status_code == 200, "the rest stays"
        home = client.get("/home").content.decode()
        assert "Cases are closed to you" in home and ours.folder.reference not in home


def test_an_account_that_two_requests_suspend_is_open_again_after_the_second(world):
    officer, manager, subject = world.officer_outside, world.manager, world.colleague
    address = addresses.ask_for_address(subject, "c.new@portal.example", by=officer)
    from partnership.directory.requests.case_roles import ask_for_role

    role = ask_for_role(subject, Role.BUSINESS_UNIT, by=officer)
    services.refuse(fresh(address), by=manager, version=1, reason="No.")
    assert fresh(subject).suspended_at
    services.refuse(fresh(role), by=manager, version=1, reason="No.")
    assert fresh(subject).suspended_at is None


# --- an address that bounces ------------------------------------------------------------------------------------------


@pytest.fixture
def bounced(subject, first):
    asked = services.open_request(LOST_FACTOR, user=subject)
    tell("request_about_you", [Told("a letter", subject.pk, asked.pk)])
    letter = Outgoing.objects.filter(recipient=subject).latest("created_at")
    for _ in range(2):
        for hook in bounced_hooks():
            hook(letter, list(letter.notices.all()))
    return requests_of(subject).get(kind=BOUNCED)


def test_a_letter_that_came_back_opens_one_request_and_one_person_settles_it(bounced, first):
    assert bounced.said == {"address": "ivy@portal.example"}
    sent = {"version": 1, "answer": "right", "address": ""}
    assert browser(first).post(page("request_settle", bounced), sent).status_code == 302
    assert fresh(bounced).status == "done"
    assert fresh(bounced.user).suspended_at is None


def test_the_corrected_address_needs_two_people_like_any_other(bounced, first):
    sent = {"version": 1, "answer": "other", "address": "ivy.right@portal.example"}
    assert browser(first).post(page("request_settle", bounced), sent).status_code == 302
    asked = requests_of(bounced.user).get(kind="address")
    assert (asked.status, fresh(bounced.user).email) == ("open", "ivy@portal.example")
    assert fresh(bounced.user).suspended_at


def test_a_wrong_correction_settles_nothing(bounced, first):
    sent = {"version": 1, "answer": "other", "address": "ivy@portal.example"}
    assert browser(first).post(page("request_settle", bounced), sent).status_code == 422
    assert fresh(bounced).status == "open"


def test_what_needs_two_people_is_not_settled_by_one(subject, first):
    asked = services.open_request(LOST_FACTOR, user=subject)
    answer = browser(first).post(page("request_settle", asked), {"version": 1, "answer": "right"})
    assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        services.settle(asked, by=first, version=1)
    assert has_app(subject)


def test_while_an_address_waits_a_lead_looks_after_nobody(world):
    client = browser(world.lead_same)
    there = reverse("directory:agency_people", args=[world.agencies["uhnm"].pk])
    assert client.get(there).status_code == 200
    User.objects.filter(pk=world.lead_same.pk).update(suspended_at=timezone.now())
    client = browser(User.objects.get(pk=world.lead_same.pk))
    assert client.get(there).status_code == 403
    assert client.get(reverse("directory:departures")).status_code == 403
