"""People, duties and contacts from a spreadsheet: the messy lists of the first day."""

import io
import unicodedata
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from partnership.directory.importing import empty_forms, services
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportRow
from partnership.documents.tables.limits import Unreadable
from partnership.notify.models import Outgoing
from partnership.people.models import Agency, ContactPoint, Membership, NamedDuty, Site, User
from partnership.people.services import know_person
from tests.directory.registers import silent, take

COLUMNS = ["Organisation", "URN", "Name", "Post", "Email", "Telephone", "Duty", "From", "Until", "Office email",
           "Office telephone"]  # fmt: skip


@pytest.fixture
def school(world):
    return world.agencies["school"]


def book(*rows, columns=COLUMNS, change=None) -> bytes:
    """A workbook of dicts by column; change(book, sheet) makes it messier."""
    file = openpyxl.Workbook()
    sheet = file.active
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    if change:
        change(file, sheet)
    return saved(file)


def saved(file) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def preview(content, name="day one.xlsx", by=None):
    batch = services.start(source="people", name=name, chunks=[content], scope=(), by=by)
    services.keep_reading(batch, services.read(batch, progress=silent), by=by)
    batch.refresh_from_db()
    assert batch.status == "ready", batch.problem
    return batch


def ada(school, **said):
    return {"Organisation": school.name, "Name": "Ada Merrow", "Email": "ada@quay.example", "Duty": "DSL"} | said


def problem(batch):
    return batch.rows.get(action="wrong").problem


def person(email="ada@quay.example"):
    return User.objects.get(email=email)


# --- what comes of a row ----------------------------------------------------------------------------------------------


def test_a_row_makes_somebody_known_without_a_sign_in_with_a_dated_duty_and_the_offices_contact(world, school):
    more = {"Post": "Assistant head", "Telephone": "01632 960001", "From": "01/09/2024", "Until": "31/08/2027"}
    more |= {"Office email": "office@quay.example", "Office telephone": "01632 960002"}
    mails, roles = Outgoing.objects.count(), Membership.objects.count()
    assert take(preview(book(ada(school, **more)))).status == "taken"
    assert (person().known_only, person().has_usable_password(), person().job_title) == (True, False, "Assistant head")
    duty = NamedDuty.objects.get(holder=person())
    assert (duty.kind, duty.agency, duty.starts, duty.ends) == ("dsl", school, date(2024, 9, 1), date(2027, 9, 1))
    point = ContactPoint.objects.get(agency=school)
    assert (point.email, point.telephone, point.shown) == ("office@quay.example", "01632 960002", "partners")
    assert (Outgoing.objects.count(), Membership.objects.count()) == (mails, roles)


def test_the_same_file_twice_changes_nothing(world, school):
    rows = [
        ada(school, Post="Assistant head", **{"Office email": "office@quay.example"}),
        {"Organisation": school.name, "Name": "Bo Sallow", "Duty": "Deputy DSL / SPOC"},
        {"Organisation": school.name, "Name": "vacant", "Duty": "Chair of governors", "Post": "Chair"},
        {"Organisation": "UHNM", "Name": "Ny Ó Dubhthaigh", "Duty": "S11 lead", "From": date(2025, 1, 6)},
    ]
    batch = preview(book(*rows))
    assert list(batch.rows.values_list("action", flat=True)) == ["new"] * 4, [r.problem for r in batch.rows.all()]
    take(batch)
    assert batch.status == "taken", list(batch.rows.values_list("problem", flat=True))
    duties, people = NamedDuty.objects.count(), User.objects.count()
    again = preview(book(*rows))
    assert (again.rows.count(), again.counts["unchanged"]) == (0, 4), [r.new for r in again.rows.all()]
    assert (NamedDuty.objects.count(), User.objects.count()) == (duties, people)


