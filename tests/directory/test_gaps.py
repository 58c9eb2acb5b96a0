"""The reports of what is missing: each number is the length of the list that it leads to."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.gaps.expected import all_expected
from partnership.people.models import Agency, NamedDuty, User
from partnership.people.roles import Role
from tests.directory.conftest import names
from tests.world import sign_in

VACANT, HOLDERS, GAPS = (
    f"/directory/{page}" for page in ("duties-without-a-holder", "holders-without-a-sign-in", "gaps")
)


@pytest.fixture
def school(db):
    return Agency.objects.get(slug="urn-124030")


@pytest.fixture
def known(db):
    return User.objects.create(name="Ida Farrow", email=None, is_active=False)


def _schools(number):
    return list(Agency.objects.filter(kind="school").order_by("name")[:number])


def _duties(client, agency, **query):
    found = client.get(VACANT, {"area": "stoke-south", **query}).context["page"]
    rows = []
    for number in found.paginator.page_range:
        rows += client.get(VACANT, {"area": "stoke-south", **query, "page": number}).context["page"].object_list
    return {row.duty.value for row in rows if row.agency == agency.pk}


@pytest.fixture
def unit_client(db):
    """The business unit reads the reports of all organisations, and asks."""
    user = open_account(email="unit@portal.example", name="Una Sorrel", role=Role.BUSINESS_UNIT)
    return sign_in(Client(), user)


def test_each_expected_duty_says_its_source_and_whether_it_is_law():
    assert all(each.source and each.how for each in all_expected())
    deputy = next(each for each in all_expected() if each.duties == ("ddsl",))
    assert deputy.basis == "practice", "no law asks for a deputy"


def test_a_school_is_missing_what_is_expected_until_somebody_holds_it(unit_client, administrator, school, known):
    assert _duties(unit_client, school) == {"dsl", "ddsl", "head", "chair", "case", "cover"}
    services.add_duty(school, by=administrator, kind="dsl", holder=known)
    assert _duties(unit_client, school) == {"ddsl", "head", "chair", "cover"}, "the lead answers for cases too"
    assert _duties(unit_client, school, duty="head") == {"head"}


def test_a_duty_that_stands_vacant_or_whose_holder_left_is_a_gap(unit_client, administrator, known):
    agency = services.add_agency(by=administrator, name="Quill", kind="provider")
    duty = services.add_duty(agency, by=administrator, kind="spoc", holder=known, post="Office")
    rows = unit_client.get(VACANT, {"kind": "provider", "duty": "spoc"}).context["page"].object_list
    assert agency.pk not in {row.agency for row in rows}
    User.objects.filter(pk=known.pk).update(closed_at=timezone.now())
    rows = unit_client.get(VACANT, {"kind": "provider", "duty": "spoc"}).context["page"].object_list
    assert [row.name for row in rows if row.agency == agency.pk] == ["Quill"]
    NamedDuty.objects.filter(pk=duty.pk).update(holder=None)
    rows = unit_client.get(VACANT, {"kind": "provider", "duty": "spoc"}).context["page"].object_list
    assert [(row.post, row.expected) for row in rows if row.agency == agency.pk] == [("Office", None)]


def test_either_of_two_duties_is_enough_where_the_list_says_so(unit_client, administrator, known):
    trust = Agency.objects.get(slug="mpft")
    rows = unit_client.get(VACANT, {"kind": "relevant agency", "duty": "s11"}).context["page"].object_list
    before = {row.agency for row in rows}
    assert trust.pk in before
    services.add_duty(trust, by=administrator, kind="dsl", holder=known)
    rows = unit_client.get(VACANT, {"kind": "relevant agency", "duty": "s11"}).context["page"].object_list
    assert trust.pk not in {row.agency for row in rows}


def test_a_holder_without_a_sign_in_is_named_and_one_who_signs_in_is_not(unit_client, administrator, school, known):
    services.add_duty(school, by=administrator, kind="dsl", holder=known)
    shown = unit_client.get(HOLDERS, {"duty": "dsl", "area": "stoke-south"})
    assert [row.holder.name for row in shown.context["page"]] == ["Ida Farrow"]
    assert "no email address known" in shown.content.decode()
    User.objects.filter(pk=known.pk).update(is_active=True)
    assert not unit_client.get(HOLDERS, {"duty": "dsl", "area": "stoke-south"}).context["page"].object_list


def test_a_report_says_what_has_been_done_and_asking_leads_back_to_it(client, school):
    sign_in(client, open_account(email="unit@portal.example", name="Una Reed", role=Role.BUSINESS_UNIT))
    open_account(email="lead@portal.example", name="Lena Holt", role=Role.SCHOOL_LEAD, agency=school)
    here = f"{VACANT}?area=stoke-south&duty=head"
    page = client.get(here).content.decode()
    ask = reverse("directory:duty_ask", args=[school.pk])
    link = f"{ask}?kind=head&amp;next={quote(here, safe='')}"
    assert f'href="{link}"' in page and "Asked on" not in page
    first = client.get(link.replace("&amp;", "&")).content.decode()
    assert f'name="next" value="{here.replace("&", "&amp;")}"' in first and "lead@portal.example" in first
    assert client.post(ask, {"kind": "head", "next": here})["Location"] == here
    assert client.get(here).content.decode().count("Asked on") == 1
    assert "Asked on" not in client.get(VACANT, {"area": "stoke-south", "duty": "chair"}).content.decode()


def test_who_cannot_be_asked_is_to_be_invited_by_name(client, school):
    sign_in(client, open_account(email="unit@portal.example", name="Una Reed", role=Role.BUSINESS_UNIT))
    school.contacts.all().delete()
    answer = client.post(reverse("directory:duty_ask", args=[school.pk]), {"kind": "head", "next": VACANT}, follow=True)
    assert answer.redirect_chain == [(reverse("directory:agency_people", args=[school.pk]), 302)]
    assert "Invite its lead by name" in answer.content.decode()


def test_a_holder_is_asked_on_a_page_that_proposes_the_role(client, administrator, school, known):
    duty = services.add_duty(school, by=administrator, kind="dsl", holder=known)
    other = services.add_duty(school, by=administrator, kind="head", holder=known)
    sign_in(client, open_account(email="unit@portal.example", name="Una Reed", role=Role.BUSINESS_UNIT))
    path = reverse("directory:holder_invite", args=[duty.pk])
    assert f'href="{path}"' in client.get(HOLDERS, {"area": "stoke-south"}).content.decode()
    form = client.get(path)
    assert form.context["form"]["role"].value() == "sl" and "There is a problem" not in form.content.decode()
    assert client.get(reverse("directory:holder_invite", args=[other.pk])).context["form"]["role"].value() == "as"
    client.post(path, {"role": "sl", "email": "ida@portal.example"})
    assert client.get(HOLDERS, {"area": "stoke-south", "duty": "dsl"}).content.decode().count("Invited on") == 1


def test_a_lead_finds_her_own_organisation_alone(client, school, administrator, known):
    other = Agency.objects.get(slug="urn-124003")
    for agency in (school, other):
        services.add_duty(agency, by=administrator, kind="ddsl", holder=known)
    lead = open_account(email="lead@portal.example", name="Lena Holt", role=Role.SCHOOL_LEAD, agency=school)
    sign_in(client, lead)
    assert {row.agency for row in client.get(VACANT).context["page"].object_list} == {school.pk}
    assert [row.agency_id for row in client.get(HOLDERS).context["page"]] == [school.pk]


def test_nobody_without_people_to_keep_opens_the_reports(reader_client):
    assert [reader_client.get(page).status_code for page in (VACANT, HOLDERS, GAPS)] == [403, 403, 200]


@pytest.mark.parametrize("area", ["", "stoke-north", "staffordshire"])
def test_each_number_is_the_length_of_the_list_that_it_leads_to(reader_client, administrator, known, area):
    services.add_duty(Agency.objects.get(slug="mpft"), by=administrator, kind="s11", holder=known)
    gaps = reader_client.get(GAPS, {"area": area}).context["gaps"]
    assert gaps.kinds
    for kind in gaps.kinds:
        for number in (kind.total, *kind.numbers):
            found = reader_client.get(f"/directory/?{number.query}").context["found"]
            assert found.count == number.count, (kind.noun, number)


def test_the_gaps_are_said_in_sentences(reader_client):
    response = reader_client.get(GAPS, {"area": "stoke-north"})
    sentences = response.context["gaps"].sentences
    assert "are recorded here" in sentences[0] and "have no holder; most often missing" in sentences[1]
    assert "Gaps in North Stoke-on-Trent" in response.content.decode()


def test_an_area_that_does_not_exist_shows_nothing(reader_client):
    response = reader_client.get(GAPS, {"area": "atlantis"})
    assert response.status_code == 422
    assert not response.context["gaps"] and "recorded here" not in response.content.decode()


def test_the_reports_ask_as_much_for_many_rows_as_for_one(unit_client, administrator, known):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(page, **query):
        unit_client.get(page, query)
        with CaptureQueriesContext(connection) as seen:
            unit_client.get(page, query)
        return len(seen)

    assert queries(VACANT, area="stoke-south", duty="head") == queries(VACANT, duty="head") <= 12
    pairs = [(row, services.add_duty(row, by=administrator, kind="spoc", holder=known)) for row in _schools(5)]
    many = queries(HOLDERS, kind="school", duty="spoc")
    NamedDuty.objects.filter(pk__in=[duty.pk for _, duty in pairs[1:]]).delete()
    assert queries(HOLDERS, kind="school", duty="spoc") == many
    assert queries(GAPS, area="stoke-south") == queries(GAPS) <= 12
    assert queries(reverse("directory:agencies"), area="stoke-south", duty="dsl") <= 12
    assert names(unit_client.get("/directory/", {"duty": "dsl"}))


def test_a_lead_names_who_holds_a_duty_where_the_unit_asks(world, client):
    page = reverse("directory:duties_without_holder")
    own = reverse("directory:agency_duties", args=[world.agencies["mpft"].pk])
    asking = reverse("directory:duty_ask", args=[world.agencies["mpft"].pk])
    hers = sign_in(client, world.lead_other).get(page).content.decode()
    assert own in hers and asking not in hers
    units = sign_in(Client(), world.officer).get(page + "?kind=relevant+agency&duty=s11").content.decode()
    assert "Ask<span" in units


def test_the_gaps_and_the_report_count_what_is_expected_and_what_else_stands_vacant_alike(unit_client, administrator):
    agency = services.add_agency(by=administrator, name="Quill", kind="provider")
    services.add_duty(agency, by=administrator, kind="spoc", post="Office")  # nothing expects it of a provider
    page = unit_client.get("/directory/gaps")
    gaps, report = page.context["gaps"], unit_client.get(VACANT).context["page"].paginator.count
    assert gaps.more >= 1
    assert gaps.in_report == report
    assert f"names both sorts, {report} together" in " ".join(page.content.decode().split())
