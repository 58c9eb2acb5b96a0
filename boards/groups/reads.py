"""Facts about groups. They are published: every reader of a page of theirs sees the same."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from boards.models import Group, Seat

_RANK = {Seat.SeatRole.CHAIR: 0, Seat.SeatRole.VICE: 1, Seat.SeatRole.MEMBER: 2}


@dataclass
class Line:
    """A group in the list. above: the name of the group that it reports to."""

    group: Group
    above: str
    leads: list = field(default_factory=list)  # its chair and vice chair, as seats
    held: int = 0
    vacant: int = 0


def tree() -> list[Line]:
    """The groups of today, each below the one that it reports to; two queries."""
    rows = list(Group.objects.live().select_related("folder"))
    here = {row.pk for row in rows}
    below = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in here else None].append(row)
    seats = defaultdict(list)
    for seat in Seat.objects.live().select_related("user"):
        seats[seat.group_id].append(seat)

    def lines(above, name):
        for row in below[above]:
            mine = [seat for seat in seats[row.pk] if seat.deputy_for_id is None]
            held = [seat for seat in mine if seat.user_id]
            leads = sorted((seat for seat in held if seat.role in Seat.LEADS), key=_order)
            yield Line(row, name, leads, len(held), len(mine) - len(held))
            yield from lines(row.pk, row.name)

    return list(lines(None, ""))


def former():
    """Groups that have ended, and those that are to begin."""
    live = Group.objects.live().values("pk")
    return Group.objects.exclude(pk__in=live).select_related("folder").order_by("-ends", "folder__title")


@dataclass
class Places:
    """Who sits on a group on a day. held, vacant: seats, each with its deputies as `stands_in`."""

    held: list
    vacant: list
    coming: list
    earlier: list


def places(group, *, day: date | None = None) -> Places:
    """The seats of a group on `day` (today); one query."""
    today = day or timezone.localdate()
    rows = sorted(Seat.objects.filter(group=group).select_related("user", "agency"), key=_order)
    now = [row for row in rows if (not row.starts or row.starts <= today) and (not row.ends or row.ends > today)]
    deputies = defaultdict(list)
    for row in now:
        deputies[row.deputy_for_id].append(row)
    for row in now:
        row.stands_in = deputies[row.pk]
    sit = deputies[None]
    return Places(
        held=[row for row in sit if row.user_id],
        vacant=[row for row in sit if not row.user_id],
        coming=[row for row in rows if row.starts and row.starts > today],
        earlier=sorted((row for row in rows if row.ends and row.ends <= today), key=lambda row: row.ends, reverse=True),
    )


def _order(seat):
    return _RANK[seat.role], seat.of if "agency" in seat._state.fields_cache else "", seat.post, str(seat.pk)


def below(group):
    """The groups that report to this one today."""
    today = timezone.localdate()
    rows = Group.objects.filter(Q(ends=None) | Q(ends__gt=today), parent=group)
    return rows.select_related("folder").order_by("folder__title")


def ended():
    """The folders of the groups that meet no more."""
    return Group.objects.filter(ends__lte=timezone.localdate()).values_list("pk", flat=True)
