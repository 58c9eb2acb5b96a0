"""A term copied: what events of a stretch of days become so many weeks later, shown before anything is made, then made
all at once. Each keeps its hour on the clocks of London; bank holidays and school holidays are gone round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Folder
from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.people.models import Closure
from partnership.people.models.dated import last_day
from partnership.trail.services import record
from partnership.ui.dates import midnight, plain
from training.events import reserving
from training.events.services import plan
from training.models import Event, Joining
from training.office import training_of

WEEK = timedelta(days=7)
FURTHER = 8  # weeks that a day is looked for beyond the one that is closed: longer than any school holiday
MOST = 200
WHY = "the service has asked for the power to plan events; what is told to those with a place goes into the copy"
MOVED_ON = "The days are others now: an event, or a holiday, was entered meanwhile. Look at them again."
NONE = "Tick the events to copy."
MANY = "These are {} events. Copy at most {} at once: choose a shorter time."


@dataclass
class Line:
    """One event and what it becomes. starts_at, ends_at: None where no day near is free. why: what stood in the way of
    the same weekday. beside: events of the same course on that day; twice: an earlier line comes to that day too."""

    event: Event
    wanted: date
    starts_at: datetime | None
    ends_at: datetime | None
    why: str = ""
    beside: list = field(default_factory=list)
    twice: bool = False

    @property
    def day(self) -> date | None:
        return timezone.localdate(self.starts_at) if self.starts_at else None

    @property
    def over(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def can_be(self) -> bool:
        return self.starts_at is not None and not self.over and not self.is_there

    @property
    def is_there(self) -> bool:
        """Whether this copy was made already, or the same was planned by hand."""
        return any(each.starts_at == self.starts_at for each in self.beside)

    @property
    def chosen(self) -> bool:
        return self.can_be and not self.beside and not self.twice

    @property
    def seen(self) -> str:
        """As a preview that is confirmed says it again."""
        return f"{self.event.pk}:{self.day or ''}"


@dataclass
class Preview:
    """lines: by day. unknown: sentences on what the portal does not know."""

    lines: list[Line]
    unknown: list[str]

    @property
    def seen(self) -> str:
        return " ".join(line.seen for line in self.lines)


def preview(first: date, last: date, weeks: int, *, schools=None) -> Preview:
    """What the events that begin from `first` to `last`, both included, become. schools: the area whose school holidays
    are gone round, or None. Raises ValidationError for more than can be copied at once."""
    rows = Event.objects.exclude(status=Event.Status.CANCELLED).select_related("course__folder__partnership", "area")
    rows = list(rows.filter(starts_at__gte=midnight(first), starts_at__lt=midnight(last + timedelta(days=1))))
    if len(rows) > MOST:
        raise ValidationError(MANY.format(len(rows), MOST))
    calendar = calendars.load(Division.ENGLAND_AND_WALES)
    holidays = tuple(Closure.objects.filter(agency=None, area=schools).order_by("starts")) if schools else ()
    lines = [_line(row, weeks, _closed(calendar.days, holidays)) for row in rows]
    _say_beside(lines)
    years = sorted({line.wanted.year for line in lines if line.wanted.year > calendar.last_year})
    unknown = [f"The bank holidays of {year} are not known yet, so nothing can be planned then." for year in years]
    for line in lines:
        if line.wanted.year > calendar.last_year:
            line.starts_at = line.ends_at = None
    if schools and not any(each.ends > min((line.wanted for line in lines), default=last) for each in holidays):
        unknown.append(f"No school holidays of {schools.name} are kept for these days: they could not be gone round.")
    return Preview(lines, unknown)


@transaction.atomic
def copy(*, by, partnership, first, last, weeks, seen: str, chosen, schools=None) -> list[Event]:
    """Plan the copies that are chosen (ids of events) of a preview that was seen. None is made twice.

    A copy has the words and reserved places of its event, and no trainers, bookings or online address: people are asked
    anew. Raises Stale where the days are others now, ValidationError where nothing is chosen.
    """
    top = training_of(partnership)
    # Two who copy the same term at once: the second waits here, and finds the copies made.
    list(Folder.objects.unscoped("its own lock").select_for_update().filter(pk=top.pk))
    now = preview(first, last, weeks, schools=schools)
    lines = [line for line in now.lines if str(line.event.pk) in chosen]
    if now.seen != seen or not all(line.can_be for line in lines):
        raise Stale(MOVED_ON)
    if not lines:
        raise ValidationError(NONE)
    made = [_copied(line, by=by) for line in lines]
    record("training_term_copied", by=by, obj=top, count=len(made), weeks=weeks)
    return made


def _copied(line, *, by) -> Event:
    was = line.event
    by_days = line.day - timezone.localdate(was.starts_at)
    names = ("mode", "venue", "area", "capacity", "minimum")
    facts = {name: getattr(was, name) for name in names} | {
        name: getattr(was, name) + by_days for name in ("opens_on", "closes_on") if getattr(was, name)
    }
    told = Joining.objects.unscoped(WHY).filter(event=was).first()
    row = plan(
        by=by, course=was.course, copied_from=was, starts_at=line.starts_at, ends_at=line.ends_at,
        words=told.words if told else "", **facts,
    )  # fmt: skip
    for each in was.reserved.select_related("agency"):
        day = each.release_on + by_days
        if day > timezone.localdate() and (each.agency is None or each.agency.ends is None):
            reserving.reserve(row, by=by, places=each.places, agency=each.agency, kind=each.kind, release_on=day)
    return row


def _line(row, weeks, closed: Callable[[date], str]) -> Line:
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    wanted = begins.date() + weeks * WEEK
    day, why = wanted, closed(wanted)
    while closed(day) and day < wanted + FURTHER * WEEK:
        day += WEEK
    if closed(day):
        return Line(row, wanted, None, None, why)
    lasts = ends.date() - begins.date()
    return Line(row, wanted, _at(day, begins.time()), _at(day + lasts, ends.time()), why)


def _at(day, time) -> datetime:
    """The moment at which the clocks in London show that time on that day."""
    return timezone.make_aware(datetime.combine(day, time))


def _closed(bank: dict, holidays) -> Callable[[date], str]:
    def why(day: date) -> str:
        if day in bank:
            return f"{plain(day)} is a bank holiday: {bank[day]}"
        for each in holidays:
            if each.starts <= day < each.ends:
                return f"the schools are closed from {plain(each.starts)} to {plain(last_day(each.ends))}: {each.name}"
        return ""

    return why


def _say_beside(lines) -> None:
    days = [line.day for line in lines if line.day]
    if not days:
        return
    rows = Event.objects.exclude(status=Event.Status.CANCELLED).filter(
        starts_at__gte=midnight(min(days)), starts_at__lt=midnight(max(days) + timedelta(days=1))
    )
    found = {}
    for row in rows:
        found.setdefault((row.course_id, timezone.localdate(row.starts_at)), []).append(row)
    before = set()
    for line in lines:
        at = (line.event.course_id, line.day)
        line.beside = found.get(at, [])
        # Two of one day stay two of one day; one that a holiday moved onto another's is asked about.
        line.twice = bool(line.why) and at in before
        before.add(at)
