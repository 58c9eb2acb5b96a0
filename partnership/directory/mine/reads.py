"""What one person may read of their own account: roles in words, and what they may see and why."""

from dataclasses import dataclass

from django.utils import timezone

from partnership.access.mine import named_rows
from partnership.access.models import Conflict, Folder, FolderGrant
from partnership.access.reach import reach_of
from partnership.access.scope import show_folders
from partnership.directory.rules import runs_on_after
from partnership.people.models import Membership, NamedDuty
from partnership.people.models.dated import last_day
from partnership.people.roles import POWERS, RESTING_PERMS, WORDS, Perm, Role


@dataclass(frozen=True)
class RoleLine:
    """A role of mine. lets: what it lets me do, in words; resting: what it would, but for a suspension."""

    row: Membership
    lets: list
    resting: list

    @property
    def last_day(self):
        return last_day(self.row.ends)


def roles_of(user) -> list[RoleLine]:
    """The roles that run or are to come, each in words."""
    still = runs_on_after(timezone.localdate())
    rows = Membership.objects.filter(still, user=user).select_related("agency").order_by("agency__name", "role")
    rest = RESTING_PERMS if reach_of(user).suspended else frozenset()
    return [RoleLine(row, _words(POWERS[Role(row.role)] - rest), _words(POWERS[Role(row.role)] & rest)) for row in rows]


def _words(perms):
    return [WORDS[perm] for perm in Perm if perm in perms]


def duties_of(user):
    rows = NamedDuty.objects.filter(runs_on_after(timezone.localdate()), holder=user)
    rows = list(rows.select_related("agency", "deputy_for__holder").order_by("kind"))
    for row in rows:
        row.last_day = last_day(row.ends)
    return rows


@dataclass(frozen=True)
class MaySee:
    """What opens cases to me. grants: (code word, FolderGrant). named: rows of access.mine. wide: RoleLines of roles of
    the whole partnership. bars: (Conflict, who recorded it). resting: how many accesses of mine open nothing now."""

    grants: list
    named: list
    wide: list
    bars: list
    resting: int


def may_see(user) -> MaySee:
    """By the row rule: a case from which I am barred is named nowhere, its code word included."""
    grants = list(FolderGrant.objects.live().filter(user=user).select_related("permission", "granted_by"))
    open_now = dict(
        Folder.objects.visible_to(user)
        .filter(pk__in=[each.content_object_id for each in grants])
        .values_list("pk", "reference")
    )
    show_folders(open_now)
    seen = [(open_now[each.content_object_id], each) for each in grants if each.content_object_id in open_now]
    bars = Conflict.objects.live().filter(user=user).select_related("declared_by").order_by("starts")
    return MaySee(
        grants=sorted(seen, key=lambda pair: (pair[0], pair[1].starts)),
        named=named_rows(user),
        wide=[line for line in roles_of(user) if line.row.agency_id is None],
        bars=[(bar, _who(bar)) for bar in bars],
        resting=len(grants) - len(seen),
    )


def _who(bar):
    if bar.declared_by_id == bar.user_id:
        return "you"
    return bar.declared_by.name if bar.declared_by else "the business unit"
