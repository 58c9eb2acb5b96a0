"""A file of rows, whatever its form, as (line of the file, column -> text). Nothing here knows a register.

CSV in Windows-1252, UTF-8 or UTF-16, with commas, semicolons or tabs; XLSX. Columns are found by name, never by place;
what a layout does not name is dropped at once.
"""

import codecs
import csv
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable

csv.field_size_limit(limits.FILE_BYTES)  # the longest cell is judged by its row, with a sentence
SEPARATORS = (",", ";", "\t", "|")
HEAD_BYTES = 256 * 1024
FORMULA = "\0formula"  # what a formula without a value is read as


@dataclass(frozen=True)
class Column:
    """A column that is kept: our code for it and the names by which files know it."""

    code: str
    names: tuple
    essential: bool = False


@dataclass(frozen=True)
class Layout:
    """What a file must look like. headless: the codes of the columns by place, for a file without column names.

    grouped: a cell above may stand over several column names ('Office' over 'Email') or run down into their row.
    whole: every column is kept, whatever it is called, by its place ("0", "1", …); the names serve to find the row of
    the headings alone, and somebody says what each column is.
    moments: a sheet's day keeps the time of day that stands with it.
    """

    columns: tuple
    headless: tuple = ()
    grouped: bool = False
    whole: bool = False
    moments: bool = False
    origin: str = ""  # where the right file is had, for the sentence about a wrong one

    def essential(self):
        return [column for column in self.columns if column.essential]


@dataclass(frozen=True)
class Line:
    """One row of the file: the line on which it begins, and its kept cells. problem: why it cannot be read.

    raw: of a row with a problem, what its cells hold as far as that can be told, cells beyond the columns as `more`.
    """

    number: int
    cells: dict
    problem: str = ""
    raw: dict = field(default_factory=dict)


@dataclass
class Reading:
    """A file that is being read. rows: iterate once. columns: codes found. remarks: what people should know of it."""

    rows: Iterator
    columns: frozenset
    remarks: list = field(default_factory=list)
    done: Callable = lambda: 0.0  # how much of the file is behind us, 0 to 1
    day_zero: date = date(1899, 12, 30)  # from which a day written as a bare number is counted
    close: Callable = lambda: None
    headings: tuple = ()  # of a layout that keeps every column: what stands over each


@cache
def plain(name: str) -> str:
    """A column's name without case, blanks and signs: 'LA (code)' and 'la_code' are one."""
    return re.sub(r"[\W_]+", "", name.casefold())


def open_rows(path, layout) -> Reading:
    """Begin to read. Raises Unreadable with a sentence where the file as a whole is not one that can be read."""
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(limits.EMPTY)
    if size > limits.FILE_BYTES:
        raise Unreadable(limits.TOO_LARGE)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        from partnership.documents.tables import spreadsheets

        return spreadsheets.open_rows(path, layout)
    _looks_like_text(head)
    return _open_csv(path, size, head, layout)


@contextmanager
def open_upload(upload, layout, *, most, too_large):
    """`open_rows` for a file that somebody sent, told apart by what it is and not by its name; nothing of it is kept.

    most: its bytes at most; too_large: the sentence for more. Raises Unreadable.
    """
    if upload.size > most:
        raise Unreadable(too_large)
    with tempfile.NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        with closing(open_rows(file.name, layout)) as reading:
            yield reading


