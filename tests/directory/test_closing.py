"""An organisation closes: by its page, an edit of its days or a register, with the same that follows, and back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnership.deadlines.office import keep_offices, office_of
from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.closing import services as closing
from partnership.directory.history import history_of
from partnership.directory.models import AgencyClosing
from partnership.directory.particulars import services as particulars
from partnership.directory.tasks import sweep_people
from partnership.notify.models import Notice
from partnership.people.models import (
    Agency,
    NamedDuty,
    Ownership,
    Partnership,
    Registration,
    School,
    Succession,
    User,
)
from partnership.people.roles import Role
from tests.directory import test_other_registers as other_registers
from tests.directory.conftest import names, page_of
from tests.directory.registers import preview, school, table, take
from tests.directory.test_editing import address, day, facts_of, said

LAST = date(2027, 8, 31)
ENDS = date(2027, 9, 1)


@pytest.fixture
def place(administrator):
    """A school with a duty, somebody who runs it, and the academy that will carry it on."""
    facts = {"local_authority_code": "861", "register_status": "Open"}
    old = services.add_agency(
        by=administrator, name="Marl Bank Primary School", kind="school", starts=date(1990, 9, 1),
        school=facts | {"urn": 199998, "establishment_type": "Community school"},
    )  # fmt: skip
    new = services.add_agency(
        by=administrator, name="Marl Bank Academy", kind="school",
        school=facts | {"urn": 199999, "establishment_type": "Academy converter"},
    )  # fmt: skip
    owner = services.add_agency(by=administrator, name="Marl Federation", kind="group")
    particulars.add_ownership(by=administrator, owner=owner, agency=old, kind="federation")
    holder = open_account(email="head@portal.example", name="Ida Farrow", role=Role.AGENCY_STAFF, agency=new)
    services.add_duty(old, by=administrator, kind="head", post="Headteacher", holder=holder)
    old.refresh_from_db()
    return old, new


def closed_now(old, **changed):
    return {"version": str(old.version)} | day("ends", LAST) | changed


def state(agency):
    """Its last day, its school's status, and how its duty and its owner stand."""
    agency = Agency.objects.get(pk=agency.pk)
    duty, owner = NamedDuty.objects.filter(agency=agency).first(), Ownership.objects.filter(agency=agency).first()
    return agency.ends, agency.school.register_status, duty.ends, owner.ends


def test_closing_ends_what_hangs_on_it_names_the_successor_and_tells_people(admin_client, place):
    old, new = place
    page = said(admin_client.get(address("agency_close", old)))
    assert "Headteacher: Ida Farrow" in page and "Marl Federation runs it" in page
    answer = admin_client.post(
        address("agency_close", old), closed_now(old, end_duties="on", successor="199999", kind="replaced")
    )
    assert answer.status_code == 302, said(answer)
    assert state(old) == (ENDS, "Closed", ENDS, ENDS)
    assert Succession.objects.get(predecessor=old).successor == new
    head = User.objects.get(email="head@portal.example")
    assert [each.kind for each in Notice.objects.filter(recipient=head)] == ["agency_closed"]


def test_its_page_says_before_and_after_that_it_became_an_academy(admin_client, administrator, place):
    old, new = place
    closing.close(
        old, by=administrator, version=old.version, ends=ENDS, end_duties=True, successor=new, kind="replaced"
    )
    before = said(admin_client.get(page_of(old)))
    assert "It closes: its last day is 31 August 2027. Became an academy: <a" in before
    after = said(admin_client.get(page_of(old), {"as_on": "2027-09-01"}))
    assert "its last day was 31 August 2027. Became an academy: <a" in after
    assert any("it became an academy: Marl Bank Academy" in each.title for each in history_of(old))
    assert any("it is the academy of Marl Bank Primary School" in each.title for each in history_of(new))


