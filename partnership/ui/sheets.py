"""Spreadsheets that are taken out. Every text is written as a text: nothing becomes a formula or a link."""

import csv
import io
import re
import tempfile
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from partnership.ui.dates import clock_time, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# What a spreadsheet may take for the beginning of a formula, full-width signs too.
RISKY = tuple("=+-@\t\r＝＋－＠")
SAFE = {"strings_to_formulas": False, "strings_to_urls": False}  # for xlsxwriter.Workbook
CELL = 32_000  # characters that a cell can hold
DAY = {"num_format": "d mmm yyyy"}


def taken_out(user, whose="that person") -> str:
    """The line of a file that says when and by whom it was taken out. whose: who may see what is in it."""
    local = timezone.localtime()
    at = f"{plain(local)} at {clock_time(local)}"
    return f"Taken out on {at} by {user.name}. It holds what {whose} may see: keep it with care."


def made(kind, name, head, rows, widths) -> tuple:
    """(a file of this kind (of FORMATS), open at its beginning; how many rows it has). The response closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    count = write_csv(file, head, rows) if kind == "csv" else write(file, name, head, rows, widths)
    file.seek(0)
    return file, count


def write(file, name, head, rows, widths) -> int:
    """Write one sheet into an open file, row by row, and return how many rows it has.

    head: the lines above the rows; the first, and the last with the headings, are bold and stay in sight. rows: of
    texts, numbers, dates and None. widths: of each column, in characters.
    """
    import xlsxwriter  # only whoever takes a sheet out waits for it

    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True, **SAFE}) as book:
        sheet = book.add_worksheet(name)
        bold, day = book.add_format({"bold": True}), book.add_format(DAY)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, line in enumerate(head):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text, bold if number in (0, len(head) - 1) else None)
        sheet.freeze_panes(len(head), 1)
        for count, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, (len(head) + count - 1, column), value, day)
    return count


def write_csv(file, head, rows) -> int:
    """The same as CSV: UTF-8 with its mark, so that a spreadsheet reads ‘Zoë’ as it is."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    for line in head:
        writer.writerow([harmless(cell) for cell in line])
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([harmless(cell) for cell in row])
    text.detach()
    return count


def harmless(value):
    """The cell of a CSV: what a spreadsheet could run as a formula begins with an apostrophe; numbers stay."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    if value.lstrip(" \n\u00a0").startswith(RISKY) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _write(sheet, at, value, day):
    if isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(*at, value)
    elif value:
        sheet.write_string(*at, str(value)[:CELL])
