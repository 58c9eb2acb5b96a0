"""Standing items: entered once for a group, put on the agenda of each of its meetings, or of those in their months."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from boards.models import Group, Item, Meeting, StandingItem
from partnership.access import edits
from partnership.access.flow import Stale
from partnership.access.over import is_over
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record

FACTS = ("title", "purpose", "months", "minutes_allowed", "presenter", "priority", "duty")
WHY = "what stands on an agenda, for the place and the copies of a standing item; nothing of it is shown"


def copy_to(*meetings) -> None:
    """Put the group's standing items on the agendas of new meetings, all of one group. The caller holds it."""
    group = meetings[0].group_id
    if group is None:
        return
    rows = list(StandingItem.objects.unscoped(WHY).filter(group=group, ended_on=None))
    for meeting in meetings:
        due = [row for row in rows if is_due(row, meeting)]
        Item.objects.bulk_create(_copy(row, meeting, place) for place, row in enumerate(due, start=1))


def is_due(row, meeting) -> bool:
    return not row.months or meeting.day.month in row.months


def _copy(row, meeting, place) -> Item:
    return Item(
        folder_id=meeting.folder_id, meeting=meeting, standing=row, position=place, changed_by_id=row.changed_by_id,
        **_words(row),
    )  # fmt: skip


def _words(row) -> dict:
    """What an item takes over of a standing one."""
    return {
        "title": row.title,
        "purpose": row.purpose,
        "minutes_allowed": row.minutes_allowed,
        "presenter_words": row.presenter,
        "priority_id": row.priority_id,
        "duty_id": row.duty_id,
    }


@transaction.atomic
def add(group, *, by, **facts) -> StandingItem:
    """Add a standing item. facts: of FACTS. It is put on the agendas of meetings that are planned already."""
    held = _holding(group, by)
    if is_over(held.folder):
        raise ValidationError("This group has ended: it meets no more.")
    last = StandingItem.objects.unscoped(WHY).filter(group=held).aggregate(last=Max("position"))["last"] or 0
    row = StandingItem(folder=held.folder, group=held, position=last + 1, changed_by=by, **facts)
    row.clean_fields(exclude=["changed_by", "folder", "group", "priority", "duty"])
    row.save()
    _follow(row)
    record("standing_item_added", by=by, obj=row)
    return row


@transaction.atomic
def change(row, *, by, version, **facts) -> StandingItem:
    """Change a standing item, and its copies on the agendas ahead that nobody has changed. Raises Stale."""
    _holding(row.group, by)
    fresh = edits.as_read(row, version)
    if fresh.ended_on:
        raise Stale("This standing item has ended.")
    fresh = edits.change(fresh, "standing_item_changed", by=by, version=version, facts=facts)
    _follow(fresh)
    return fresh


@transaction.atomic
def end(row, *, by) -> StandingItem:
    """It comes back no more: copies ahead that nobody has changed are taken off."""
    _holding(row.group, by)
    fresh = edits.as_read(row, row.version)
    if fresh.ended_on:
        raise Stale("This standing item has ended already.")
    fresh.ended_on = timezone.localdate()
    edits.stamp(fresh, by, "ended_on")
    _untouched(fresh).update(removed_at=timezone.now())
    record("standing_item_ended", by=by, obj=fresh)
    return fresh


def _holding(group, by) -> Group:
    held = Group.objects.select_for_update(of=("self",)).select_related("folder").get(pk=group.pk)
    if not can(by, Perm.MEETING_RUN, held.folder):
        raise PermissionDenied("standing.keep")
    return held


def _untouched(row):
    """Its copies on meetings ahead that are not called yet, without a paper, which nobody has changed."""
    copies = Item.objects.unscoped(WHY).filter(standing=row, removed_at=None, version=1, papers=None)
    return copies.filter(meeting__status=Meeting.Status.PLANNED, meeting__starts_at__gt=timezone.now())


def _follow(row) -> None:
    """The agendas ahead say what the standing item says now."""
    ahead = Meeting.objects.unscoped(WHY).filter(
        group=row.group_id, status=Meeting.Status.PLANNED, starts_at__gt=timezone.now()
    )
    due = {meeting.pk: meeting for meeting in ahead if is_due(row, meeting)}
    _untouched(row).exclude(meeting__in=due).update(removed_at=timezone.now())
    _untouched(row).update(**_words(row))
    items = Item.objects.unscoped(WHY).filter(meeting__in=due)
    kept = Q(removed_at=None) | Q(version__gt=1)  # one that somebody took off by hand does not come back
    has = set(items.filter(kept, standing=row).values_list("meeting_id", flat=True))
    last = dict(items.order_by().values_list("meeting").annotate(last=Max("position")))
    Item.objects.bulk_create(_copy(row, meeting, last.get(pk, 0) + 1) for pk, meeting in due.items() if pk not in has)
