"""XLSX as rows: what it may unpack to is judged before it is opened; hidden sheets stay unread."""

import re
import warnings
import zipfile
import zlib
from contextlib import ExitStack
from datetime import date, datetime

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import FORMULA, Reading, find_header, rows_of

MACROS = "The spreadsheet holds macros, so it is not opened. Save it as XLSX without macros, or as CSV."
DAMAGED = (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, IndexError, SyntaxError, zlib.error)
SPARE = 10  # columns beside the named ones in which a value shows that a row is out of place
NO_SHEET = "The file is a ZIP archive. Unpack it and upload the CSV or XLSX file that is in it."
BROKEN = "The spreadsheet is damaged. Download or save it again."


def open_rows(path, layout) -> Reading:
    parts = _judge(path)
    with ExitStack() as opened:
        # A name without an ending, as uploads are held, openpyxl would refuse: it is given the open file.
        book = _book(opened, path, values=True)
        shadow = _book(opened, path, values=False) if _formulas(path, parts) else None
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise Unreadable("The spreadsheet has no sheet that can be seen. Show the sheet and save it again.")
        sheet, header = max(((each, _header(each, layout)) for each in shown), key=lambda found: found[1].score)
        header.check(layout)
        state = {"row": 0, "of": max(1, max(parts[name].file_size for name in _sheets(parts)) // 4000)}
        return Reading(
            rows=rows_of(_records(sheet, shadow, header, state, layout.moments), header),
            columns=frozenset(header.codes) - {""},
            remarks=_remarks(book, shown, sheet, formulas=shadow is not None),
            done=lambda: min(1.0, state["row"] / state["of"]),  # guessed by its size: a sheet may lie about its rows
            close=opened.pop_all().close,
            day_zero=book.epoch.date(),
            headings=tuple(header.headings),
        )


def _book(opened, path, *, values):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = opened.enter_context(path.open("rb"))
            book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
            opened.callback(book.close)
            return book
    except (*DAMAGED, InvalidFileException, AttributeError):
        raise Unreadable(BROKEN) from None


def _header(sheet, layout):
    sheet.reset_dimensions()
    try:
        return find_header(list(_some(sheet)), layout)
    except DAMAGED:
        raise Unreadable(BROKEN) from None


def _remarks(book, shown, sheet, *, formulas):
    remarks = []
    if hidden := [each.title for each in book.worksheets if each not in shown]:
        names = ", ".join(f"‘{name[:40]}’" for name in hidden[:10])
        remarks.append(f"{len(hidden)} hidden sheet{'s were' if len(hidden) > 1 else ' was'} not read: {names}.")
    if formulas:
        remarks.append("The file holds formulas. Where a cell has one, the value that was saved with it is taken.")
    if len(shown) > 1:
        remarks.append(f"Only the sheet ‘{sheet.title}’ was read.")
    return remarks


def _judge(path):
    """The archive's parts by name, once it is sure that unpacking them is safe."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {each.filename: each for each in archive.infolist()}
            names = list(parts)
            kinds = archive.read("[Content_Types].xml")[: limits.MB] if _small(parts, "[Content_Types].xml") else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError):
        raise Unreadable(BROKEN) from None
    if len(names) > limits.ENTRIES or sum(each.file_size for each in parts.values()) > limits.UNPACKED_BYTES:
        raise Unreadable(limits.BOMB)
    for name, each in parts.items():
        if name.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", name) or "\\" in name or ":" in name:
            raise Unreadable(BROKEN)
        if each.flag_bits & 1:
            raise Unreadable("The file has a password. Save it without one.")
        if each.file_size > 10 * limits.MB and each.file_size > limits.RATIO * max(1, each.compress_size):
            raise Unreadable(limits.BOMB)
        if name.lower().endswith("sharedstrings.xml") and each.file_size > limits.STRINGS_BYTES:
            raise Unreadable(limits.BOMB)
    if any("vbaproject" in name.lower() for name in names) or b"macroenabled" in kinds.lower():
        raise Unreadable(MACROS)
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable(NO_SHEET)
    return parts


def _small(parts, name):
    return name in parts and parts[name].file_size <= limits.MB


def _sheets(parts):
    return [name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]


def _formulas(path, parts) -> bool:
    """Whether any sheet holds a formula: only then is the file read twice, for the values and for what they are."""
    with zipfile.ZipFile(path) as archive:
        for name in _sheets(parts):
            with archive.open(name) as part:
                tail = b""
                while block := part.read(limits.MB):
                    if re.search(rb"<f[ >/]", tail + block):
                        return True
                    tail = block[-2:]
    return False


def _some(sheet):
    for at, row in enumerate(sheet.iter_rows(max_col=limits.COLUMNS + 1, values_only=True), start=1):
        if at > limits.HEADER_WITHIN:
            return
        if any(value not in (None, "") for value in row):
            yield at, _without_end([said(value) for value in row]), at


def _records(sheet, shadow, header, state, moments):
    width = len(header.codes)
    most = width + SPARE
    values = sheet.iter_rows(max_col=most, values_only=True)
    if shadow is not None:
        twin = shadow[sheet.title]
        twin.reset_dimensions()
        values = _with_formulas(values, twin.iter_rows(max_col=most))
    try:
        for at, row in enumerate(values, start=1):
            state["row"] = at
            if at > limits.ROWS + limits.HEADER_WITHIN:
                raise Unreadable(limits.TOO_MANY_ROWS)
            if not any(value not in (None, "") for value in row):
                continue
            cells = [said(value, moments) for value in row]
            yield at, cells, at
    except DAMAGED:
        raise Unreadable(BROKEN) from None


def _with_formulas(values, twins):
    """Values, with a mark where a formula has none: the row is then named as wrong."""
    for row, cells in zip(values, twins, strict=False):
        empty = [value is None and cell.data_type == "f" for value, cell in zip(row, cells, strict=False)]
        yield tuple(NO_VALUE if lost else value for value, lost in zip(row, empty, strict=False)) if any(empty) else row


NO_VALUE = object()


def said(value, moments=False) -> str:
    """A cell as text: days as ISO, whole numbers without a point; the workbook's own epoch is applied already.

    moments: a day keeps its time, to the minute, where it is not midnight.
    """
    if value is None:
        return ""
    if value is NO_VALUE:
        return FORMULA
    if isinstance(value, str):
        return value.replace("_x000D_", " ")
    if isinstance(value, datetime):
        if moments and (value.hour or value.minute):
            return value.isoformat(" ", "minutes")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _without_end(cells):
    while cells and not cells[-1]:
        cells.pop()
    return cells
