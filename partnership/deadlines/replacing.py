"""A clock's date changes: another row supersedes it, its days move, and the people concerned are told. For one or many.

All of it is a number of statements that does not grow with the clocks: a change of the calendar holds its lock alone
while every running clock is counted again.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from partnership.deadlines import calendars, registry
from partnership.deadlines.counting import agreed, copy_of, count, plan
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.telling import tell_moved
from partnership.deadlines.working_days import words
from partnership.trail.models import Event

DONE, REPLACED, TOLD = "done", "superseded", "told"
PENDING, FIRED, SUPPRESSED = Milestone.State.PENDING, Milestone.State.FIRED, Milestone.State.SUPPRESSED


@dataclass(frozen=True)
class Change:
    """A locked clock, the counted row that replaces it, and that row's days."""

    row: Deadline
    new: Deadline
    days: list


@dataclass(frozen=True)
class Touched:
    """A running clock that a change of the calendar moves, with its two dates."""

    deadline: Deadline
    was: date
    becomes: date


def touched_by(division, calendar) -> list[Touched]:
    """The running clocks that `calendar`, not yet in force, would move. Raises ValidationError as counting does."""
    rows = _counted_with(division)
    editions = registry.named((row.rule, row.edition) for row in rows)
    found = []
    for row in rows:
        again = copy_of(row)
        count(again, editions[row.rule, row.edition], calendar, due_on=agreed(row))
        if again.due_at != row.due_at:
            found.append(Touched(row, row.due_on, again.due_on))
    return found


@transaction.atomic
def recalculate(version, *, by, reason) -> list[Deadline]:
    """Count every running clock of the version's division again; those whose dates move get a superseding row.

    Returns the new rows; the people concerned are told in the same transaction. Where only a reminder moves, its day
    is moved and nobody is told. The caller holds the calendar alone (calendars.change).
    """
    rows = _counted_with(version.division, locked=True)
    editions = registry.named((row.rule, row.edition) for row in rows)
    calendar = calendars.load(version.division, newest=version.pk)
    moved, stayed = [], []
    for row in rows:
        edition, again = editions[row.rule, row.edition], copy_of(row)
        count(again, edition, calendar, due_on=agreed(row))
        again.calendar = version
        if again.due_at != row.due_at:
            moved.append(Change(row, again, plan(again, edition, calendar)))
        else:
            stayed.append((row, plan(row, edition, calendar)))
    _shift(stayed)
    return replace(moved, by=by, reason=reason)


def _counted_with(division, *, locked=False):
    rows = Deadline.objects.unscoped("a calendar holds for everybody").filter(
        division=division, status__in=Deadline.RUNNING
    )
    rows = rows.order_by("pk").select_related("folder")
    return list(rows.select_for_update(of=("self",)) if locked else rows)


def replace(changes, *, by, reason) -> list[Deadline]:
    """Write the rows that supersede locked ones. What was done stays done; what was told is told again only where its
    day lies ahead now. Returns the new rows.
    """
    if not changes:
        return []
    now, standing = timezone.now(), _days_of([each.row for each in changes])
    for each in changes:
        each.new.supersedes = each.row
        for day in each.days:
            _carry_over(standing[each.row.pk].get(day.code), day, now)
    old = [each.row.pk for each in changes]
    ended = {"status": Deadline.Status.SUPERSEDED, "ended_by": by, "ended_at": now, "reason": reason}
    Deadline.objects.unscoped("these rows are locked by this service").filter(pk__in=old).update(**ended)
    Deadline.objects.bulk_create([each.new for each in changes])
    Milestone.objects.bulk_create([day for each in changes for day in each.days], batch_size=1000)
    days = Milestone.objects.unscoped("these rows are locked by this service").filter(deadline__in=old, state=PENDING)
    days.update(state=SUPPRESSED, why=REPLACED)
    Event.objects.bulk_create([_moved(each, by) for each in changes])
    new = [each.new for each in changes]
    tell_moved(new)
    return new


def _days_of(rows) -> dict:
    """clock id -> code -> Milestone. Locked, so that a day which a sweep is telling now is seen as told afterwards."""
    found = defaultdict(dict)
    days = Milestone.objects.unscoped("the service holds these clocks").filter(deadline__in=[row.pk for row in rows])
    for each in days.select_for_update(of=("self",)).order_by("pk"):
        found[each.deadline_id][each.code] = each
    return found


def _carry_over(was, day, now):
    if was is None:
        return
    if was.done_at:
        day.done_at, day.done_by_id = was.done_at, was.done_by_id
        day.state, day.why = SUPPRESSED, DONE
    elif (was.state == FIRED or was.why == TOLD) and day.fire_at <= now:
        day.state, day.why = SUPPRESSED, TOLD


def _shift(stayed):
    """The due date stands and a reminder's day moved: days to come are put right, nobody is told."""
    now, standing = timezone.now(), _days_of([row for row, _ in stayed])
    shifted, new = [], []
    for row, days in stayed:
        left = dict(standing[row.pk])
        for day in days:
            was = left.pop(day.code, None)
            if was is None and day.fire_at > now:
                new.append(day)
            elif was is not None and was.state == PENDING and was.fire_at != day.fire_at:
                was.on, was.fire_at = day.on, day.fire_at
                shifted.append(was)
        for was in left.values():
            if was.state == PENDING:
                was.state, was.why = SUPPRESSED, REPLACED
                shifted.append(was)
    if shifted:
        rows = Milestone.objects.unscoped("these rows are locked by this service")
        rows.bulk_update(shifted, ["on", "fire_at", "state", "why"], batch_size=500)
    Milestone.objects.bulk_create(new)


def _moved(change, by) -> Event:
    new, data = change.new, {"rule": change.row.rule}
    return Event(
        verb="deadline_moved",
        actor_id=getattr(by, "pk", None),
        folder_id=new.folder_id,
        object_kind=Deadline._meta.label_lower,
        object_id=new.pk,
        data=data | {"was": words(change.row.due_on, year=True), "becomes": words(new.due_on, year=True)},
    )
