"""The register of charges as its pages and files show it: rows, and what each organisation owes."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from partnership.ui.dates import midnight
from training.models import Charge, Tariff

KINDS = {"late": Q(booking__status="ended"), "absent": Q(booking__status="booked")}


@dataclass(frozen=True)
class Total:
    """What one organisation was charged. due, waived: how many; pounds: of those that are due."""

    name: str
    due: int
    waived: int
    pounds: Decimal


def charges(user, *, q="", status="", kind="", since=None, until=None):
    """The charges that this person may see, newest first. q: of the organisation's name. since, until: the London days
    on which they were raised, both counted."""
    rows = Charge.objects.visible_to(user).filter(agency__name__icontains=q.strip())
    if status:
        rows = rows.filter(status=status)
    if kind in KINDS:
        rows = rows.filter(KINDS[kind])
    if since:
        rows = rows.filter(made_at__gte=midnight(since))
    if until:
        rows = rows.filter(made_at__lt=midnight(until + timedelta(days=1)))
    return rows.select_related("agency", "booking__event__course", "waived_by")


def totals(rows) -> list[Total]:
    """Of rows of `charges`: a line an organisation, by name."""
    due, waived = Q(status=Charge.Status.DUE), Q(status=Charge.Status.WAIVED)
    counted = rows.order_by().values("agency__name", "agency_id").annotate(
        due=Count("pk", filter=due), waived=Count("pk", filter=waived), pounds=Sum("amount", filter=due)
    )  # fmt: skip
    return [
        Total(each["agency__name"], each["due"], each["waived"], each["pounds"] or Decimal(0))
        for each in counted.order_by("agency__name")
    ]


def what_for(row) -> str:
    """For which of the two it was raised; the booking that it hangs on says so."""
    late = row.booking.status == row.booking.Status.ENDED
    return (Tariff.Kind.LATE_CANCEL if late else Tariff.Kind.NO_SHOW).label
