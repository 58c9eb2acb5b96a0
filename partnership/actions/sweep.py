"""What beat wakes for actions: the morning's reminders, and telling of actions that have nobody. Safe to run twice."""

from django.db import transaction

from partnership.actions import reminding, telling
from partnership.actions.models import Action
from partnership.actions.orphans import orphaned
from partnership.notify.watch import beat

WHY = "the sweep works for the portal"


def sweep(*, now=None) -> int:
    """Returns how many reminders were made. now: as in reminding.line_up."""
    made = reminding.line_up(now=now)  # first: one notice that cannot be made must not keep it from everybody
    tell_of_orphans()
    beat("actions")
    return made


@transaction.atomic
def tell_of_orphans() -> int:
    """Returns how many notices were new: each action that has nobody is told once, and again when another goes."""
    rows = list(orphaned(Action.objects.unscoped(WHY)).select_related("folder").order_by("pk"))
    return telling.tell_orphaned(rows) if rows else 0
