"""The national schools register as it really comes: one test a quirk of the real files, G01 to G21."""

import csv
from datetime import date
from pathlib import Path

import pytest

from partnership.directory.importing import services
from partnership.documents.tables.limits import Unreadable
from partnership.people.models import Agency, Area, School, Site, Succession
from tests.directory.registers import COLUMNS, lines, preview, school, table, take

DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.usefixtures("world")


def only(batch):
    return batch.rows.get()


def held(urn=999001):
    return Agency.objects.get(school__urn=urn)


def hold(*rows, **how):
    """Take these rows, so that a later file meets them."""
    batch = preview(table(*rows), **how)
    assert take(batch).status == "taken"
    return held(int(rows[0]["URN"]))


def test_g01_a_name_in_windows_1252_is_read_with_its_accents():
    batch = preview(table(school(EstablishmentName="École de la Fierté ‘Á’"), encoding="cp1252"))
    assert only(batch).label == "École de la Fierté ‘Á’"


@pytest.mark.parametrize("vintage", [133, 139, 140])
def test_g02_columns_are_found_by_name_in_every_vintage(vintage):
    more = [f"Column {n}" for n in range(vintage - len(COLUMNS))]
    middle = len(COLUMNS) // 2
    columns = (*COLUMNS[:middle], *more, *COLUMNS[middle:])
    row = only(preview(table(school(), columns=columns)))
    assert (row.new["town"], row.new["phase"]) == ("Stoke-on-Trent", "Primary")


def test_g03_a_column_that_is_gone_changes_nothing_and_a_new_one_is_no_matter():
    agency = hold(school())
    columns = [name for name in COLUMNS if name not in ("PhaseOfEducation (name)", "Town", "Trusts (code)")]
    batch = preview(table(school(), columns=[*columns, "CHNumber", "FSM"]))
    assert (lines(batch), batch.counts["unchanged"]) == ([], 1)
    assert agency.school.phase == "Primary"


def test_g03_the_same_fact_is_known_by_the_other_name_of_its_column():
    columns = ("urn", "la_code", "name_gias", "type_of_establishment", "open_date", "town", "postcode")
    row = dict(zip(columns, ("999001", "861", "A School", "Community school", "01-09-2017", "Stafford", "ST16 1PS"),
                   strict=True))  # fmt: skip
    new = only(preview(table(row, columns=columns))).new
    assert (new["name"], new["starts"], new["town"]) == ("A School", "2017-09-01", "Stafford")


def test_g04_the_older_name_of_a_group_of_types_is_the_same_group():
    hold(school())
    assert lines(preview(table(school(**{"EstablishmentTypeGroup (name)": "LA maintained schools"})))) == []


@pytest.mark.parametrize("written", ["01-09-1995", "01/09/1995", "1995-09-01"])
def test_g05_a_day_is_read_however_it_was_saved(written):
    assert only(preview(table(school(OpenDate=written)))).new["starts"] == "1995-09-01"


@pytest.mark.parametrize("unknown", ["", "01-01-1900", "1900-01-01"])
def test_g06_an_unknown_opening_day_is_no_day_and_does_not_replace_one_that_is_known(unknown):
    assert "starts" not in only(preview(table(school(OpenDate=unknown)))).new
    agency = hold(school())
    assert lines(preview(table(school(OpenDate=unknown)))) == []
    assert agency.starts == date(1995, 9, 1)


def test_g07_leading_zeros_come_and_go_without_a_change():
    hold(school())
    assert lines(preview(table(school(**{"URN": "0999001", "LA (code)": "0861", "EstablishmentNumber": "02"})))) == []


def test_g08_open_but_proposed_to_close_is_open():
    agency = hold(school())
    said = {"EstablishmentStatus (name)": "Open, but proposed to close", "CloseDate": "31-08-2030"}
    batch = preview(table(school(**said)))
    assert lines(batch) == [(2, "changed", "999001")]
    take(batch)
    agency.refresh_from_db()
    assert (agency.ends, agency.school.register_status) == (None, "Open, but proposed to close")


def test_g09_a_phase_that_does_not_apply_is_no_phase():
    hold(school(**{"PhaseOfEducation (name)": "Not applicable"}))
    assert School.objects.get(urn=999001).phase == ""


def test_g10_welsh_schools_are_left_out_by_their_authority_and_by_their_group():
    by_code = school(**{"LA (code)": "674"})
    by_group = school(999002, **{"EstablishmentTypeGroup (name)": "Welsh schools"})
    batch = preview(table(by_code, by_group), scope=())
    assert (batch.left_out, lines(batch)) == ({"in Wales": 2}, [])


def test_g11_a_school_lies_where_its_authority_says_and_not_its_town():
    agency = hold(school(**{"LA (code)": "860", "Town": "Stoke-on-Trent"}))
    assert [area.slug for area in agency.areas.all()] == ["staffordshire"]


@pytest.mark.parametrize("spelling", ["Stoke on Trent", "Stoke-On-Trent", "STOKE-ON-TRENT"])
def test_g12_another_spelling_of_a_town_is_no_change_and_a_new_school_gets_the_usual_one(spelling):
    hold(school())
    assert lines(preview(table(school(Town=spelling)))) == []
    assert only(preview(table(school(999002, Town=spelling)))).new["town"] == "Stoke-on-Trent"


def test_g13_two_schools_of_one_name_are_two_schools():
    names = {"EstablishmentName": "Oakhill Primary School"}
    take(preview(table(school(**names), school(999002, **names, Postcode="ST4 9ZZ"))))
    assert School.objects.filter(urn__in=[999001, 999002]).count() == 2


