"""How large a file may be, in one place, each limit with the sentence that people read."""

from django.core.exceptions import ValidationError

MB = 1024 * 1024
FILE_BYTES = 100 * MB
ROWS = 200_000
COLUMNS = 400
CELL = 10_000  # characters of one cell
RECORD_LINES = 50  # lines that one row may run over before a quotation mark is thought to be missing
HEADER_WITHIN = 30  # rows among which the column names are looked for
# Of a spreadsheet, before it is opened (a file of 0.8 MB may unpack to 318 MB).
UNPACKED_BYTES = 250 * MB
STRINGS_BYTES = 60 * MB
ENTRIES = 2_000
RATIO = 100  # of one part that is larger than 10 MB unpacked

TOO_LARGE = f"The file is larger than {FILE_BYTES // MB} MB. Download it again, or save only the rows that you need."
EMPTY = "The file is empty. Download it again."
NOTHING = "Nothing is written in the file. Look whether it is the right one, and whether it was saved."
TOO_MANY_ROWS = f"The file has more than {ROWS:,} rows. Save only the rows that you need."
TOO_MANY_COLUMNS = f"The file has more than {COLUMNS} columns, so it is not this register."
BOMB = "The spreadsheet unpacks to far more than it should. Save it as CSV and upload that."


class Unreadable(ValidationError):
    """The file as a whole cannot be read; its one sentence says why and what to do."""
