"""The calendar of a group's meetings: an address of one's own a group, read as its owner sees the group today. Who may
not open the group reads nothing by it, and reads on when they may again."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from boards.models import Meeting
from partnership.access.models import Folder
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.ui.ical import CANCELLED, CONFIRMED, TENTATIVE, Event, feed, uid_at

BACK = timedelta(days=120)  # a calendar is for what comes; the last meetings help to find one's way
STATUS = {Meeting.Status.PLANNED: TENTATIVE, Meeting.Status.CANCELLED: CANCELLED}


def folder_of(link) -> Folder | None:
    """The folder of the group whose calendar this link reads, while its owner may see the group's meetings."""
    found = Folder.objects.unscoped("the power is asked below").filter(pk=link.object_id, sealed=False).first()
    return found if found and can(link.acts_as, Perm.MEETING_VIEW, found) else None


def written(user, folder, site: str) -> bytes:
    """The group's meetings as its owner sees them today: when and where, and no word of what they are about."""
    rows = Meeting.objects.visible_to(user).filter(folder=folder, starts_at__gte=timezone.now() - BACK)
    events = [
        Event(
            uid=uid_at(site, row.uid),
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
