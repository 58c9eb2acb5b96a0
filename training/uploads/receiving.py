"""A file of completions as rows of text: nothing is understood here, and nothing is kept of the file."""

from dataclasses import dataclass
from datetime import date

from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import Column, Layout, open_upload

ROWS = 10_000
FILE_BYTES = 10 * limits.MB
TOO_LARGE = (
    f"The file is larger than {FILE_BYTES // limits.MB} MB. Save the sheet of completions alone and upload that."
)
TOO_MANY = f"A file is taken in up to {ROWS:,} rows at a time. Save it in parts and send one after the other."
NONE = "There is no row under the headings."
CELL = 300

LAYOUT = Layout(
    columns=(
        Column("name", ("Name", "Full name", "Staff name", "Learner", "Learner name", "Delegate")),
        Column("email", ("Email address", "Email", "E-mail", "Work email", "Username")),
        Column("role", ("What they do", "Role", "Workforce role", "Staff group")),
        Column("post", ("Job title", "Post", "Position")),
        Column("course", ("Course", "Course title", "Course name", "Training", "Module"), essential=True),
        Column(
            "day", ("Completed on", "Completed", "Completion date", "Date completed", "Date of completion", "Date"),
            essential=True,
        ),
        Column("hours", ("Hours", "Duration in hours")),
        Column("provider", ("Who taught it", "Provider", "Delivered by")),
    ),
    grouped=True,
    origin="Download the empty list of this page: it has the column names.",
)  # fmt: skip


@dataclass(frozen=True)
class EmptyList:
    """What `importing.empty_forms` makes a list of: (code, what belongs below it, an example) of each column."""

    template: tuple


EMPTY = EmptyList(
    (
        ("Name", "First and last name.", "Alex Moore"),
        ("Email address", "By it people are found. Empty where somebody has none.", "alex.moore@organisation.gov.uk"),
        ("What they do", "As on the page of people. Only for somebody new.", "School staff"),
        ("Job title", "Only for somebody new.", "Teaching assistant"),
        ("Course", "As in the catalogue; other names are asked about.", "Keeping children safe online"),
        ("Completed on", "The day; day before month.", "3 April 2026"),
        ("Hours", "A number, or nothing.", "1.5"),
        ("Who taught it", "Or nothing.", "The organisation itself"),
    )
)


@dataclass(frozen=True)
class Received:
    """lines: [line, column code -> text, why it cannot be read]. day_zero: of bare numbers."""

    lines: list
    remarks: list
    day_zero: date


def of_file(upload) -> Received:
    """An uploaded XLSX or CSV. Raises Unreadable."""
    with open_upload(upload, LAYOUT, most=FILE_BYTES, too_large=TOO_LARGE) as reading:
        lines = []
        for row in reading.rows:
            if not row.problem and not any(row.cells.values()):
                continue
            if len(lines) == ROWS:
                raise Unreadable(TOO_MANY)
            # Of a row that cannot be read nothing is kept but its line and why.
            cells = {} if row.problem else {code: text[:CELL] for code, text in row.cells.items() if text}
            lines.append([row.number, cells, row.problem])
        if not lines:
            raise Unreadable(NONE)
        return Received(lines, list(reading.remarks), reading.day_zero)
