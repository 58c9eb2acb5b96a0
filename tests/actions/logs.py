"""A messy action log as partnerships have them, built in memory: headings over two rows, three forms of date."""

import io
from datetime import date

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from partnership.actions.importing import receiving, services

AS_OF = date(2026, 11, 2)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWNERS = ("Sarah", "JS/Police", "TBC", "Colleague and Author", "Colleague")


def action_log(rows=60, *, extra=()):
    """XLSX bytes. Headings in rows 4 and 5, 'Who' merged over lead and agency, 'Action' down over both; then rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Action log of the group"
    sheet.merge_cells("A1:I1")
    sheet.append([])
    sheet.append([])
    sheet.append(["Ref", "Action", "Who", None, "When", None, "Progress", None, None])
    sheet.append([None, None, "Lead", "Agency", "Date raised", "By when", "RAG", "Update / Comments", "Status"])
    for area in ("A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:I4"):
        sheet.merge_cells(area)
    for at in range(rows):
        sheet.append(_row(at))
    for each in extra:
        sheet.append(each)
    return _bytes(book)


def _row(at):
    due = (date(2026, 12, 18), 46_388, "12/03/2027", "March 2027", "end of March 2027", "ASAP", "ongoing", None)[at % 8]
    status = ("Open", "In progress", "Closed", "On track", None, "Blue")[at % 6]
    rag = ("Green", "Amber", "Red", None)[at % 4]
    said = f"Progress of {at + 1}." if at % 3 else None
    agency = "University Hospitals" if at % 5 == 4 else None
    return [at + 1, f"Do the thing number {at + 1}", OWNERS[at % 5], agency, "01/09/2026", due, rag, said, status]


def _bytes(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content, name="log.xlsx"):
    return SimpleUploadedFile(name, content, XLSX)


def sent_in(folder, *, by, content=None, kind="actions", text=""):
    """A log that waits."""
    received = receiving.of_paste(text, kind) if text else receiving.of_file(upload(content or action_log()), kind)
    return services.receive(folder, by=by, kind=kind, as_of=AS_OF, name="log.xlsx", received=received)
