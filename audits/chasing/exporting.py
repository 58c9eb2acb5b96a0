"""Who owes a return, as a spreadsheet or CSV: what the page shows, and nothing in it can run as a formula."""

from django.utils import timezone
from django.utils.text import slugify

from audits.chasing.reads import GROUPS
from audits.models import Round
from partnership.trail.services import record
from partnership.ui import sheets

HEAD = (
    ("Organisation", 45), ("District", 22), ("Phase", 18), ("Academy trust", 35), ("Area", 25), ("Window", 20),
    ("Status", 16), ("By when", 14), ("Days late", 10), ("Who answers", 45), ("Last reminder", 22), ("Sent on", 14),
    ("Next reminder", 22), ("What to know", 45),
)  # fmt: skip
RATES = ("Asked", "On time", "On time %", "By the second deadline", "By the second %", "In", "In %", "Owing", "Excused")


def export_sheet(user, round, found, named, groups, by, *, kind):
    """(open file, its name, its content type). found: of `reads.owing`; named: agency id -> who answers, in words;
    groups: of `reads.by_group`, by this group. One event without words."""
    lines = [[f"Returns not in: {round.title}"], [sheets.taken_out(user)], []]
    lines += [[GROUPS[by][0], *RATES]]
    lines += [[name, *map(_said, _rates(tally))] for name, tally in groups]
    lines += [[], [name for name, _ in HEAD]]
    rows = (_row(one, named, is_open=round.status == Round.Status.OPEN) for one in found)
    file, _ = sheets.made(kind, "Not in", lines, rows, [width for _, width in HEAD])
    record("standing_exported", by=user, obj=round, folder_id=round.pk, format=kind, count=len(found))
    today = timezone.localdate()
    return file, f"not-in-{slugify(round.title)[:60]}-{today:%Y-%m-%d}.{kind}", sheets.FORMATS[kind]


def _said(value) -> str:
    return "" if value is None else str(value)


def _rates(tally) -> list:
    return [
        tally.asked, tally.on_time if tally.over else None, tally.rate_on_time,
        tally.by_final if tally.final_over else None, tally.rate_by_final, tally.came, tally.rate, tally.owing,
        tally.excused,
    ]  # fmt: skip


def _row(one, named, *, is_open) -> list:
    """What is owed no more, since the round was closed, grows no older."""
    row = one.row
    return [
        row.agency.name, row.district, row.phase, row.trust.name if row.trust_id else "",
        row.area.name if row.area_id else "", row.window.name, row.get_status_display(),
        timezone.localdate(row.closes_at), one.late if is_open else None, named.get(row.agency_id, ""),
        one.rung.name if one.rung else "",
        one.sent_at and timezone.localdate(one.sent_at), one.following.name if one.following and is_open else "",
        "; ".join(one.notes),
    ]  # fmt: skip
