"""Every write to the business plan, its priorities, and the duties. Who may: whoever holds
PLAN_EDIT; anybody else meets PermissionDenied. by None: the portal, that loads what is published."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from partnership.access import edits
from partnership.access.flow import Stale, lock
from partnership.access.reach import reach_of
from partnership.actions.models import Duty, Plan, Priority, SuccessMeasure
from partnership.people.roles import Perm
from partnership.trail.services import record

PLAN_FIELDS = ("title", "starts", "ends", "review_words", "agreed_on", "source")
PRIORITY_FIELDS = ("title", "scope", "sponsor", "sponsor_post", "group")
MEASURE_FIELDS = ("words", "seen_by", "baseline", "target")
DUTY_FIELDS = (
    "title", "basis", "source", "edition", "doubt", "every", "amount", "anchor", "after_event", "rule",
    "owner", "owner_post", "group", "starts", "ends",
)  # fmt: skip
UNCHECKED = ("ref", "changed_by")  # none of them is typed
UP, DOWN = "up", "down"
PERIODS = (Duty.Every.YEARS, Duty.Every.MONTHS)


def _must_keep(by):
    if by is not None and not reach_of(by).holds(Perm.PLAN_EDIT):
        raise PermissionDenied("plan.edit")


@transaction.atomic
def add_plan(*, by, **facts) -> Plan:
    """Add a business plan. facts: of PLAN_FIELDS; `ref` for one that is loaded.

    Raises ValidationError where it ends before it begins.
    """
    _must_keep(by)
    row = Plan(changed_by=by, **facts)
    row.full_clean(exclude=UNCHECKED)
    row.save(force_insert=True)
    record("plan_added", by=by, obj=row)
    return row


@transaction.atomic
def change_plan(row, *, by, version, **facts) -> Plan:
    """Change a plan. Raises Stale when somebody changed it since `version`, ValidationError as add_plan does."""
    _must_keep(by)
    _as_it_would_be(row, version, facts).full_clean(exclude=UNCHECKED)
    return edits.change(row, "plan_changed", by=by, version=version, facts=facts)


def _as_it_would_be(row, version, facts):
    """The row with the facts, not saved. Raises Stale."""
    row = edits.as_read(row, version)
    for name, value in facts.items():
        setattr(row, name, value)
    return row


@transaction.atomic
def carry_on(plan, *, by, priorities, **facts) -> Plan:
    """A new plan after `plan`, which carries on some of its priorities with their measures and their order.

    priorities: rows of `plan`. Those of the old plan stay as they are, and so do the actions that serve them. Raises
    ValidationError for a priority of another plan or one that has ended.
    """
    _must_keep(by)
    old = lock(plan)
    new = add_plan(by=by, **facts)
    chosen = {each.pk for each in priorities}
    rows = list(old.priorities.filter(pk__in=chosen, ended_on=None).prefetch_related("measures"))
    if {row.pk for row in rows} != chosen:
        raise ValidationError({"priorities": "Choose priorities that still stand in the plan before."})
    placed: dict[str, int] = {}
    for row in sorted(rows, key=lambda each: (each.kind, each.position)):
        placed[row.kind] = position = placed.get(row.kind, 0) + 1
        shared = {name: getattr(row, name) for name in ("kind", *PRIORITY_FIELDS)}
        carried = Priority.objects.create(plan=new, position=position, carried_on_from=row, changed_by=by, **shared)
        _write_measures(carried, [{name: getattr(m, name) for name in MEASURE_FIELDS} for m in row.measures.all()])
        record("priority_carried_on", by=by, obj=carried, was=row.pk)
    return new


@transaction.atomic
def add_priority(plan, *, by, kind, measures=(), **facts) -> Priority:
    """Add a priority at the end of those of its kind. measures: dicts of MEASURE_FIELDS, in their order."""
    _must_keep(by)
    plan = lock(plan)
    last = plan.priorities.filter(kind=kind).aggregate(last=Max("position"))["last"] or 0
    row = Priority.objects.create(plan=plan, kind=kind, position=last + 1, changed_by=by, **facts)
    _write_measures(row, measures)
    record("priority_added", by=by, obj=row, measures=len(measures))
    return row


@transaction.atomic
def change_priority(row, *, by, version, measures, **facts) -> Priority:
    """Change a priority and its measures; the measures are written as they are given. Raises Stale."""
    _must_keep(by)
    given = [{name: each.get(name, "") for name in MEASURE_FIELDS} for each in measures]
    others = measures_of(edits.as_read(row, version)) != given
    row = edits.change(row, "priority_changed", by=by, version=version, facts=facts, always=others, measures=others)
    if others:
        row.measures.all().delete()
        _write_measures(row, given)
    return row


def measures_of(row) -> list[dict]:
    """The measures of a priority as change_priority takes them."""
    return list(row.measures.values(*MEASURE_FIELDS))


def _write_measures(row, measures):
    SuccessMeasure.objects.bulk_create(
        SuccessMeasure(priority=row, position=position, **facts) for position, facts in enumerate(measures, start=1)
    )


@transaction.atomic
def move_priority(row, *, by, way) -> Priority:
    """Change places with the priority before (way UP) or after it (DOWN) that stands. At the end nothing changes."""
    _must_keep(by)
    lock(row.plan)
    row = lock(row)
    beside = row.plan.priorities.filter(kind=row.kind, ended_on=None)
    if way == UP:
        other = beside.filter(position__lt=row.position).order_by("-position").first()
    else:
        other = beside.filter(position__gt=row.position).order_by("position").first()
    if other is None:
        return row
    row.position, other.position = other.position, row.position
    for each in (row, other):
        each.save(update_fields=["position"])
    record("priority_moved", by=by, obj=row, way=str(way))
    return row


@transaction.atomic
def end_priority(row, *, by, version, ended_on, end_reason) -> Priority:
    """It is a priority no longer from `ended_on`; its actions stay. Raises ValidationError without a reason, Stale."""
    _must_keep(by)
    if edits.as_read(row, version).ended_on:
        raise Stale("This priority has ended already.")
    if not end_reason.strip():
        raise ValidationError({"end_reason": "Say why it is a priority no longer."})
    facts = {"ended_on": ended_on, "end_reason": end_reason.strip()}
    return edits.change(row, "priority_ended", by=by, version=version, facts=facts)


@transaction.atomic
def take_up_priority(row, *, by) -> Priority:
    """It is a priority again, in the place that it had. Raises Stale where it has not ended."""
    _must_keep(by)
    row = lock(row)
    if row.ended_on is None:
        raise Stale("This is a priority already.")
    facts = {"ended_on": None, "end_reason": ""}
    return edits.change(row, "priority_taken_up", by=by, version=row.version, facts=facts)


@transaction.atomic
def add_duty(*, by, **facts) -> Duty:
    """Add a duty. facts: of DUTY_FIELDS. Raises ValidationError where its period is not whole."""
    _must_keep(by)
    row = Duty(changed_by=by, **facts)
    _whole(row)
    row.save(force_insert=True)
    record("duty_of_partnership_added", by=by, obj=row)
    return row


@transaction.atomic
def change_duty(row, *, by, version, **facts) -> Duty:
    """Change a duty. Raises Stale when somebody changed it since `version`, ValidationError as add_duty does."""
    _must_keep(by)
    _whole(_as_it_would_be(row, version, facts))
    return edits.change(row, "duty_of_partnership_changed", by=by, version=version, facts=facts)


def _whole(row):
    if row.every in PERIODS and not row.amount and not row.rule:
        raise ValidationError({"amount": "Enter how many years or months lie between two."})
    if row.every == Duty.Every.ONCE and row.anchor is None:
        raise ValidationError({"anchor": "Enter the day on which it is due."})
    row.full_clean(exclude=UNCHECKED)


def stands(row, today=None) -> bool:
    """Whether it is a priority on a day: not ended, and its plan neither over nor to come."""
    today = today or timezone.localdate()
    plan = row.plan
    begun = plan.starts is None or plan.starts <= today
    return begun and (plan.ends is None or plan.ends > today) and (row.ended_on is None or row.ended_on > today)
