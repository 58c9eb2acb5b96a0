"""The calendar of a group's meetings: an address of one's own a group, read as its owner sees the group today."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from boards.models import Meeting
from partnership.access import links
from partnership.access.models import Folder, Link
from partnership.access.rows import can, holders
from partnership.actions.planning.feeds import LINK_ENDS
from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of
from partnership.deadlines.registry import rule_in_force
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.ical import CANCELLED, CONFIRMED, TENTATIVE, Event, feed

BACK = timedelta(days=120)  # a calendar is for what comes; the last meetings help to find one's way
STATUS = {Meeting.Status.PLANNED: TENTATIVE, Meeting.Status.CANCELLED: CANCELLED}


def link_of(user, group_id) -> Link | None:
    """The person's live link to this group's calendar; there is one at most."""
    rows = links.live(Link.Purpose.GROUP_FEED).filter(acts_as=user, object_id=group_id)
    return rows.order_by("-created_at").first()


@transaction.atomic
def make(user, folder) -> Link:
    """A new address for the group's calendar; the one before it ends. How long it opens: rule calendar_link_ends."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.shared_address or user.guest:
        raise ValidationError("A calendar of one’s own is for a personal sign-in.")
    _end(user, folder.pk)
    today = timezone.localdate()
    rule = rule_in_force(LINK_ENDS, today)
    last = end_of(rule, today, calendars.load(rule.division))[0].due
    days = (last - today).days
    return links.make_mailed(Link.Purpose.GROUP_FEED, acts_as=user, by=user, object_id=folder.pk, days=days)


@transaction.atomic
def revoke(user, folder) -> int:
    """End the person's address. Returns how many there were."""
    ended = _end(user, folder.pk)
    if ended:
        record("group_calendar_ended", by=user, obj=folder)
    return ended


def _end(user, folder_id) -> int:
    rows = links.live(Link.Purpose.GROUP_FEED).filter(acts_as=user, object_id=folder_id)
    return rows.update(revoked_at=timezone.now())


def folder_of(link) -> Folder | None:
    """The folder of the group whose calendar this link reads, while its owner may see the group's meetings."""
    found = Folder.objects.unscoped("the power is asked below").filter(pk=link.object_id, sealed=False).first()
    return found if found and can(link.acts_as, Perm.MEETING_VIEW, found) else None


def written(user, folder, site: str) -> bytes:
    """The group's meetings as its owner sees them today: when and where, and no word of what they are about."""
    rows = Meeting.objects.visible_to(user).filter(folder=folder, starts_at__gte=timezone.now() - BACK)
    host = site.split("://", 1)[-1].split("/")[0]
    events = [
        Event(
            uid=f"{row.uid}@{host}",
            starts=row.day if row.day_only else row.starts_at,
            ends=row.ends_at,
            summary=f"Meeting of {folder.title}",
            location=row.place,
            url=site + reverse("boards:meeting", args=[row.pk]),
            status=STATUS.get(row.status, CONFIRMED),
            sequence=row.sequence,
        )
        for row in rows
    ]
    return feed(f"Meetings of {folder.title}", events, stamp=timezone.now())


def sweep() -> int:
    """End the addresses of who may open the group no longer. Returns how many."""
    live, ended = links.live(Link.Purpose.GROUP_FEED), 0
    groups = set(live.values_list("object_id", flat=True))
    for folder in Folder.objects.unscoped("the portal keeps them").filter(pk__in=groups).order_by("pk"):
        may = holders(folder, Perm.MEETING_VIEW).values("pk")
        ended += live.filter(object_id=folder.pk).exclude(acts_as__in=may).update(revoked_at=timezone.now())
    return ended
