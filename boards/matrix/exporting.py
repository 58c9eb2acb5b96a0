"""Attendance as a spreadsheet or CSV: what is in it follows who asks, and nothing in it can run as a formula."""

from django.utils.text import slugify

from boards.matrix.counting import Tally
from boards.matrix.reads import BY_SEAT
from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.dates import plain

NUMBERS = (
    ("Present", lambda tally: tally.present),
    ("Deputy came", lambda tally: tally.deputy),
    ("Apologies", lambda tally: tally.apologies),
    ("Absent", lambda tally: tally.absent),
    ("Not applicable", lambda tally: tally.na),
    ("Observed", lambda tally: tally.observer),
    ("Came", lambda tally: tally.came),
    ("Of", lambda tally: tally.expected),
    ("Per cent", lambda tally: None if tally.rate is None else float(tally.rate)),
)


def export_sheet(user, folder, sheet, *, kind):
    """(open file, its name, its content type) of the matrix of a group; one event without words."""
    told = [f"Attendance of {folder.title}", f"{plain(sheet.first)} to {plain(sheet.last)}"]
    meetings = [meeting.day_words for meeting, _ in sheet.columns]
    named = ["Organisation", "Post"] if sheet.by == BY_SEAT else ["Organisation"]
    head = [*named, *meetings, *(name for name, _ in NUMBERS)]
    rows = []
    for line in sheet.lines:
        called = [line.name, line.note][: len(named)]
        rows.append([*called, *(cell.words for cell in line.cells), *_numbers(line.tally)])
    came = [f"{tally.came} of {tally.expected}" for _, tally in sheet.columns]
    rows.append(["All", *[""] * (len(named) - 1), *came, *_numbers(sheet.total)])
    widths = [40] * len(named) + [16] * len(meetings) + [10] * len(NUMBERS)
    facts = {"obj": folder, "count": len(sheet.lines), "meetings": len(meetings)}
    name = f"attendance-{slugify(folder.title)[:60]}"
    return _file(user, told, head, rows, widths, kind, name, sheet, **facts)


def export_overall(user, overall, *, kind):
    """The same of attendance over all groups: a row an organisation and group, and one an organisation."""
    told = ["Attendance by organisation and group", f"{plain(overall.first)} to {plain(overall.last)}"]
    names = {line.group.pk: line.group.name for line in overall.groups}
    head = ["Organisation", "Group", *(name for name, _ in NUMBERS)]
    rows = []
    for name, of, total in overall.agencies:
        rows += [[name, names[pk], *_numbers(tally)] for pk, tally in of.items()]
        rows.append([name, "All groups", *_numbers(total)])
    rows += [["All organisations", line.group.name, *_numbers(line.tally)] for line in overall.groups]
    rows.append(["All organisations", "All groups", *_numbers(overall.total)])
    widths = [40, 40] + [10] * len(NUMBERS)
    return _file(user, told, head, rows, widths, kind, "attendance-of-all", overall, count=len(overall.agencies))


def _numbers(tally: Tally) -> list:
    return [value(tally) for _, value in NUMBERS]


def _file(user, told, head, rows, widths, kind, name, found, **facts):
    rule = "Per cent: present and deputies, of these and apologies and absences. Not applicable counts neither way."
    lines = [[told[0]], [told[1]], [sheets.taken_out(user)], [rule], [], head]
    file, _ = sheets.made(kind, "Attendance", lines, rows, widths)
    record("attendance_exported", by=user, format=kind, **facts)
    return file, f"{name}-{found.first:%Y-%m-%d}-to-{found.last:%Y-%m-%d}.{kind}", sheets.FORMATS[kind]
