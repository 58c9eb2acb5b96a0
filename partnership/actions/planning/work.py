"""Every write to the workplans of groups. Who may: whoever holds WORKPLAN_EDIT on the group's folder; anybody else
meets PermissionDenied."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.access.rows import can
from partnership.actions.flow import WORK_ITEM
from partnership.actions.models import Priority, WorkItem, Workplan
from partnership.actions.planning.rules import first_day, words_of_year, year_of
from partnership.actions.planning.services import stands
from partnership.people.roles import Perm
from partnership.trail.services import record

ITEM_FIELDS = ("title", "priority", "duty", "owner", "owner_post", "quarter", "success")
GOES_ON = (WorkItem.Status.PLANNED, WorkItem.Status.BEGUN)
WHY = "the service holds the workplan"


def _must_keep(by, row):
    if by is not None and not can(by, Perm.WORKPLAN_EDIT, row):
        raise PermissionDenied("workplan.edit")


@transaction.atomic
def start_workplan(folder, *, by, year: int) -> Workplan:
    """The workplan of a group for the year from 1 April of `year`; the one that is there already, if it is.

    Raises PermissionDenied for who does not keep it, ValidationError for a folder that is no group's or is sealed.
    """
    folder = lock(folder)
    _must_keep(by, folder)
    if folder.kind != FolderKind.GROUP or folder.sealed:
        raise ValidationError("Only a board or sub-group has a workplan.")
    days = {"starts": first_day(year), "ends": first_day(year + 1)}
    row = Workplan.objects.unscoped(WHY).filter(folder=folder, starts=days["starts"]).first()
    if row is None:
        row = Workplan.objects.create(folder=folder, made_by=by, **days)
        record("workplan_started", by=by, obj=row, year=year)
    return row


@transaction.atomic
def agree(workplan, *, by, agreed_on: date) -> Workplan:
    """Record the day on which the group agreed it. Raises ValidationError for a day that has not come."""
    _must_keep(by, workplan)
    row = lock(workplan)
    if agreed_on > timezone.localdate():
        raise ValidationError({"agreed_on": "That day has not come yet."})
    row.agreed_on = agreed_on
    row.save(update_fields=["agreed_on"])
    record("workplan_agreed", by=by, obj=row)
    return row


@transaction.atomic
def add_item(workplan, *, by, **facts) -> WorkItem:
    """Add what the group will do. facts: of ITEM_FIELDS. Raises ValidationError where it serves nothing."""
    _must_keep(by, workplan)
    workplan = lock(workplan)
    row = WorkItem(folder_id=workplan.folder_id, workplan=workplan, changed_by=by, **facts)
    _serves(row)
    row.save(force_insert=True)
    record("work_item_added", by=by, obj=row)
    return row


def _serves(row):
    if row.priority is None and row.duty is None:
        raise ValidationError({"priority": "Choose the priority or the duty that it serves."})


@transaction.atomic
def change_item(row, *, by, version, **facts) -> WorkItem:
    """Change an item that goes on. Raises Stale for one that is over or was changed since `version`."""
    _must_keep(by, row)
    fresh = edits.as_read(row, version)
    if fresh.status not in GOES_ON:
        raise Stale(f"This item is {fresh.get_status_display().lower()} now. Take it up again to change it.")
    for name, value in facts.items():
        setattr(fresh, name, value)
    _serves(fresh)
    return edits.change(row, "work_item_changed", by=by, version=version, facts=facts)


@transaction.atomic
def step(row, code, *, by, **fields) -> WorkItem:
    """Take a step of flow.WORK_ITEM; an edit that was open meanwhile is told. Raises as Flow.take does."""
    fresh = lock(row)
    stamps = {"version": fresh.version + 1, "changed_by": by, "changed_at": timezone.now()}
    if code == "take_up":
        stamps["drop_reason"] = ""
    return WORK_ITEM.take(row, code, by=by, **stamps, **fields)


@transaction.atomic
def carry_on(workplan, *, by, items) -> Workplan:
    """Items that are not done go on in the group's workplan of the next year, from its first quarter.

    items: rows of `workplan`. One that was carried on already is not carried twice. What served a priority that another
    plan carries on serves that one. The items of this year stay as they are. Raises ValidationError for an item that is
    over, or for none.
    """
    _must_keep(by, workplan)
    old = lock(workplan)
    chosen = {each.pk for each in items}
    rows = WorkItem.objects.unscoped(WHY).filter(workplan=old, pk__in=chosen, status__in=GOES_ON)
    rows = list(rows.select_related("priority__plan", "folder"))
    if not chosen or {row.pk for row in rows} != chosen:
        raise ValidationError({"items": "Choose items that are planned or under way."})
    new = start_workplan(rows[0].folder, by=by, year=old.ends.year)
    there = WorkItem.objects.unscoped(WHY).filter(workplan=new, carried_on_from__in=chosen)
    there = set(there.values_list("carried_on_from_id", flat=True))
    for row in rows:
        if row.pk not in there:
            facts = {name: getattr(row, name) for name in ITEM_FIELDS} | {"quarter": 1}
            facts["priority"] = _of_today(row.priority, new.starts)
            made = add_item(new, by=by, **facts, carried_on_from=row)
            record("work_item_carried_on", by=by, obj=made, was=row.pk)
    return new


def _of_today(priority, day) -> Priority | None:
    """The priority itself while it stands; else the one that carries it on, where one does."""
    while priority is not None and not stands(priority, day):
        after = priority.carried_on_as.select_related("plan").order_by("-plan__starts").first()
        if after is None:
            break
        priority = after
    return priority


def years_to_start(folder, today=None) -> list[tuple]:
    """(year, words) of the partnership years for which a workplan can be started: this and the next, if not there."""
    year = year_of(today or timezone.localdate())
    there = Workplan.objects.unscoped("its page shows them").filter(folder=folder).values_list("starts", flat=True)
    return [(each, words_of_year(each)) for each in (year, year + 1) if first_day(each) not in set(there)]
