"""A year of meetings: what a pattern comes to, shown before anything is made, then made all at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.meetings import pattern
from boards.meetings.services import must_be_possible, must_take_meetings
from boards.meetings.standing import copy_to
from boards.models import Meeting, Series
from partnership.access.flow import Stale
from partnership.actions.planning.rules import words_of_year
from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.deadlines.periods import add_months
from partnership.people.models import Closure
from partnership.people.models.dated import last_day
from partnership.trail.services import record
from partnership.ui.dates import midnight, plain

FACTS = ("title", "begins_at", "minutes", "place", "link")
SEPTEMBER = 9  # in which a school year begins
MOVED_ON = "The days are others now: a holiday, or the end of the group, was entered meanwhile. Look at them again."


@dataclass
class Line:
    """A day of the preview. starts_at: None where it has no place. beside: meetings of others on that day that the
    reader may see; own: of the same group. chosen: whether it is ticked to begin with."""

    placed: pattern.Placed
    starts_at: datetime | None
    beside: list = field(default_factory=list)
    own: list = field(default_factory=list)
    over: bool = False

    @property
    def chosen(self) -> bool:
        return self.starts_at is not None and not self.own and not self.over


@dataclass
class Preview:
    """What a pattern comes to. unknown: sentences on what the portal does not know; sources: of the school holidays."""

    lines: list[Line]
    unknown: list[str]
    sources: list[str]

    @property
    def days(self) -> list[date]:
        return [line.placed.day for line in self.lines if line.placed.day]


@dataclass(frozen=True)
class Closed:
    """Why nobody meets on a day: a bank holiday, the schools' holidays, a day on which the group is not there."""

    bank: dict
    holidays: tuple
    group: object

    def __call__(self, day: date) -> str:
        if self.group.ends and day >= self.group.ends:
            return f"the last day of the group is {plain(self.group.last_day)}"
        if self.group.starts and day < self.group.starts:
            return f"the group begins on {plain(self.group.starts)}"
        if day in self.bank:
            return f"{plain(day)} is a bank holiday: {self.bank[day]}"
        for each in self.holidays:
            if each.starts <= day < each.ends:
                return f"the schools are closed from {plain(each.starts)} to {plain(last_day(each.ends))}: {each.name}"
        return ""


def preview(user, group, steps: Iterable[pattern.Step], *, begins_at: time, schools=None) -> Preview:
    """What a pattern comes to for a group, with what stands beside it on these days. schools: the area whose school
    holidays are avoided, or None."""
    calendar = calendars.load(Division.ENGLAND_AND_WALES)
    holidays = tuple(Closure.objects.filter(agency=None, area=schools).order_by("starts")) if schools else ()
    placed = pattern.place(steps, Closed(calendar.days, holidays, group))
    now = timezone.now()
    lines = [Line(each, at(each.day, begins_at) if each.day else None) for each in placed]
    for line in lines:
        line.over = line.starts_at is not None and line.starts_at < now
    _say_beside(user, group, lines)
    unknown = [*_unknown_bank(calendar, placed), *_unknown_schools(schools, holidays, placed)]
    return Preview(lines, unknown, sorted({each.source for each in holidays if each.source}))


def at(day: date, begins_at: time) -> datetime:
    """The moment at which the clocks in London show that time on that day."""
    return timezone.make_aware(datetime.combine(day, begins_at))


def _say_beside(user, group, lines):
    days = [line.placed.day for line in lines if line.placed.day]
    if not days:
        return
    rows = Meeting.objects.visible_to(user).exclude(status=Meeting.Status.CANCELLED).select_related("folder")
    found = defaultdict(list)
    for row in rows.filter(starts_at__gte=midnight(min(days)), starts_at__lt=midnight(max(days) + timedelta(days=1))):
        found[row.day].append(row)
    for line in lines:
        for row in found.get(line.placed.day, ()):
            (line.own if row.folder_id == group.pk else line.beside).append(row)


def _unknown_bank(calendar, placed) -> list[str]:
    years = sorted({each.wanted.year for each in placed} - set(range(calendar.first_year, calendar.last_year + 1)))
    return [f"Bank holidays of {year} are not known yet: one of these days may be one." for year in years]


def _unknown_schools(schools, holidays, placed) -> list[str]:
    if schools is None:
        return []
    known = {school_year(each.starts) for each in holidays}
    years = sorted({school_year(each.wanted) for each in placed} - known)
    return [
        f"No school holidays of {schools.name} are kept for {words_of_year(year)}: they could not be avoided."
        for year in years
    ]


def school_year(day: date) -> int:
    """The year in which the school year of a day began; the summer holidays belong to the year that they end."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


@transaction.atomic
def plan(group, *, by, steps, days, seen, schools=None, **facts) -> Series:
    """Plan the meetings of a series on `days`, each of which the preview showed. facts: of FACTS.

    seen: the days of the preview that was confirmed. Raises Stale where they are others now, and ValidationError
    where none is chosen or one cannot be. One event for all of them.
    """
    held = must_take_meetings(group.folder, by)
    steps = list(steps)
    now = preview(by, held, steps, begins_at=facts["begins_at"], schools=schools)
    if now.days != list(seen) or not set(days) <= set(now.days):
        raise Stale(MOVED_ON)
    if not days:
        raise ValidationError("Tick the days on which the group is to meet.")
    row = Series(group=held, folder=group.folder, pattern=[step.kept() for step in steps], changed_by=by, **facts)
    row.clean_fields(exclude=["changed_by", "group", "folder"])
    row.save()
    made = [_meeting(row, day, by) for day in sorted(days)]
    for meeting in made:
        must_be_possible(meeting, held)
    Meeting.objects.bulk_create(made)
    copy_to(*made)
    record("series_planned", by=by, obj=row, count=len(made), meetings=[each.pk for each in made])
    return row


def _meeting(series, day, by) -> Meeting:
    starts_at = at(day, series.begins_at)
    return Meeting(
        folder=series.folder, group=series.group, series=series, title=series.title, place=series.place,
        link=series.link, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=series.minutes), changed_by=by,
    )  # fmt: skip


def next_year(series) -> list[pattern.Step]:
    """The pattern of a series a year later."""
    steps = map(pattern.Step.of, series.pattern)
    return [replace(each, first=add_months(each.first, 12), last=_same_end(each.last)) for each in steps]


def _same_end(day: date) -> date:
    """A year later; the last day of February stays the last."""
    return add_months(day + timedelta(days=1), 12) - timedelta(days=1)