def _looks_like_text(head):
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith(b"%pdf"):
        raise Unreadable("This is a PDF, whatever its name says. Upload the CSV or XLSX file.")
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script")):
        raise Unreadable(
            "This is a web page, whatever its name says. Download the file again: the site may have asked you to "
            "sign in or to confirm first."
        )
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This is an old Excel file or one with a password. Save it as XLSX without a password, or as CSV."
        )
    if start.startswith((b"\x1f\x8b", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf")):
        raise Unreadable("This is not a table. Upload the CSV or XLSX file.")
    if head.count(b"\0") > 20 and _wide(head) is None:
        raise Unreadable("This is not a text file. Upload the CSV or XLSX file.")


def _wide(head):
    """The UTF-16 codec of a file that is in it, with or without its mark; else None."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def decoded(raw: bytes) -> str:
    """One line: UTF-8 where it is that, else Windows-1252, and Latin-1 for the five bytes that it leaves out."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            return raw.decode("latin-1")


class _Lines:
    """The physical lines of a text file, decoded one by one, counting the bytes that are behind."""

    def __init__(self, path, head):
        self.path, self.wide, self.read = path, _wide(head), 0

    def __iter__(self):
        if self.wide:
            with self.path.open(encoding=self.wide, newline="", errors="replace") as file:
                for line in file:
                    self.read += 2 * len(line)
                    yield line.removeprefix("\ufeff")
            return
        with self.path.open("rb") as file:
            first = True
            for raw in file:
                self.read += len(raw)
                # A file of an old Mac ends its lines by CR alone.
                for part in raw.splitlines(keepends=True) if b"\r" in raw[:-2] else (raw,):
                    yield decoded(part.removeprefix(codecs.BOM_UTF8) if first else part)
                    first = False


def _open_csv(path, size, head, layout):
    lines = list(_first_lines(path, head))
    best, found = None, None
    for separator in SEPARATORS:
        records = list(_some_records(lines, separator))
        place = find_header(records, layout)
        if best is None or place.score > best:
            best, found, chosen = place.score, place, separator
    if found.score < 0:
        next(_records(lines, separator), None)  # a quotation mark that is never closed says so itself
    found.check(layout)
    source = _Lines(path, head)
    rows = rows_of(_records(source, chosen), found)
    return Reading(
        rows=rows,
        columns=frozenset(found.codes) - {""},
        done=lambda: min(1.0, source.read / size),
        close=rows.close,
        headings=tuple(found.headings),
    )


def _first_lines(path, head):
    taken = 0
    for line in _Lines(path, head):
        taken += len(line)
        yield line
        if taken > HEAD_BYTES // 2:
            return


def _some_records(lines, separator):
    try:
        for count, record in enumerate(_records(lines, separator), start=1):
            yield record
            if count >= limits.HEADER_WITHIN:
                return
    except Unreadable:
        return


def _records(lines, separator):
    """(line on which it begins, cells); comment lines and blank ones are passed over."""
    reader = csv.reader(lines, delimiter=separator)
    before = 0
    try:
        for cells in reader:
            began, before = before + 1, reader.line_num
            if before - began >= limits.RECORD_LINES or (any(cells) and not cells[0].startswith("#")):
                yield began, cells, before
    except csv.Error:
        raise Unreadable(
            f"The file cannot be read from line {before + 1} on: a quotation mark is opened there and not closed."
        ) from None


@dataclass
class Header:
    """Where the column names stand and what the cells below them are; `score`: how many kept columns were found."""

    line: int
    codes: list  # one per cell: a column's code, or "" for what is not kept
    score: int  # below 0 where nothing at all is written
    doubled: list
    headings: list = field(default_factory=list)

    def check(self, layout):
        if self.score < 0:
            raise Unreadable(limits.NOTHING)
        missing = [column.names[0] for column in layout.essential() if column.code not in self.codes]
        origin = f" {layout.origin}" if layout.origin else ""
        if missing:
            names = " and ".join(filter(None, [", ".join(f"‘{n}’" for n in missing[:-1]), f"‘{missing[-1]}’"]))
            lacks = "column" if len(missing) == 1 else "columns"
            raise Unreadable(f"The file lacks the {lacks} {names}, without which it cannot be read.{origin}")
        if self.doubled:
            raise Unreadable(f"The column ‘{self.doubled[0]}’ stands twice in the file. Take one of them out.")
        if len(self.codes) > limits.COLUMNS:
            raise Unreadable(limits.TOO_MANY_COLUMNS)


def find_header(records, layout) -> Header:
    """The row among the first ones that names the most columns that are kept (a preamble may stand above it).

    Where none names what is essential and the rows are as wide as a file without column names, they go by place.
    """
    known = {plain(name): column for column in layout.columns for name in column.names}
    best = Header(0, [], -1, [])
    above = []
    for began, row, *_ in records[: limits.HEADER_WITHIN]:
        cells, above = (_under(above, row, known) if layout.grouped else row), row
        if not any(map(plain, row)):
            continue
        # A column that is known by several names counts by the first of them that the file has.
        named = [(at, known[plain(cell)], plain(cell)) for at, cell in enumerate(cells) if plain(cell) in known]
        codes, doubled = [""] * len(cells), []
        for column in layout.columns:
            ranks = [plain(name) for name in column.names]
            places = sorted((ranks.index(name), at) for at, of, name in named if of is column)
            if places:
                codes[places[0][1]] = column.code
                if len(places) > 1 and places[0][0] == places[1][0]:
                    doubled.append(cells[places[0][1]])
        score = sum(map(bool, codes))
        if score > best.score:
            best = Header(began, codes, score, doubled, cells)
    if layout.whole:
        return _whole(best, records)
    best.headings = []
    nameless = layout.headless and any(column.code not in best.codes for column in layout.essential())
    if nameless and {len(cells) for _, cells, *_ in records} == {len(layout.headless)}:
        return Header(0, list(layout.headless), len(set(layout.headless)) - 1, [])
    return best


def _whole(found, records) -> Header:
    """Every column by its place. Where no name is known, the first row that looks like headings has them."""
    if not found.score:
        began, cells = next(((at, row) for at, row, *_ in records if len(list(filter(None, row))) > 2), (0, []))
        found = Header(began, [], 0, [], cells)
    below = [row for at, row, *_ in records if at >= found.line]
    width = max((at + 1 for row in below for at, cell in enumerate(row) if cell), default=0)
    headings = [" ".join(cell.split())[:100] for cell in found.headings[:width]]
    headings += [""] * (width - len(headings))
    return Header(found.line, [str(at) for at in range(width)], found.score, [], headings)


def _under(above, cells, known):
    """The cells with what stands above them, where only both together, or only what is above, names a column."""
    named, over = [], ""
    # A sheet cuts its rows after the last cell that says something: what runs down at the right has no cell below it.
    width = max([len(cells), *(at + 1 for at, top in enumerate(above) if plain(top) in known)])
    for at in range(width):
        cell, top = (row[at] if at < len(row) else "" for row in (cells, above))
        over = top or over
        both = f"{over} {cell}"
        named.append(both if cell and plain(both) in known else cell or top)
    return named


def rows_of(records, header):
    kept = [(at, code) for at, code in enumerate(header.codes) if code]
    full, count = len(header.codes), 0
    for began, cells, ended in records:
        if began <= header.line:
            continue
        if header.headings:  # every column is kept: cells that are not there at the end of a row are empty
            cells = cells + [""] * (full - len(cells))
        count += 1
        if count > limits.ROWS:
            raise Unreadable(limits.TOO_MANY_ROWS)
        problem = _wrong_shape(cells, full, began, ended) or _wrong_cells(cells, kept)
        if problem:
            raw, first = _raw(cells, kept, full), kept[0][1]
            yield Line(began, {first: raw.get(first, "")[:40]}, problem, raw)
        else:
            yield Line(began, {code: cells[at].strip() for at, code in kept})


def _raw(cells, kept, full):
    said = {code: cells[at] for at, code in kept if at < len(cells)} | {"more": "\t".join(cells[full:]).rstrip()}
    return {code: "" if text == FORMULA else text.replace("\0", "").strip() for code, text in said.items()}


def _wrong_shape(cells, full, began, ended):
    if ended - began >= limits.RECORD_LINES:
        return f"The row runs on to line {ended}: a quotation mark is opened here and not closed."
    if len(cells) < full:
        return f"The row has {len(cells)} values under {full} columns, so it is not known which belongs where."
    if len(cells) > full and any(cell.strip() for cell in cells[full:]):
        return f"The row has {len(cells)} values under {full} columns, so it is not known which belongs where."
    return ""


def _wrong_cells(cells, kept):
    if any(len(cell) > limits.CELL for cell in cells):
        return f"A cell of this row is longer than {limits.CELL:,} characters."
    if any(cells[at] == FORMULA for at, _ in kept):
        return "A cell of this row is a formula without a value. Open the file, let it calculate, and save it again."
    if any("\0" in cells[at] for at, _ in kept):
        return "The row holds a sign that is no text (NUL). Download the file again."
    return ""
