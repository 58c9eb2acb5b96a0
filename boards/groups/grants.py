"""What the holders of seats hold on the folder of their group: the seat is the fact, the grant follows (house.md 2)."""

from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.models import Group, Seat
from partnership.access.models import ROLE_PREFIX, FolderGrant
from partnership.access.services import grant, revoke, shorten
from partnership.people.roles import GROUP_ROLES

REASON = "Has a seat on the group"


def keep(group, *, by) -> int:
    """Bring the grants on this group's folder to what its seats say today; returns how many were given or ended.

    The caller holds the group. Raises ValidationError naming `user` for somebody who cannot be let in: an account that
    is switched off, an office's address, a conflict of interest, oneself.
    """
    wanted, changed = _wanted(group), 0
    rows = FolderGrant.objects.live().filter(
        content_object=group.folder_id, permission__codename__in=[f"{ROLE_PREFIX}{role}" for role in GROUP_ROLES]
    )
    for row in rows.select_related("permission"):
        key = (row.user_id, row.role)
        if key in wanted and wanted[key][1] == row.ends:
            del wanted[key]
        elif key in wanted and _sooner(wanted[key][1], row.ends):
            shorten(row, by=by, ends=wanted.pop(key)[1])
            changed += 1
        else:
            revoke(row, by=by)
            changed += 1
    for (_, role), (user, ends) in wanted.items():
        grant(group.folder, user, role, by=by, reason=REASON, ends=ends)
        changed += 1
    return changed


def _wanted(group) -> dict:
    """(user id, role) -> (user, the last moment or None), of the seats of today."""
    found = {}
    for seat in Seat.objects.live().filter(group=group, user__isnull=False).select_related("user"):
        key, ends = (seat.user_id, seat.folder_role), _midnight(seat.ends)
        _, before = found.get(key, (None, ends))
        found[key] = (seat.user, None if None in (before, ends) else max(before, ends))
    return found


def _sooner(ends, than) -> bool:
    return ends is not None and (than is None or ends < than)


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def sync() -> tuple[int, list]:
    """Every group's grants from its seats, for the sweep and the command. Returns (how many were given or ended,
    [the group and why somebody could not be let in]); a second run changes nothing."""
    changed, refused = 0, []
    for pk in Group.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                changed += keep(
                    Group.objects.select_for_update(of=("self",)).select_related("folder").get(pk=pk), by=None
                )
        except ValidationError as error:
            refused.append(f"{pk}: {error.messages[0]}")
    return changed, refused
