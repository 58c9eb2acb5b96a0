"""A spreadsheet or pasted lines as the rows of a log: nothing is understood here, and nothing is kept of the file."""

from dataclasses import dataclass
from datetime import date

from partnership.actions.importing.columns import layout_of
from partnership.actions.importing.words import why_held
from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.pasted import records_of
from partnership.documents.tables.reading import find_header, open_upload, rows_of

ROWS = 2_000
FILE_BYTES = 10 * limits.MB
TOO_LARGE = f"The file is larger than {FILE_BYTES // limits.MB} MB. Save the sheet of the log alone and upload that."
TOO_MANY = f"A log is taken in at most {ROWS:,} rows at a time. Save it in parts and send one after the other."
NONE = "There is no row under the headings."
NO_HEADINGS = (
    "No headings were found. Put one above each column, like ‘Action’, ‘Lead’ and ‘By when’, and send it again."
)


@dataclass(frozen=True)
class Received:
    """headings: words over each column. lines: [line, cells, why it cannot be read]. day_zero: of bare numbers."""

    headings: list
    lines: list
    remarks: list
    day_zero: date


def of_file(upload, kind) -> Received:
    """An uploaded XLSX or CSV. Raises Unreadable."""
    with open_upload(upload, layout_of(kind), most=FILE_BYTES, too_large=TOO_LARGE) as reading:
        return _received(reading.headings, reading.rows, list(reading.remarks), reading.day_zero)


def of_paste(text, kind) -> Received:
    """Pasted lines; the first ones hold the headings. Raises Unreadable."""
    records = records_of(text)
    header = find_header(records[: limits.HEADER_WITHIN], layout_of(kind))
    return _received(header.headings, rows_of(records, header), [], date(1899, 12, 30))


def _received(headings, rows, remarks, day_zero):
    if not any(headings):
        raise Unreadable(NO_HEADINGS)
    lines = []
    for row in rows:
        cells = [row.cells.get(str(place), "") for place in range(len(headings))]
        if not row.problem and not any(cells):
            continue
        if len(lines) == ROWS:
            raise Unreadable(TOO_MANY)
        problem = row.problem or why_held(cells)
        # Of a row that cannot be read, or that may tell of a child, nothing is kept but its line and why.
        lines.append([row.number, [] if problem else cells, problem])
    if not lines:
        raise Unreadable(NONE)
    return Received(list(headings), lines, remarks, day_zero)
