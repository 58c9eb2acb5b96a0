"""Lists by area, phase, duty and what is missing; a list has a heading and an address; its export follows who asks."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from partnership.directory import services
from partnership.directory.accounts import open_account
from partnership.directory.particulars import services as particulars
from partnership.directory.reference import phase_in
from partnership.people.models import Agency, Area, NamedDuty, User
from partnership.people.roles import Role
from partnership.trail.models import Event
from partnership.ui.sheets import harmless
from tests.directory.conftest import names
from tests.world import sign_in

URL, EXPORT = "/directory/", "/directory/export"
NORTH = {"area": "stoke-north", "phase": "primary", "duty": "dsl"}


@pytest.fixture
def primary(db):
    """A primary school of the north, from the reference data."""
    return Agency.objects.filter(areas__slug="stoke-north", school__phase="Primary").order_by("name").first()


@pytest.fixture
def lead(primary, administrator):
    known = User.objects.create(name="Ida Farrow", email=None, is_active=False)
    return services.add_duty(primary, by=administrator, kind="dsl", holder=known, post="Deputy head")


def test_all_primary_designated_leads_in_the_north_are_one_list(reader_client, primary, lead):
    response = reader_client.get(URL, NORTH)
    assert response.context["title"] == ("Primary schools in North Stoke-on-Trent: designated safeguarding leads")
    rows = list(response.context["found"].page)
    assert all(row.school.phase == "Primary" and "North Stoke-on-Trent" in row.area_names for row in rows)
    assert len(rows) > 5
    (row,) = [row for row in rows if row.pk == primary.pk]
    assert (row.standing, row.holders[0].name) == ("no sign-in", "Ida Farrow")
    assert {row.standing for row in rows if row.pk != primary.pk} == {"vacant"}
    assert "Ida Farrow" in response.content.decode()


def test_the_list_has_an_address_also_where_a_part_of_the_page_was_swapped(reader_client):
    asked = {"q": "", "kind": "", "as_on_day": "", "page": "1"} | NORTH
    part = reader_client.get(URL, asked, headers={"HX-Request": "true", "HX-Target": "results"})
    address = "?area=stoke-north&amp;phase=primary&amp;duty=dsl"
    assert f'href="{address}"' in part.content.decode()
    assert names(reader_client.get(URL + address.replace("&amp;", "&"))) == names(part)


def test_each_standing_narrows_the_list(reader_client, primary, lead):
    everybody = set(names(reader_client.get(URL, NORTH)))
    vacant = set(names(reader_client.get(URL, NORTH | {"standing": "vacant"})))
    held = names(reader_client.get(URL, NORTH | {"standing": "held"}))
    assert held == names(reader_client.get(URL, NORTH | {"standing": "nosignin"})) == [primary.name]
    assert vacant == everybody - {primary.name}


def test_a_holder_whose_account_was_closed_counts_as_nobody(reader_client, primary, lead):
    User.objects.filter(pk=lead.holder_id).update(closed_at=timezone.now())
    response = reader_client.get(URL, NORTH | {"standing": "vacant"})
    assert primary.name in names(response) and "Ida Farrow" not in response.content.decode()


def test_the_standing_is_that_of_the_day(reader_client, primary, administrator, lead):
    gone = timezone.localdate() - timedelta(days=10)
    NamedDuty.objects.filter(pk=lead.pk).update(ends=gone)
    before = {"as_on": (gone - timedelta(days=1)).isoformat()}
    assert primary.name in names(reader_client.get(URL, NORTH | {"standing": "held"} | before))
    assert primary.name not in names(reader_client.get(URL, NORTH | {"standing": "held"}))


def test_an_area_includes_its_parts(reader_client, administrator):
    stoke = Area.objects.get(slug="stoke-on-trent")
    ward = Area.objects.create(slug="ward", name="A ward", kind="locality", parent=Area.objects.get(slug="stoke-north"))
    agency = services.add_agency(by=administrator, name="Quill House", kind="provider", areas=[ward])
    for slug in ("ward", "stoke-north", "stoke-on-trent", "west-midlands", "england"):
        assert agency.name in names(reader_client.get(URL, {"area": slug, "q": "quill"})), slug
    assert agency.name not in names(reader_client.get(URL, {"area": "stoke-south", "q": "quill"}))
    assert stoke not in agency.areas.all()


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Ash Green Primary Academy", "Primary"),
        ("Samuel Allsopp Primary and Nursery School", "Primary"),
        ("Squirrel Hayes First School", "Primary"),
        ("Chadsmoor Community Infants and Nursery School", "Primary"),
        ("Oldfields Hall Middle School", "Middle"),
        ("Blythe Bridge High School", "Secondary"),
        ("St Peter's Academy", ""),
        ("Grove Junior and High School", ""),
        ("Firstone School", ""),
    ],
)
def test_a_phase_is_inferred_only_where_the_name_says_it(name, phase):
    assert phase_in(name) == phase


def test_an_inferred_phase_says_so_on_the_page_until_somebody_knows(
    reader_client, admin_client, primary, administrator
):
    page = f"/directory/organisation/{primary.pk}"
    assert "from its name, not from the register" in reader_client.get(page).content.decode()
    facts = {"phase": "Primary", "establishment_type": "Academy", "low_age": 3, "high_age": 11, "version": 1}
    particulars.change_school(primary, by=administrator, **facts)
    assert "from its name" in reader_client.get(page).content.decode(), "nobody changed the phase"
    particulars.change_school(primary, by=administrator, **facts | {"phase": "All-through", "version": 2})
    words = reader_client.get(page).content.decode()
    assert "from its name" not in words and "ages 3 to 11" in words


@pytest.mark.parametrize("query", [{"phase": "x"}, {"duty": "password"}, {"standing": "1 OR 1=1"}, {"lacks": "all"}])
def test_a_filter_that_cannot_be_shows_no_list(reader_client, query):
    response = reader_client.get(URL, query)
    assert response.status_code == 422 and response.context["found"] is None


def test_what_is_missing_is_a_filter(reader_client, primary, administrator):
    assert primary.name in names(reader_client.get(URL, NORTH | {"lacks": "contact"}))
    particulars.add_contact(primary, by=administrator, purpose="office", email="office@school.example")
    assert primary.name not in names(reader_client.get(URL, NORTH | {"lacks": "contact"}))
    day = timezone.localdate()
    particulars.add_agreement(
        primary, by=administrator, title="Tier two", officer="Head", starts=day - timedelta(days=9), review_on=day
    )
    assert primary.name not in names(reader_client.get(URL, NORTH | {"lacks": "agreement"}))
    primary.sharing_agreements.update(review_on=day - timedelta(days=1))
    assert primary.name in names(reader_client.get(URL, NORTH | {"lacks": "agreement"}))


# The export.


@pytest.fixture
def unit_client(client, db):
    return sign_in(client, open_account(email="unit@portal.example", name="Una Pell", role=Role.BUSINESS_UNIT))


def _content(response):
    return b"".join(response.streaming_content)


def test_the_export_is_what_the_list_shows_and_is_written_down(unit_client, primary, lead):
    shown = names(unit_client.get(URL, NORTH))
    response = unit_client.post(f"{EXPORT}?area=stoke-north&phase=primary&duty=dsl", {"format": "csv"})
    text = _content(response)
    assert text.startswith(b"\xef\xbb\xbf") and response["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[0] == ["Primary schools in North Stoke-on-Trent: designated safeguarding leads"]
    assert "Open Government Licence v3.0" in rows[2][0]
    assert [row[0] for row in rows[5:]] == shown
    (row,) = [dict(zip(rows[4], row, strict=True)) for row in rows[5:] if row[0] == primary.name]
    assert (row["Held by"], row["Standing"], row["School number (URN)"]) == (
        "Ida Farrow", "no sign-in", str(primary.school.urn),
    )  # fmt: skip
    event = Event.objects.get(verb="directory_exported")
    assert event.data == {"count": len(shown), "format": "csv", "filter": "area=stoke-north&phase=primary&duty=dsl"}


def test_only_those_who_look_after_accounts_take_out_the_holders_addresses(unit_client, administrator, primary, lead):
    User.objects.filter(pk=lead.holder_id).update(email="ida@portal.example")
    address = f"{EXPORT}?area=stoke-north&phase=primary&duty=dsl"
    assert b"ida@portal.example" in _content(unit_client.post(address, {"format": "csv"}))
    theirs = _content(sign_in(Client(), administrator).post(address, {"format": "csv"}))
    assert b"Ida Farrow" in theirs and b"ida@portal.example" not in theirs


def test_who_takes_the_addresses_out_reads_who_has_none_and_the_list_says_whose_file_holds_them(
    unit_client, administrator, primary, lead
):
    address = f"{EXPORT}?area=stoke-north&phase=primary&duty=dsl"
    rows = list(csv.reader(io.StringIO(_content(unit_client.post(address, {"format": "csv"})).decode("utf-8-sig"))))
    (row,) = [dict(zip(rows[4], row, strict=True)) for row in rows[5:] if row[0] == primary.name]
    assert (row["Their email addresses"], row["Those without an address"]) == ("", "Ida Farrow")
    assert "and the email addresses of those who hold the duty" in unit_client.get(URL, NORTH).content.decode()
    theirs = sign_in(Client(), administrator).get(URL, NORTH).content.decode()
    assert "the business unit takes out the email addresses" in theirs


def test_nothing_in_an_export_runs_as_a_formula(unit_client, administrator):
    evil = ['=HYPERLINK("http://x")', "+441782", "-2+3", "@SUM(A1)", "＝1+1"]
    for text in evil:
        services.add_agency(by=administrator, name=f"{text} Quill", kind="provider", note=text)
    rows = list(
        csv.reader(io.StringIO(_content(unit_client.post(f"{EXPORT}?q=quill", {"format": "csv"})).decode("utf-8-sig")))
    )
    assert len(rows) == 5 + len(evil)
    for row in rows[5:]:
        assert row[0].startswith("'") and row[-2].startswith("'")
    book = _content(unit_client.post(f"{EXPORT}?q=quill", {"format": "xlsx"}))
    sheet = load_workbook(io.BytesIO(book)).active
    assert {cell.data_type for line in sheet.iter_rows(min_row=6) for cell in line} <= {"s", "n"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "cell"), [("-5", "-5"), ("-5.5", "-5.5"), (-5, -5), ("\t=1", "'\t=1"), ("\r", "'\r")]
)
def test_numbers_survive_and_signs_do_not(value, cell):
    assert harmless(value) == cell


def test_a_partner_exports_nothing(reader_client):
    assert reader_client.post(EXPORT, {"format": "csv"}).status_code == 403
    assert "Take out all" not in reader_client.get(URL).content.decode()


def test_a_format_that_does_not_exist_exports_nothing(unit_client):
    assert unit_client.post(EXPORT, {"format": "exe"}).status_code == 302
    assert not Event.objects.filter(verb="directory_exported").exists()
