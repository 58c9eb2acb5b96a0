"""Duties held by people without a sign-in; one click to ask; strangers, and schools that claim themselves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.directory.joining import asking, duties, services, strangers
from partnership.directory.joining.reads import to_name
from partnership.directory.models import AccessRequest, DutyAsk, Invitation
from partnership.directory.services import add_duty, version_of
from partnership.notify.models import Notice, Outgoing
from partnership.people.models import Agency, Membership, NamedDuty, Site, User
from partnership.people.roles import Role
from partnership.people.services import know_person
from partnership.ui.dates import plain
from tests.directory.joining import BOTH, PASSWORD, WHY, a_school, account, fresh, invite, office_of, path_in, sent
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return Agency.objects.get(slug="uhnm")


@pytest.fixture
def manager():
    return account("manager", Role.BUSINESS_MANAGER)


def duty_of(agency, kind="s11", **more):
    return NamedDuty.objects.create(agency=agency, kind=kind, **{"post": "A post"} | more)


# --- duties -----------------------------------------------------------------------------------------------------------
def test_a_duty_is_held_by_somebody_who_has_no_sign_in(admin_client, trust):
    add = reverse("directory:duty_add", args=[trust.pk])
    data = {"kind": "s11", "post": "Head of safeguarding", "new_name": "Ivy Tern", "new_telephone": "01782 000000"}
    assert admin_client.post(add, data).status_code == 302
    duty = NamedDuty.objects.get(agency=trust, kind="s11", holder__name="Ivy Tern")
    assert duty.holder.known_only and duty.holder.email is None and duty.holder.job_title == "Head of safeguarding"
    page = admin_client.get(reverse("directory:duty_edit", args=[duty.pk])).content.decode()
    assert "Ivy Tern, Head of safeguarding (no sign-in)" in page


def test_the_address_of_somebody_known_is_that_person_and_no_second_row(administrator, trust, council):
    known = know_person(name="Ivy Tern", email="ivy@portal.example")
    new = {"name": "ivy  TERN", "email": "IVY@portal.example", "telephone": ""}
    duty = add_duty(trust, by=administrator, kind="s11", post="Head", new_holder=new)
    assert duty.holder == known and User.objects.filter(email__iexact="ivy@portal.example").count() == 1


@pytest.mark.parametrize(
    "data, field",
    [
        ({"new_email": "ivy@portal.example"}, "new_name"),
        ({"new_name": "Ivy", "new_email": "nonsense"}, "new_email"),
        ({"new_name": "Ivy", "new_email": "gone@portal.example"}, "new_email"),
    ],
)
def test_what_is_wrong_with_a_new_holder_is_said_at_its_field(admin_client, trust, data, field):
    User.objects.create(email="gone@portal.example", name="Gone", is_active=False, closed_at=timezone.now())
    add = reverse("directory:duty_add", args=[trust.pk])
    page = admin_client.post(add, {"kind": "s11", "post": "Head"} | data)
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]
    assert not NamedDuty.objects.filter(agency=trust, kind="s11", post="Head").exists()


def test_a_list_and_a_new_name_together_are_refused_and_nothing_is_typed_twice(admin_client, administrator, trust):
    duty = duty_of(trust, holder=account("held", Role.AGENCY_STAFF, trust))
    data = {"kind": "s11", "post": "P", "holder": duty.holder_id, "new_name": "Ivy", "version": version_of(duty)}
    page = admin_client.post(reverse("directory:duty_edit", args=[duty.pk]), data)
    assert page.status_code == 422 and 'value="Ivy"' in page.content.decode()


def test_a_lead_keeps_the_duties_of_her_own_organisation_and_not_the_partnerships(client, trust, council):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    mine, theirs = duty_of(trust), duty_of(council)
    scrutineer = duty_of(trust, kind="lay")
    sign_in(client, lead)
    page = client.get(reverse("directory:agency_duties", args=[trust.pk])).content.decode()
    assert reverse("directory:duty_holder", args=[mine.pk]) in page
    assert reverse("directory:duty_holder", args=[scrutineer.pk]) not in page
    data = {"name": "Ivy Tern", "post": "Head"}
    assert client.post(reverse("directory:duty_holder", args=[mine.pk]), data).status_code == 302
    assert client.post(reverse("directory:duty_holder", args=[theirs.pk]), data).status_code == 403
    assert client.post(reverse("directory:duty_holder", args=[scrutineer.pk]), data).status_code == 404
    add = reverse("directory:duty_of_ours", args=[trust.pk])
    assert client.post(add, data | {"kind": "dsp"}).status_code == 422
    assert client.post(add, data | {"kind": "spoc"}).status_code == 302
    mine.refresh_from_db()
    assert mine.holder.name == "Ivy Tern"


def test_handing_over_keeps_who_held_it_until_today(trust):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    duty = duty_of(trust, holder=lead, starts=timezone.localdate() - timedelta(days=30))
    following = duties.hand_over(duty, by=lead, name="Ivy Tern", post="Head")
    duty.refresh_from_db()
    assert (duty.holder, duty.ends) == (lead, timezone.localdate())
    assert (following.holder.name, following.starts, following.kind) == ("Ivy Tern", timezone.localdate(), "s11")
    assert [each.pk for each in NamedDuty.objects.live().filter(agency=trust, kind="s11")] == [following.pk]


def test_a_duty_whose_deputy_is_still_to_come_is_not_handed_over(trust):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    today = timezone.localdate()
    duty = duty_of(trust, holder=lead, starts=today - timedelta(days=30))
    deputy = duty_of(trust, holder=account("deputy", Role.AGENCY_STAFF, trust), deputy_for=duty,
                     starts=today + timedelta(days=7), ends=today + timedelta(days=14))  # fmt: skip
    with pytest.raises(ValidationError, match="Somebody deputises"):
        duties.hand_over(duty, by=lead, name="Ivy Tern", post="Head")
    duty.refresh_from_db()
    assert duty.ends is None and deputy.deputy_for == duty


# --- asking -----------------------------------------------------------------------------------------------------------
def test_the_leads_of_an_organisation_are_told_once_a_week(client, trust, manager):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    account("staff", Role.AGENCY_STAFF, trust)
    sign_in(client, manager)
    ask = reverse("directory:duty_ask", args=[trust.pk])
    assert "1 lead of" in client.post(ask, {"kind": "s11"}, follow=True).content.decode()
    notice = Notice.objects.get()
    assert notice.recipient == lead and notice.data == {"duty": "s11"}
    again = client.post(ask, {"kind": "s11"}, follow=True).content.decode()
    assert "They were asked on" in again and DutyAsk.objects.count() == 1
    assert asking.asked_since_a_week([trust.pk]).keys() == {(trust.pk, "s11")}
    DutyAsk.objects.update(asked_at=timezone.now() - timedelta(days=8))
    client.post(ask, {"kind": "s11"})
    assert Notice.objects.count() == 2


def test_what_was_asked_leads_to_the_page_where_it_is_answered(client, trust, manager):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    asking.ask_for_holder(trust, by=manager, kind="s11")
    sign_in(client, lead)
    page = client.get(reverse("notify:notices")).content.decode()
    assert "section 11 lead" in page and reverse("directory:agency_duties", args=[trust.pk]) in page
    assert asking.still_vacant(list(Notice.objects.all())) == {Notice.objects.get().pk}
    duties.name_duty(trust, by=lead, kind="s11", name="Ivy Tern", post="Head")
    assert asking.still_vacant(list(Notice.objects.all())) == set()


def test_a_duty_that_was_asked_for_stands_on_home_of_the_lead_until_it_is_held(client, trust, council, manager):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    other = account("other", Role.AGENCY_LEAD, council)
    practitioner = account("staff", Role.AGENCY_STAFF, trust)
    asking.ask_for_holder(trust, by=manager, kind="s11")
    asked = f"Name the section 11 lead of {trust.name}"
    assert [work.what for work in to_name(lead)] == [asked]
    assert not any(to_name(each) for each in (other, practitioner, manager))
    sign_in(client, lead)
    page = client.get(reverse("reporting:home")).content.decode()
    assert asked in page and reverse("directory:agency_duties", args=[trust.pk]) in page
    DutyAsk.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert to_name(lead) == []
    DutyAsk.objects.update(asked_at=timezone.now())
    duties.name_duty(trust, by=lead, kind="s11", name="Ivy Tern", post="Head")
    assert to_name(lead) == []


def test_only_a_schools_lead_names_a_headteacher(client, trust):
    school = a_school()
    offered = {}
    for name, role, agency in (("lead", Role.AGENCY_LEAD, trust), ("dsl", Role.SCHOOL_LEAD, school)):
        sign_in(client, account(name, role, agency))
        page = client.get(reverse("directory:duty_of_ours", args=[agency.pk]))
        offered[agency] = {code for code, _ in page.context["form"].fields["kind"].choices}
    assert offered[school] - offered[trust] == {"head", "chair"} and "lsp" not in offered[school]


def test_a_school_where_nobody_can_sign_in_is_invited_by_its_office(client, manager):
    school = a_school()
    with pytest.raises(ValidationError, match="no office address"):
        asking.ask_for_holder(school, by=manager, kind="dsl")
    office_of(school)
    found = asking.ask_for_holder(school, by=manager, kind="dsl").invited
    assert found.shared and found.role == "sl" and found.why_approval == "first" and found.name == ""
    (letter,) = sent()
    assert letter.to == ["office@school.example"]
    client.post(path_in(letter), BOTH | {"name": "Ivy Tern", "post": "Designated safeguarding lead"})
    assert fresh(found).user.name == "Ivy Tern" and fresh(found).waits_for_approval


def test_before_the_office_is_asked_the_page_says_which_address_gets_which_duty(client, manager):
    """Nobody's mailbox becomes the designated safeguarding lead because a deputy is sought."""
    school = a_school()
    office_of(school)
    sign_in(client, manager)
    ask = reverse("directory:duty_ask", args=[school.pk])
    page = client.get(ask, {"kind": "ddsl"}).content.decode()
    assert not Invitation.objects.unscoped(WHY).exists() and not NamedDuty.objects.filter(agency=school).exists()
    assert "office@school.example" in page and "Invite the office" in page
    assert "duty ‘Deputy designated safeguarding lead’" in page and "role ‘Agency practitioner’" in page
    client.post(ask, {"kind": "ddsl"})
    row = Invitation.objects.unscoped(WHY).get()
    assert (row.email, row.role, row.duty.kind, row.duty.holder) == ("office@school.example", "as", "ddsl", None)
    (letter,) = sent()
    assert "(Deputy designated safeguarding lead)" in letter.body
    assert "They were asked on" in client.get(ask, {"kind": "ddsl"}).content.decode()


