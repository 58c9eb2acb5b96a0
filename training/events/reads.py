"""What the business unit's pages of events show, and what events are in everybody's forward plan."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.actions.planning.calendar import Entry
from partnership.people.roles import Perm
from partnership.ui.dates import midnight
from partnership.ui.forms import GovForm
from partnership.ui.listing import page_number
from training.booking import services as booking
from training.models import Booking, Course, Event

KIND = "training"
ON_A_PAGE = 50
AHEAD, PAST, FEW, FULL = "ahead", "past", "few", "full"
SHOWN = [
    ("", "To come"),
    (FEW, "To come, with too few people yet"),
    (FULL, "To come and full"),
    (Event.Status.PLANNED, "Being planned"),
    (PAST, "Over, register not complete"),
    (Event.Status.DELIVERED, "Delivered"),
    (Event.Status.CANCELLED, "Cancelled"),
    ("all", "All"),
]
WHICH = {
    "": lambda now: Q(status__in=Event.TO_COME, starts_at__gt=now),
    FEW: lambda now: Q(status=Event.Status.OPEN, starts_at__gt=now, taken__lt=F("minimum")),
    FULL: lambda now: Q(status=Event.Status.OPEN, starts_at__gt=now, taken=F("capacity")),
    Event.Status.PLANNED: lambda now: Q(status=Event.Status.PLANNED),
    PAST: lambda now: Q(status__in=Event.TO_COME, starts_at__lte=now),
    Event.Status.DELIVERED: lambda now: Q(status=Event.Status.DELIVERED),
    Event.Status.CANCELLED: lambda now: Q(status=Event.Status.CANCELLED),
    "all": lambda now: Q(),
}
LATEST_FIRST = (PAST, Event.Status.DELIVERED, Event.Status.CANCELLED, "all")


class EventFilter(GovForm):
    q = forms.CharField(label="Course or venue", required=False, max_length=100)
    shown = forms.ChoiceField(label="How it stands", required=False, choices=SHOWN)
    course = forms.ModelChoiceField(Course.objects.all(), label="Course", required=False, empty_label="All courses")


@dataclass(frozen=True)
class Standing:
    """How an event stands. waiting: people on its list; kept: free places that are kept for somebody today."""

    event: Event
    waiting: int
    kept: int = 0

    @property
    def ahead(self) -> bool:
        return self.event.status in Event.TO_COME and self.event.starts_at > timezone.now()

    @property
    def too_few(self) -> bool:
        return self.ahead and self.event.status == Event.Status.OPEN and self.event.taken < self.event.minimum

    @property
    def free(self) -> int:
        return self.event.capacity - self.event.taken

    @property
    def register_open(self) -> bool:
        """It was open and has begun, and nobody has said that its register is complete."""
        return self.event.status == Event.Status.OPEN and not self.ahead


def events(user, asked: dict, number="1"):
    """A Django page of Standing. asked: of EventFilter."""
    shown = asked.get("shown") or ""
    rows = Event.objects.filter(WHICH[shown](timezone.now())).select_related("course", "area")
    if asked.get("course"):
        rows = rows.filter(course=asked["course"])
    for word in asked.get("q", "").split():
        rows = rows.filter(Q(course__title__icontains=word) | Q(venue__icontains=word))
    rows = rows.order_by("-starts_at" if shown in LATEST_FIRST else "starts_at", "pk")
    cut = Paginator(rows, ON_A_PAGE).get_page(page_number(number))
    cut.object_list = list(cut.object_list)
    waiting = _waiting(user, cut.object_list)
    cut.object_list = [Standing(row, waiting.get(row.pk, 0)) for row in cut.object_list]
    return cut


def standing(user, event) -> Standing:
    return Standing(event, _waiting(user, [event]).get(event.pk, 0), booking.kept_now(event))


def _waiting(user, events) -> dict:
    rows = Booking.objects.visible_to(user).filter(event__in=events, status=Booking.Status.WAITING)
    return dict(rows.order_by().values_list("event").annotate(Count("pk")))


def entries(user, first, last, group):
    """Events in the forward plan: those that are open for everybody, those being planned for whoever runs them."""
    if group is not None or not reach_of(user).holds(Perm.TRAINING_LIST):
        return
    runs = reach_of(user).holds_wide(Perm.TRAINING_RUN)
    states = Event.TO_COME if runs else (Event.Status.OPEN,)
    between = (midnight(first), midnight(last + timedelta(days=1)) - timedelta(microseconds=1))
    rows = Event.objects.filter(status__in=states, starts_at__range=between).select_related("course")
    name = "training:event_run" if runs else "training:event"
    for row in rows:
        day = timezone.localdate(row.starts_at)
        place = row.get_mode_display() if row.mode == Event.Mode.ONLINE else row.venue
        yield Entry(
            day, KIND, row.course.title, "", f"training-{row.pk}", reverse(name, args=[row.pk]),
            begins_at=row.starts_at, ends_at=row.ends_at, place=place,
        )  # fmt: skip