def test_an_account_keeps_its_own_details_and_gets_the_duty(world, school):
    user = world.colleague
    row = {"Organisation": "UHNM", "Name": user.name, "Email": user.email.upper(), "Duty": "case contact",
           "Telephone": "01632 960009", "Post": "Nurse"}  # fmt: skip
    take(preview(book(row)))
    user.refresh_from_db()
    assert (user.telephone, user.job_title, user.is_active) == ("", "", True)
    assert NamedDuty.objects.get(holder=user).kind == "case"
    assert User.objects.filter(name=user.name).count() == 1


def test_a_vacant_duty_gets_its_holder_and_stays_one_row(world, school):
    vacant = NamedDuty.objects.create(agency=school, kind="head", post="")
    batch = preview(book(ada(school, Duty="Headteacher", From="1 September 2024")))
    take(batch)
    vacant.refresh_from_db()
    assert (vacant.holder, vacant.starts) == (person(), date(2024, 9, 1))
    assert NamedDuty.objects.filter(agency=school, kind="head").count() == 1


def test_a_head_who_ends_makes_room_for_the_next_in_whatever_order_the_rows_stand(world, school):
    old = know_person(name="Bo Sallow", email="bo@quay.example")
    NamedDuty.objects.create(agency=school, kind="head", holder=old)
    rows = [
        ada(school, Duty="head", From="2024-09-01"),
        {"Organisation": school.name, "Name": "Bo Sallow", "Email": "bo@quay.example", "Duty": "Head",
         "Until": "31.08.2024"},
    ]  # fmt: skip
    batch = preview(book(*rows))
    take(batch)
    assert batch.status == "taken", list(batch.rows.values_list("problem", flat=True))
    assert list(
        NamedDuty.objects.filter(agency=school, kind="head").order_by("ends").values_list("ends", flat=True)
    ) == [
        date(2024, 9, 1),
        None,
    ]


def test_a_duty_that_ended_long_ago_is_another_than_that_of_today(world, school):
    bo = know_person(name="Bo Sallow", email="bo@quay.example")
    for kind in ("dsl", "head"):
        NamedDuty.objects.create(agency=school, kind=kind, holder=bo, ends=date(2020, 1, 1))
    row = {"Organisation": school.name, "Name": "Bo Sallow", "Email": "bo@quay.example"}
    batch = preview(book(row | {"Duty": "DSL"}, row | {"Duty": "Head"}))
    assert problem(batch).startswith("Bo Sallow was headteacher in that time. Give the days")
    take(batch)
    assert NamedDuty.objects.filter(holder=bo, kind="dsl").count() == 2
    assert preview(book(row | {"Duty": "DSL"})).counts["unchanged"] == 1


def test_two_heads_at_once_are_refused_with_the_name_of_the_one_who_is(world, school):
    NamedDuty.objects.create(agency=school, kind="head", holder=know_person(name="Bo Sallow"))
    assert problem(preview(book(ada(school, Duty="Head")))).startswith("Bo Sallow is headteacher in that time.")
    rows = [ada(world.agencies["uhnm"]), ada(school, Duty="chair of governors"),
            {"Organisation": school.name, "Name": "Cy Tarn", "Duty": "Chair of governors"}]  # fmt: skip
    assert "Ada Merrow (line 3) is chair of governors" in problem(preview(book(*rows)))


def test_a_list_never_appoints_who_signs_for_a_partner(world, school):
    row = {"Organisation": world.agencies["icb"].name, "Name": world.directory_admin.name,
           "Email": world.directory_admin.email, "Duty": "Delegated safeguarding partner"}  # fmt: skip
    assert "this is an appointment" in problem(preview(book(row)))


# --- whom it means ----------------------------------------------------------------------------------------------------


def test_an_address_of_somebody_else_is_a_wrong_row_and_says_not_whose(world, school):
    words = problem(preview(book(ada(school, Email=world.colleague.email))))
    assert words == f"The address {world.colleague.email} belongs to somebody else."


