"""Opens a round on its day, takes each confirmation a step further. Safe to run by many, often, after an outage."""

from django.db import transaction
from django.utils import timezone

from partnership.directory.confirming import services
from partnership.directory.models import Confirmation

MOST = 5000


def sweep() -> int:
    """Returns how many confirmations were taken further."""
    today = timezone.localdate()
    if (planned_on := services.due_round(today)) is not None:
        services.open_round(planned_on)
    rows = Confirmation.objects.unscoped("the sweep works for the portal").filter(
        status__in=Confirmation.WAITING, next_on__lte=today
    )
    taken = 0
    for pk in list(rows.order_by("next_on", "id").values_list("pk", flat=True)[:MOST]):
        with transaction.atomic():
            row = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if row is not None:
                services.step(row, today)
                taken += 1
    return taken
