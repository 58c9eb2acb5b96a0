"""Coverage as a spreadsheet or CSV: a line a requirement and organisation, or a line for each who falls due."""

from django.utils import timezone

from partnership.trail.services import record
from partnership.ui import sheets
from training.coverage.standing import OVERDUE

HEAD = (
    ("Organisation", 45), ("What they do", 40), ("Course", 50), ("Headcount", 12), ("Known", 10),
    ("Trained and in date", 12), ("New in post", 12), ("Of these, fall due soon", 12), ("Overdue or no record", 12),
    ("Nobody known", 12), ("Of a hundred", 12),
)  # fmt: skip
NAMES = (
    ("Name", 30), ("Email address", 35), ("What they do", 40), ("Job title", 30), ("Course", 50),
    ("How it stands", 16), ("Last completed", 14), ("Due", 14),
)  # fmt: skip


def numbers(user, lines, title, *, kind):
    """(open file, its name, its content type). lines: (organisation's name, requirement, cell). One event."""
    rows = [[name, each.role.name, each.course.title, *_cells(cell)] for name, each, cell in lines]
    return _made(user, title, HEAD, rows, kind, "training-coverage")


def _cells(cell) -> list:
    return [
        cell.headcount, cell.known, cell.trained, cell.new, cell.soon, cell.overdue, cell.unknown, cell.percent,
    ]  # fmt: skip


def names(user, due, title, *, kind):
    """The same of `reads.who_is_due`."""
    return _made(user, title, NAMES, [_who(each) for each in due], kind, "training-falls-due")


def _who(each) -> list:
    row, standing = each.row, each.standing
    due = standing.due_on or ("No record" if standing.state == OVERDUE else None)
    return [
        row.name, row.email, standing.requirement.role.name, row.post, standing.requirement.course.title,
        standing.words, standing.last, due,
    ]  # fmt: skip


def _made(user, title, head, rows, kind, stem):
    lines = [[title], [sheets.taken_out(user)], [], [name for name, _ in head]]
    file, count = sheets.made(kind, "Coverage", lines, rows, [width for _, width in head])
    record("training_coverage_exported", by=user, format=kind, count=count)
    return file, f"{stem}-{timezone.localdate():%Y-%m-%d}.{kind}", sheets.FORMATS[kind]
