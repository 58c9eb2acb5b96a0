"""What is due: computed from the clocks themselves at every reading, so it is right even when every sender is dead."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.text import capfirst

from partnership.access.models import Folder
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.access.work import Work
from partnership.deadlines import calendars, registry
from partnership.deadlines.clock import standing_of, told_in_working_days
from partnership.deadlines.models import Deadline, Division
from partnership.deadlines.rules import RULES
from partnership.deadlines.subjects import Line, lines
from partnership.deadlines.working_days import CalendarEnds, add_working_days, words
from partnership.people.roles import Perm

SHOWN = 50
AHEAD = 10  # working days
OVERDUE, WEEK, NEXT, LATER, PAUSED = "overdue", "week", "next", "later", "paused"
BUCKETS = {
    OVERDUE: "Overdue",
    WEEK: "This week",
    NEXT: f"Next {AHEAD} working days",
    LATER: "Later",
    PAUSED: "Paused",
}
NEAR = (OVERDUE, WEEK, NEXT)
MINE, AGENCY, ALL = "me", "agency", "all"
WHOSE = {MINE: "For me", AGENCY: "My agency", ALL: "Everything I may see"}
# By which powers something can be owed that has no named owner (services.start).
OWED_BY = sorted({Perm(day.perm) for rule in RULES for day in rule.milestones if day.perm} | {Perm.DEADLINE_MANAGE})


@dataclass
class Row:
    """One clock on the board, and how it stands in its rule's own days: '2 working days late', 'due today'."""

    deadline: Deadline
    line: Line
    standing: str = ""
    colour: str = ""


@dataclass
class Bucket:
    """One part of the board. total: how many there are, of which `rows` are shown."""

    code: str
    title: str
    total: int = 0
    rows: list[Row] = field(default_factory=list)


def scopes_of(user) -> list[tuple]:
    """(code, words) of the views of the board that can hold anything for this person."""
    return [each for each in WHOSE.items() if each[0] != AGENCY or reach_of(user).belongs_to()]


def board(user, whose=MINE, *, today=None) -> list[Bucket]:
    """The parts of the board, soonest first, by the row rule. whose: one of WHOSE."""
    today = today or timezone.localdate()
    found = {code: Bucket(code, title) for code, title in BUCKETS.items()}
    bucketed = _running(user, whose).annotate(bucket=_bucket_of(today, horizon(today)))
    window = {"partition_by": F("bucket")}
    rows = bucketed.annotate(
        n=Window(RowNumber(), order_by=["due_at", "id"], **window), total=Window(Count("id"), **window)
    ).filter(n__lte=SHOWN)
    rows = list(rows.select_related("owner", "agency", "folder").order_by("due_at", "id"))
    for row in _with_lines(user, rows, today):
        found[row.deadline.bucket].rows.append(row)
        found[row.deadline.bucket].total = row.deadline.total
    return list(found.values())


def worth_showing(buckets) -> list[Bucket]:
    """The near parts, empty or not, and the far ones that hold something; nothing where all are empty."""
    if not any(each.rows for each in buckets):
        return []
    return [each for each in buckets if each.rows or each.code in NEAR]


def one_bucket(user, code, whose=MINE, *, today=None):
    """All clocks of one part, as a queryset to page through; `rows_of` makes a page's rows."""
    today = today or timezone.localdate()
    rows = _running(user, whose).annotate(bucket=_bucket_of(today, horizon(today))).filter(bucket=code)
    return rows.select_related("owner", "agency", "folder").order_by("due_at", "id")


def rows_of(user, deadlines, *, today=None) -> list[Row]:
    return list(_with_lines(user, list(deadlines), today or timezone.localdate()))


def duties_of(user):
    """For home: what this person owes of the partnership's own duties, late or due within the next working days.

    A wing's clocks stand on home in the wing's own words.
    """
    rows = _running(user, MINE).filter(
        status=Deadline.Status.OPEN, subject_kind=Deadline._meta.label_lower, due_on__lte=horizon(timezone.localdate())
    )
    for each in rows_of(user, rows.order_by("due_at", "id")[:SHOWN]):
        standing = each.standing, each.colour
        yield Work(
            each.line.title,
            each.line.url,
            due_on=each.deadline.due_on,
            standing=standing,
            folder_id=each.deadline.folder_id,
            perm=Perm.DEADLINE_VIEW,
        )


def horizon(today) -> date:
    """The last day of the next ten working days; past the calendar's end, two weeks."""
    try:
        return add_working_days(today, AHEAD, calendars.load(Division.ENGLAND_AND_WALES)).due
    except CalendarEnds:
        return today + timedelta(days=14)


def _bucket_of(today, last):
    sunday = today + timedelta(days=6 - today.weekday())
    return Case(
        When(status=Deadline.Status.PAUSED, then=Value(PAUSED)),
        When(due_at__lt=timezone.now(), soft=False, then=Value(OVERDUE)),
        When(due_on__lte=sunday, then=Value(WEEK)),
        When(due_on__lte=last, then=Value(NEXT)),
        default=Value(LATER),
    )


def _running(user, whose):
    rows = Deadline.objects.visible_to(user).filter(status__in=Deadline.RUNNING)
    if whose == MINE:
        return rows.filter(_owed_by(user))
    if whose == AGENCY:
        return rows.filter(agency_id__in=reach_of(user).belongs_to())
    return rows


def _owed_by(user):
    """What this person owes: by name, or by the power that the rule asks for, on that very folder."""
    mine = Q(owner_id=user.pk)
    for perm in OWED_BY:
        if reach_of(user).holds(perm):
            mine |= Q(owner=None, owed_by=perm, folder__in=allowing(Folder, user, perm).order_by())
    return mine


def _with_lines(user, rows, today):
    named = lines(user, rows)
    counted = {division: calendars.load(division) for division in {row.division for row in rows}}
    editions = registry.known((row.rule, row.edition) for row in rows)
    for row in rows:
        if row.pk in named:
            edition = editions.get((row.rule, row.edition))
            yield Row(row, named[row.pk], *_standing(row, edition, today, counted[row.division]))


def _standing(row, edition, today, calendar) -> tuple[str, str]:
    """(words, colour)."""
    if row.status == Deadline.Status.PAUSED:
        return f"Paused since {words(row.paused_on, year=True)}", "grey"
    working = edition is None or told_in_working_days(edition)
    over = row.due_at < timezone.now()
    found = standing_of(row.due_on, today, calendar, working=working, soft=row.soft, over=over)
    return capfirst(found.words), found.colour