def test_a_register_s_conversion_is_told_in_the_story_of_both(world):
    take(preview(table(school())))
    gone = school(**{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"})
    kind = {"TypeOfEstablishment (name)": "Academy converter", "OpenDate": "01-09-2024"}
    take(preview(table(gone, school(999002, EstablishmentName="Canal Bridge Academy", **kind))))
    old, new = (Agency.objects.get(school__urn=urn) for urn in (999001, 999002))
    assert any("it became an academy: Canal Bridge Academy" in each.title for each in history_of(old))
    assert any("it is the academy of Canal Bridge Primary School" in each.title for each in history_of(new))


def test_duties_do_not_end_without_being_asked_about_and_roles_never(admin_client, place):
    old, _ = place
    answer = admin_client.post(address("agency_close", old), closed_now(old))
    assert answer.status_code == 422
    assert "Tick that its named duties end too" in said(answer)
    open_account(email="lead@portal.example", name="Ola Wren", role=Role.SCHOOL_LEAD, agency=old)
    page = said(admin_client.get(address("agency_close", old)))
    assert "Ola Wren: " in page and "Nobody’s role ends silently" in page
    answer = admin_client.post(address("agency_close", old), closed_now(old, end_duties="on"))
    assert answer.status_code == 422
    assert "1 person’s role runs on after 31 August 2027" in said(answer)
    assert state(old) == (None, "Open", None, None)


def test_taken_back_everything_goes_on_and_the_same_people_are_told(admin_client, administrator, place):
    old, new = place
    closing.close(
        old, by=administrator, version=old.version, ends=ENDS, end_duties=True, successor=new, kind="replaced"
    )
    page = said(admin_client.get(address("agency_reopen", old)))
    assert "Headteacher: Ida Farrow" in page and "Marl Bank Academy carries it on is removed" in page
    assert admin_client.post(address("agency_reopen", old)).status_code == 302
    assert state(old) == (None, "Open", None, None)
    assert not Succession.objects.filter(predecessor=old).exists()
    head = User.objects.get(email="head@portal.example")
    assert {each.kind for each in Notice.objects.filter(recipient=head)} == {"agency_closed", "agency_reopened"}
    assert AgencyClosing.objects.get(agency=old).undone_by == administrator


def test_what_somebody_changed_since_does_not_go_on(admin_client, administrator, place):
    old, _ = place
    closing.close(old, by=administrator, version=old.version, ends=ENDS, end_duties=True)
    duty = NamedDuty.objects.get(agency=old)
    services.end_duty(duty, by=administrator, ends=date(2027, 1, 1))
    admin_client.post(address("agency_reopen", old))
    assert state(old) == (None, "Open", date(2027, 1, 1), None)


def test_a_deputy_ends_with_the_duty_and_goes_on_until_the_deputy_s_own_last_day(administrator, place):
    old, _ = place
    duty, until = NamedDuty.objects.get(agency=old), date(2028, 1, 1)
    other = User.objects.create(name="Ola Wren", email=None, is_active=False)
    deputy = services.add_duty(
        old, by=administrator, kind="head", holder=other, deputy_for=duty, starts=date(2027, 1, 1), ends=until
    )
    closing.close(old, by=administrator, version=old.version, ends=ENDS, end_duties=True)
    deputy.refresh_from_db()
    assert deputy.ends == ENDS
    closing.reopen(old, by=administrator)
    deputy.refresh_from_db()
    assert (deputy.ends, NamedDuty.objects.get(pk=duty.pk).ends) == (until, None)


def test_another_one_of_the_name_stands_in_the_way_of_taking_it_back(admin_client, administrator):
    old = services.add_agency(by=administrator, name="Quill House", kind="provider", ends=date(2020, 1, 1))
    services.add_agency(by=administrator, name="Quill House", kind="provider", starts=date(2021, 1, 1))
    answer = admin_client.post(address("agency_reopen", old))
    assert answer.status_code == 409
    assert "There is an organisation named Quill House already." in said(answer)


def test_closed_by_somebody_else_meanwhile_is_no_second_closing(admin_client, administrator, place):
    old, _ = place
    read = closed_now(old, end_duties="on")
    closing.close(old, by=administrator, version=old.version, ends=ENDS, end_duties=True)
    assert admin_client.post(address("agency_close", old), read).status_code == 409
    assert AgencyClosing.objects.filter(agency=old).count() == 1


def test_an_edit_of_the_last_day_closes_as_the_page_does_and_without_it_opens_again(admin_client, place):
    old, _ = place
    services.end_duty(NamedDuty.objects.get(agency=old), by=None, ends=date(2027, 1, 1))
    old.refresh_from_db()
    admin_client.post(address("agency_edit", old), facts_of(old, **day("ends", LAST)))
    assert state(old) == (ENDS, "Closed", date(2027, 1, 1), ENDS)
    old.refresh_from_db()
    admin_client.post(address("agency_edit", old), facts_of(old, **day("ends", None)))
    assert state(old) == (None, "Open", date(2027, 1, 1), None)


def test_a_school_s_status_is_chosen_and_closed_is_no_word_of_it(admin_client, place):
    old, _ = place
    page = admin_client.get(address("school_edit", old.school))
    offered = [code for code, _ in page.context["form"].fields["register_status"].choices]
    assert offered == ["", "Open", "Open, but proposed to close", "Proposed to open"]
    facts = {"version": str(old.version), "establishment_type": "Community school", "register_status": "Closed"}
    assert admin_client.post(address("school_edit", old.school), facts).status_code == 422
    facts["register_status"] = "Open, but proposed to close"
    assert admin_client.post(address("school_edit", old.school), facts).status_code == 302
    assert School.objects.get(agency=old).register_status == "Open, but proposed to close"


def test_closed_it_is_in_no_list_and_its_page_offers_to_take_it_back_alone(admin_client, administrator, place):
    old, _ = place
    yesterday = timezone.localdate() - timedelta(days=1)
    services.end_duty(NamedDuty.objects.get(agency=old), by=administrator, ends=yesterday)
    closing.close(old, by=administrator, version=old.version, ends=yesterday)
    assert names(admin_client.get("/directory/", {"q": "199998"})) == []
    page = admin_client.get(page_of(old)).content.decode()
    assert f'"{address("agency_reopen", old)}"' in page
    assert f'"{address("agency_close", old)}"' not in page
    assert admin_client.post(address("agency_reopen", old)).status_code == 302
    assert f'"{address("agency_close", old)}"' in admin_client.get(page_of(old)).content.decode()


# --- a safeguarding partner ends: whoever says so, it stops reading the partnership's business ------------------------


@pytest.fixture
def partner(world):
    body = Agency.objects.create(slug="quill", name="Quill NHS Trust", kind="statutory partner", partner_seat="icb")
    Registration.objects.create(agency=body, register="ods", number="RX9")
    keep_offices()
    assert body in office_of(Partnership.objects.get()).agencies.all()
    return body


def reads_on(body):
    return office_of(Partnership.objects.get()).agencies.filter(pk=body.pk).exists()


NHS = {"Code": "RX9", "Name": "QUILL NHS TRUST", "ICB code": "QNC", "Start": "20000101"}


def test_a_register_that_closes_a_partner_ends_its_reading_and_one_that_opens_it_gives_it_back(world, partner):
    take(other_registers.preview("nhs", other_registers.table(NHS | {"Close": "20240331"}), scope=()))
    partner.refresh_from_db()
    assert partner.ends == date(2024, 4, 1)
    assert not reads_on(partner)
    take(other_registers.preview("nhs", other_registers.table(NHS | {"Close": ""}), scope=()))
    partner.refresh_from_db()
    assert partner.ends is None
    assert reads_on(partner)


def test_closed_by_hand_it_stops_too_and_reads_again_when_that_is_taken_back(world, partner):
    by = world.directory_admin
    closing.close(partner, by=by, version=partner.version, ends=timezone.localdate())
    assert not reads_on(partner)
    closing.reopen(partner, by=by)
    assert reads_on(partner)


def test_a_partner_that_ends_later_stops_reading_on_the_day(world, partner):
    Agency.objects.filter(pk=partner.pk).update(ends=timezone.localdate())  # recorded long ago
    assert reads_on(partner)
    sweep_people()
    assert not reads_on(partner)
