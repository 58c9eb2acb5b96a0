"""The forward plan: what falls due in a stretch of days, of what the reader may see. One page, one PDF, one feed.

Duties are published. The partnership's own clocks, workplan items and actions follow their row rules; a case's clock is
never in it. Of actions only the reader's own stand as lines; the others are counted by month. Wings add what they know
of by `register_entries`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.urls import reverse
from django.utils import timezone

from partnership.access.rows import allowing
from partnership.actions.models import Action, Duty, WorkItem
from partnership.actions.planning.reads import own_clocks
from partnership.actions.planning.rules import (
    MONTHS_OF_A_YEAR,
    first_day,
    occurrences,
    quarter_of,
    rule_of,
    timing_of,
    words_of_year,
    year_of,
)
from partnership.deadlines.periods import add_months
from partnership.deadlines.subjects import title
from partnership.people.roles import Perm

DUTY, CLOCK, WORK, ACTION = "duty", "clock", "work", "action"
KINDS = {
    DUTY: "Duties",
    CLOCK: "Other deadlines of the partnership",
    WORK: "Workplan items",
    ACTION: "Actions",
}
ONE = {DUTY: "Duty", CLOCK: "Deadline", WORK: "Workplan item", ACTION: "Your action"}
SENSITIVE = "A sensitive action of yours is due"
MONTHS_OF_A_QUARTER = 3
OWN_IN_A_MONTH = 15  # of the reader's own actions; the register has the rest


@dataclass(frozen=True)
class Entry:
    """What falls due on a day. words: none of a sensitive action. key: names it in a calendar, for ever. begins_at,
    ends_at: of what has a time of day; place: where that is."""

    day: date
    kind: str
    words: str
    who: str
    key: str
    url: str
    group: str = ""
    over: bool = False
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""

    @property
    def kind_words(self) -> str:
        return ONE[self.kind]


# kind -> source(user, first, last, group) -> entries by the row rule, nothing of a case. group: a folder, or None.
_sources: dict[str, Callable] = {}


def register_entries(kind: str, plural: str, one: str, source: Callable) -> None:
    """A kind of entry that a wing knows. Called once from its AppConfig.ready. plural, one: 'Meetings', 'Meeting'."""
    _sources[kind] = source
    KINDS[kind], ONE[kind] = plural, one


@dataclass
class Month:
    """A month: its lines, how many of the reader's own actions are not among them, and how many actions of others are
    due in it."""

    first: date
    entries: list[Entry] = field(default_factory=list)
    own: int = 0
    actions: int = 0

    @property
    def last(self) -> date:
        return add_months(self.first, 1) - timedelta(days=1)


@dataclass
class Quarter:
    """A quarter of the partnership's year: what the groups do in it, and its three months."""

    first: date
    last: date
    work: list[Entry] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)


@dataclass
class ForwardPlan:
    """The partnership's year from 1 April. undated: periodic duties for which no day is known."""

    year: int
    words: str
    quarters: list[Quarter]
    undated: list[Duty]

    @property
    def empty(self) -> bool:
        return not any(q.work or any(m.entries or m.actions or m.own for m in q.months) for q in self.quarters)


def forward_plan(user, year: int | None = None, *, group=None, kind="", today: date | None = None) -> ForwardPlan:
    """The plan of a year, by quarter and month; five questions whatever is in it. group: a folder; kind: of KINDS."""
    today = today or timezone.localdate()
    year = year if year is not None else year_of(today)
    first, last = first_day(year), first_day(year + 1) - timedelta(days=1)
    found, undated = entries(user, first, last, group=group, kind=kind, today=today, most=OWN_IN_A_MONTH)
    counts = actions_of_months(user, first, last, group=group) if kind in ("", ACTION) else {}
    quarters = [_quarter(add_months(first, n * MONTHS_OF_A_QUARTER)) for n in range(4)]
    for each in found:
        quarter = quarters[quarter_of(each.day) - 1]
        months = (month for month in quarter.months if month.first.month == each.day.month)
        (quarter.work if each.kind == WORK else next(months).entries).append(each)
    for quarter in quarters:
        for month in quarter.months:
            month.actions, own = counts.get(month.first, (0, 0))
            month.own = own - sum(each.kind == ACTION for each in month.entries)
    return ForwardPlan(year, words_of_year(year), quarters, undated)


def _quarter(first):
    months = [Month(add_months(first, n)) for n in range(MONTHS_OF_A_QUARTER)]
    return Quarter(first, add_months(first, MONTHS_OF_A_QUARTER) - timedelta(days=1), months=months)


