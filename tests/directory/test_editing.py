"""Changing the directory: who may, what is refused in which words, and two people at once."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.joining import duties as joining_duties
from partnership.people.models import Agency, Alias, Classification, NamedDuty, Partnership, Site, Succession
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.directory.conftest import page_of
from tests.world import sign_in

EDITS_OF_AGENCY = (
    "agency_edit", "site_add", "duty_add", "succession_add", "classification_add", "alias_add",
)  # fmt: skip


def address(name, row=None):
    return reverse(f"directory:{name}", args=[row.pk] if row else [])


def day(name, value):
    """A day as its three boxes."""
    parts = ("", "", "") if value is None else (value.day, value.month, value.year)
    return {f"{name}_{part}": str(text) for part, text in zip(("day", "month", "year"), parts, strict=True)}


def facts_of(agency, **changed):
    """What the edit form of `agency` would post, with these changed."""
    data = {
        "name": agency.name,
        "kind": agency.kind,
        "partner_seat": agency.partner_seat,
        "areas": [str(area.pk) for area in agency.areas.all()],
        "note": agency.note,
        "source": agency.source,
        "version": str(agency.version),
    }
    last = agency.ends - timedelta(days=1) if agency.ends else None
    return data | day("starts", agency.starts) | day("ends", last) | changed


def said(response):
    return " ".join(response.content.decode().split()).replace("&#x27;", "'")


@pytest.mark.parametrize("role", [Role.AGENCY_STAFF, Role.AGENCY_LEAD, Role.DELEGATED_PARTNER, Role.SCHOOL_LEAD])
@pytest.mark.parametrize("name", EDITS_OF_AGENCY)
def test_people_of_an_agency_cannot_change_even_their_own(client, sign_in, council, role, name):
    user = open_account(email="x@portal.example", name="X Penn", role=role, agency=council)
    url = address(name, council)
    assert sign_in(user).get(url).status_code == 403
    assert client.post(url, {"name": "Ours"}).status_code == 403


@pytest.mark.parametrize("role", [Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT, Role.BOARD_MEMBER])
def test_wide_roles_without_the_power_cannot_change_either(client, sign_in, council, role):
    user = open_account(email="x@portal.example", name="X Penn", role=role)
    assert sign_in(user).get(address("agency_add")).status_code == 403
    alias = council.aliases.first()
    assert client.post(address("alias_remove", alias)).status_code == 403
    assert Alias.objects.filter(pk=alias.pk).exists()


def test_an_organisation_is_added_with_history_and_event(admin_client, administrator):
    data = {"name": "Potteries Youth Trust", "kind": "provider", "partner_seat": "", "note": "", "source": ""}
    response = admin_client.post(address("agency_add"), data)
    agency = Agency.objects.get(name="Potteries Youth Trust")
    assert response["Location"] == page_of(agency)
    assert agency.history.get().history_user == administrator
    assert Event.objects.get(verb="agency_added").object_id == agency.pk


def test_a_school_needs_its_number_and_keeps_it_alone(admin_client):
    data = {"name": "New Primary School", "kind": "school", "local_authority_code": "861", "postcode": "ST6 1AA"}
    assert "six figures" in said(admin_client.post(address("agency_add"), data))
    taken = admin_client.post(address("agency_add"), data | {"urn": "146473"})
    assert taken.status_code == 422
    assert "in the directory already" in said(taken)
    assert admin_client.post(address("agency_add"), data | {"urn": "199999"}).status_code == 302


def test_a_name_of_the_same_time_is_not_given_twice(admin_client):
    data = {"name": "staffordshire POLICE ", "kind": "provider"}
    response = admin_client.post(address("agency_add"), data)
    assert response.status_code == 422
    assert "There is an organisation named staffordshire POLICE already." in said(response)


def test_a_past_organisations_name_is_free_after_its_end(administrator):
    groups = Agency.objects.get(slug="sot-staffs-ccgs")
    new = services.add_agency(by=administrator, name=groups.name, kind="provider", starts=groups.ends)
    assert new.slug != groups.slug


def test_an_end_before_the_start_is_refused_at_its_place(admin_client, council):
    dates = day("starts", date(2020, 5, 2)) | day("ends", date(2020, 5, 1))
    response = admin_client.post(address("agency_edit", council), facts_of(council, **dates))
    assert response.status_code == 422
    assert response.context["form"].errors["ends"] == ["The last day must not be before the first day."]


def test_an_organisation_does_not_end_before_what_hangs_on_it(admin_client, reader, council):
    response = admin_client.post(address("agency_edit", council), facts_of(council, **day("ends", date(2030, 3, 31))))
    assert response.status_code == 422
    words = "3 named duties and 1 person’s role run on after 31 March 2030. End what hangs on it first."
    assert response.context["form"].errors["ends"] == [words]
    council.refresh_from_db()
    assert council.ends is None


def test_a_last_day_is_the_last_day(admin_client):
    army = Agency.objects.get(slug="army")
    admin_client.post(address("agency_edit", army), facts_of(army, **day("ends", date(2020, 5, 1))))
    assert Agency.objects.on(date(2020, 5, 1)).filter(pk=army.pk).exists()
    assert not Agency.objects.on(date(2020, 5, 2)).filter(pk=army.pk).exists()


def test_a_stale_edit_answers_409_and_keeps_both_texts(admin_client, administrator, council):
    mine = facts_of(council, note="What I typed for an hour.")
    facts = {name: getattr(council, name) for name in services.AGENCY_FIELDS} | {"note": "What she saved meanwhile."}
    services.change_agency(council, by=administrator, version=council.version, areas=council.areas.all(), **facts)
    response = admin_client.post(address("agency_edit", council), mine)
    assert response.status_code == 409
    assert response.context["clash"].rows == [("Note", "What I typed for an hour.", "What she saved meanwhile.")]
    assert "You saved a change in another window at" in said(response)
    council.refresh_from_db()
    assert council.note == "What she saved meanwhile."
    again = mine | {"version": str(response.context["form"]["version"].value())}
    assert admin_client.post(address("agency_edit", council), again).status_code == 302
    council.refresh_from_db()
    assert council.note == "What I typed for an hour."


def test_a_stale_edit_of_a_site_says_who_was_quicker_when_and_by_which_last_day(admin_client, council):
    other = open_account(email="other@portal.example", name="Cy Bray", role=Role.DIRECTORY_ADMIN)
    with time_machine.travel(datetime(2024, 3, 1, 14, 3, tzinfo=UTC), tick=False):
        site = services.add_site(council, by=other, name="Civic Centre")
        read = services.version_of(site)
        facts = {"name": "Town Hall", "town": "", "postcode": "", "starts": None, "ends": date(2030, 4, 1)}
        services.change_site(site, by=other, version=read, **facts)
    typed = {"name": "Civic Hall", "version": str(read)} | day("ends", date(2030, 2, 28))
    response = admin_client.post(address("site_edit", site), typed)
    assert response.status_code == 409
    rows = [("Name of the site", "Civic Hall", "Town Hall"), ("Last day", "28 February 2030", "31 March 2030")]
    assert response.context["clash"].rows == rows
    words = said(response)
    assert "Cy Bray saved a change on 1 March 2024 at 2:03pm." in words
    assert all(each in words for row in rows for each in row)
    assert Site.objects.get(pk=site.pk).name == "Town Hall"


def test_a_form_sent_twice_makes_one_record(admin_client, council):
    data = {"name": "Depot", "form_token": "7a0d2b58-52b0-4f9b-8d3e-4f1f0b7b8a11"}
    places = {admin_client.post(address("site_add", council), data)["Location"] for _ in range(2)}
    assert places == {page_of(council)}
    assert council.sites.filter(name="Depot").count() == 1


@pytest.mark.parametrize("name", ["agency_add", "agency_edit", "site_add", "duty_add", "succession_add", "alias_add"])
def test_a_form_that_is_sent_empty_is_told_what_is_missing(admin_client, council, name):
    url = reverse(f"directory:{name}", args=[] if name == "agency_add" else [council.pk])
    answer = admin_client.post(url)
    assert answer.status_code == 422 and answer.context["form"].errors


def test_what_was_typed_for_the_directory_is_there_again_after_signing_in(admin_client, administrator, council):
    url = address("site_add", council)
    token = admin_client.get(url).context["form"]["form_token"].value()
    admin_client.post(reverse("account_logout"))
    back = parse_qs(urlsplit(admin_client.post(url, {"name": "Depot", "form_token": token})["Location"]).query)["next"][
        0
    ]
    page = sign_in(admin_client, administrator).get(back)
    assert page.status_code == 200 and page.context["form"]["name"].value() == "Depot"


def test_a_postcode_is_checked_and_written_in_one_way(admin_client, council):
    assert admin_client.post(address("site_add", council), {"name": "A", "postcode": "ST4"}).status_code == 422
    admin_client.post(address("site_add", council), {"name": "A", "postcode": "st41hh"})
    assert council.sites.get(name="A").postcode == "ST4 1HH"


def duty(council, by, **facts):
    given = {"kind": "dsp", "post": "Director", "holder": None, "starts": None, "ends": None} | facts
    return services.add_duty(council, by=by, **given)


def refused(council, by, **facts):
    with pytest.raises(ValidationError) as error:
        duty(council, by, **facts)
    return error.value.message_dict


def test_one_person_at_a_time_is_the_delegate(council, administrator):
    assert "has this duty in that time" in refused(council, administrator)["kind"][0]
    delegate = NamedDuty.objects.get(agency=council, kind="dsp")
    services.end_duty(delegate, by=administrator, ends=date(2027, 1, 1))
    assert duty(council, administrator, starts=date(2027, 1, 1)).pk


def test_only_a_safeguarding_partner_has_a_delegate(administrator):
    army = Agency.objects.get(slug="army")
    assert "statutory safeguarding partner" in refused(army, administrator)["kind"][0]


def test_a_deputy_acts_between_two_dates_for_the_same_duty(council, administrator, reader):
    delegate = NamedDuty.objects.get(agency=council, kind="dsp")
    assert "two dates" in refused(council, administrator, holder=reader, deputy_for=delegate)["starts"][0]
    dates = {"starts": date(2026, 12, 1), "ends": date(2026, 12, 8)}
    assert "who the deputy is" in refused(council, administrator, deputy_for=delegate, **dates)["holder"][0]
    other = {"kind": "s11", "holder": reader, "deputy_for": delegate}
    assert "same duty" in refused(council, administrator, **other, **dates)["deputy_for"][0]
    assert duty(council, administrator, holder=reader, deputy_for=delegate, **dates).deputy_for == delegate


def test_a_deputy_acts_within_the_days_of_the_duty(council, administrator, reader):
    held = {"kind": "s11", "holder": reader}
    lead = duty(council, administrator, kind="s11", starts=date(2026, 3, 1), ends=date(2026, 9, 1))
    early = {"starts": date(2026, 2, 28), "ends": date(2026, 4, 1)}
    late = {"starts": date(2026, 8, 1), "ends": date(2026, 9, 2)}
    within = {"starts": date(2026, 3, 1), "ends": date(2026, 9, 1)}
    assert "1 March 2026" in refused(council, administrator, deputy_for=lead, **held, **early)["starts"][0]
    assert "31 August 2026" in refused(council, administrator, deputy_for=lead, **held, **late)["ends"][0]
    assert duty(council, administrator, deputy_for=lead, **held, **within).deputy_for == lead
    for name, value in (("starts", date(2026, 3, 2)), ("ends", date(2026, 8, 31))):
        with pytest.raises(ValidationError, match="Change the deputy first"):
            services.change_duty(lead, by=administrator, version=services.version_of(lead), **{name: value})


def test_a_safeguarding_partner_has_a_seat_and_nobody_else(admin_client, council):
    for agency, wrong, words in (
        (council, {"partner_seat": ""}, "Select as what it is"),
        (Agency.objects.get(slug="army"), {"partner_seat": "police"}, "Only a statutory safeguarding partner"),
    ):
        answer = admin_client.post(address("agency_edit", agency), facts_of(agency, **wrong))
        assert answer.status_code == 422 and words in said(answer)


def test_an_open_site_is_entered_once(council, administrator):
    facts = {"name": "Civic Centre Annexe", "postcode": "ST4 1HH"}
    first = services.add_site(council, by=administrator, **facts)
    with pytest.raises(ValidationError, match="in the directory already"):
        services.add_site(council, by=administrator, **facts | {"name": "civic centre annexe"})
    ended = {"ends": timezone.localdate() - timedelta(days=1)}
    services.change_site(first, by=administrator, version=services.version_of(first), **ended)
    assert services.add_site(council, by=administrator, **facts).pk


def test_a_duty_lies_inside_its_organisations_life(administrator):
    groups = Agency.objects.get(slug="sot-staffs-ccgs")
    assert "ended on 30 June 2022" in refused(groups, administrator, kind="s11")["ends"][0]
    icb = Agency.objects.get(slug="sot-staffs-icb")
    early = refused(icb, administrator, kind="s11", starts=date(2022, 6, 30))
    assert "began on 1 July 2022" in early["starts"][0]


def test_ending_a_duty_ends_its_deputies(council, administrator, reader):
    delegate = NamedDuty.objects.get(agency=council, kind="dsp")
    dates = {"starts": date(2026, 1, 1), "ends": date(2028, 1, 1)}
    deputy = duty(council, administrator, holder=reader, deputy_for=delegate, **dates)
    services.end_duty(delegate, by=administrator, ends=date(2027, 1, 1))
    deputy.refresh_from_db()
    assert deputy.ends == date(2027, 1, 1)


def test_the_holder_of_a_duty_is_chosen_from_its_own_people(admin_client, reader, council):
    other = open_account(
        email="far@portal.example", name="Far Off", role=Role.AGENCY_LEAD, agency=Agency.objects.get(slug="army")
    )
    data = {"kind": "s11", "post": "Lead", "holder": str(other.pk)}
    response = admin_client.post(address("duty_add", council), data)
    assert response.status_code == 422
    assert "holder" in response.context["form"].errors
    assert admin_client.post(address("duty_add", council), data | {"holder": str(reader.pk)}).status_code == 302


def test_a_succession_is_recorded_once_and_one_way(admin_client, administrator):
    old, new = Agency.objects.get(slug="sssft"), Agency.objects.get(slug="mpft")
    data = {"direction": "to", "other": new.name, "kind": "merged"} | day("on", date(2018, 6, 1))
    assert admin_client.post(address("succession_add", old), data).status_code == 302
    assert old.successions.get().successor == new
    assert "recorded already" in said(admin_client.post(address("succession_add", old), data))
    back = admin_client.post(address("succession_add", old), data | {"direction": "from"})
    assert "the other way round" in said(back)


def test_a_succession_recorded_by_mistake_is_asked_about_and_removed(admin_client, administrator):
    old, new = Agency.objects.get(slug="sssft"), Agency.objects.get(slug="mpft")
    row = services.add_succession(by=administrator, predecessor=old, successor=new, on=date(2018, 6, 1), kind="merged")
    remove = address("succession_remove", row)
    assert remove in admin_client.get(page_of(old)).content.decode()
    asked = said(admin_client.get(remove, {"from": str(new.pk)}))
    assert old.name in asked and new.name in asked and "1 June 2018" in asked
    assert Succession.objects.filter(pk=row.pk).exists()
    answer = admin_client.post(remove, {"from": str(new.pk)})
    assert answer["Location"] == page_of(new)
    assert not Succession.objects.filter(pk=row.pk).exists()
    told = reverse("directory:agency_history", args=[old.pk])
    history = said(admin_client.get(told))
    assert f"Recorded a succession: {new.name}" in history and f"Removed a succession: {new.name}" in history
    assert admin_client.post(remove).status_code == 404  # the second tab


def test_a_succession_is_removed_by_the_administrators_alone_and_leads_to_one_of_its_two(
    admin_client, administrator, reader
):
    old, new = Agency.objects.get(slug="sssft"), Agency.objects.get(slug="mpft")
    row = services.add_succession(by=administrator, predecessor=old, successor=new, on=date(2018, 6, 1), kind="merged")
    remove = address("succession_remove", row)
    client = sign_in(Client(), reader)
    assert remove not in client.get(page_of(old)).content.decode()
    assert client.post(remove).status_code == 403
    assert Succession.objects.filter(pk=row.pk).exists()
    assert admin_client.post(remove, {"from": "//evil"})["Location"] == page_of(old)


def test_a_successor_does_not_follow_before_its_predecessor_began(administrator):
    icb, army = Agency.objects.get(slug="sot-staffs-icb"), Agency.objects.get(slug="army")
    with pytest.raises(ValidationError) as error:
        services.add_succession(by=administrator, predecessor=icb, successor=army, on=date(2022, 7, 1), kind="replaced")
    assert "began on 1 July 2022" in error.value.message_dict["on"][0]


def test_a_schedule_item_is_added_ended_and_stays_in_the_past(admin_client, council):
    army = Agency.objects.get(slug="army")
    data = {"item": "36", "basis": "inferred"} | day("starts", date(2020, 1, 1))
    assert admin_client.post(address("classification_add", army), data).status_code == 302
    assert "under this item already" in said(admin_client.post(address("classification_add", army), data))
    row = Classification.objects.get(agency=army)
    early = admin_client.post(address("classification_end", row), day("ends", date(2019, 1, 1)))
    assert early.status_code == 422
    assert admin_client.post(address("classification_end", row), day("ends", date(2021, 6, 30))).status_code == 302
    facts = admin_client.get(page_of(army), {"as_on": "2021-06-30"}).context["facts"]
    assert [each["number"] for each in facts.classifications] == [36]
    assert admin_client.get(page_of(army)).context["facts"].classifications == []


def test_an_alias_is_added_found_and_taken_off(admin_client, council):
    admin_client.post(address("alias_add", council), {"name": "SOTCC"})
    assert "has this name already" in said(admin_client.post(address("alias_add", council), {"name": "sotcc"}))
    alias = Alias.objects.get(name="SOTCC")
    assert admin_client.get(address("alias_remove", alias)).status_code == 405
    admin_client.post(address("alias_remove", alias))
    assert not Alias.objects.filter(name="SOTCC").exists()
    assert Event.objects.filter(verb="alias_removed", object_id=council.pk).exists()


def test_fields_that_the_form_does_not_offer_are_not_taken(admin_client, council):
    admin_client.post(address("agency_edit", council), facts_of(council, slug="mine", id="x", history_user="x"))
    council.refresh_from_db()
    assert council.slug == "sotcc"


def test_what_does_not_exist_is_404(admin_client, council):
    assert admin_client.get(reverse("directory:agency", args=[Partnership.objects.get().pk])).status_code == 404


def test_a_change_of_nothing_leaves_no_trace(administrator, council):
    facts = {name: getattr(council, name) for name in services.AGENCY_FIELDS}
    services.change_agency(council, by=administrator, version=1, areas=list(council.areas.all()), **facts)
    council.refresh_from_db()
    assert (council.version, council.history.count()) == (1, 1)


def test_today_is_a_day_like_any_other_for_a_last_day(administrator, reader, council):
    lead = duty(council, administrator, kind="s11", post="Lead", holder=reader)
    services.end_duty(lead, by=administrator, ends=timezone.localdate() + timedelta(days=1))
    assert NamedDuty.objects.live().filter(pk=lead.pk).exists()


@pytest.mark.parametrize("kind, refused", [("dsl", True), ("case", True), ("cover", True), ("lay", False)])
def test_nobody_names_themselves_for_a_duty_that_requests_about_cases_go_to(administrator, council, kind, refused):
    facts = {"kind": kind, "post": "A post", "holder": administrator}
    if not refused:
        assert services.add_duty(council, by=administrator, **facts).holder == administrator
        return
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        services.add_duty(council, by=administrator, **facts)
    vacant = services.add_duty(council, by=administrator, **facts | {"holder": None})
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        services.change_duty(vacant, by=administrator, version=services.version_of(vacant), holder=administrator)
    mine = services.add_duty(council, by=administrator, kind="s11", post="A post", holder=administrator)
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        services.change_duty(mine, by=administrator, version=services.version_of(mine), kind=kind)
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        joining_duties.hand_over(
            vacant, by=administrator, name=administrator.name, email=administrator.email, post="A post"
        )
    vacant.delete()
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        joining_duties.name_duty(
            council, by=administrator, kind=kind, name=administrator.name, email=administrator.email, post="A post"
        )


def test_a_typed_name_is_never_replaced_by_whoever_has_the_address(administrator, council):
    school = Agency.objects.get(slug="urn-124030")
    open_account(email="maya@portal.example", name="Maya Quill", role=Role.SCHOOL_LEAD, agency=school)
    typed = {"name": "Zoe Lamb", "email": "MAYA@portal.example", "telephone": ""}
    with pytest.raises(ValidationError, match="Somebody of another name has this address") as error:
        services.add_duty(council, by=administrator, kind="s11", post="Lead", holder=None, new_holder=typed)
    assert "new_email" in error.value.message_dict
    with pytest.raises(ValidationError, match="Somebody of another name"):
        joining_duties.name_duty(council, by=administrator, kind="s11", post="Lead", **typed)
    assert not NamedDuty.objects.filter(holder__email="maya@portal.example").exists()
    same = typed | {"name": "maya quill"}
    row = services.add_duty(council, by=administrator, kind="s11", post="Lead", new_holder=same)
    assert row.holder.name == "Maya Quill"
    with pytest.raises(ValidationError, match="has this duty in that time already"):
        services.add_duty(council, by=administrator, kind="s11", post="Lead", new_holder=same)


def test_the_one_person_of_a_school_says_that_she_is_its_safeguarding_lead(db):
    school = Agency.objects.get(slug="urn-124030")
    head = open_account(email="head@portal.example", name="Hetty Moor", role=Role.SCHOOL_LEAD, agency=school)
    mine = joining_duties.name_duty(school, by=head, kind="dsl", name="Hetty Moor", post="Headteacher")
    assert mine.holder == head
    with pytest.raises(ValidationError, match="You cannot name yourself"):
        joining_duties.name_duty(school, by=head, kind="case", name="Hetty Moor", post="Headteacher")


def test_an_end_is_not_put_off_by_recording_it_again(administrator, council):
    """It would let two headteachers run beside each other, or a duty outlive its organisation."""
    today = timezone.localdate()
    gone = services.add_duty(council, by=administrator, kind="s11", post="Lead", ends=today - timedelta(days=9))
    with pytest.raises(ValidationError, match="To let it go on, change it"):
        services.end_duty(gone, by=administrator, ends=today)
    services.end_duty(gone, by=administrator, ends=today - timedelta(days=20))


def test_a_duty_that_somebody_deputises_for_becomes_no_other_duty(administrator, reader, council):
    lead = services.add_duty(council, by=administrator, kind="s11", post="Director")
    today = timezone.localdate()
    facts = {"starts": today, "ends": today + timedelta(days=9), "holder": reader, "deputy_for": lead}
    services.add_duty(council, by=administrator, kind="s11", post="Deputy", **facts)
    with pytest.raises(ValidationError, match="deputises"):
        services.change_duty(lead, by=administrator, version=services.version_of(lead), kind="lay")