def test_one_address_under_two_names_in_a_file_is_refused_in_both_lines(world, school):
    rows = [ada(school), ada(school, Name="Bo Sallow", Duty="Deputy DSL"), ada(school, Name="Cy Tarn", Email=None)]
    batch = preview(book(*rows))
    assert list(batch.rows.filter(action="wrong").values_list("line", flat=True)) == [2, 3]
    assert batch.rows.get(action="new").line == 4


@pytest.mark.parametrize(
    "name",
    [
        "Niamh O'Brien-Ní Dhomhnaill",
        "Zoë Ñúñez",
        "Ŵyn",
        "S",
        "李",
        "محمد",
        "Ada " + "x" * 196,
        "{{7*7}} Bo",
        "=HYPERLINK(A1) Bo",
    ],
)
def test_a_name_is_the_same_person_composed_or_not_and_is_kept_as_it_is(world, school, name):
    take(preview(book(ada(school, Name=unicodedata.normalize("NFD", name)), change=as_text)))
    again = preview(book(ada(school, Name=unicodedata.normalize("NFC", name)), change=as_text))
    assert again.counts["unchanged"] == 1, [r.new for r in again.rows.all()]
    assert person().name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["<script>alert(1)</script> Bo", "Bo at www.example.org", '=HYPERLINK("http://x")'])
def test_what_could_lead_elsewhere_is_no_name(school, name):
    batch = preview(book(ada(school, Name=name), change=as_text))
    assert "is not a person’s name" in batch.rows.get().problem


def as_text(file, sheet):
    """A name that begins with = is a text of the list, not a formula."""
    sheet["C2"].data_type = "s"


def test_without_an_address_somebody_of_the_name_elsewhere_is_not_taken_for_the_same(world, school):
    NamedDuty.objects.create(agency=world.agencies["mpft"], kind="s11", holder=know_person(name="Ada Merrow"))
    batch = preview(book(ada(school, Email=None)))
    assert "known at another organisation and is not taken for the same" in batch.rows.get().problem
    take(batch)
    assert User.objects.filter(name="Ada Merrow").count() == 2


def test_somebody_of_the_name_with_another_address_here_is_left_for_people_to_look_at(world, school):
    there = know_person(name="Ada Merrow", email="ada.merrow@quay.example")
    NamedDuty.objects.create(agency=school, kind="ddsl", holder=there)
    row = preview(book(ada(school))).rows.get()
    assert (row.chosen, "look whether they are the same person" in row.problem) == (False, True)


def test_who_has_an_address_in_one_row_is_the_same_in_the_next_row_without_one(world, school):
    take(preview(book(ada(school), ada(school, Email=None, Duty="SPOC"))))
    assert sorted(NamedDuty.objects.filter(holder=person()).values_list("kind", flat=True)) == ["dsl", "spoc"]
    assert User.objects.filter(name="Ada Merrow").count() == 1


def test_somebody_known_without_an_address_gets_it_once_whatever_the_number_of_rows(world, school):
    bo = know_person(name="Bo Sallow")
    NamedDuty.objects.create(agency=school, kind="dsl", holder=bo)
    row = {"Organisation": school.name, "Name": "Bo Sallow", "Email": "bo@quay.example", "Telephone": "01632 960001"}
    batch = preview(book(row | {"Duty": "SPOC"}, row | {"Duty": "case contact"}))
    take(batch)
    assert batch.status == "taken", list(batch.rows.values_list("problem", flat=True))
    bo.refresh_from_db()
    assert (bo.email, bo.telephone, bo.named_duties.count()) == ("bo@quay.example", "01632 960001", 3)


def test_two_addresses_of_one_office_in_a_file_are_told_apart_by_their_lines(world, school):
    rows = [ada(school, **{"Office email": "office@quay.example"})]
    rows.append({"Organisation": school.name, "Office email": "other@quay.example", "Office telephone": "01632 960002"})
    assert problem(preview(book(*rows))).startswith("Line 2 says another address of the office")


