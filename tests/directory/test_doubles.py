"""Two records of one person: what moves, what is always kept, and that nobody gets into a case that way."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import Conflict, FolderGrant, SignedIn
from partnership.access.rows import can
from partnership.directory.accounts import first_sign_in_path
from partnership.directory.requests import addresses, moves
from partnership.directory.requests.doubles import DOUBLES, KEPT, ask_to_merge, preview
from partnership.notify.telling import Told, tell
from partnership.people.models import Membership, NamedDuty, User
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from partnership.trail.models import Event
from reviews.models import AgencyReturn
from tests.directory.accounts import WHY, approved, browser, checked, fresh, page, requests_of
from tests.world import person


@pytest.fixture
def kept(world):
    return person("ivy", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)


@pytest.fixture
def double(world):
    return person("ivy_tern", Role.AGENCY_STAFF, world.agencies["icb"], world.partnership)


def merged(world, kept, double, address=KEPT):
    asked = ask_to_merge(kept, double, address=address, by=world.officer_outside)
    checked(asked, world.officer_outside)
    return approved(asked, world.manager)


# --- nothing is forgotten ---------------------------------------------------------------------------------------------


def test_every_key_to_a_person_is_decided():
    assert moves.keys_to_people() - set(moves.decisions()) == set(), "say what becomes of these: requests/moves.py"
    assert set(moves.decisions()) - moves.keys_to_people() == set(), "these are no keys to a person any more"
    for key, each in moves.decisions().items():
        assert (each.fate == moves.MOVES) == (each.move is not None), key


# --- what moves -------------------------------------------------------------------------------------------------------


def test_roles_duties_grants_returns_and_notices_move_and_the_double_is_closed(world, kept, double):
    ours = world.ours
    access.grant(ours.folder, double, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
    NamedDuty.objects.create(agency=world.agencies["icb"], kind="s11", holder=double)
    AgencyReturn.objects.unscoped(WHY).filter(pk=ours.returns["uhnm"].pk).update(author=double)
    asked = ours.returns["uhnm"]
    tell("return_came_in", [Told("came", double.pk, asked.pk, asked.folder_id)])
    email, told = double.email, set(double.notices.values_list("pk", flat=True))
    assert told
    before = Event.objects.filter(actor_id=double.pk).count()
    merged(world, kept, double)
    kept, double = fresh(kept), fresh(double)
    assert can(kept, Perm.REVIEW_VIEW, ours.review)
    assert can(kept, Perm.RETURN_EDIT, AgencyReturn.objects.unscoped(WHY).get(pk=ours.returns["uhnm"].pk))
    assert NamedDuty.objects.filter(holder=kept, kind="s11").exists()
    assert {m.agency.slug for m in Membership.objects.live().filter(user=kept)} == {"uhnm", "sot-staffs-icb"}
    assert set(kept.notices.values_list("pk", flat=True)) >= told and not double.notices.exists()
    assert (double.is_active, double.merged_into, double.email) == (False, kept, None)
    assert double.closed_at and not double.has_usable_password()
    assert not can(double, Perm.REVIEW_VIEW, ours.review)
    assert Event.objects.filter(actor_id=double.pk).count() == before, "the trail is untouched"
    assert User.objects.create(email=email, name="Somebody New"), "the address is free"


def test_what_both_have_is_kept_once(world, kept, double):
    for user in (kept, double):
        access.grant(world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
        NamedDuty.objects.create(agency=world.agencies["icb"], kind="s11", holder=user)
    join(double, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["uhnm"])
    merged(world, kept, double)
    assert FolderGrant.objects.live().filter(user=kept).count() == 1
    assert not FolderGrant.objects.live().filter(user=double).exists()
    assert Membership.objects.live().filter(user=kept, agency=world.agencies["uhnm"]).count() == 1
    assert not Membership.objects.live().filter(user=double).exists()
    assert NamedDuty.objects.live().filter(holder__in=[kept, double]).get().holder == kept


def test_a_role_that_both_have_and_one_was_given_today_is_the_double_s_no_day_longer(world, kept, double):
    uhnm = world.agencies["uhnm"]
    today = timezone.localdate()
    join(double, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=uhnm, starts=today)
    merged(world, kept, double)
    assert not Membership.objects.filter(user=double, agency=uhnm).exists()
    assert Membership.objects.live().filter(user=kept, agency=uhnm).count() == 1


def test_the_address_of_the_double_may_stay_and_is_confirmed_already(world, kept, double):
    EmailAddress.objects.create(user=double, email=double.email, verified=True, primary=True)
    email = double.email
    merged(world, kept, double, DOUBLES)
    assert (fresh(kept).email, fresh(double).email) == (email, None)
    assert EmailAddress.objects.get(email=email).user == kept


def test_the_doubles_open_tab_and_old_link_are_dead(world, kept, double):
    tab, link = browser(double), first_sign_in_path(double)
    assert tab.get("/home").status_code == 200 and Client().get(link).status_code == 200
    merged(world, kept, double)
    assert tab.get("/home")["Location"].startswith("/account/login/")
    assert tab.post(f"/directory/person/{kept.pk}/role", {})["Location"].startswith("/account/login/")
    assert Client().get(link).status_code == 404
    assert not SignedIn.objects.filter(user=double).exists()


# --- conflicts of interest are always kept ----------------------------------------------------------------------------


@pytest.mark.parametrize("barred", ["kept", "double"])
def test_a_bar_of_either_record_holds_for_the_one_that_is_kept(world, kept, double, barred):
    folder = world.ours.folder
    user = {"kept": kept, "double": double}[barred]
    other = double if barred == "kept" else kept
    access.grant(folder, other, Role.CASE_OFFICER, by=world.officer, reason="Carries it.")
    access.bar(folder, user, by=world.officer, reason="personal")
    merged(world, kept, double)
    assert not can(fresh(kept), Perm.REVIEW_VIEW, world.ours.review)
    assert Conflict.objects.live().filter(user=kept, folder=folder).exists()
    assert Conflict.objects.live().filter(user=user, folder=folder).exists(), "and stays where it was"


def test_a_bar_on_the_record_that_was_put_away_bars_the_one_that_is_kept(world, kept, double):
    """A page that was open before the two became one still names the double."""
    merged(world, kept, double)
    access.bar(world.ours.folder, double, by=world.officer, reason="personal")
    assert Conflict.objects.live().filter(user=kept, folder=world.ours.folder).exists()


def test_the_end_of_the_carried_bar_is_the_end_of_the_first(world, kept, double):
    ends = timezone.now() + timezone.timedelta(days=3)
    Conflict.objects.create(user=double, folder=world.ours.folder, reason="line", ends=ends)
    merged(world, kept, double)
    assert Conflict.objects.get(user=kept).ends == ends


# --- nobody gets into a case that way ---------------------------------------------------------------------------------


def test_no_step_is_taken_about_ones_own_record(world, kept):
    """The administrator's own record and that of a case officer would be a way into the officer's cases."""
    me, other = world.officer_outside, world.case_officer
    for pair in ((me, other), (other, me)):
        with pytest.raises(PermissionDenied):
            ask_to_merge(*pair, address=KEPT, by=me)
    sent = {"other": other.pk, "kept": "this", "address": KEPT}
    assert browser(me).post(f"{page('person_double', me)}?q={other.name}", sent).status_code == 403
    body = {"other": me.pk, "kept": "other", "address": KEPT}
    answer = browser(me).post(f"{page('person_double', other)}?q={me.name}", body)
    assert answer.status_code in (403, 422) and not requests_of(me).exists() and not requests_of(other).exists()
    asked = ask_to_merge(kept, me, address=KEPT, by=world.officer)
    client = browser(me)
    words = {"version": 1, "how": "seen", "note": "x"}
    assert client.post(page("request_check", asked), words).status_code == 403
    checked(asked, world.manager)
    assert client.post(page("request_approve", asked), {"version": 2}).status_code == 403
    assert fresh(me).closed_at is None


def test_who_asked_and_who_checked_do_not_approve(world, kept, double):
    asked = ask_to_merge(kept, double, address=KEPT, by=world.officer_outside)
    checked(asked, world.officer)
    for user in (world.officer_outside, world.officer):
        with pytest.raises(PermissionDenied):
            approved(asked, user)
    assert fresh(double).is_active


@pytest.mark.parametrize("persona", ["directory_admin", "lead_same", "colleague"])
def test_others_than_the_unit_ask_for_nothing(world, kept, double, persona):
    sent = {"other": double.pk, "kept": "this", "address": KEPT}
    answer = browser(world.people[persona]).post(f"{page('person_double', kept)}?q=ivy", sent)
    assert answer.status_code in (403, 404)
    assert not requests_of(kept).exists()


def test_the_preview_names_no_case_that_its_reader_may_not_see(world, kept, double):
    access.grant(world.ours.folder, double, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
    access.bar(world.theirs.folder, double, by=world.stranger, reason="personal")
    asked = ask_to_merge(kept, double, address=KEPT, by=world.officer_outside)
    word = world.ours.folder.reference
    for user, may in ((world.manager, True), (world.officer_outside, False)):
        body = browser(user).get(page("account_request", asked)).content.decode()
        assert (word in body) is may
        assert world.theirs.folder.reference not in body
        assert "Access to cases that you may not see moves over too" in body
    moved = dict(preview(kept, double, KEPT, user=world.officer_outside).moves)
    access.revoke(FolderGrant.objects.live().get(user=double), by=world.officer)
    assert moved == dict(preview(kept, double, KEPT, user=world.officer_outside).moves), (
        "no count says that there is one"
    )


# --- what cannot be ---------------------------------------------------------------------------------------------------


def test_two_that_cannot_be_put_together_are_refused_in_words(world, kept, double):
    by = world.officer_outside
    known = User.objects.create(name="Ivy", is_active=False)
    for pair, words in (((kept, kept), "same record"), ((known, kept), "has the sign-in")):
        with pytest.raises(ValidationError, match=words):
            ask_to_merge(*pair, address=KEPT, by=by)
    with pytest.raises(ValidationError, match="no email address"):
        ask_to_merge(kept, known, address=DOUBLES, by=by)
    addresses.ask_for_address(double, "new@portal.example", by=double)
    with pytest.raises(ValidationError, match="Decide that one first"):
        ask_to_merge(kept, double, address=KEPT, by=by)


@pytest.mark.parametrize("address", [KEPT, DOUBLES])
def test_the_address_of_an_office_comes_into_no_case_by_putting_records_together(world, kept, double, address):
    office = "the address of an office"
    access.grant(world.ours.folder, double, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
    User.objects.filter(pk=kept.pk).update(shared_address=True)
    with pytest.raises(ValidationError, match=office):
        ask_to_merge(kept, double, address=address, by=world.officer_outside)
    if address == DOUBLES:
        with pytest.raises(ValidationError, match=office):
            ask_to_merge(double, kept, address=DOUBLES, by=world.officer_outside)
    else:
        own = double.email
        merged(world, double, kept)
        assert (fresh(double).email, fresh(double).shared_address) == (own, False)


def test_whether_an_office_may_be_put_to_a_person_tells_of_no_case(world, kept, double):
    User.objects.filter(pk=kept.pk).update(shared_address=True)
    with pytest.raises(ValidationError) as without:
        ask_to_merge(kept, double, address=KEPT, by=world.officer_outside)
    access.grant(world.ours.folder, double, Role.PANEL_MEMBER, by=world.officer, reason="Sits on the panel.")
    with pytest.raises(ValidationError) as granted:
        ask_to_merge(kept, double, address=KEPT, by=world.officer_outside)
    assert without.value.messages == granted.value.messages


def test_what_became_impossible_after_the_check_is_not_carried_out(world, kept, double):
    asked = ask_to_merge(kept, double, address=KEPT, by=world.officer_outside)
    checked(asked, world.officer_outside)
    addresses.ask_for_address(double, "new@portal.example", by=double)
    answer = browser(world.manager).post(page("request_approve", asked), {"version": 2})
    assert answer.status_code == 422
    assert b"Decide that one first" in answer.content
    assert fresh(double).is_active and fresh(asked).status == "checked"


def test_a_person_without_a_sign_in_becomes_part_of_an_account(world, kept):
    known = User.objects.create(name="Ivy", is_active=False)
    duty = NamedDuty.objects.create(agency=world.agencies["icb"], kind="dsl", holder=known)
    merged(world, kept, known)
    assert fresh(duty).holder == kept
    assert fresh(known).closed_at


def test_the_page_finds_the_other_record_and_asks(world, kept, double):
    User.objects.filter(pk=double.pk).update(name="IVY")
    client = browser(world.officer_outside)
    assert client.get(page("person_double", kept)).context["found"] == [double]
    assert client.get(page("person_double", kept), {"q": "ivy_tern"}).context["found"] == [double]
    sent = {"other": double.pk, "kept": "other", "address": KEPT}
    assert client.post(page("person_double", kept), sent).status_code == 302
    asked = requests_of(double).get()
    assert (asked.user, asked.other) == (double, kept)
    forged = sent | {"other": world.case_officer.pk}
    assert client.post(page("person_double", kept), forged).status_code == 422
