"""Early-years settings, NHS bodies, care providers and the partnership's own list, through the importer of schools."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command

from partnership.directory.importing import services
from partnership.directory.importing.sources.nhs import readable
from partnership.directory.particulars import services as particulars
from partnership.people.models import (
    Agency,
    AgencyKind,
    Alias,
    ContactPoint,
    Ownership,
    PartnerSeat,
    Registration,
    Succession,
    User,
)
from tests.directory.registers import silent, take

DATA = Path(__file__).parent / "data"
KEPT = ("860", "861")


def preview(source, content, scope=KEPT, name="list.csv"):
    batch = services.start(source=source, name=name, chunks=[content], scope=scope)
    services.keep_reading(batch, services.read(batch, progress=silent))
    batch.refresh_from_db()
    assert batch.status == "ready", batch.problem
    return batch


def table(*rows) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def actions(batch):
    return sorted(batch.rows.values_list("number", "action"))


def problems(batch):
    return list(batch.rows.order_by("line").values_list("problem", flat=True))


def setting(number="EY999001", **said):
    return {
        "Provider URN": number,
        "Registration date": "02/09/2009",
        "Provider type": "Childcare on non-domestic premises",
        "Provider subtype": "Full day care",
        "Provider status": "Active",
        "Provider name": "Canal Bridge Nursery",
        "Provider town": "STOKE-ON-TRENT",
        "Postcode": "ST1 9ZZ",
        "Local authority": "Stoke-on-Trent",
        "Region": "West Midlands",
        "Places": "26",
    } | said


def location(number="1-999000001", **said):
    return {
        "Name": "Canal Bridge Care",
        "Also known as": "",
        "Address": "1 Quay,Stoke-on-Trent",
        "Postcode": "ST1 9ZZ",
        "Phone number": "01632960001",
        "Service's website (if available)": "",
        "Service types": "Homecare agencies",
        "Specialisms/services": "Physical disabilities",
        "Provider name": "Canal Bridge Care Limited",
        "Local authority": "Stoke-on-Trent",
        "CQC Location ID (for office use only)": number,
        "CQC Provider ID (for office use only)": "1-999000002",
    } | said


def body(code, name, **said):
    row = {"Code": code, "Name": name, "Postcode": "", "Start": "2013-04-01", "Close": "", "Sector": "Trust"}
    return row | {"STP20CDH": "QNC", "Successor.Code": ""} | said


REAL = [
    ("early_years", "early_years_152_rows.csv", KEPT, 152),
    ("nhs", "nhs_etr_24_rows.csv", (), 24),
    ("care", "care_2_rows.csv", (), 2),
]


@pytest.mark.parametrize(("source", "file", "scope", "number"), REAL)
def test_the_real_rows_come_in_cleanly_and_the_second_time_change_nothing(world, source, file, scope, number):
    content = (DATA / file).read_bytes()
    batch = preview(source, content, scope)
    assert (batch.rows.count(), batch.rows.filter(action="wrong").count()) == (number, 0), problems(batch)
    batch.rows.update(chosen=True)
    assert take(batch).status == "taken", batch.problem
    again = preview(source, content, scope)
    assert (actions(again), again.counts["unchanged"]) == ([], number)


# --- early years ------------------------------------------------------------------------------------------------------


def test_a_setting_has_its_number_facts_schedule_item_area_and_site(world):
    take(preview("early_years", table(setting())))
    row = Registration.objects.get(register="ey", number="EY999001")
    agency = row.agency
    assert (agency.kind, agency.starts.isoformat(), agency.ends) == (AgencyKind.EARLY_YEARS, "2009-09-02", None)
    assert (row.facts["Places"], row.facts["Kind of care"]) == ("26", "Full day care")
    assert agency.classifications.get().item_id == 13
    assert [area.slug for area in agency.areas.all()] == ["stoke-central", "stoke-on-trent"]
    assert [(site.town, site.postcode) for site in agency.sites.all()] == [("Stoke-on-Trent", "ST1 9ZZ")]


@pytest.mark.parametrize("kind", ["Childminder", "Childcare on domestic premises", "Home childcarer"])
def test_childminders_are_never_taken_in_and_their_names_stand_nowhere(world, kind):
    row = setting("EY999002") | {"Provider type": kind, "Provider name": "Ada Merrow-Childminder"}
    batch = preview("early_years", table(setting(), row))
    assert [number for number, _ in actions(batch)] == ["EY999001"]
    assert list(batch.left_out.values()) == [1]
    assert "private persons" in next(iter(batch.left_out))
    assert "Merrow" not in str(list(batch.rows.values())) + str(batch.left_out) + str(batch.missing)


def test_a_setting_of_another_authority_is_left_out_and_an_unknown_authority_is_a_wrong_row(world):
    there, odd = {"Local authority": "Cornwall"}, {"Local authority": "Camelot"}
    batch = preview("early_years", table(setting(), setting("EY999003") | there, setting("EY999004") | odd))
    assert batch.left_out == {"in other areas": 1}
    assert batch.rows.get(number="EY999004").problem == "‘Camelot’ is no local authority of England."


def test_a_body_that_runs_several_settings_owns_them_and_a_private_person_is_not_kept(world):
    owner = {"Registered person URN": "RP900001", "Registered person name": "Canal Bridge Nurseries Limited"}
    person = {"Registered person URN": "RP900002", "Registered person name": "Bo Sallow"}
    rows = [setting(f"EY99900{n}", **{"Provider name": f"Nursery {n}"}) | owner for n in (1, 2)]
    take(preview("early_years", table(*rows, setting("EY999003") | person)))
    group = Agency.objects.get(name="Canal Bridge Nurseries Limited")
    assert (group.kind, group.owns.count()) == (AgencyKind.PROVIDER, 2)
    assert not Agency.objects.filter(name__contains="Sallow").exists()


def test_a_setting_that_resigned_closes_on_its_day_and_without_a_day_is_named_for_people(world):
    take(preview("early_years", table(setting(), setting("EY999005", **{"Provider name": "Two"}))))
    gone = setting() | {"Provider status": "Resigned", "Resignation date": "31/08/2024"}
    other = setting("EY999005") | {"Provider status": "Resigned", "Provider name": "Two", "Resignation date": ""}
    batch = preview("early_years", table(gone, other))
    assert actions(batch) == [("EY999001", "closed"), ("EY999005", "wrong")]
    take(batch)
    assert Registration.objects.get(number="EY999001").agency.ends.isoformat() == "2024-09-01"


def test_a_column_that_is_gone_changes_nothing_of_the_registers_facts(world):
    take(preview("early_years", table(setting())))
    less = {name: value for name, value in setting().items() if name not in ("Places", "Region")}
    assert actions(preview("early_years", table(less))) == []


def test_a_number_that_somebody_typed_in_small_letters_is_the_registers(world):
    agency = Agency.objects.create(slug="cbn", name="The Nursery by the Canal", kind=AgencyKind.EARLY_YEARS)
    particulars.add_number(agency, by=None, register="ey", number="ey 999001")
    batch = preview("early_years", table(setting()))
    assert actions(batch) == [("EY999001", "moved")]
    take(batch)
    assert Registration.objects.get(number="EY999001").agency == agency


def test_a_number_that_was_taken_away_comes_in_again_beside_the_record_that_had_it(world):
    take(preview("early_years", table(setting())))
    particulars.remove_number(Registration.objects.get(number="EY999001"), by=None)
    take(preview("early_years", table(setting(**{"Provider name": "Quay Nursery"}))))
    names = dict(Agency.objects.filter(slug__startswith="ey-ey999001").values_list("slug", "name"))
    assert names == {"ey-ey999001": "Canal Bridge Nursery", "ey-ey999001-2": "Quay Nursery"}


def test_an_organisation_that_the_directory_has_without_a_number_gets_it_and_stays_one(world):
    agency = Agency.objects.create(slug="cbn", name="Canal Bridge Nursery", kind=AgencyKind.EARLY_YEARS)
    batch = preview("early_years", table(setting()))
    row = batch.rows.get()
    assert (row.agency, row.new["number"]) == (agency, "EY999001")
    take(batch)
    assert Agency.objects.filter(name="Canal Bridge Nursery").count() == 1
    assert agency.registrations.get().number == "EY999001"
    assert agency.classifications.get().item_id == 13


def test_two_of_one_name_are_not_taken_for_the_one_that_the_directory_has(world):
    Agency.objects.create(slug="cbn", name="Canal Bridge Nursery", kind=AgencyKind.EARLY_YEARS)
    batch = preview("early_years", table(setting(), setting("EY999006")))
    assert list(batch.rows.values_list("agency", "chosen")) == [(None, False), (None, False)]
    assert "look whether they are the same" in problems(batch)[0]


def test_a_row_whose_organisation_got_a_number_after_the_preview_is_refused(world):
    agency = Agency.objects.create(slug="cbn", name="Canal Bridge Nursery", kind=AgencyKind.EARLY_YEARS)
    batch = preview("early_years", table(setting()))
    other = Agency.objects.create(slug="other", name="Other", kind=AgencyKind.EARLY_YEARS)
    Registration.objects.create(agency=other, register="ey", number="EY999001")
    services.take_now(batch, progress=silent)
    assert batch.status == "ready"
    assert not agency.registrations.exists()


# --- NHS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("UNIVERSITY HOSPITALS OF NORTH MIDLANDS NHS TRUST", "University Hospitals of North Midlands NHS Trust"),
        ("NHS STOKE ON TRENT CCG", "NHS Stoke on Trent CCG"),
        ("THE DUDLEY GROUP NHS FOUNDATION TRUST", "The Dudley Group NHS Foundation Trust"),
        ("BIRMINGHAM WOMEN'S AND CHILDREN'S NHS TRUST", "Birmingham Women's and Children's NHS Trust"),
        ("NHS STAFFORDSHIRE AND STOKE-ON-TRENT ICB", "NHS Staffordshire and Stoke-on-Trent ICB"),
        ("Midlands Partnership NHS FT", "Midlands Partnership NHS FT"),
    ],
)  # fmt: skip
def test_names_in_capitals_are_made_readable(written, shown):
    assert readable(written) == shown


def test_trusts_of_our_board_get_their_code_and_no_second_record(world):
    batch = preview("nhs", (DATA / "nhs_etr_24_rows.csv").read_bytes(), ("QNC",))
    assert [number for number, _ in actions(batch)] == ["RJE", "RLY", "RRE"]
    take(batch)
    uhnm = world.agencies["uhnm"]
    assert uhnm.registrations.get().number == "RJE"
    uhnm.refresh_from_db()
    assert uhnm.name == "University Hospitals of North Midlands NHS Trust"
    assert Agency.objects.filter(name__icontains="north midlands").count() == 1
    assert actions(preview("nhs", (DATA / "nhs_etr_24_rows.csv").read_bytes(), ("QNC",))) == []


def test_a_trust_is_item_16_and_a_foundation_trust_item_17(world):
    rows = table(body("RX1", "CANAL BRIDGE NHS TRUST"), body("RX2", "QUAY NHS FOUNDATION TRUST"))
    take(preview("nhs", rows, ("QNC",)))
    found = {each.name: each for each in Agency.objects.filter(registrations__number__in=("RX1", "RX2"))}
    assert {name: each.classifications.get().item_id for name, each in found.items()} == {
        "Canal Bridge NHS Trust": 16,
        "Quay NHS Foundation Trust": 17,
    }
    assert {each.kind for each in found.values()} == {AgencyKind.RELEVANT_AGENCY}


def test_commissioning_groups_and_boards_are_never_made_by_an_import(world):
    batch = preview("nhs", (DATA / "nhs_bodies_9_rows.csv").read_bytes(), ("QNC",))
    assert sum(batch.left_out.values()) == 6
    assert [number for number, _ in actions(batch)] == ["RJE", "RLY", "RRE"]
    seats = Agency.objects.exclude(partner_seat="").count()
    take(batch)
    assert Agency.objects.exclude(partner_seat="").count() == seats


def test_a_successors_code_becomes_a_succession_and_the_board_keeps_its_name_and_seat(world):
    board = world.agencies["icb"]
    Registration.objects.create(agency=board, register="ods", number="QNC", facts={"Integrated care board code": "QNC"})
    groups = [
        Agency.objects.create(slug=n, name=f"NHS {n.title()} CCG", kind="partnership") for n in ("north", "south")
    ]
    for number, group in zip(("05G", "05Q"), groups, strict=True):
        Registration.objects.create(agency=group, register="ods", number=number)
    gone = {"Close": "2022-06-30", "Sector": "CCG", "Successor.Code": "QNC"}
    content = table(*(body(n, g.name.upper(), **gone) for n, g in zip(("05G", "05Q"), groups, strict=True)))
    take(preview("nhs", content, ("QNC",)))
    found = Succession.objects.filter(successor=board, predecessor__in=groups)
    assert [each.on.isoformat() for each in found] == ["2022-07-01", "2022-07-01"]
    board.refresh_from_db()
    assert board.partner_seat == PartnerSeat.HEALTH
    assert actions(preview("nhs", content, ("QNC",))) == []


def test_a_successor_that_the_directory_lacks_is_said(world):
    take(preview("nhs", table(body("RX1", "CANAL BRIDGE NHS TRUST")), ("QNC",)))
    gone = {"Close": "2022-06-30", "Successor.Code": "RX9"}
    batch = preview("nhs", table(body("RX1", "CANAL BRIDGE NHS TRUST", **gone)), ("QNC",))
    assert "RX9 is not in the directory" in batch.rows.get().problem


def test_a_site_of_a_trust_is_run_by_it(world):
    take(preview("nhs", table(body("RX1", "CANAL BRIDGE NHS TRUST")), ("QNC",)))
    content = table(body("RX101", "QUAY HOSPITAL"), body("RX901", "HOSPITAL OF AN UNKNOWN TRUST"))
    take(preview("nhs", content, ("QNC",)))
    owned = Ownership.objects.get(agency__registrations__number="RX101")
    assert (owned.owner.name, owned.kind) == ("Canal Bridge NHS Trust", "provider")
    assert actions(preview("nhs", content, ("QNC",))) == []


# --- care providers ---------------------------------------------------------------------------------------------------


def test_the_care_directory_is_read_below_its_preamble_and_a_provider_owns_its_locations(world):
    second = location("1-999000003", Name="Canal Bridge Care North")
    take(preview("care", b"CQC Locations data,,\r\n,,\r\nThis data was produced on 16 September 2026,,\r\n"
                 + table(location(), second)))  # fmt: skip
    owner = Agency.objects.get(name="Canal Bridge Care Limited")
    assert owner.registrations.get().number == "1-999000002"
    assert sorted(each.agency.name for each in owner.owns.all()) == ["Canal Bridge Care", "Canal Bridge Care North"]


@pytest.mark.parametrize(
    ("services", "kind", "items"),
    [
        ("Dentist", AgencyKind.PRACTICE, []),
        ("Doctors/Gps", AgencyKind.PRACTICE, []),
        ("Homecare agencies", AgencyKind.PROVIDER, []),
        ("Residential homes|Children's homes", AgencyKind.PROVIDER, [21]),
    ],
)
def test_what_a_location_does_decides_its_type_and_seldom_its_number_in_the_schedule(world, services, kind, items):
    take(preview("care", table(location(**{"Service types": services}))))
    agency = Agency.objects.get(registrations__number="1-999000001")
    assert (agency.kind, [each.item_id for each in agency.classifications.all()]) == (kind, items)


def test_a_locations_published_telephone_is_shown_to_partners_and_a_changed_one_replaces_it(world):
    take(preview("care", table(location())))
    point = ContactPoint.objects.get(agency__registrations__number="1-999000001")
    assert (point.telephone, point.purpose, point.shown) == ("01632960001", "office", "partners")
    take(preview("care", table(location(**{"Phone number": "01632960002"}))))
    assert [each.telephone for each in ContactPoint.objects.filter(agency=point.agency)] == ["01632960002"]


def test_a_provider_who_is_a_private_person_is_not_kept(world):
    take(preview("care", table(location(**{"Provider name": "Mrs Ada Merrow"}))))
    assert not Agency.objects.filter(name__contains="Merrow").exists()


# --- our own list -----------------------------------------------------------------------------------------------------


def ours(**said):
    row = {"Name": "Canal Bridge Housing", "Type": "Housing body", "Number": "", "Town": "Stafford"}
    row |= {"Postcode": "st161ps", "Area": "Stoke-on-Trent; Staffordshire", "Website": "www.canal.example"}
    return row | {"Office email": "office@canal.example", "Telephone": "1632960001", "Other names": "CBH; Quay"} | said


def test_a_row_of_our_own_list_becomes_an_organisation_with_its_contact_and_other_names(world):
    take(preview("own_list", table(ours()), ()))
    agency = Agency.objects.get(name="Canal Bridge Housing")
    assert (agency.kind, agency.website) == (AgencyKind.HOUSING, "http://www.canal.example")
    assert sorted(area.slug for area in agency.areas.all()) == ["staffordshire", "stoke-on-trent"]
    point = agency.contacts.get()
    assert (point.email, point.telephone) == ("office@canal.example", "01632960001")
    assert [alias.name for alias in agency.aliases.all()] == ["CBH", "Quay"]
    assert "cbh" in agency.words
    assert actions(preview("own_list", table(ours()), ())) == []


def test_other_names_that_people_added_stay_whatever_the_list_says(world):
    take(preview("own_list", table(ours()), ()))
    Alias.objects.create(agency=Agency.objects.get(name="Canal Bridge Housing"), name="The Quay")
    assert actions(preview("own_list", table(ours(**{"Other names": ""})), ())) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"Type": "Guild"}, "no type that is known"),
        ({"Type": "School"}, "their own register"),
        ({"Name": ""}, "no name"),
        ({"Name": "!!!"}, "no letter or figure"),
        ({"Area": "Camelot"}, "no local authority"),
        ({"Office email": "office at canal"}, "not an email address"),
        ({"Telephone": "ask"}, "not a telephone number"),
        ({"Telephone": "01782 00"}, "too few or too many figures"),
        ({"Postcode": "ST1"}, "not a full UK postcode"),
        ({"Name": "x" * 201}, "longer than 200"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_the_others_are_taken(world, said, words):
    batch = preview("own_list", table(ours(**said), ours(Name="Other Housing")), ())
    assert words in batch.rows.get(action="wrong").problem
    take(batch)
    assert Agency.objects.filter(name="Other Housing").exists()


def test_no_register_makes_anybody_an_account(world):
    before = User.objects.count()
    for source, file, scope, _ in REAL:
        batch = preview(source, (DATA / file).read_bytes(), scope)
        batch.rows.update(chosen=True)
        take(batch)
    assert User.objects.count() == before


# --- on the command line ----------------------------------------------------------------------------------------------


def test_the_command_line_previews_takes_and_says_what_it_did(world, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(table(setting(), setting("EY999002", **{"Provider name": "Two", "Postcode": "nowhere"})))
    call_command("import_register", "early_years", str(file), "--preview", "--authority", "861")
    assert not Registration.objects.filter(number="EY999001").exists()
    call_command("import_register", "early_years", str(file), "--authority", "861")
    assert Registration.objects.filter(number="EY999001").exists()
    said = capsys.readouterr().out
    assert "Line 3 (EY999002 Two): ‘nowhere’ is not a full UK postcode." in said
    assert "Taken: 1 added." in said


def test_nhs_bodies_are_taken_for_our_board_without_a_word(world, capsys):
    call_command("import_register", "nhs", str(DATA / "nhs_etr_24_rows.csv"))
    assert Registration.objects.filter(register="ods").count() == 3
