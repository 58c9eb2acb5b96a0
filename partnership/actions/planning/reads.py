"""The business plan and the duties as pages show them. Both are published: everybody signed in sees the same."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.access.rows import allowing
from partnership.actions.models import Action, Duty, Plan, Priority, WorkItem
from partnership.actions.planning.rules import next_due, rule_of, timing_of
from partnership.deadlines.models import Deadline
from partnership.deadlines.rules import Rule
from partnership.people.models import Membership
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm, roles_with

PUBLISHED = "groups are published: whoever is signed in may know that they exist"
# Who may sponsor a priority or own a duty by name: who keeps the plan, reads workplans, or leads an organisation.
CARRIERS = sorted({role for perm in (Perm.PLAN_EDIT, Perm.WORKPLAN_VIEW, Perm.COLLEAGUES) for role in roles_with(perm)})


def plans(user):
    """Every plan, the newest first, with how many priorities it has."""
    return allowing(Plan, user, Perm.PLAN_VIEW).annotate(count=Count("priorities"))


def current_plan(user, today: date | None = None) -> Plan | None:
    """The plan of today; where none holds, the last one that ended; else the first that is to come."""
    today = today or timezone.localdate()
    rows = list(plans(user))
    begun = [row for row in rows if row.starts is None or row.starts <= today]
    live = [row for row in begun if row.ends is None or row.ends > today]
    return next(iter(live or begun or rows[::-1]), None)


def beside(user, row) -> list[Plan]:
    """The other plans that hold on some day on which `row` does."""
    rows = plans(user).exclude(pk=row.pk)
    if row.starts:
        rows = rows.filter(Q(ends=None) | Q(ends__gt=row.starts))
    if row.ends:
        rows = rows.filter(Q(starts=None) | Q(starts__lt=row.ends))
    return list(rows)


@dataclass
class OfKind:
    """The priorities of one kind in their order: those that stand, and those that have ended."""

    label: str
    standing: list = field(default_factory=list)
    ended: list = field(default_factory=list)


@dataclass
class PlanPage:
    """A plan with its priorities by kind. last_day: the plan's, None where it has no end. over: whether that is past.
    carried: the plan that carries its priorities on, if there is one."""

    plan: Plan
    kinds: list[OfKind]
    last_day: date | None
    over: bool
    to_come: bool
    carried: Plan | None


def plan_page(user, plan, today: date | None = None) -> PlanPage:
    """Four questions whatever the number of priorities. `live` on each: its actions that `user` may see and go on."""
    today = today or timezone.localdate()
    kinds = {code: OfKind(label.replace("priority", "priorities")) for code, label in Priority.Kind.choices}
    rows = allowing(Priority, user, Perm.PLAN_VIEW).filter(plan=plan).select_related("sponsor", "group")
    rows = list(rows.prefetch_related("measures").order_by("position"))
    live = live_actions(user, rows)
    for row in rows:
        row.live = live.get(row.pk, 0)
        kind = kinds[row.kind]
        (kind.ended if row.ended_on and row.ended_on <= today else kind.standing).append(row)
    after = allowing(Plan, user, Perm.PLAN_VIEW).filter(priorities__carried_on_from__plan=plan)
    return PlanPage(
        plan=plan,
        kinds=list(kinds.values()),
        last_day=last_day(plan.ends),
        over=plan.ends is not None and plan.ends <= today,
        to_come=plan.starts is not None and plan.starts > today,
        carried=after.distinct().order_by("-starts").first(),
    )


def live_actions(user, priorities) -> dict:
    """priority id -> how many actions that serve it and go on `user` may see; those carried on count where they are."""
    found = Action.objects.visible_to(user).filter(
        priority__in=[row.pk for row in priorities], parent=None, status__in=Action.LIVE
    )
    return dict(found.order_by().values_list("priority").annotate(n=Count("pk")))


def work_items(user, **serves):
    """The workplan items that serve a priority or a duty (by name: priority=…), of those that `user` may see."""
    rows = WorkItem.objects.visible_to(user).filter(**serves).select_related("folder", "workplan")
    return rows.order_by("-workplan__starts", "quarter", "title")


def carriers():
    """Ids of the people who may be named as sponsor or owner."""
    live = Membership.objects.live().filter(role__in=CARRIERS, user__is_active=True, user__closed_at=None)
    return live.order_by().values("user_id")


def groups(now="") -> list[tuple]:
    """(id as text, title) of the groups that go on, for a form's list. now: the id of the one that is said already."""
    rows = Folder.objects.unscoped(PUBLISHED).filter(kind=FolderKind.GROUP, sealed=False)
    rows = rows.filter(Q(pk__in=going_on(rows).values("pk")) | (Q(pk=now) if now else Q()))
    return [(str(pk), title) for pk, title in rows.order_by("title").values_list("pk", "title")]


def group(pk) -> Folder | None:
    """The folder of a group that `groups` named."""
    rows = Folder.objects.unscoped(PUBLISHED).filter(kind=FolderKind.GROUP, sealed=False)
    return rows.filter(pk=pk).first() if pk else None


@dataclass
class DutyLine:
    """A duty with its rule, how it returns, and when it is due next. running: the clock of its rule, where one runs
    that the reader may see; it beats what the anchor says."""

    duty: Duty
    rule: Rule | None
    words: str
    due_on: date | None
    late: bool = False
    running: Deadline | None = None

    @property
    def owner(self) -> str:
        return self.duty.owner.name if self.duty.owner else self.duty.owner_post

    @property
    def rule_gone(self) -> bool:
        """Whether it was counted by a rule that no longer ships."""
        return bool(self.duty.rule) and self.rule is None

    @property
    def doubt(self) -> str:
        return self.rule.doubt if self.rule else self.duty.doubt


def duty_lines(user, today: date | None = None, *, past=False) -> list[DutyLine]:
    """Every duty in force, in the order of their bases; with `past` those that are duties no longer."""
    today = today or timezone.localdate()
    over = Q(ends__isnull=False, ends__lte=today)
    rows = allowing(Duty, user, Perm.PLAN_VIEW).select_related("owner", "group").filter(over if past else ~over)
    order = list(Duty.Basis.values)
    rows = sorted(rows, key=lambda row: (order.index(row.basis), row.title, str(row.pk)))
    return lines_of(user, rows, today)


def lines_of(user, duties, today: date) -> list[DutyLine]:
    """The lines of these duties; one question for their clocks, and one for the local editions of rules."""
    running = running_clocks(user, {row.rule for row in duties if row.rule})
    return [_line(row, running.get(row.rule), today) for row in duties]


def _line(duty, clock, today) -> DutyLine:
    rule = rule_of(duty.rule, today)
    due_on = clock.due_on if clock else next_due(duty, rule, today)
    late = due_on is not None and due_on < today
    return DutyLine(duty, rule, timing_of(duty, rule).words.capitalize(), due_on, late, clock)


def running_clocks(user, codes) -> dict:
    """rule's code -> the soonest clock of the partnership's own business that runs under it and `user` may see."""
    return {row.rule: row for row in own_clocks(user).filter(rule__in=codes).order_by("-due_on")}


def own_clocks(user):
    """The running clocks of the partnership's own business, by the row rule: never one of a case."""
    return Deadline.objects.visible_to(user).filter(
        status__in=Deadline.RUNNING,
        subject_kind=Deadline._meta.label_lower,
        folder__kind=FolderKind.OFFICE,
    )