def test_somebody_who_is_named_there_is_offered_before_the_office(client, manager):
    school = a_school()
    office_of(school)
    duty = duty_of(school, kind="dsl", holder=know_person(name="Bo Sallow", email="bo@school.example"))
    sign_in(client, manager)
    page = client.get(reverse("directory:duty_ask", args=[school.pk]), {"kind": "ddsl"}).content.decode()
    assert reverse("directory:holder_invite", args=[duty.pk]) in page and "bo@school.example" in page
    assert page.index("Invite Bo Sallow") < page.index("Invite the office")


def test_an_office_that_signs_in_already_is_not_invited_to_another_duty(client, manager):
    school = a_school()
    office_of(school)
    know_person(name="The office", email="office@school.example", shared_address=True)
    User.objects.filter(email="office@school.example").update(is_active=True)
    sign_in(client, manager)
    page = client.get(reverse("directory:duty_ask", args=[school.pk]), {"kind": "head"}).content.decode()
    assert "signs in already" in page and "Invite the office" not in page
    assert reverse("directory:invite", args=[school.pk]) in page


def test_the_partnerships_own_duties_are_not_asked_of_a_lead_and_only_the_unit_asks(client, council, manager):
    lead = account("lead", Role.AGENCY_LEAD, council)
    with pytest.raises(ValidationError, match="for the partnership to say"):
        asking.ask_for_holder(council, by=manager, kind="dsp")
    sign_in(client, lead)
    assert client.post(reverse("directory:duty_ask", args=[council.pk]), {"kind": "s11"}).status_code == 403
    sign_in(client, manager)
    assert client.post(reverse("directory:duty_ask", args=[council.pk]), {"kind": "forged"}).status_code == 404
    evil = client.post(reverse("directory:duty_ask", args=[council.pk]), {"kind": "s11", "next": "//evil.example"})
    assert evil["Location"] == reverse("directory:agency", args=[council.pk])


