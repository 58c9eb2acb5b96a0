"""Lines that were pasted: with tabs between the cells, as a spreadsheet copies them, or with upright strokes."""

import csv
import io

from partnership.documents.tables.limits import Unreadable


def records_of(text) -> list:
    """[(line, cells, last line)] of those that hold anything. Raises Unreadable where there is none, or no cells."""
    separator = "\t" if "\t" in text else "|"
    records = [record for record in _records(text, separator) if any(cell.strip() for cell in record[1])]
    if separator == "|":  # a table of Markdown has them at both ends, and a line of dashes
        records = [
            (at, _bare(cells), ended) for at, cells, ended in records if any(set(c.strip()) - set("-: ") for c in cells)
        ]
    if not records:
        raise Unreadable("Paste at least one line.")
    if separator not in text:
        raise Unreadable("Between the cells of a line there is a tab or an upright stroke (|). None was found.")
    return records


def _bare(cells):
    cells = cells[1:] if cells and not cells[0].strip() else cells
    return cells[:-1] if cells and not cells[-1].strip() else cells


def _records(text, separator):
    """(line, cells, last line). A quoted cell may run over lines, where the marks are in pairs."""
    if separator == "\t" and text.count('"') % 2 == 0:
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        before = 0
        for cells in reader:
            began, before = before + 1, reader.line_num
            yield began, cells, before
    else:
        for at, line in enumerate(text.splitlines(), 1):
            yield at, line.split(separator), at