def test_g14_a_double_blank_in_a_name_is_one():
    row = only(preview(table(school(EstablishmentName="All Saints'  CofE   Primary School"))))
    assert row.label == "All Saints' CofE Primary School"


def converted(**new):
    closed = school(**{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"})
    facts = {"OpenDate": "01-09-2024", "TypeOfEstablishment (name)": "Academy converter"} | new
    return table(closed, school(999002, **facts))


def test_g15_a_new_number_at_the_postcode_of_one_that_closed_follows_it_and_the_past_stays():
    before = hold(school())
    batch = preview(converted(EstablishmentName="Canal Bridge Academy"))
    assert lines(batch) == [(2, "closed", "999001"), (3, "converted", "999002")]
    take(batch)
    follows = Succession.objects.get(successor=held(999002))
    assert (follows.predecessor, follows.on, follows.kind) == (before, date(2024, 9, 1), "replaced")
    before.refresh_from_db()
    assert (before.ends, before.name, before.history.count()) == (date(2024, 9, 1), "Canal Bridge Primary School", 2)
    assert lines(preview(converted(EstablishmentName="Canal Bridge Academy"))) == []


def test_g16_a_conversion_may_keep_the_name():
    hold(school())
    take(preview(converted()))
    assert Succession.objects.get(successor__school__urn=999002).predecessor.school.urn == 999001


def test_g17_a_website_without_its_scheme_gets_one_and_is_no_change_later():
    agency = hold(school(SchoolWebsite="www.canal-bridge.example"))
    assert agency.website == "http://www.canal-bridge.example"
    assert lines(preview(table(school(SchoolWebsite="https://www.canal-bridge.example/")))) == []


def test_g18_heads_names_and_telephones_are_stored_nowhere():
    said = {
        "TelephoneNum": "01782000111",
        "HeadTitle (name)": "Dr",
        "HeadFirstName": "Zebedee",
        "HeadLastName": "Quillfeather",
        "PropsName": "Ozymandias Brack",
    }
    batch = preview(table(school(**said)))
    take(batch)
    kept = repr([*batch.rows.values(), *Agency.objects.values(), *School.objects.values(), *Site.objects.values()])
    for word in ("01782000111", "Zebedee", "Quillfeather", "Ozymandias"):
        assert word not in kept


@pytest.mark.parametrize("urn", ["5.00E+06", "1E5"])
def test_g19_a_number_that_a_spreadsheet_shortened_is_refused_by_its_line(urn):
    batch = preview(table(school(), school(URN=urn)))
    wrong = batch.rows.get(action="wrong")
    assert (wrong.line, wrong.chosen) == (3, False)
    assert "shortened by a spreadsheet" in wrong.problem


def test_g20_quoted_and_unquoted_cells_may_stand_in_one_line():
    header = ",".join(COLUMNS)
    cells = [school().get(name, "") for name in COLUMNS]
    mixed = ",".join(cell if cell.isdecimal() else f'"{cell}"' for cell in cells)
    plain = ",".join(school(999002).get(name, "") for name in COLUMNS)
    batch = preview("\r\n".join([header, mixed, plain]).encode("cp1252"))
    assert lines(batch) == [(2, "new", "999001"), (3, "new", "999002")]


@pytest.mark.parametrize(("extra", "words"), [(["x", "y"], "28 values under 26"), (None, "25 values under 26")])
def test_g21_a_row_with_too_many_or_too_few_values_is_named_and_never_shifted(extra, words):
    content = table(school(), school(999002)).decode("cp1252").split("\r\n")
    content[2] = content[2].rpartition(",")[0] if extra is None else ",".join([content[2], *extra])
    batch = preview("\r\n".join(content).encode("cp1252"))
    assert lines(batch) == [(2, "new", "999001"), (3, "wrong", "999002")]
    assert words in batch.rows.get(line=3).problem


def test_the_99_real_rows_of_the_national_register_come_in_and_change_nothing_the_second_time():
    content = (DATA / "gias_99_rows.csv").read_bytes()
    first = preview(content, scope=())
    assert first.left_out == {"in Wales": 51, "closed, and never in the directory": 6}
    assert [action for _, action, _ in lines(first)] == ["new"] * 42
    assert not first.rows.filter(chosen=True).exists(), "none of ours is in it: nothing is chosen before somebody looks"
    services.choose(first, every=True)
    take(first)
    second = preview(content, scope=())
    assert (lines(second), second.counts["unchanged"]) == ([], 42)


def test_the_245_local_rows_come_in_and_change_nothing_the_second_time():
    content = (DATA / "schools_245_rows.csv").read_bytes()
    rows = list(csv.DictReader(line for line in content.decode().splitlines() if not line.startswith("#")))
    assert len(rows) == 245
    # The portal starts with them: what a person changed by hand meanwhile is shown, and taken back.
    Site.objects.filter(agency__school__urn=rows[0]["urn"]).update(postcode="")
    Area.objects.get(slug="stoke-on-trent").agencies.remove(held(int(rows[1]["urn"])))
    first = preview(content)
    assert sorted(number for _, _, number in lines(first)) == sorted(row["urn"] for row in rows[:2])
    take(first)
    second = preview(content)
    assert (lines(second), second.counts["unchanged"]) == ([], 245)


def test_a_file_that_lacks_an_essential_column_says_which_in_one_sentence():
    columns = [name for name in COLUMNS if name not in ("URN", "LA (code)")]
    with pytest.raises(Unreadable, match="lacks the columns ‘URN’ and ‘LA \\(code\\)’"):
        preview(table(school(), columns=columns))