def entries(user, first: date, last: date, *, group=None, kind="", today: date | None = None, most=None) -> tuple:
    """(entries in the order of their days, duties that return and have no day) from `first` to `last`, both included.

    A workplan item stands at the last day of its quarter. most: actions of the reader's own in a month; None for all.
    """
    today = today or timezone.localdate()
    clocks = defaultdict(list)
    for row in own_clocks(user).select_related("owner"):
        clocks[row.rule].append(row)
    found, undated = _duties(user, first, last, group, clocks, today)
    if kind not in ("", DUTY):
        found, undated = [], []
    if kind in ("", CLOCK) and group is None:
        found += _clocks(user, first, last, clocks, today)
    if kind in ("", WORK):
        found += _work(user, first, last, group, today)
    if kind in ("", ACTION):
        found += _actions(user, first, last, group, today, most)
    for code, source in _sources.items():
        if kind in ("", code):
            found += source(user, first, last, group)
    return sorted(found, key=lambda each: (each.day, each.kind, each.words, each.key)), undated


def _duties(user, first, last, group, clocks, today):
    """A duty whose clock runs is due when that says; else on the days that its anchor leads to."""
    rows = allowing(Duty, user, Perm.PLAN_VIEW).select_related("owner", "group")
    if group is not None:
        rows = rows.filter(group=group)
    found, undated = [], []
    for duty in rows:
        rule = rule_of(duty.rule, today)
        running = clocks.get(duty.rule, []) if duty.rule else []
        days = [row.due_on for row in running] or occurrences(duty, rule, first, last)
        live = duty.ends is None or duty.ends > today
        if not running and duty.anchor is None and live and duty.every in (Duty.Every.YEARS, Duty.Every.MONTHS):
            undated.append(duty)
        url = reverse("actions:duty", args=[duty.pk])
        who = duty.owner.name if duty.owner else duty.owner_post
        title_of_group = duty.group.title if duty.group else ""
        found += [
            Entry(
                day, DUTY, duty.title, who, f"duty-{duty.pk}-{day:%Y%m%d}", url, title_of_group,
                over=bool(running) and day < today,
            )
            for day in days
            if first <= day <= last
        ]  # fmt: skip
    return found, undated


def _clocks(user, first, last, clocks, today):
    """Those that count no duty: they would stand twice."""
    counted = set(allowing(Duty, user, Perm.PLAN_VIEW).exclude(rule="").values_list("rule", flat=True))
    for rule, rows in clocks.items():
        for row in rows if rule not in counted else ():
            if first <= row.due_on <= last:
                who = row.owner.name if row.owner else "Business unit"
                url = reverse("deadlines:deadline", args=[row.pk])
                key = f"clock-{row.pk}"
                yield Entry(row.due_on, CLOCK, title(row), who, key, url, over=not row.soft and row.due_on < today)


def _work(user, first, last, group, today):
    rows = WorkItem.objects.visible_to(user).exclude(status=WorkItem.Status.DROPPED)
    rows = rows.filter(workplan__starts__lte=last, workplan__ends__gt=first)
    if group is not None:
        rows = rows.filter(folder=group)
    rows = rows.select_related("owner", "folder").annotate(year_starts=F("workplan__starts"))
    for row in rows:
        day = add_months(row.year_starts, row.quarter * MONTHS_OF_A_QUARTER) - timedelta(days=1)
        if first <= day <= last:
            who = row.owner.name if row.owner else row.owner_post
            url = reverse("actions:workplan_year", args=[row.workplan_id])
            over = day < today and row.status != WorkItem.Status.DONE
            yield Entry(day, WORK, row.title, who, f"work-{row.pk}", url, row.folder.title, over)


def _actions(user, first, last, group, today, most):
    """The reader's own. One of a sealed folder, or whose words are sensitive, stands without them."""
    rows = _live(user, first, last, group).filter(owner=user).order_by("due_on", "reference")
    if most is not None:
        place = Window(RowNumber(), partition_by=TruncMonth("due_on"), order_by=("due_on", "reference"))
        rows = rows.annotate(place=place).filter(place__lte=most)
    for row in rows:
        words = f"{SENSITIVE} ({row.reference})" if row.sensitive else row.what
        url = reverse("actions:action", args=[row.pk])
        yield Entry(row.due_on, ACTION, words, user.name, f"action-{row.pk}", url, over=row.due_on < today)


def actions_of_months(user, first: date, last: date, *, group=None) -> dict:
    """first day of a month -> (how many actions that `user` may see and does not own are due in it, how many own)."""
    own = Count("pk", filter=Q(owner=user))
    rows = _live(user, first, last, group).order_by().annotate(month=TruncMonth("due_on")).values_list("month")
    return {month: (n - mine, mine) for month, n, mine in rows.annotate(n=Count("pk"), mine=own)}


def _live(user, first, last, group):
    """A whole that was split counts by its parts, which have the owners."""
    rows = Action.objects.visible_to(user).filter(status__in=Action.LIVE, due_on__range=(first, last), parts=None)
    return rows if group is None else rows.filter(folder=group)


def returns(duty: Duty, today: date) -> str:
    """'Every 6 months', for a duty that has no day."""
    return timing_of(duty, rule_of(duty.rule, today)).words.capitalize()


def stretch(today: date) -> tuple[date, date]:
    """What a calendar holds: the partnership's year and the one after it."""
    first = first_day(year_of(today))
    return first, add_months(first, 2 * MONTHS_OF_A_YEAR) - timedelta(days=1)
