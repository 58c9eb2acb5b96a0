"""Requests about accounts: two people, never one, never the subject; what was read is what is decided."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.directory.models import AccountRequest
from partnership.directory.requests import addresses, services
from partnership.directory.requests.case_roles import ask_for_role, end_role
from partnership.directory.requests.kinds import LOST_FACTOR, ROLE
from partnership.notify.models import Notice
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import CASE_PERMS, FOLDER_ROLES, POWERS, RESTING_PERMS, WORDS, Perm, Role, is_case_role
from partnership.trail.models import Event
from tests.directory.accounts import (
    WHY,
    approved,
    browser,
    checked,
    fresh,
    page,
    practitioner,
    requests_of,
    unit,
)


@pytest.fixture
def subject(db):
    return practitioner()


@pytest.fixture
def first(db):
    return unit("Ada")


@pytest.fixture
def second(db):
    return unit("Bo", Role.BUSINESS_MANAGER)


@pytest.fixture
def asked(subject):
    return services.open_request(LOST_FACTOR, user=subject)


CHECK = {"how": "called", "note": "Rang 01782 000000; she answered."}


# --- the words and the set of powers over cases -----------------------------------------------------------------------


def test_every_power_has_words_and_a_suspended_persons_grants_give_nothing():
    assert set(WORDS) == set(Perm)
    assert all(POWERS[role] <= RESTING_PERMS for role in FOLDER_ROLES)
    kept = {"sign_in", "refer", "rules_view", "rules_edit", "calendar_edit", "colleagues", "operations"}
    kept |= {"timeliness_totals", "belong"}  # totals of years that are over; whoever is no guest
    kept |= {
        perm
        for perm in Perm
        if perm.startswith(("plan_", "group_", "workplan_", "action_", "risk_", "meeting_", "minutes_", "proposal_"))
    }  # of open groups
    kept |= {perm for perm in Perm if perm.startswith(("audit_", "answers_"))}  # an organisation's account of itself
    kept |= {perm for perm in Perm if perm.startswith(("training_", "booking_", "learner_", "evaluation_"))}
    kept |= {"register_keep", "charge_view"}  # of training: who came, and what an unused place costs
    kept |= {"challenge_list", "challenge_raise"}  # a challenge itself is case material
    assert {str(perm) for perm in set(Perm) - CASE_PERMS if not perm.startswith("directory_")} == kept


def test_the_roles_on_cases_are_those_of_the_unit_and_the_delegated_partners():
    assert {role for role in Role if is_case_role(role)} == {
        *(set(FOLDER_ROLES) - {Role.TRAINER}),
        Role.BUSINESS_MANAGER,
        Role.BUSINESS_UNIT,
        Role.DELEGATED_PARTNER,
    }


# --- two people -------------------------------------------------------------------------------------------------------


def test_who_checked_does_not_approve_from_the_web_either(asked, first, second):
    client = browser(first)
    answer = client.post(page("request_check", asked), CHECK | {"version": 1})
    assert answer["Location"] == page("account_request", asked)
    assert client.get(page("request_approve", asked)).status_code == 403
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 403
    assert b"somebody else must approve" in client.get(page("account_request", asked)).content
    assert fresh(asked).status == "checked"
    assert browser(second).post(page("request_approve", asked), {"version": 2}).status_code == 302
    row = fresh(asked)
    assert (row.status, row.checked_by, row.decided_by, row.version) == ("done", first, second, 3)


def test_nothing_is_approved_that_nobody_checked(asked, second):
    assert browser(second).post(page("request_approve", asked), {"version": 1}).status_code == 409
    assert fresh(asked).status == "open"


def test_the_subject_takes_no_step_whatever_their_role(first, second):
    asked = services.open_request(LOST_FACTOR, user=second)
    client = browser(second)
    assert client.post(page("request_check", asked), CHECK | {"version": 1}).status_code == 403
    checked(asked, first)
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 403
    assert client.post(page("request_refuse", asked), {"version": 2, "reason": "No."}).status_code == 403
    assert fresh(asked).status == "checked"


def test_who_asked_does_not_approve(subject, first, second):
    asked = services.open_request(LOST_FACTOR, user=subject, by=first, said={"note": "Rang."})
    checked(asked, second)
    assert browser(first).post(page("request_approve", asked), {"version": 2}).status_code == 403
    with pytest.raises(PermissionDenied):
        approved(asked, first)


def test_the_database_refuses_one_person_who_is_both(asked, first):
    checked(asked, first)
    alone = AccountRequest.objects.unscoped(WHY).filter(pk=asked.pk)
    for facts in ({"decided_by": first}, {"decided_by": asked.user}, {"decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            alone.update(status="done", **facts)


@pytest.mark.parametrize("role", [Role.DIRECTORY_ADMIN, Role.BOARD_MEMBER, Role.OPERATOR])
def test_other_roles_of_the_partnership_neither_see_nor_take_a_step(asked, first, role):
    checked(asked, first)
    client = browser(unit("Cas", role))
    assert client.get(reverse("directory:account_requests")).status_code == 403
    assert client.get(page("account_request", asked)).status_code == 404
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 404
    assert fresh(asked).status == "checked"


def test_a_role_that_ended_between_the_page_and_the_post_approves_nothing(asked, first, second):
    checked(asked, first)
    client = browser(second)
    assert client.get(page("request_approve", asked)).status_code == 200
    Membership.objects.filter(user=second).update(ends=timezone.localdate())
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 404
    assert fresh(asked).status == "checked"


def test_a_suspended_member_of_the_unit_checks_and_approves_nothing(asked, first, second):
    addresses.ask_for_address(second, "new@portal.example", by=second)
    checked(asked, first)
    assert browser(second).post(page("request_approve", asked), {"version": 2}).status_code == 404
    with pytest.raises(PermissionDenied):
        approved(asked, second)


# --- what was read is what is decided ---------------------------------------------------------------------------------


def test_a_request_that_was_changed_since_it_was_read_is_not_approved(subject, first, second):
    asked = addresses.ask_for_address(subject, "ivy.one@portal.example", by=subject)
    checked(asked, first)
    read = fresh(asked).version
    addresses.ask_for_address(subject, "ivy.two@portal.example", by=subject)
    row = fresh(asked)
    assert (row.status, row.said, row.checked_by, row.checked_note) == (
        "open",
        {"address": "ivy.two@portal.example"},
        None,
        "",
    ), "the check was of the other address"
    answer = browser(second).post(page("request_approve", asked), {"version": read})
    assert answer.status_code == 409
    with pytest.raises(Stale):
        services.approve(asked, by=second, version=read)


def test_a_post_sent_again_changes_nothing(asked, first, second):
    checked(asked, first)
    client = browser(second)
    token = client.get(page("request_approve", asked)).context["form"]["form_token"].value()
    sent = {"version": 2, "form_token": token}
    first_answer = client.post(page("request_approve", asked), sent)
    again = client.post(page("request_approve", asked), sent)
    assert (again.status_code, again["Location"]) == (302, first_answer["Location"])
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 409
    assert Event.objects.filter(verb="request_approve").count() == 1


def test_a_check_typed_for_a_request_that_was_decided_meanwhile_is_given_back(asked, first, second):
    services.refuse(fresh(asked), by=second, version=1, reason="Not her.")
    answer = browser(first).post(page("request_check", asked), CHECK | {"version": 1})
    assert answer.status_code == 409
    assert b"Rang 01782 000000" in answer.content


def test_a_check_needs_words_and_a_way(asked, first):
    answer = browser(first).post(page("request_check", asked), {"version": 1, "note": "  "})
    assert answer.status_code == 422
    assert {"how", "note"} <= set(answer.context["form"].errors)
    with pytest.raises(ValidationError):
        services.check(asked, by=first, version=1, how="called", note=" ")


# --- who is told ------------------------------------------------------------------------------------------------------


def kinds_told(user):
    return set(Notice.objects.unscoped(WHY).filter(recipient=user).values_list("kind", flat=True))


def test_the_unit_and_the_person_are_told_and_then_the_second_person(asked, subject, first, second):
    # The two joined after it was asked, so a new one is asked for.
    services.withdraw(fresh(asked), by=subject)
    again = services.open_request(LOST_FACTOR, user=subject)
    assert kinds_told(first) == kinds_told(second) == {"request_opened"}
    assert "request_about_you" in kinds_told(subject)
    checked(again, first)
    assert kinds_told(second) == {"request_opened", "request_second"}
    assert kinds_told(first) == {"request_opened"}, "who checked cannot approve"


def test_home_leads_to_what_waits_for_this_person(asked, first, second):
    checked(asked, first)
    assert b"1 request about accounts: for you as the second person" in browser(second).get("/home").content
    assert b"about accounts" not in browser(first).get("/home").content


def test_the_worklist_says_for_whom_each_waits(asked, first, second):
    checked(asked, first)
    for user, words in ((first, "A second person"), (second, "<strong>You</strong>")):
        body = browser(user).get(reverse("directory:account_requests")).content.decode()
        assert "Ivy Tern" in body and words in body
    filtered = browser(first).get(reverse("directory:account_requests"), {"kind": "double"})
    assert b"Ivy Tern" not in filtered.content


def test_one_request_of_a_kind_waits_at_a_time(asked, subject):
    assert services.open_request(LOST_FACTOR, user=subject).pk == asked.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountRequest.objects.create(kind=LOST_FACTOR, user=subject)


def test_only_the_person_withdraws_and_a_forged_id_withdraws_nothing(asked, subject, first):
    for user in (first, practitioner("Una")):
        browser(user).post(reverse("directory:account_withdraw"), {"request": asked.pk})
        with pytest.raises(PermissionDenied):
            services.withdraw(asked, by=user)
    assert fresh(asked).status == "open"
    browser(subject).post(reverse("directory:account_withdraw"), {"request": asked.pk})
    assert fresh(asked).status == "withdrawn"


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_role_on_cases_waits_for_two_people_and_closes_cases_until_then(subject, first, second):
    council = Agency.objects.get(slug="sotcc")
    asked = ask_for_role(subject, Role.DELEGATED_PARTNER, council, by=first)
    assert not Membership.objects.filter(user=subject, role=Role.DELEGATED_PARTNER).exists()
    assert fresh(subject).suspended_at
    checked(asked, first)
    approved(asked, second)
    assert Membership.objects.live().filter(user=subject, role=Role.DELEGATED_PARTNER).exists()
    assert fresh(subject).suspended_at is None


@pytest.mark.parametrize("role", [Role.DIRECTORY_ADMIN, Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT])
def test_no_administrator_gives_himself_a_role(db, role):
    user = unit("Cas", role)
    client = browser(user)
    assert client.post(page("person_role", user), {"where": "whole", "role": "bm"}).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        ask_for_role(user, Role.BUSINESS_MANAGER, by=user)
    assert not requests_of(user).exists()
    assert set(Membership.objects.filter(user=user).values_list("role", flat=True)) == {str(role)}


def test_a_directory_administrator_keeps_organisations_and_neither_roles_nor_people(subject):
    client = browser(unit("Cas", Role.DIRECTORY_ADMIN))
    for name in ("person", "person_role", "person_address", "person_lost_phone", "person_double"):
        assert client.post(page(name, subject), {"where": "whole", "role": "bu"}).status_code in (404, 405)
    role = subject.memberships.get()
    assert client.post(page("role_end", role), {"when": "now"}).status_code == 404
    assert client.post(page("let_leave", role), {"scope": "all"}).status_code == 404
    assert not requests_of(subject).exists()


def test_a_business_manager_who_asks_and_checks_still_needs_another(subject, second):
    client = browser(second)
    client.post(page("person_role", subject), {"where": "whole", "role": "bm"})
    asked = requests_of(subject).get(kind=ROLE)
    assert client.post(page("request_check", asked), CHECK | {"version": 1}).status_code == 302
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 403
    assert fresh(asked).status == "checked"


def test_a_lead_gives_roles_without_cases_at_their_own_organisation_alone(subject):
    council, police = Agency.objects.get(slug="sotcc"), Agency.objects.get(slug="staffs-police")
    lead = practitioner("Una", role=Role.AGENCY_LEAD)
    client = browser(lead)
    offered = dict(client.get(page("person_role", subject)).context["form"].fields["role"].choices)
    assert set(offered) == {"al", "as", "tc"}, "as when she invites somebody"
    assert client.post(page("person_role", subject), {"where": council.pk, "role": "sl"}).status_code == 422
    assert client.post(page("person_role", subject), {"where": council.pk, "role": "dp"}).status_code == 422
    assert client.post(page("person_role", subject), {"where": "whole", "role": "bm"}).status_code == 422
    for role, agency in (
        (Role.DELEGATED_PARTNER, council),
        (Role.SCHOOL_LEAD, council),
        (Role.AGENCY_LEAD, police),
        (Role.BUSINESS_MANAGER, None),
    ):
        with pytest.raises(PermissionDenied):
            ask_for_role(subject, role, agency, by=lead)
    assert client.post(page("person_role", subject), {"where": council.pk, "role": "al"}).status_code == 302
    assert Membership.objects.live().filter(user=subject, role=Role.AGENCY_LEAD, agency=council).exists()
    stranger = practitioner("Wes", slug="staffs-police")
    # As for somebody who is not there: nobody is told that a person exists whom they do not look after.
    assert client.get(page("person_role", stranger)).status_code == 404
    assert client.get(page("person", stranger)).status_code == 404


def test_the_end_of_a_role_ends_the_sessions_at_once(subject, first):
    tab = browser(subject)
    assert tab.get("/home").status_code == 200
    role = subject.memberships.get()
    answer = browser(first).post(page("role_end", role), {"when": "now"})
    assert answer.status_code == 302
    assert tab.get("/home")["Location"].startswith("/account/login/")
    assert not Membership.objects.live().filter(user=subject).exists()


def test_a_role_that_began_today_ends_today(subject, first):
    today = timezone.localdate()
    Membership.objects.filter(user=subject).update(starts=today)
    role = subject.memberships.get()
    end_role(role, ends=today, by=first)
    assert not Membership.objects.filter(user=subject).exists()
    last = Membership.history.filter(id=role.pk).latest()
    assert (last.history_type, last.history_user, last.starts) == ("-", first, today)  # its first day is not falsified


def test_nobody_ends_the_role_of_another_organisation_nor_their_own(subject):
    police = practitioner("Wes", slug="staffs-police", role=Role.AGENCY_LEAD)
    assert browser(police).post(page("role_end", subject.memberships.get()), {"when": "now"}).status_code == 404
    assert browser(police).post(page("role_end", police.memberships.get()), {"when": "now"}).status_code == 403
    for user in (subject, police):
        assert Membership.objects.live().filter(user=user).exists()


def test_the_number_that_the_person_changed_lately_is_not_to_be_rung(asked, subject, first):
    client = browser(first)
    assert b"Do not rely on it" not in client.get(page("account_request", asked)).content
    sent = {"name": subject.name, "job_title": "", "telephone": "01782 111111"}
    assert browser(subject).post(reverse("directory:account"), sent).status_code == 302
    assert User.objects.get(pk=subject.pk).telephone == "01782 111111"
    assert b"Do not rely on it" in client.get(page("request_check", asked)).content


def test_the_worklist_asks_as_much_for_five_requests_as_for_one(asked, first):
    client = browser(first)
    here = reverse("directory:account_requests")
    client.get(here)

    def queries():
        with transaction.atomic(), CaptureQueriesContext(connection) as found:
            page = client.get(here)
        return len(found), page.content.decode().count("/directory/requests/")

    one = queries()
    for n in range(4):
        services.open_request(LOST_FACTOR, user=practitioner(f"More{n}"))
    five = queries()
    assert five[1] > one[1] and five[0] == one[0]


def test_nothing_is_offered_for_approval_before_somebody_was_checked(asked, second):
    answer = browser(second).get(page("request_approve", asked), follow=True)
    assert answer.redirect_chain and "Somebody must make sure first" in answer.content.decode()
