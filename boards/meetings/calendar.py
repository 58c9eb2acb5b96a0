"""Meetings on other pages: Home, the forward plan, one's own calendar."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from boards.meetings.reads import of_folder
from boards.models import Meeting
from partnership.access.work import Work
from partnership.actions.planning.calendar import Entry
from partnership.ui.dates import clock_time, midnight

KIND = "meeting"
NEXT = 5


def entries(user, first, last, group):
    """The meetings of groups that `user` may see, but for cancelled ones; a case's meeting is never among them."""
    rows = Meeting.objects.visible_to(user).exclude(status=Meeting.Status.CANCELLED).exclude(group=None)
    rows = rows.filter(folder__sealed=False, starts_at__gte=midnight(first))
    rows = rows.filter(starts_at__lt=midnight(last + timedelta(days=1)))
    if group is not None:
        rows = rows.filter(folder=group)
    for row in rows.select_related("folder"):
        at = {} if row.day_only else {"begins_at": row.starts_at, "ends_at": row.ends_at}
        url = reverse("boards:meeting", args=[row.pk])
        yield Entry(row.day, KIND, row.title, "", f"meeting-{row.uid}", url, row.folder.title, place=row.place, **at)


def next_meetings(user):
    """The next meetings that `user` may see, for Home."""
    rows = Meeting.objects.visible_to(user).filter(status__in=Meeting.GOES_ON, starts_at__gt=timezone.now())
    for row in rows.select_related("folder")[:NEXT]:
        whose, url = of_folder(row.folder)[0], reverse("boards:meeting", args=[row.pk])
        yield Work(row.title, url, case="" if whose == row.title else whose, due_on=row.day, note=when(row))


def when(row) -> str:
    """'Tuesday 12 May, 10am', for a line that has little room."""
    local = timezone.localtime(row.starts_at)
    day = f"{local:%A} {local.day} {local:%B}"
    return day if row.day_only else f"{day}, {clock_time(local)}"
