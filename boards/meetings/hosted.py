"""Meetings of folders that have no seats, a case's: what other wings ask of them, and what their hosts say."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from boards.meetings import services
from boards.models import Attendance, Invitee, Meeting
from partnership.access.gatherings import Gathering, Keeper, host_of
from partnership.people.roles import Perm

WHY = "who chairs decides who may have a file; nothing of it is shown"


def of(user, folder) -> list[Gathering]:
    rows = Meeting.objects.visible_to(user).filter(folder=folder).order_by("starts_at", "pk")
    return [
        Gathering(
            pk=row.pk,
            title=row.title,
            starts_at=row.starts_at,
            place=row.place,
            link=row.link,
            url=reverse("boards:meeting", args=[row.pk]),
            words=row.get_status_display(),
            held_at=row.held_at,
            off=row.status == Meeting.Status.CANCELLED,
        )
        for row in rows
    ]


def plan_url(folder) -> str:
    return reverse("boards:meeting_add", args=[folder.pk])


def chairs(folders) -> dict:
    """Who chaired, of a meeting of which that is recorded; else who is called to chair it."""
    found, chaired = defaultdict(set), set()
    on = Q(meeting__status=Meeting.Status.CANCELLED)
    for row in Attendance.objects.unscoped(WHY).filter(folder_id__in=folders, chairs=True).exclude(on):
        chaired.add(row.meeting_id)
        found[row.folder_id].add(row.user_id)
    rows = Invitee.objects.unscoped(WHY).filter(folder_id__in=folders, chairs=True, withdrawn_at=None)
    for row in rows.exclude(on).exclude(meeting__in=chaired):
        found[row.folder_id].add(row.user_id)
    return {pk: users - {None} for pk, users in found.items()}


def hold(folder, *, by, at) -> bool:
    rows = Meeting.objects.allowing(by, Perm.MEETING_RUN).filter(
        folder=folder, status__in=Meeting.GOES_ON, starts_at__lte=timezone.now()
    )
    of_that_day = [row for row in rows.select_related("folder") if row.day == timezone.localdate(at)]
    for row in of_that_day[-1:]:
        services.hold(row, by=by, at=at)
    return bool(of_that_day)


def unhold(folder, *, by, at) -> bool:
    rows = Meeting.objects.allowing(by, Perm.MEETING_RUN).filter(folder=folder, held_at=at)
    rows = list(rows.filter(status=Meeting.Status.HELD).select_related("folder"))
    for row in rows:
        services.unhold(row, by=by)
    return bool(rows)


KEEPER = Keeper(of=of, plan_url=plan_url, chairs=chairs, hold=hold, unhold=unhold)


def why_no_chair(folder, user_id, name) -> str:
    """Why somebody must not chair a meeting of this folder; nothing where they may."""
    host = host_of(folder)
    what = host.no_chair(folder).get(user_id) if host and user_id else None
    return f"{name} is the {what} of this case and cannot chair its meeting." if what else ""
