"""The register of charges as a spreadsheet or CSV: what the page shows, and nothing in it can run as a formula."""

from django.utils import timezone

from partnership.trail.services import record
from partnership.ui import sheets
from training.charges.reads import totals, what_for

HEAD = (
    ("Organisation", 45), ("Person", 30), ("Course", 45), ("Event", 14), ("What for", 28), ("Pounds", 12),
    ("Raised on", 14), ("State", 16), ("Why waived", 45), ("Tariff", 60),
)  # fmt: skip
SUMS = ("Organisation", "To be charged", "Waived", "Pounds to be charged")


def export_sheet(user, rows, *, kind):
    """(open file, its name, its content type). rows: of `reads.charges`. One event without words."""
    lines = [["Charges for training places that nobody used"], [sheets.taken_out(user)], []]
    lines += [[*SUMS], *([each.name, str(each.due), str(each.waived), f"{each.pounds:.2f}"] for each in totals(rows))]
    lines += [[], [name for name, _ in HEAD]]
    file, count = sheets.made(kind, "Charges", lines, map(_row, rows), [width for _, width in HEAD])
    record("charges_exported", by=user, format=kind, count=count)
    return file, f"training-charges-{timezone.localdate():%Y-%m-%d}.{kind}", sheets.FORMATS[kind]


def _row(row) -> list:
    event = row.booking.event
    return [
        row.agency.name, row.booking.name, event.course.title, timezone.localdate(event.starts_at), what_for(row),
        row.amount, timezone.localdate(row.made_at), row.get_status_display(), row.why_waived, row.words,
    ]  # fmt: skip
