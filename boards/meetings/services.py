"""Every write to a meeting as it is planned: when, where, whether. Invitations, agenda and minutes have their own.

Times are moments; a day is the day in London. Every function asks for MEETING_RUN on the folder, writes its event with
ids and field names alone, and raises ValidationError for what people can put right, Stale where somebody was quicker.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from boards.flow import MEETING
from boards.meetings import hooks
from boards.meetings.standing import copy_to
from boards.models import Group, Meeting
from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.access.gatherings import host_of
from partnership.access.over import is_over
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import plain

FIELDS = ("title", "starts_at", "ends_at", "place", "link")
FURTHEST = timedelta(days=5 * 366)  # further ahead is a year that was mistyped
OVER = "This group has ended: it meets no more."
NOTHING_NEW = "This is over: nothing new begins here."
HELD = "the case follows when its meetings were held"
NOT_YET = "This meeting has not begun yet: record that it was held when it has."


@transaction.atomic
def plan(folder, *, by, title, starts_at, ends_at=None, place="", link="", **more) -> Meeting:
    """Plan one meeting of a folder: a group's, or a case's. more: series, source, day_only."""
    group = must_take_meetings(folder, by)
    facts = more | {"title": title, "starts_at": starts_at, "ends_at": ends_at, "place": place, "link": link}
    row = Meeting(folder=folder, group=group, changed_by=by, **facts)
    must_be_possible(row, group)
    row.clean_fields(exclude=["changed_by", "folder", "group", "series"])
    row.save()
    copy_to(row)
    record("meeting_planned", by=by, obj=row)
    return row


def must_take_meetings(folder, by) -> Group | None:
    """The locked group of the folder, if it is one's. Raises PermissionDenied, and ValidationError for what is over."""
    group = Group.objects.select_for_update(of=("self",)).filter(pk=folder.pk).first()
    if not can(by, Perm.MEETING_RUN, folder):
        raise PermissionDenied("meeting.run")
    if group and group.over:
        raise ValidationError(OVER)
    if is_over(folder):
        raise ValidationError(NOTHING_NEW)
    if (host := host_of(folder)) and (why := host.shut(folder)):
        raise ValidationError(why)
    return group


def must_be_possible(row, group) -> None:
    """Raises ValidationError naming the field: a day that is too far ahead, or on which the group is not there."""
    if row.starts_at > timezone.now() + FURTHEST:
        raise ValidationError({"starts_at": "That day lies more than five years ahead. Check the year."})
    if row.ends_at is not None and row.ends_at <= row.starts_at:
        raise ValidationError({"ends_at": "The end must be after the start."})
    if group is None:
        return
    if group.ends and row.day >= group.ends:
        last = plain(group.last_day)
        raise ValidationError({"starts_at": f"The last day of this group is {last}. Choose a day up to then."})
    if group.starts and row.day < group.starts:
        raise ValidationError({"starts_at": f"This group began on {plain(group.starts)}. Choose a day from then on."})


@transaction.atomic
def change(meeting, *, by, version, **facts) -> Meeting:
    """Change title, time or place. facts: of FIELDS. Whoever was called is told (hooks.on_changed). Raises Stale."""
    group = _group_of(meeting)
    row = edits.as_read(meeting, version)
    if not can(by, Perm.MEETING_RUN, row):
        raise PermissionDenied("meeting.change")
    must_be_changeable(row)
    changed = [name for name in FIELDS if facts[name] != getattr(row, name)]
    for name in changed:
        setattr(row, name, facts[name])
    if not changed:
        return row
    must_be_possible(row, group)
    was = row.held_at
    if row.status == Meeting.Status.HELD and "starts_at" in changed:
        if row.starts_at > timezone.now():
            raise ValidationError({"starts_at": "It is recorded as held: the day must not lie ahead."})
        row.held_at = row.starts_at
    row.clean_fields(exclude={each.name for each in row._meta.concrete_fields} - set(changed))
    edits.stamp(row, by, *changed, "held_at")
    record("meeting_changed", by=by, obj=row, fields=sorted(changed))
    if row.status == Meeting.Status.CALLED:
        hooks.changed(row, by=by)
    if row.held_at != was:
        _tell_host(meeting.folder, by, was=was)
    return row


def must_be_changeable(row) -> None:
    """Raises Stale for a meeting whose plan changes no more."""
    if row.status == Meeting.Status.CANCELLED:
        raise Stale("This meeting is cancelled. Plan it again first, then change it.")
    if row.minutes_status in Meeting.CLOSED_MINUTES:
        raise Stale("The minutes of this meeting are agreed: they say when and where it was.")


@transaction.atomic
def cancel(meeting, *, by, note) -> Meeting:
    """A meeting does not take place; note: why. Whoever was called is told (hooks.on_cancelled)."""
    called = lock(meeting).status == Meeting.Status.CALLED
    row = MEETING.take(meeting, "cancel", by=by, note=note)
    if called:
        hooks.cancelled(row, by=by)
    return row


@transaction.atomic
def reinstate(meeting, *, by) -> Meeting:
    """Plan a cancelled meeting again: nobody is called to it yet."""
    group = must_take_meetings(meeting.folder, by)
    must_be_possible(meeting, group)
    return MEETING.take(meeting, "reinstate", by=by, note="")


@transaction.atomic
def hold(meeting, *, by, at=None) -> Meeting:
    """Record that a meeting was held, at its time or `at`. Not before it began."""
    row = lock(meeting)
    if row.starts_at > timezone.now():
        raise ValidationError(NOT_YET)
    row = MEETING.take(meeting, "hold", by=by, held_at=at or row.starts_at)
    hooks.held(row, by=by)
    _tell_host(meeting.folder, by)
    row.refresh_from_db(fields=["minutes_status"])  # they are begun with it
    return row


@transaction.atomic
def unhold(meeting, *, by) -> Meeting:
    """It was recorded as held and was not. Refused once its minutes have been circulated."""
    was = lock(meeting)
    if was.minutes_status not in (Meeting.Minutes.NONE, Meeting.Minutes.DRAFT):
        raise ValidationError("Its minutes have been circulated: they say that it was held.")
    row = MEETING.take(meeting, "unhold", by=by, held_at=None)
    _tell_host(meeting.folder, by, was=was.held_at)
    return row


def _tell_host(folder, by, was=None):
    """Whose folder it is learns when its meetings were held."""
    if host := host_of(folder):
        held = Meeting.objects.unscoped(HELD).filter(folder=folder, status=Meeting.Status.HELD)
        host.held(folder, by=by, moments=sorted(held.values_list("held_at", flat=True)), was=was)


def _group_of(meeting):
    if meeting.group_id is None:
        return None
    return Group.objects.select_for_update(of=("self",)).get(pk=meeting.group_id)
