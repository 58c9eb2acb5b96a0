"""Meetings on other pages: Home, the forward plan, one's own calendar."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from boards.meetings.reads import of_folder
from boards.models import Invitee, Meeting, Seat
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
    """The next meetings of `user`'s own, for Home: called to, sent to as a deputy, or of a seat held on their day."""
    called = Invitee.objects.visible_to(user).filter(Q(user=user) | Q(deputy=user), withdrawn_at=None)
    seats = Seat.objects.on(OuterRef("on_day")).filter(group=OuterRef("group"), user=user, deputy_for=None)
    rows = Meeting.objects.visible_to(user).filter(status__in=Meeting.GOES_ON, starts_at__gt=timezone.now())
    rows = rows.alias(on_day=TruncDate("starts_at")).filter(Q(pk__in=called.values("meeting")) | Exists(seats))
    for row in rows.select_related("folder")[:NEXT]:
        whose, url = of_folder(row.folder)[0], reverse("boards:meeting", args=[row.pk])
        yield Work(row.title, url, case="" if whose == row.title else whose, due_on=row.day, note=when(row))


def when(row) -> str:
    """'Tuesday 12 May, 10am', for a line that has little room."""
    local = timezone.localtime(row.starts_at)
    day = f"{local:%A} {local.day} {local:%B}"
    return day if row.day_only else f"{day}, {clock_time(local)}"