def test_an_offices_address_in_the_persons_place_is_marked_as_shared(world, school):
    batch = preview(book(ada(school, Email="office@quay.example")))
    assert "looks like the address of an office" in batch.rows.get().problem
    take(batch)
    assert person("office@quay.example").shared_address


def test_a_closed_account_is_not_opened_by_a_list(world, school):
    gone = know_person(name="Ada Merrow", email="ada@quay.example")
    User.objects.filter(pk=gone.pk).update(closed_at="2026-01-01T00:00Z")
    assert "was closed" in problem(preview(book(ada(school))))


def test_an_organisation_is_found_by_its_other_name_and_by_its_number(world, school):
    rows = [
        {"Organisation": "UHNM", "Name": "Ada Merrow", "Duty": "s11"},
        {"Organisation": "", "URN": str(school.school.urn), "Name": "Bo Sallow", "Duty": "DSL"},
        {"Organisation": str(school.school.urn), "Name": "Cy Tarn", "Duty": "Deputy DSL"},
        {"Organisation": school.name.upper(), "URN": school.school.urn, "Name": "Di Vale", "Duty": "SPOC"},
    ]
    agencies = list(preview(book(*rows)).rows.values_list("agency", flat=True))
    assert agencies == [world.agencies["uhnm"].pk, school.pk, school.pk, school.pk]


def test_an_unknown_organisation_is_told_with_the_nearest_names(world, school):
    words = problem(preview(book(ada(school, Organisation="University Hospitals North Midlands Trust"))))
    assert "The nearest are: University Hospitals of North Midlands NHS Trust" in words


def test_two_organisations_of_one_name_are_told_apart_by_town_and_number(world, school):
    double = Agency.objects.create(slug="double", name=school.name, kind="early years")
    Site.objects.create(agency=double, name="x", town="Leek")
    words = problem(preview(book(ada(school))))
    assert ("There are 2 organisations of this name" in words, "Leek" in words) == (True, True)
    assert str(school.school.urn) in words


def test_a_number_of_another_organisation_than_the_name_is_refused(world, school):
    assert "is that of" in problem(preview(book(ada(school, Organisation="Zyx Qwerty", URN=school.school.urn))))


def test_an_organisation_that_ended_is_told_with_who_carried_it_on(world, school):
    gone = Agency.objects.get(slug="sot-staffs-ccgs")
    words = problem(preview(book(ada(school, Organisation=gone.name))))
    assert ("ended on 30 June 2022" in words, "Integrated Care Board" in words) == (True, True)


