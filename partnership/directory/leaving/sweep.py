"""Finishes the leavings whose day has passed. Rows, not messages: any number of workers, as often as they like."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.sessions import end_sessions
from partnership.directory.leaving import notices, reads, services
from partnership.directory.models import Departure

log = logging.getLogger(__name__)


def sweep() -> int:
    """Finish what is due, remind those who alone can hand something over. Returns how many were finished."""
    rows = Departure.objects.unscoped("the sweep works for the portal").filter(status__in=Departure.OPEN)
    finished = 0
    for pk in rows.order_by("last_day", "id").values_list("pk", flat=True):
        with transaction.atomic():
            row = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if row is not None:
                finished += _one(row)
    return finished


def _one(row) -> int:
    if row.status == Departure.Status.DRAFT or row.last_day >= timezone.localdate():
        notices.tell_granters(row, reads.items_of(row, row.confirmed_by or row.started_by))
        return 0
    try:
        with transaction.atomic():
            services.finish(row, by=row.confirmed_by)
        return 1
    except services.NotReady:
        why = "not_ready"
    except (ValidationError, PermissionDenied):
        why = "refused"
    if row.stuck_on is None:
        # The roles have ended by their date: what is open already must not stay open.
        end_sessions(row.user)
        row.stuck_on = timezone.localdate()
        row.save(update_fields=["stuck_on"])
    notices.tell_stuck(row, why)
    log.warning("leaving %s could not be finished: %s", row.pk, why)
    return 0