def test_a_holder_without_a_sign_in_is_invited_with_one_click_and_not_twice_within_a_week(client, trust):
    lead = account("lead", Role.AGENCY_LEAD, trust)
    duty = duty_of(trust, holder=know_person(name="Ivy Tern"))
    sign_in(client, lead)
    path = reverse("directory:holder_invite", args=[duty.pk])
    assert client.post(path, {"role": "as"}).status_code == 422
    assert client.post(path, {"role": "as", "email": lead.email}).status_code == 422
    assert client.post(path, {"role": "as", "email": "ivy@portal.example"}).status_code == 302
    assert "was invited on" in client.post(path, {"role": "as"}).content.decode()
    client.logout()
    client.post(path_in(sent()[0]), BOTH)
    assert User.objects.get(email="ivy@portal.example").is_active
    assert Membership.objects.get(user__email="ivy@portal.example").agency == trust


def test_a_lead_gives_no_address_to_a_person_whom_another_organisation_knows_too(trust, council):
    """Else she could come in as that person, with an address of her own."""
    lead = account("lead", Role.AGENCY_LEAD, trust)
    holder = know_person(name="Ivy Tern")
    duty = duty_of(trust, holder=holder)
    duty_of(council, holder=holder)
    with pytest.raises(ValidationError, match="another organisation"):
        asking.invite_holder(duty, by=lead, email="mine@portal.example", role=Role.AGENCY_STAFF)
    holder.refresh_from_db()
    assert holder.email is None
    shared = know_person(name="Bo Sallow", email="bo@portal.example")
    row = invite(lead, trust, email="bo@portal.example")
    duty_of(council, holder=shared)
    Invitation.objects.unscoped(WHY).update(sent_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(ValidationError, match="another organisation"):
        services.send_again(row, by=lead, email="mine@portal.example")


# --- strangers --------------------------------------------------------------------------------------------------------
ASK = {
    "name": "Ivy Tern", "post": "Manager", "organisation": "Tern House", "email": "ivy@tern.example",
    "telephone": "01782 000000", "why": "We look after children.",
}  # fmt: skip


def test_a_stranger_gets_one_answer_whoever_exists(client, manager):
    addresses = (manager.email, "new@tern.example", "new@tern.example")
    answers = [client.post(reverse("directory:ask_access"), ASK | {"email": each}) for each in addresses]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, reverse("directory:access_asked"))}
    assert AccessRequest.objects.count() == 2
    assert Outgoing.objects.count() == 0


