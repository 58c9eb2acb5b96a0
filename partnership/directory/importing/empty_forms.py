"""The empty lists that people fill in: the column names, and above each what belongs below it."""

import csv
import io
from datetime import UTC, datetime

import xlsxwriter

from partnership.ui.sheets import XLSX

KINDS = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
}


def explained(source) -> list:
    """Two rows: the explanations, and the column names below them, where the importer finds them."""
    words = [
        " ".join(filter(None, [text, f"For example {example}." if example else ""]))
        for _, text, example in source.template
    ]
    return [words, [column for column, *_ in source.template]]


def as_csv(source) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(explained(source))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(source) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})  # the same list is the same file
        sheet = book.add_worksheet("List")
        explanation = book.add_format({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#505a5f"})
        heading = book.add_format({"bold": True, "bottom": 1})
        written = book.add_format({"num_format": "@"})  # numbers keep their first 0, days stay as they are typed
        words, names = explained(source)
        for at, name in enumerate(names):
            sheet.set_column(at, at, 24, written)
            sheet.write_string(0, at, words[at], explanation)
            sheet.write_string(1, at, name, heading)
        sheet.freeze_panes(2, 0)
    return out.getvalue()


def made(source, kind) -> bytes:
    return {"xlsx": as_xlsx, "csv": as_csv}[kind](source)