# --- what a cell says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"Organisation": None}, "names no organisation"),
        ({"Email": "ada at quay"}, "not an email address"),
        ({"Email": "ada@quay.example; bo@quay.example"}, "not an email address"),
        ({"Email": "аda@quay.example"}, "letters that look like others"),
        ({"Name": "ada@quay.example"}, "not a person’s name"),
        ({"Name": "12345"}, "not a person’s name"),
        ({"Name": "x" * 201}, "longer than 200"),
        ({"Name": None}, "an address and no name"),
        ({"Duty": "Caretaker"}, "no duty that is known. Write one of: DSL"),
        ({"Duty": "Deputy"}, "write it in full"),
        ({"Duty": None}, "a person without a duty"),
        ({"From": "31/04/2024"}, "no day of the calendar"),
        ({"From": "08/31/2024"}, "no day of the calendar"),
        ({"From": "01/09/24"}, "year of two figures"),
        ({"From": "September 2024"}, "not a day"),
        ({"From": "01/09/0202"}, "not a day of our time"),
        ({"From": "01/09/20266"}, "not a day"),
        ({"From": "01/09/2024", "Until": "31/08/2024"}, "ends before it begins"),
        ({"Telephone": "see web"}, "not a telephone number"),
        ({"Telephone": "01782 00"}, "too few or too many figures"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_by_line_and_reason_and_the_other_rows_are_taken(world, school, said, words):
    batch = preview(book(ada(school, **said), {"Organisation": school.name, "Name": "Bo Sallow", "Duty": "SPOC"}))
    wrong = batch.rows.get(action="wrong")
    assert (wrong.line, words in wrong.problem) == (2, True), wrong.problem
    take(batch)
    assert User.objects.filter(name="Bo Sallow").exists()


@pytest.mark.parametrize("written", ["01/09/2024", "2024-09-01", "1st Sept 2024", 45536, "45536", date(2024, 9, 1)])
def test_a_day_is_read_in_every_form_that_lists_use(world, school, written):
    assert preview(book(ada(school, From=written))).rows.get().new["starts"] == "2024-09-01"


def test_a_bare_day_number_is_counted_from_1904_where_the_workbook_counts_so(world, school):
    def old_mac(file, sheet):
        file.epoch = CALENDAR_MAC_1904

    assert preview(book(ada(school, From=44074), change=old_mac)).rows.get().new["starts"] == "2024-09-01"
    shown = preview(book(ada(school, From=date(2024, 9, 1)), change=old_mac)).rows.get()
    assert shown.new["starts"] == "2024-09-01"


# --- the file ---------------------------------------------------------------------------------------------------------


def test_columns_are_found_by_other_names_below_title_rows_and_under_merged_heads(world, school):
    file = openpyxl.Workbook()
    sheet = file.active
    sheet.append(["Our safeguarding contacts, autumn 2026"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["School", "Person", None, None, None, "Office contact", None])
    sheet.append([None, "Forename", "Surname", "E-mail address", "Safeguarding role", "Email", "Telephone"])
    for merged in ("A3:A4", "B3:E3", "F3:G3"):
        sheet.merge_cells(merged)
    sheet.append([school.name, "Ada", "Merrow", "ada@quay.example", "dsl", "office@quay.example", "01632 960002"])
    row = preview(saved(file)).rows.get()
    assert row.label == f"Ada Merrow, {school.name}"
    assert (row.line, row.new["email"], row.new["office_email"]) == (5, "ada@quay.example", "office@quay.example")
    assert row.new["office_telephone"] == "01632 960002"


def test_a_hidden_sheet_is_not_read_and_of_several_it_is_said_which_one_was(world, school):
    def more(file, sheet):
        hidden = file.create_sheet("Old")
        hidden.append(COLUMNS)
        hidden.append([school.name, None, "Hidden Person", None, "hidden@quay.example", None, "DSL"])
        hidden.sheet_state = "hidden"
        file.create_sheet("Notes").append(["Nothing here"])

    batch = preview(book(ada(school), change=more))
    assert batch.rows.count() == 1
    assert any("hidden" in words for words in batch.remarks)
    assert any("‘Sheet’" in words for words in batch.remarks)


def test_a_formula_without_a_value_is_a_wrong_row(world, school):
    batch = preview(book(ada(school, Email='=LOWER("ADA@quay.example")')))
    assert "formula" in problem(batch)


def test_a_link_to_another_workbook_is_not_followed(world, school):
    batch = preview(book(ada(school, Post="='[other.xlsx]Sheet1'!A1")))
    assert "formula" in problem(batch)


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(world, school):
    out = io.BytesIO(book(ada(school)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (260 * 1024 * 1024))
    with pytest.raises(Unreadable, match="unpacks to far more"):
        services.start(source="people", name="bomb.xlsx", chunks=[out.getvalue()], scope=())


def test_a_list_without_organisations_is_refused_as_a_whole(world):
    with pytest.raises(Unreadable, match="lacks the column ‘Organisation’"):
        services.start(source="people", name="x.csv", chunks=[b"Name,Email\r\nAda,ada@quay.example\r\n"], scope=())


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("code", ["people", "own_list"])
def test_the_empty_list_is_read_by_the_importer_and_holds_no_row(world, code, kind):
    content = empty_forms.made(SOURCES[code], kind)
    batch = services.start(source=code, name=f"empty.{kind}", chunks=[content], scope=())
    services.keep_reading(batch, services.read(batch, progress=silent))
    assert (batch.status, batch.rows.count()) == ("ready", 0)


def test_sixty_messy_rows_come_in_but_for_the_wrong_ones_and_nothing_the_second_time(world):
    schools = list(Agency.objects.filter(kind="school", ends=None).order_by("slug")[:20])
    rows = []
    for n, each in enumerate(schools):
        rows += [
            {"Organisation": f"  {each.name.upper()} ", "URN": each.school.urn, "Name": f"MERROW{n}, Ada",
             "Email": f"<ADA{n}@quay.example>", "Duty": ("DSL", "D.S.L.")[n == 7], "From": ("1/9/2024", 45536)[n % 2]},
            {"Organisation": each.school.urn, "Name": f"Bo Sallow {chr(65 + n)}", "Duty": "Deputy DSL & SPOC",
             "Telephone": 1632960000 + n, "Until": ("n/a", "present")[n % 2]},
            {"Organisation": "" if n == 9 else each.name, "URN": each.school.urn if n != 9 else None,
             "Name": "TBC", "Duty": "Chair of the Governors", "Office telephone": f"01632 96{n:04}"},
        ]  # fmt: skip
    content = book(*rows)
    assert len(rows) == 60
    batch = preview(content)
    assert sorted(batch.rows.filter(action="wrong").values_list("line", flat=True)) == [23, 31]
    take(batch)
    assert batch.status == "taken", list(batch.rows.exclude(problem="").values_list("line", "problem"))
    assert NamedDuty.objects.filter(holder__name__contains="Bo Sallow").count() == 40
    assert User.objects.filter(name="Ada MERROW3", email__iexact="ada3@quay.example", is_active=False).exists()
    again = preview(content)
    assert list(again.rows.values_list("line", "action")) == [(23, "wrong"), (31, "wrong")]


# --- between preview and taking ---------------------------------------------------------------------------------------


def test_what_somebody_did_since_the_preview_stops_the_whole_batch_and_names_the_row(world, school):
    batch = preview(book(ada(school), {"Organisation": school.name, "Name": "Bo Sallow", "Duty": "SPOC"}))
    know_person(name="Somebody Else", email="ada@quay.example")
    services.take_now(batch, progress=silent)
    assert (batch.status, NamedDuty.objects.filter(holder__name="Bo Sallow").exists()) == ("ready", False)
    assert "added after the preview" in ImportRow.objects.get(batch=batch, chosen=False).problem


def test_only_who_may_take_lists_in_sees_whom_they_name(client, world, school):
    from tests.world import sign_in

    batch = preview(book(ada(school)), by=world.directory_admin)
    for reader, answer in ((world.directory_admin, 200), (world.author, 404), (world.lead_same, 404)):
        response = sign_in(client, reader).get(f"/directory/imports/{batch.pk}")
        assert (response.status_code, b"Ada Merrow" in response.content) == (answer, answer == 200)


def test_a_list_that_is_too_long_is_refused_with_what_to_do(world, school, monkeypatch):
    monkeypatch.setattr("partnership.directory.importing.limits.PEOPLE", 1)
    batch = services.start(source="people", name="x.xlsx", chunks=[book(ada(school), ada(school))], scope=())
    services.keep_reading(batch, services.read(batch, progress=silent))
    batch.refresh_from_db()
    assert (batch.status, batch.problem.startswith("A list of people has at most")) == ("failed", True)


def test_an_unticked_row_leaves_the_person_out_and_the_others_in(world, school):
    batch = preview(book(ada(school), {"Organisation": school.name, "Name": "Bo Sallow", "Duty": "SPOC"}))
    batch.rows.filter(line=2).update(chosen=False)
    take(batch)
    assert list(NamedDuty.objects.filter(agency=school).values_list("holder__name", flat=True)) == ["Bo Sallow"]
    assert not User.objects.filter(email="ada@quay.example").exists()
