"""Invitations: who may give what, the letter and its link, acceptance, a second person's word."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.directory.joining import letters, rules, services
from partnership.directory.models import Invitation
from partnership.notify.models import Outgoing
from partnership.notify.reconciling import reconcile
from partnership.notify.relay import relay
from partnership.people.models import Agency, Membership, NamedDuty, User
from partnership.people.roles import AGENCY_ROLES, WIDE_ROLES, Role, givable, is_case_role
from partnership.people.services import know_person
from partnership.trail.models import Event
from tests.directory.accounts import requests_of
from tests.directory.joining import BOTH, PASSWORD, WHY, a_school, account, fresh, invite, page_of, path_in, sent
from tests.notify.conftest import FakeSender, due_now
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return Agency.objects.get(slug="uhnm")


@pytest.fixture
def lead(trust):
    return account("lead", Role.AGENCY_LEAD, trust)


@pytest.fixture
def manager():
    return account("manager", Role.BUSINESS_MANAGER)


@pytest.fixture
def officer():
    return account("officer", Role.BUSINESS_UNIT)


def test_a_lead_gives_her_own_kind_and_practitioners_and_the_unit_gives_every_role():
    assert givable([Role.AGENCY_LEAD]) == (Role.AGENCY_LEAD, Role.AGENCY_STAFF, Role.TRAINING_COORDINATOR)
    assert givable([Role.SCHOOL_LEAD]) == (Role.AGENCY_STAFF, Role.SCHOOL_LEAD, Role.TRAINING_COORDINATOR)
    assert givable([Role.AGENCY_STAFF, Role.BOARD_MEMBER, Role.DELEGATED_PARTNER, Role.OPERATOR]) == ()
    assert givable([Role.DIRECTORY_ADMIN]) == ()
    for role in (Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT):
        assert set(givable([role])) == {*WIDE_ROLES, *AGENCY_ROLES}
    assert {role for role in (*WIDE_ROLES, *AGENCY_ROLES) if is_case_role(role)} == {
        Role.BUSINESS_MANAGER,
        Role.BUSINESS_UNIT,
        Role.DELEGATED_PARTNER,
    }


def test_while_a_change_of_the_account_waits_nobody_gives_a_role(lead, trust, manager):
    User.objects.filter(pk__in=[lead.pk, manager.pk]).update(suspended_at=timezone.now())
    for user in User.objects.filter(pk__in=[lead.pk, manager.pk]):
        assert rules.roles_to_give(user, trust) == rules.roles_to_give(user, None) == []


@pytest.mark.parametrize("role", [Role.DELEGATED_PARTNER, Role.SCHOOL_LEAD, Role.BUSINESS_MANAGER])
def test_a_lead_cannot_give_what_is_not_hers_to_give(lead, trust, role):
    with pytest.raises(ValidationError):
        invite(lead, trust, role=role)
    assert not Invitation.objects.unscoped(WHY).exists()


def test_a_lead_cannot_invite_to_another_organisation_nor_to_the_whole_partnership(client, lead, trust, council):
    with pytest.raises(ValidationError):
        invite(lead, council)
    with pytest.raises(ValidationError):
        invite(lead, None, role=Role.BOARD_MEMBER)
    sign_in(client, lead)
    data = {"name": "Ivy Tern", "email": "ivy@portal.example", "post": "Nurse", "role": "as"}
    assert client.post(reverse("directory:invite", args=[council.pk]), data).status_code == 403
    assert client.post(reverse("directory:invite_wide"), data | {"role": "me"}).status_code == 403
    # Mass assignment: a role that the form did not offer is no choice.
    page = client.post(reverse("directory:invite", args=[trust.pk]), data | {"role": "dp"})
    assert page.status_code == 422
    assert not Invitation.objects.unscoped(WHY).exists()


def test_the_letter_says_who_invites_as_what_until_when_and_no_name_of_the_inviter(lead, trust):
    row = invite(lead, trust)
    (letter,) = sent()
    assert letter.to == ["ivy@portal.example"]
    said = f"{letter.subject} {letter.body}"
    assert "The agency safeguarding lead of" in said and trust.name in said and "Agency practitioner" in said
    assert lead.name not in said and lead.email not in said
    assert "Nobody reads answers" in said
    assert f"{timezone.localtime(row.expires_at):%-d %B %Y}" in said


def test_the_token_is_stored_nowhere_and_made_again_for_the_letter(lead, trust, caplog):
    row = invite(lead, trust)
    (letter,) = sent()
    token = path_in(letter).rsplit("/", 1)[1]
    link = Link.objects.get(object_id=row.pk)
    kept = " ".join(str(v) for model in (Link, Outgoing) for each in model.objects.values_list() for v in each)
    kept += str(list(Event.objects.values_list("data", flat=True))) + caplog.text
    assert token not in kept and len(link.token_hash) == 64


def test_after_a_change_of_key_the_letter_that_still_waits_opens(lead, trust, settings, client):
    invite(lead, trust)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-the-portal-which-is-long-enough-too"
    settings.SECRET_KEY_FALLBACKS = [old]
    (letter,) = sent()
    assert client.get(path_in(letter)).status_code == 200


def test_an_email_scanner_opens_the_link_and_uses_nothing_up(client, lead, trust):
    row = invite(lead, trust)
    path = path_in(sent()[0])
    for _ in range(5):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path, {"password1": "short", "password2": "short"}).status_code == 422
    assert fresh(row).accepted_at is None and not fresh(row).user.is_active
    assert client.post(path, BOTH)["Location"] == reverse("account_login")
    user = fresh(row).user
    assert user.is_active and user.check_password(PASSWORD)
    member = Membership.objects.get(user=user)
    assert (member.agency, member.role, member.starts) == (trust, "as", timezone.localdate())


def test_a_link_is_good_once_and_says_so_in_words_to_whoever_comes_again(client, lead, trust):
    row = invite(lead, trust)
    path = path_in(sent()[0])
    client.post(path, BOTH)
    again = client.post(path, dict.fromkeys(BOTH, "another-long-password-7"))
    assert again.status_code == 404 and "If you have set your password by it" in again.content.decode()
    assert fresh(row).user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "change", ["expired", "withdrawn", "refused", "address changed", "organisation ended", "forged"]
)
def test_what_is_no_invitation_any_more_opens_nothing_and_is_told_alike(client, lead, trust, manager, change):
    school = a_school()
    row = invite(manager, school, role=Role.SCHOOL_LEAD)
    path = path_in(sent()[0])
    never = client.get(reverse("directory:join", args=["a-token-that-never-was"]))
    if change == "expired":
        past = timezone.now() - timedelta(minutes=1)
        Invitation.objects.unscoped(WHY).update(expires_at=past)
        Link.objects.update(expires_at=past)
    elif change == "withdrawn":
        services.withdraw(row, by=manager)
    elif change == "refused":
        services.refuse(row, by=account("second", Role.BUSINESS_UNIT), reason="Unknown there.")
    elif change == "address changed":
        User.objects.filter(pk=row.user_id).update(email="other@portal.example")
    elif change == "organisation ended":
        Agency.objects.filter(pk=school.pk).update(ends=timezone.localdate())
    else:
        path = path[:-4] + "AAAA"
    strip = lambda page: re.sub(r'(csrfmiddlewaretoken" value|CSRFToken"): ?"[^"]*"', "", page.content.decode())  # noqa: E731
    for answer in (client.get(path), client.post(path, BOTH)):
        assert answer.status_code == 404
        assert strip(answer) == strip(never)
    assert not User.objects.get(pk=row.user_id).is_active


@pytest.mark.parametrize("change", ["withdrawn", "accepted", "expired"])
def test_a_letter_that_is_no_longer_wanted_is_cancelled_and_breaks_no_invariant(client, lead, trust, change):
    row = invite(lead, trust)
    link = Link.objects.get(object_id=row.pk)
    if change == "withdrawn":
        services.withdraw(row, by=lead)
    elif change == "accepted":
        services.accept(link, password=PASSWORD)
    else:
        Invitation.objects.unscoped(WHY).update(expires_at=timezone.now())
    assert sent() == []
    assert Outgoing.objects.get().state == "cancelled"
    assert reconcile()["mail_without_notice"] == 0


def test_a_waiting_letter_breaks_no_invariant_and_is_recorded_once(lead, trust):
    row = invite(lead, trust)
    from partnership.notify import personal

    link = Link.objects.get(object_id=row.pk)
    assert not personal.write(services.LETTER, recipient=row.user, about_id=link.pk)
    assert Outgoing.objects.count() == 1
    assert reconcile()["mail_without_notice"] == 0


def test_an_email_that_comes_back_stands_at_the_invitation_and_a_right_address_gets_a_new_link(client, lead, trust):
    from partnership.notify.senders import NotSent

    row = invite(lead, trust)
    due_now()
    relay(sender=FakeSender(NotSent("550", for_good=True)))
    assert fresh(row).bounced_at
    assert not requests_of(row.user).exists()  # nobody could put it right there: the invited have no account
    sign_in(client, lead)
    assert "The email came back" in client.get(page_of(row)).content.decode()
    again = reverse("directory:invitation_again", args=[row.pk])
    assert client.post(again, {"email": "ivy.tern@portal.example"}).status_code == 302
    (letter,) = sent()
    assert letter.to == ["ivy.tern@portal.example"]
    client.logout()
    assert client.post(path_in(letter), BOTH).status_code == 302
    assert fresh(row).user.email == "ivy.tern@portal.example" and not fresh(row).bounced_at


def test_a_letter_that_comes_back_after_the_address_was_corrected_marks_nothing(lead, trust):
    row = invite(lead, trust)
    first = Outgoing.objects.get()
    services.send_again(row, by=lead, email="ivy.tern@portal.example")
    letters.came_back(first, [])
    assert not fresh(row).bounced_at
    letters.came_back(Outgoing.objects.exclude(pk=first.pk).get(), [])
    assert fresh(row).bounced_at


def test_sending_again_ends_the_old_link_and_waits_ten_minutes(client, lead, trust):
    row = invite(lead, trust)
    old = path_in(sent()[0])
    with pytest.raises(ValidationError):
        services.send_again(row, by=lead)
    Invitation.objects.unscoped(WHY).update(sent_at=timezone.now() - timedelta(minutes=11))
    services.send_again(row, by=lead)
    new = path_in(sent()[0])
    assert old != new
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)


def test_another_invitation_of_the_same_role_is_refused_while_one_is_open(lead, trust):
    invite(lead, trust)
    with pytest.raises(ValidationError, match="invited on"):
        invite(lead, trust)
    assert User.objects.filter(email="ivy@portal.example").count() == 1


def test_the_first_person_of_an_organisation_waits_for_the_unit_and_not_for_the_inviter(client, manager, officer):
    school = a_school()
    row = invite(manager, school, role=Role.SCHOOL_LEAD)
    assert row.why_approval == "first"
    path = path_in(sent()[0])
    assert client.post(path, BOTH)["Location"] == reverse("directory:joined")
    assert "has to agree" in client.get(reverse("directory:joined")).content.decode()
    row = fresh(row)
    assert row.accepted_at and not row.user.is_active and not Membership.objects.filter(user=row.user).exists()
    client.post(reverse("account_login"), {"login": row.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    with pytest.raises(ValidationError, match="Somebody else must decide"):
        services.approve(row, by=manager)
    services.approve(row, by=officer)
    row = fresh(row)
    assert row.user.is_active and row.joined_at and Membership.objects.get(user=row.user).role == "sl"
    assert "Your account is open" in sent()[0].body


def test_who_is_approved_before_she_accepts_joins_at_once(client, manager, officer):
    row = invite(manager, a_school(), role=Role.SCHOOL_LEAD)
    services.approve(row, by=officer)
    client.post(path_in(sent()[0]), BOTH)
    assert fresh(row).joined_at and fresh(row).user.is_active


def test_an_approval_was_for_the_address_that_was_read(client, manager, officer):
    """Whoever invites cannot have one person approved and send the link to another."""
    row = services.approve(invite(manager, a_school(), role=Role.SCHOOL_LEAD), by=officer)
    Invitation.objects.unscoped(WHY).update(sent_at=timezone.now() - timedelta(hours=1))
    row = services.send_again(row, by=manager, email="somebody.else@portal.example")
    assert row.waits_for_approval
    client.post(path_in(sent()[-1]), BOTH)
    assert not fresh(row).user.is_active


def test_a_case_role_waits_for_a_second_person_whoever_gives_it(client, manager, officer, council):
    admin = account("admin", Role.DIRECTORY_ADMIN)
    with pytest.raises(ValidationError):
        invite(admin, None, email="new@portal.example", role=Role.BUSINESS_UNIT)
    wide = invite(manager, None, email="new@portal.example", role=Role.BUSINESS_UNIT)
    partner = invite(manager, council, email="dsp@portal.example", role=Role.DELEGATED_PARTNER)
    board = invite(manager, None, email="board@portal.example", role=Role.BOARD_MEMBER)
    assert (wide.why_approval, partner.why_approval, board.why_approval) == ("case", "case", "case")
    for by in (admin, account("lead2", Role.AGENCY_LEAD, council)):
        with pytest.raises(PermissionDenied):
            services.approve(wide, by=by)
    assert services.approve(wide, by=officer).approved_by == officer


def test_nobody_approves_the_role_that_is_offered_to_himself(manager, officer, council):
    row = invite(manager, council, email=officer.email, role=Role.DELEGATED_PARTNER)
    with pytest.raises(ValidationError):
        services.approve(row, by=officer)


def test_approving_twice_and_after_a_withdrawal_changes_nothing(manager, officer):
    row = invite(manager, a_school(), role=Role.SCHOOL_LEAD)
    services.approve(row, by=officer)
    with pytest.raises(Stale):
        services.refuse(row, by=officer, reason="Too late.")
    other = invite(manager, a_school(1), email="b@portal.example", role=Role.SCHOOL_LEAD)
    services.withdraw(other, by=manager)
    with pytest.raises(Stale):
        services.approve(other, by=officer)


def test_a_refusal_tells_the_person_without_the_reason_and_leaves_no_password(client, manager, officer):
    row = invite(manager, a_school(), role=Role.SCHOOL_LEAD)
    client.post(path_in(sent()[0]), BOTH)
    services.refuse(row, by=officer, reason="Nobody of that name works there.")
    (letter,) = sent()
    assert "has not been opened" in letter.body and "works there" not in letter.body
    user = fresh(row).user
    assert not user.is_active and not user.has_usable_password()


def test_one_person_many_organisations_one_account(client, manager, trust, lead, council):
    account("colleague", Role.AGENCY_STAFF, council)
    person = account("ivy", Role.AGENCY_STAFF, trust)
    row = invite(manager, council, email="IVY@portal.example", name="Ms Tern")
    assert row.user == person and User.objects.filter(email__iexact="ivy@portal.example").count() == 1
    path = path_in(sent()[0])
    asked = client.get(path)
    assert asked["Location"].startswith(reverse("account_login"))
    sign_in(client, person)
    assert b"The role is added to the account" in client.get(path).content
    assert client.post(path)["Location"] == reverse("reporting:home")
    assert {each.agency for each in Membership.objects.filter(user=person)} == {trust, council}
    person.refresh_from_db()
    assert person.name == "Ivy" and person.check_password("x")  # what was typed about her changed nothing


def test_the_link_of_somebody_else_is_told_in_words_and_stays_good(client, lead, trust, council):
    row = invite(lead, trust)
    path = path_in(sent()[0])
    sign_in(client, account("other", Role.AGENCY_STAFF, council))
    for answer in (client.get(path), client.post(path, BOTH)):
        assert answer.status_code == 403 and "sent to another person" in answer.content.decode()
    client.logout()
    assert client.post(path, BOTH).status_code == 302
    assert fresh(row).joined_at


def test_an_inviter_does_not_learn_whose_account_an_address_has(client, lead, trust, council):
    account("secret", Role.AGENCY_STAFF, council)
    row = invite(lead, trust, email="secret@portal.example", name="As I Typed It")
    sign_in(client, lead)
    people = reverse("directory:agency_people", args=[trust.pk])
    assert "As I Typed It" in client.get(people).content.decode()
    page = client.get(page_of(row)).content.decode()
    assert "As I Typed It" in page and "Secret" not in page


def test_a_lead_sees_the_invitations_of_her_own_organisation_only(client, lead, trust, manager, council):
    mine, theirs = invite(lead, trust), invite(manager, council, email="b@portal.example")
    sign_in(client, lead)
    assert client.get(page_of(mine)).status_code == 200
    assert client.get(page_of(theirs)).status_code == 404
    assert client.post(reverse("directory:invitation_withdraw", args=[theirs.pk])).status_code == 404
    listed = client.get(reverse("directory:invitations")).content.decode()
    assert "ivy@portal.example" in listed and "b@portal.example" not in listed
    assert client.post(reverse("directory:invitation_approve", args=[mine.pk])).status_code == 403


def test_an_address_unlike_the_others_is_asked_once_more_before_it_is_sent_and_no_refusal(client, lead, trust):
    sign_in(client, lead)
    data = {"name": "Ivy Tern", "email": "ivy@mail.example", "post": "Nurse", "role": "as"}
    path = reverse("directory:invite", args=[trust.pk])
    asked = client.post(path, data)
    assert asked.status_code == 422 and not sent() and not Invitation.objects.unscoped(WHY).exists()
    assert "usually end in @" in asked.context["form"].errors["sure"][0]
    assert "Yes, ivy@mail.example is right" in asked.content.decode()
    page = client.post(path, data | {"sure": "on"}, follow=True)
    assert "The address does not end as others" in page.content.decode()
    assert sent()[0].to == ["ivy@mail.example"]


@pytest.mark.parametrize("name", ["Ivy https://evil.example", "Ivy <b>", "www.evil.example", "a@b.example"])
def test_a_name_carries_no_address_into_our_email(client, lead, trust, name):
    sign_in(client, lead)
    data = {"name": name, "email": "ivy@portal.example", "post": "Nurse", "role": "as"}
    assert client.post(reverse("directory:invite", args=[trust.pk]), data).status_code == 422


def test_a_vacant_duty_is_held_from_the_moment_she_joins(client, lead, trust):
    account("present", Role.AGENCY_STAFF, trust)
    duty = NamedDuty.objects.create(agency=trust, kind="s11", post="Head of safeguarding")
    row = invite(lead, trust, duty=duty)
    duty.refresh_from_db()
    assert duty.holder is None
    client.post(path_in(sent()[0]), BOTH)
    duty.refresh_from_db()
    assert duty.holder == fresh(row).user
    assert duty.history.latest("history_id").history_user == lead


def test_the_office_of_a_school_has_a_named_person_behind_it_and_no_case_role(client, manager, officer, trust):
    school = a_school()
    with pytest.raises(ValidationError):
        invite(manager, trust, email="office@portal.example", shared=True)
    with pytest.raises(ValidationError):
        invite(manager, school, email="office@portal.example", role=Role.DELEGATED_PARTNER, shared=True)
    row = invite(manager, school, email="office@portal.example", role=Role.SCHOOL_LEAD, name="", shared=True,
                 user=know_person(name="The office", email="office@portal.example", shared_address=True))  # fmt: skip
    path = path_in(sent()[0])
    assert client.post(path, BOTH).status_code == 422
    client.post(path, BOTH | {"name": "Ivy Tern", "post": "Designated safeguarding lead"})
    services.approve(row, by=officer)
    user = fresh(row).user
    assert (user.name, user.shared_address, user.is_active) == ("Ivy Tern", True, True)


def test_a_lead_makes_no_office_of_somebody_whom_another_organisation_knows(manager, council):
    school = a_school()
    lead = account("lead", Role.SCHOOL_LEAD, school)
    nurse = know_person(name="Ivy Tern", email="ivy@portal.example")
    NamedDuty.objects.create(agency=council, kind="s11", holder=nurse)
    with pytest.raises(ValidationError, match="another organisation knows"):
        invite(lead, school, shared=True)
    nurse.refresh_from_db()
    assert not nurse.shared_address
    assert invite(manager, school, shared=True).shared  # the unit knows whose address it is
    own = invite(lead, school, email="office@portal.example", shared=True)
    assert own.shared and own.user.shared_address


def test_an_offices_address_is_let_into_no_case(world):
    from partnership.access.grant_forms import GrantForm
    from partnership.access.services import grant
    from partnership.people.services import join
    from reviews.forms.asking import AskForm
    from reviews.returns import ask_agency

    office = world.school_outside
    User.objects.filter(pk=office.pk).update(shared_address=True)
    office.refresh_from_db()
    with pytest.raises(ValidationError, match="address of an office"):
        grant(world.ours.folder, office, Role.PANEL_MEMBER, by=world.officer, reason="x")
    with pytest.raises(ValidationError, match="address of an office"):
        join(office, role=Role.DELEGATED_PARTNER, partnership=world.partnership, agency=world.agencies["council"])
    with pytest.raises(ValidationError, match="address of an office"):
        ask_agency(world.theirs.review, by=world.stranger, agency=world.agencies["school"], author=office,
                   due_on=timezone.localdate(), purpose="x")  # fmt: skip
    offered = GrantForm(user=world.officer, folder=world.ours.folder).fields["person"].queryset
    assert office not in offered and world.colleague in offered
    asked = AskForm({"agency": world.agencies["school"].pk}, user=world.officer, review=world.ours.review)
    assert office not in asked.fields["author"].queryset and world.author_other in asked.fields["author"].queryset


def test_an_invitation_that_nobody_answers_ends_after_two_weeks(client, lead, trust):
    row = invite(lead, trust)
    path = path_in(sent()[0])
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1), tick=False):
        assert client.get(path).status_code == 404
        assert fresh(row).expired


def test_mail_goes_to_the_invited_alone(lead, trust):
    invite(lead, trust)
    assert [letter.to for letter in sent()] == [["ivy@portal.example"]]
    assert mail.outbox[0].to == ["ivy@portal.example"]
