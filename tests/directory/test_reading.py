"""A file becomes rows whatever its form, or a sentence says why not."""

import io
import zipfile
from contextlib import closing
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import Column, Layout, open_rows

LAYOUT = Layout(
    (Column("number", ("Number", "No."), essential=True), Column("name", ("Name",)), Column("day", ("Day",)))
)
PLAIN = "Number,Name,Day\r\n1,One,31-08-2024\r\n2,Two,\r\n"


@pytest.fixture
def read(tmp_path):
    """read(content, layout) -> [(line, cells or problem)]"""

    def read(content, layout=LAYOUT):
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with closing(open_rows(path, layout)) as reading:
            return [(row.number, row.problem or row.cells) for row in reading.rows]

    return read


def sheet(rows, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    page = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(at, column, value, day)
            else:
                page.write(at, column, value)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_is_read_in_every_encoding_that_it_comes_in(read, encoding):
    rows = read("Number,Name\r\n1,Café Ñ\r\n".encode(encoding))
    assert rows == [(2, {"number": "1", "name": "Café Ñ"})]


def test_lines_of_two_encodings_in_one_file_are_each_read_as_they_are(read):
    content = b"Number,Name\n" + "1,Café\n".encode() + "2,Café ’\n".encode("cp1252")
    assert [cells["name"] for _, cells in read(content)] == ["Café", "Café ’"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(read, separator):
    assert read(PLAIN.replace(",", separator))[0] == (2, {"number": "1", "name": "One", "day": "31-08-2024"})


def test_the_line_is_that_of_the_file_where_a_cell_runs_over_several(read):
    rows = read('Number,Name\n1,"One\nand\nmore"\n2,Two\n')
    assert [(line, cells["name"]) for line, cells in rows] == [(2, "One\nand\nmore"), (5, "Two")]


def test_a_preamble_above_the_names_and_a_comma_behind_them_do_not_matter(read):
    rows = read("The list,,\n,,\nMade on Monday,,\nNumber,Name,\n1,One,\n")
    assert rows == [(5, {"number": "1", "name": "One"})]


def test_a_list_without_column_names_is_read_by_place(read):
    layout = Layout(LAYOUT.columns, headless=("number", "", "name"))
    assert read('"R1","ignored","One"\n', layout) == [(1, {"number": "R1", "name": "One"})]


def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(read):
    rows = read('Number,Name\n1,One\n2,"Two\n' + "".join(f"{n},x\n" for n in range(3, 90)))
    assert rows[0][1] == {"number": "1", "name": "One"}
    assert (rows[1][0], "not closed" in rows[1][1]) == (3, True)


def test_a_cell_of_a_million_characters_and_a_nul_make_their_rows_wrong_and_no_others(read):
    rows = read(f"Number,Name\n1,{'x' * 1_000_000}\n2,a\0b\n3,Three\n")
    assert "longer than" in rows[0][1]
    assert "no text" in rows[1][1]
    assert rows[2] == (4, {"number": "3", "name": "Three"})


def test_a_column_that_stands_twice_is_refused(read):
    with pytest.raises(Unreadable, match="stands twice"):
        read("Number,Name,Name\n1,One,Two\n")


def test_of_two_names_of_a_column_the_first_counts(read):
    assert read("No.,Number,Name\nold,new,One\n") == [(2, {"number": "new", "name": "One"})]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "not a table"),
        (bytes(2000), "not a text file"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"Something,Else\n1,2\n", "lacks the column ‘Number’"),
        (b"just words", "lacks the column ‘Number’"),
    ],
)
def test_what_is_no_register_is_refused_in_one_sentence(read, content, words):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert words in refused.value.messages[0]


def test_too_many_rows_are_refused(read, monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 2)
    with pytest.raises(Unreadable, match="more than"):
        read("Number,Name\n1,a\n2,b\n3,c\n")


# --- spreadsheets ---


@pytest.mark.parametrize("epoch", [False, True])
def test_a_spreadsheet_gives_its_days_and_numbers_as_text_in_either_epoch(read, epoch):
    content = sheet([["Number", "Name", "Day"], [124003, "One", date(2024, 8, 31)]], date_1904=epoch)
    assert read(content) == [(2, {"number": "124003", "name": "One", "day": "2024-08-31"})]


def test_merged_headings_above_the_names_and_rows_between_keep_their_line(read):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 2, "Our list")
    page.write_row(2, 0, ["Number", "Name", "Day"])
    page.write_row(5, 0, [1, "One"])
    book.close()
    assert read(out.getvalue()) == [(6, {"number": "1", "name": "One", "day": ""})]


def test_a_hidden_sheet_is_not_read_and_that_is_said(tmp_path):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("Seen").write_row(0, 0, ["Number", "Name"])
    hidden = book.add_worksheet("Hidden")
    hidden.write_row(0, 0, ["Number", "Name", "Day"])
    hidden.write_row(1, 0, ["666", "Hidden one", ""])
    hidden.hide()
    book.close()
    path = tmp_path / "file"
    path.write_bytes(out.getvalue())
    with closing(open_rows(path, LAYOUT)) as reading:
        assert (list(reading.rows), reading.remarks) == ([], ["1 hidden sheet was not read: ‘Hidden’."])


def test_a_formula_gives_its_value_and_one_without_a_value_makes_its_row_wrong(read):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Number", "Name"])
    page.write(1, 0, 1)
    page.write_formula(1, 1, '="O"&"ne"', None, "One")
    book.close()
    assert read(out.getvalue()) == [(2, {"number": "1", "name": "One"})]
    book = openpyxl.Workbook()  # which calculates nothing
    book.active.append(["Number", "Name"])
    book.active.append([1, '="O"&"ne"'])
    out = io.BytesIO()
    book.save(out)
    assert "formula without a value" in read(out.getvalue())[0][1]


def altered(change):
    """A sound spreadsheet whose archive was altered by change(archive)."""
    content = io.BytesIO(sheet([["Number", "Name"], [1, "One"]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        change(archive)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda archive: archive.writestr("xl/vbaProject.bin", b"macro"), "macros"),
        (lambda archive: archive.writestr("xl/media/zeros", bytes(30 * limits.MB)), "unpacks to far more"),
        (lambda archive: [archive.writestr(f"xl/media/{n}", b"") for n in range(2_100)], "unpacks to far more"),
        (lambda archive: archive.writestr("../../etc/cron.d/x", b"x"), "damaged"),
        (lambda archive: archive.writestr("/etc/x", b"x"), "damaged"),
    ],
)
def test_a_spreadsheet_that_is_a_trap_is_not_opened(read, change, words):
    with pytest.raises(Unreadable) as refused:
        read(altered(change))
    assert words in refused.value.messages[0]


def test_entities_that_would_grow_are_not_followed(read):
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [{names}]><sst><si><t>&e8;</t></si></sst>'
    source, out = zipfile.ZipFile(io.BytesIO(sheet([["Number", "Name"], [1, "One"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, bomb if name.endswith("sharedStrings.xml") else source.read(name))
    with pytest.raises(Unreadable, match="damaged"):
        read(out.getvalue())


def test_a_zip_that_holds_the_csv_says_to_unpack_it(read):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("edubasealldata.csv", PLAIN)
    with pytest.raises(Unreadable, match="Unpack it"):
        read(out.getvalue())
