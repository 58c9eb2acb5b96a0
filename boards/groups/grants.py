"""What the holders of seats hold on the folder of their group: the seat is the fact, the grant follows (house.md 2)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boards.calling.assisting import of_today
from boards.models import Group, Seat
from partnership.access.models import ROLE_PREFIX, FolderGrant
from partnership.access.services import grant, must_be_admissible, revoke, shorten
from partnership.notify.watch import close_alarm, raise_alarm
from partnership.people.roles import GROUP_ROLES, Role
from partnership.ui.dates import midnight

REASON = "Has a seat on the group"
ASSISTS = "Assists somebody who has a seat on the group"
LEFT_OUT = "seat_left_out"


@dataclass(frozen=True)
class Kept:
    """changed: how many grants were given or ended. refused: [(person, why)]."""

    changed: int
    refused: list


def keep(group, *, by, about=None) -> Kept:
    """Bring the grants on this group's folder to what its seats say today. Each person stands alone.

    The caller holds the group. Who cannot be let in (an account that is switched off, an office's address, a conflict
    of interest, oneself) is named in what is returned. about: whose seat it is about; for them alone it is a
    ValidationError naming `user`.
    """
    wanted, changed, refused = _wanted(group), 0, []
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
        try:
            with transaction.atomic():
                grant(group.folder, user, role, by=by, reason=ASSISTS if role == Role.ASSISTANT else REASON, ends=ends)
            changed += 1
        except ValidationError as error:
            if user == about:
                raise
            refused.append((user, error.messages[0]))
    return Kept(changed, refused)


SOON = "The portal lets them in within ten minutes."


def left_out(group) -> list:
    """[(person, why)]: who has a seat today and cannot open the group, for those who keep its seats."""
    live = FolderGrant.objects.live().filter(content_object=group.folder_id).values_list("user_id", flat=True)
    there, found = set(live), {}
    for user, _ in _wanted(group).values():
        if user.pk not in there and user not in found:
            try:
                must_be_admissible(group.folder, user)
                found[user] = SOON
            except ValidationError as error:
                found[user] = error.messages[0]
    return sorted(found.items(), key=lambda pair: pair[0].name)


def _wanted(group) -> dict:
    """(user id, role) -> (user, the last moment or None), of the seats of today and the assistants of their members;
    none on a group that has ended."""
    found, members = {}, {}
    if group.over:
        return found
    for seat in Seat.objects.live().filter(group=group, user__isnull=False).select_related("user"):
        key, ends = (seat.user_id, seat.folder_role), seat.ends and midnight(seat.ends)
        _, before = found.get(key, (None, ends))
        found[key] = (seat.user, None if None in (before, ends) else max(before, ends))
        if not seat.deputy_for_id:
            members[seat.user_id] = found[key][1]
    return found | _assistants(members, seated={user_id for user_id, _ in found})


def _assistants(members, *, seated) -> dict:
    """The same of those who assist `members` (user id -> the last moment or None). Whoever has a seat keeps that."""
    found = {}
    for row in of_today().filter(member__in=members).exclude(assistant__in=seated).select_related("assistant"):
        ends = min(filter(None, (row.ends and midnight(row.ends), members[row.member_id])), default=None)
        key = (row.assistant_id, Role.ASSISTANT)
        before = found[key][1] if key in found else ends
        found[key] = (row.assistant, None if None in (before, ends) else max(before, ends))
    return found


def _sooner(ends, than) -> bool:
    return ends is not None and (than is None or ends < than)


def sync() -> tuple[int, list]:
    """Every group's grants from its seats, for the sweep and the command. Returns (how many were given or ended,
    [the group, the person and why they could not be let in]); a second run changes nothing. The group's page says who
    it is, and an alarm says that there is somebody, until there is nobody any more."""
    changed, refused = 0, []
    going_on = Q(ends=None) | Q(ends__gt=timezone.localdate())
    still_open = Q(pk__in=FolderGrant.objects.live().values("content_object"))
    for pk in Group.objects.filter(going_on | still_open).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            group = Group.objects.select_for_update(of=("self",)).select_related("folder").get(pk=pk)
            kept = keep(group, by=None)
            changed += kept.changed
            refused += [f"{pk}, {user.pk}: {why}" for user, why in kept.refused]
            if kept.refused:
                raise_alarm(f"{LEFT_OUT}:{pk}", LEFT_OUT, group=pk, people=len(kept.refused))
            else:
                close_alarm(f"{LEFT_OUT}:{pk}")
    return changed, refused
