"""Spreadsheets that are taken out. Every text is written as a text: nothing becomes a formula or a link."""

from datetime import date, datetime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"strings_to_formulas": False, "strings_to_urls": False}  # for xlsxwriter.Workbook
CELL = 32_000  # characters that a cell can hold
DAY = {"num_format": "d mmm yyyy"}


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


def _write(sheet, at, value, day):
    if isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif isinstance(value, (int, float)):
        sheet.write_number(*at, value)
    elif value:
        sheet.write_string(*at, str(value)[:CELL])