def test_a_stranger_who_asks_again_and_again_is_slowed(client):
    seen = [client.post(reverse("directory:ask_access"), ASK | {"email": f"a{n}@tern.example"}) for n in range(8)]
    assert [each.status_code for each in seen] == [302] * 6 + [429] * 2
    assert AccessRequest.objects.count() == 6


def test_the_unit_answers_a_request_with_an_invitation_or_refuses_it_once(client, manager, trust):
    row = strangers.ask_access(**ASK | {"organisation": trust.name})
    sign_in(client, manager)
    page = client.get(reverse("directory:access_request", args=[row.pk])).content.decode()
    onward = f"{reverse('directory:invite', args=[trust.pk])}?request={row.pk}"
    assert onward.replace("&", "&amp;") in page
    filled = client.get(onward)
    assert filled.context["form"]["email"].value() == "ivy@tern.example"
    data = {"name": "Ivy Tern", "email": "ivy@tern.example", "post": "Manager", "role": "as", "request": row.pk}
    client.post(reverse("directory:invite", args=[trust.pk]), data)
    row.refresh_from_db()
    assert row.decided_by == manager and row.invitation.email == "ivy@tern.example"
    with pytest.raises(Stale):
        strangers.refuse(row, by=manager, reason="x")


def test_the_unit_reads_at_the_top_whom_a_strangers_address_belongs_to(client, manager, trust):
    row = strangers.ask_access(**ASK)
    known = account("una", Role.AGENCY_STAFF, trust)
    User.objects.filter(pk=known.pk).update(email=ASK["email"].upper())
    sign_in(client, manager)
    shown = client.get(reverse("directory:access_request", args=[row.pk])).content.decode()
    assert "has an account with this email address already" in shown
    assert reverse("directory:person", args=[known.pk]) in shown


