"""What is due: computed from the clocks themselves at every reading, so it is right even when every sender is dead."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from partnership.access.models import FolderKind
from partnership.access.reach import reach_of
from partnership.access.rows import allowing
from partnership.deadlines import calendars
from partnership.deadlines.models import Deadline, Division
from partnership.deadlines.subjects import Line, lines
from partnership.deadlines.working_days import CalendarEnds, add_working_days, days_late, days_left
from partnership.people.roles import Perm

SHOWN = 50
AHEAD = 10  # working days
OVERDUE, WEEK, NEXT = "overdue", "week", "next"
BUCKETS = {OVERDUE: "Overdue", WEEK: "This week", NEXT: f"Next {AHEAD} working days"}
MINE, AGENCY, GROUPS, ALL = "me", "agency", "groups", "all"
WHOSE = {MINE: "For me", AGENCY: "My agency", GROUPS: "My groups", ALL: "Everything I may see"}


@dataclass
class Row:
    """One clock on the board, and how it stands in working days: '2 working days late', 'due today'."""

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


def board(user, whose=MINE, *, today=None) -> list[Bucket]:
    """The three parts of the board, soonest first, by the row rule. whose: one of WHOSE."""
    today = today or timezone.localdate()
    found = {code: Bucket(code, title) for code, title in BUCKETS.items()}
    bucketed = _running(user, whose).annotate(bucket=_bucket_of(today, horizon(today))).exclude(bucket="later")
    window = {"partition_by": F("bucket")}
    rows = bucketed.annotate(
        n=Window(RowNumber(), order_by=["due_at", "id"], **window), total=Window(Count("id"), **window)
    ).filter(n__lte=SHOWN)
    rows = list(rows.select_related("owner", "agency", "folder").order_by("due_at", "id"))
    for row in _with_lines(user, rows, today):
        found[row.deadline.bucket].rows.append(row)
        found[row.deadline.bucket].total = row.deadline.total
    return list(found.values())


def one_bucket(user, code, whose=MINE, *, today=None):
    """All clocks of one part, as a queryset to page through; `rows_of` makes a page's rows."""
    today = today or timezone.localdate()
    rows = _running(user, whose).annotate(bucket=_bucket_of(today, horizon(today))).filter(bucket=code)
    return rows.select_related("owner", "agency", "folder").order_by("due_at", "id")


def rows_of(user, deadlines, *, today=None) -> list[Row]:
    return list(_with_lines(user, list(deadlines), today or timezone.localdate()))


def horizon(today) -> date:
    """The last day of the next ten working days; past the calendar's end, two weeks."""
    try:
        return add_working_days(today, AHEAD, calendars.load(Division.ENGLAND_AND_WALES)).due
    except CalendarEnds:
        return today + timedelta(days=14)


def _bucket_of(today, last):
    sunday = today + timedelta(days=6 - today.weekday())
    return Case(
        When(due_at__lt=timezone.now(), soft=False, then=Value(OVERDUE)),
        When(due_on__lte=sunday, then=Value(WEEK)),
        When(due_on__lte=last, then=Value(NEXT)),
        default=Value("later"),
    )


def _running(user, whose):
    rows = Deadline.objects.visible_to(user).filter(status=Deadline.Status.OPEN)
    if whose == MINE:
        return rows.filter(_owed_by(user))
    if whose == AGENCY:
        return rows.filter(agency_id__in=reach_of(user).belongs_to())
    if whose == GROUPS:
        return rows.filter(folder__kind__in=(FolderKind.GROUP, FolderKind.MEETING))
    return rows


def _owed_by(user):
    """What this person owes: by name, or by the power that the rule asks for, on that very folder."""
    from partnership.access.models import Folder

    mine = Q(owner_id=user.pk)
    for perm in (Perm.SEND, Perm.RETURN_REQUEST, Perm.SIGN_OFF, Perm.DEADLINE_MANAGE):
        if reach_of(user).holds(perm):
            mine |= Q(owner=None, owed_by=perm, folder__in=allowing(Folder, user, perm).order_by())
    return mine


def _with_lines(user, rows, today):
    named = lines(user, rows)
    calendar = calendars.load(Division.ENGLAND_AND_WALES)
    for row in rows:
        if row.pk in named:
            yield Row(row, named[row.pk], *_standing(row, today, calendar))


def _standing(row, today, calendar) -> tuple[str, str]:
    """(words, colour); past the calendar's end in calendar days."""
    try:
        late, left = days_late(row.due_on, max(today, row.due_on), calendar), days_left(row.due_on, today, calendar)
        kind = "working day"
    except CalendarEnds:
        late, left, kind = max((today - row.due_on).days, 0), max((row.due_on - today).days, 0), "day"
    if row.due_on < today and row.soft:
        return "Past its date", "grey"
    if row.due_on < today:
        return (f"{late} {kind}{'' if late == 1 else 's'} late" if late else "Late"), "red"
    if row.due_on == today:
        return "Due today", "orange"
    return f"{left} {kind}{'' if left == 1 else 's'} left", "orange" if left <= 2 else "blue"
