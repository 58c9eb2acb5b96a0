"""The bookings of an organisation as a list and as a file; the business unit has those of all."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.utils import timezone

from partnership.trail.services import record
from partnership.ui import sheets
from partnership.ui.listing import cut_page, page_number
from training.booking import reads, wording
from training.models import Booking, Charge

ON_A_PAGE = 50
S = Booking.Status
ABSENT = "absent"
LIVE = "live"
STATES = [
    (LIVE, "Has a place, or waits for one"), *[(str(each), each.label) for each in S], (ABSENT, "Did not come"),
]  # fmt: skip
HEAD = (
    ("Name", 30), ("Organisation", 40), ("Course", 45), ("Begins", 14), ("Where", 30), ("How it stands", 30),
    ("Booked on", 14), ("Booked by", 25), ("Charge, pounds", 14), ("Charge stands", 16),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    count: int
    page: Page


def rows_of(user, asked):
    """asked: the cleaned data of a ListForm."""
    rows = Booking.objects.visible_to(user).select_related(*reads.RELATED)
    now, time = timezone.now(), asked.get("time")
    if time != "all" and not asked.get("event"):
        rows = rows.filter(event__starts_at__lte=now) if time == "before" else rows.filter(event__starts_at__gt=now)
    for name, path in (("course", "event__course"), ("agency", "agency"), ("event", "event")):
        if value := asked.get(name):
            rows = rows.filter(**{path: value})
    if state := asked.get("state"):
        rows = rows.filter(**_rule(state))
    for word in (asked.get("q") or "").split()[:5]:
        rows = rows.filter(name__icontains=word)
    order = ("-event__starts_at" if time in ("before", "all") else "event__starts_at", "event_id", "name", "pk")
    return rows.order_by(*order)


def _rule(state) -> dict:
    if state == ABSENT:
        return {"attended": Booking.Attended.ABSENT}
    return {"status__in": Booking.LIVE} if state == LIVE else {"status": state}


def find(user, asked, *, number="") -> Found:
    rows, number = rows_of(user, asked), page_number(number)
    total = rows.count()
    number = number if (number - 1) * ON_A_PAGE < total else 1
    shown = list(rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
    charges = charges_of(user, shown)
    lines = [(reads.line(row), charges.get(row.pk)) for row in shown]
    return Found(total, cut_page(lines, total, number, ON_A_PAGE))


def charges_of(user, bookings) -> dict:
    """booking id -> its charge, of those that the reader may see."""
    rows = Charge.objects.visible_to(user).filter(booking__in=bookings)
    return {row.booking_id: row for row in rows}


def export(user, asked, *, kind):
    """(open file, its name, its content type). One event without words."""
    found = list(rows_of(user, asked))
    charges = charges_of(user, found)
    lines = [["Bookings on training"], [sheets.taken_out(user)], [], [name for name, _ in HEAD]]
    rows = (_row(each, charges.get(each.pk)) for each in found)
    file, _ = sheets.made(kind, "Bookings", lines, rows, [width for _, width in HEAD])
    record("bookings_exported", by=user, format=kind, count=len(found))
    return file, f"training-bookings-{timezone.localdate():%Y-%m-%d}.{kind}", sheets.FORMATS[kind]


def _row(row, charge) -> list:
    event = row.event
    return [
        row.name, row.agency.name, event.course.title, timezone.localdate(event.starts_at), wording.where(event),
        wording.state(row), timezone.localdate(row.made_at), row.booked_by.name if row.booked_by else "",
        float(charge.amount) if charge else None, charge.get_status_display() if charge else "",
    ]  # fmt: skip