def test_requests_are_the_units_alone(client, trust, administrator):
    row = strangers.ask_access(**ASK)
    for user in (account("lead", Role.AGENCY_LEAD, trust), administrator):
        sign_in(client, user)
        assert client.get(reverse("directory:access_requests")).status_code == 403
        assert client.get(reverse("directory:access_request", args=[row.pk])).status_code == 404
        page = client.get(f"{reverse('directory:invite', args=[trust.pk])}?request={row.pk}")
        assert "ivy@tern.example" not in page.content.decode()


# --- a school claims itself -------------------------------------------------------------------------------------------
def claim(client, **data):
    answer = client.post(reverse("directory:claim_school"), data)
    return answer.status_code, answer["Location"]


def test_a_school_with_and_without_a_known_address_and_no_school_get_the_same_answer(client):
    with_one, without = a_school(), a_school(1)
    office_of(with_one)
    asked = reverse("directory:claim_asked")
    assert claim(client, urn=with_one.school.urn) == claim(client, urn=without.school.urn) == (302, asked)
    assert claim(client, urn=999999) == (302, asked)
    assert [letter.to for letter in sent()] == [["office@school.example"]]


def test_a_school_is_found_by_name_and_postcode_and_asked_once_a_day(client):
    school = a_school()
    office_of(school)
    site = Site.objects.filter(agency=school).first()
    site.postcode = "ST4 9ZZ"
    site.save()
    claim(client, name="Another name", postcode="ST4 9ZZ")
    assert not Link.objects.exists()
    claim(client, name=school.name.upper().replace("'", "’"), postcode="st49zz")
    claim(client, urn=school.school.urn)
    assert Link.objects.count() == 1
    assert client.post(reverse("directory:claim_school"), {}).status_code == 422
    assert client.post(reverse("directory:claim_school"), {"name": "X", "postcode": "Y"}).status_code == 422


@pytest.fixture
def claimed(client):
    school = a_school()
    office_of(school)
    strangers.claim_school(urn=school.school.urn)
    return school, path_in(sent()[0])


WHO = {"name": "Ivy Tern", "post": "Designated safeguarding lead"}


