"""What everybody may read of the catalogue, signed in or not: courses, days, towns, and how many places anybody may
take. No trainer's, delegate's or manager's name, no joining instruction, no number of people. What is not named here is
not public.

The catalogue is short (some fifty courses, a few hundred events), so it is read whole, and filtered here.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from partnership.people.finding import begins, fold
from training.booking.rows import holders_at
from training.models import Course, Event
from training.places import free_for_all

ONLINE = "online"


@dataclass(frozen=True)
class Listed:
    """An event that is open and to come. free: places that anybody may take now."""

    event: Event
    free: int
    today: date

    @property
    def opens_later(self) -> bool:
        return bool(self.event.opens_on) and self.today < self.event.opens_on

    @property
    def closed(self) -> bool:
        return bool(self.event.closes_on) and self.today > self.event.closes_on

    @property
    def can_be_booked(self) -> bool:
        return not (self.opens_later or self.closed)

    @property
    def month(self) -> str:
        return f"{timezone.localtime(self.event.starts_at):%Y-%m}"

    @property
    def online(self) -> bool:
        return self.event.mode == Event.Mode.ONLINE

    @property
    def place(self) -> str:
        """What the filter of places calls it: ONLINE, or the id of its area."""
        return ONLINE if self.online else str(self.event.area_id or "")

    @property
    def where(self) -> str:
        """'Online', or the venue; what is told only to who has a place is not in it."""
        return self.event.get_mode_display() if self.online else self.event.venue or "To be announced"


def to_come(*, course=None) -> list[Listed]:
    """The events that are open and have not begun, soonest first; three questions, whatever their number."""
    rows = Event.objects.filter(status=Event.Status.OPEN, starts_at__gt=timezone.now())
    rows = rows.select_related("course__priority", "area").prefetch_related("reserved").order_by("starts_at", "pk")
    return listed(rows.filter(course=course) if course is not None else rows)


def listed(rows) -> list[Listed]:
    """The same of events that were read with their reserved places."""
    today, rows = timezone.localdate(), list(rows)
    keeping = [row.pk for row in rows if any(each.release_on > today for each in row.reserved.all())]
    holders = holders_at(keeping)
    return [
        Listed(row, free_for_all(row, reserved=row.reserved.all(), holders=holders[row.pk], today=today), today)
        for row in rows
    ]


def courses() -> list[Course]:
    """The courses of the catalogue, by title."""
    return list(Course.objects.filter(status=Course.Status.OFFERED).select_related("priority").order_by("title", "pk"))


def published_course(pk) -> Course | None:
    """A course that is or was in the catalogue; None for a draft."""
    rows = Course.objects.exclude(status=Course.Status.DRAFT).select_related("priority")
    return rows.prefetch_related("prerequisites").filter(pk=pk).first()


def published_event(pk) -> Listed | None:
    """An event that was opened for booking; None for one that is being planned."""
    rows = Event.objects.exclude(status=Event.Status.PLANNED).exclude(course__status=Course.Status.DRAFT)
    rows = rows.select_related("course__priority", "area").prefetch_related("reserved").filter(pk=pk)
    return next(iter(listed(rows)), None)


def fits(asked, *, course, line=None) -> bool:
    """Whether a course, or an event of it (line), is what the filters ask for. asked: of CatalogueFilter."""
    if asked.get("level") and course.level != asked["level"]:
        return False
    if asked.get("priority") and str(course.priority_id) != asked["priority"]:
        return False
    if q := asked.get("q"):
        said = begins(fold(f"{course.title} {course.summary} {course.audience} {line.where if line else ''}"))
        if not all(begins(word) in said for word in fold(q).split() or ["–"]):
            return False
    if line is None:
        return True
    if asked.get("month") and line.month != asked["month"]:
        return False
    if asked.get("where") and asked["where"] != line.place:
        return False
    return bool(line.free and line.can_be_booked) or not asked.get("free")