def test_the_offices_letter_makes_a_shared_account_that_waits_for_the_unit(client, claimed, manager):
    school, path = claimed
    for _ in range(3):
        assert client.get(path).status_code == 200
    onward = client.post(path, WHO | {"address": "office"})["Location"]
    assert client.get(path).status_code == 404
    assert client.post(onward, BOTH)["Location"] == reverse("directory:joined")
    row = Invitation.objects.unscoped(WHY).get()
    assert row.shared and row.why_approval == "claim" and not row.user.is_active
    services.approve(row, by=manager)
    user = fresh(row).user
    assert (user.name, user.shared_address, user.is_active, user.email) == (
        "Ivy Tern", True, True, "office@school.example",
    )  # fmt: skip
    assert NamedDuty.objects.live().get(agency=school, kind="dsl").holder == user


def test_a_claim_takes_the_duty_of_the_lead_from_nobody(client, claimed):
    school, path = claimed
    holder = know_person(name="Bo Sallow")
    duty_of(school, kind="dsl", holder=holder)
    client.post(path, WHO | {"address": "office"})
    assert Invitation.objects.unscoped(WHY).get().duty is None
    assert NamedDuty.objects.get(agency=school, kind="dsl").holder == holder


def test_a_vacant_duty_of_the_lead_goes_with_the_claim(client, claimed):
    school, path = claimed
    vacant = duty_of(school, kind="dsl")
    client.post(path, WHO | {"address": "office"})
    assert Invitation.objects.unscoped(WHY).get().duty == vacant


def test_the_offices_letter_with_an_address_of_ones_own_proves_that_address_too(client, claimed):
    _, path = claimed
    assert client.post(path, WHO | {"address": "own"}).status_code == 422
    answer = client.post(path, WHO | {"address": "own", "email": "ivy@school.example"})
    assert answer["Location"] == reverse("directory:claim_mailed")
    (letter,) = sent()
    assert letter.to == ["ivy@school.example"]
    client.post(path_in(letter), BOTH)
    row = Invitation.objects.unscoped(WHY).get()
    assert row.waits_for_approval and not row.user.shared_address and row.user.check_password(PASSWORD)


def test_a_claim_ends_after_a_week_and_a_newer_one_ends_the_older(client, claimed):
    school, path = claimed
    Link.objects.update(created_at=timezone.now() - timedelta(days=2))
    strangers.claim_school(urn=school.school.urn)
    newer = path_in(sent()[0])
    assert (client.get(path).status_code, client.get(newer).status_code) == (404, 200)
    Link.objects.update(expires_at=timezone.now())
    assert client.get(newer).status_code == 404


def test_a_claim_renames_nobody_whom_the_directory_knows(client):
    """Whoever reads a mailbox is not yet the person whose address it is."""
    school = a_school()
    known = know_person(name="Bo Sallow", email="office@school.example")
    office_of(school)
    strangers.claim_school(urn=school.school.urn)
    client.post(path_in(sent()[0]), WHO | {"address": "mine"})
    known.refresh_from_db()
    assert known.name == "Bo Sallow" and not known.is_active


def test_somebody_without_a_sign_in_has_a_page_that_those_reach_who_look_after_them(client, trust, council, manager):
    lead, other = account("lead", Role.AGENCY_LEAD, trust), account("other", Role.AGENCY_LEAD, council)
    held = know_person(name="Ivy Tern", job_title="Named nurse")
    today = timezone.localdate()
    duty = duty_of(trust, holder=held, starts=today - timedelta(days=9), ends=today + timedelta(days=9))
    page = reverse("directory:person", args=[held.pk])
    sign_in(client, lead)
    for name in ("agency", "agency_duties"):
        assert page in client.get(reverse(f"directory:{name}", args=[trust.pk])).content.decode(), name
    shown = client.get(page).content.decode()
    assert "Named nurse" in shown and "No sign-in" in shown and "Section 11 lead" in shown
    assert plain(today - timedelta(days=9)) in shown and plain(today + timedelta(days=8)) in shown
    assert reverse("directory:holder_invite", args=[duty.pk]) in shown
    sign_in(client, other)
    assert page not in client.get(reverse("directory:agency", args=[trust.pk])).content.decode()
    assert client.get(page).status_code == 404
