"""Events: a course on a day, its places, who keeps some of them, who trains."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, AgencyKind, Area, Edited, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention
from training.models.catalogue import PUBLISHED, Course


class Event(Edited):
    """One course on one day. Its folder stands under its course's; its id is its folder's id.

    starts_at, ends_at: aware moments; pages show them in London. capacity: how many people may come. taken: how many
    places are held (asked for, offered or booked); the database refuses more than there are, and `booking.services`
    alone writes it, under the row's lock. turns: how many have been put on the waiting list, so that each has its own
    number. closes_on: the last day for booking, None for the day before. Where it is said only to who has a place
    (address of a meeting, joining instructions) it stands in `Joining`. source: of a row that was taken in.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Being planned"
        OPEN = "open", "Open for booking"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"

    class Mode(models.TextChoices):
        VENUE = "venue", "At a venue"
        ONLINE = "online", "Online"

    TO_COME = (Status.PLANNED, Status.OPEN)

    access = Access.everyone(**PUBLISHED)
    retention = Retention.CASE

    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, primary_key=True, related_name="training_event")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.VENUE)
    venue = models.CharField(max_length=300, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField("begins")
    ends_at = models.DateTimeField("ends")
    capacity = models.PositiveSmallIntegerField("places")
    minimum = models.PositiveSmallIntegerField("people that it takes", default=0)
    taken = models.PositiveSmallIntegerField(default=0)
    turns = models.PositiveIntegerField(default=0)
    opens_on = models.DateField("booking opens", null=True, blank=True)
    closes_on = models.DateField("last day for booking", null=True, blank=True)
    why_cancelled = models.CharField(max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies")
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version", "taken", "turns"])

    class Meta:
        ordering = ["starts_at", "course__title"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="no_event_is_oversold"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_event_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(minimum__lte=F("capacity")), name="the_minimum_has_room"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(why_cancelled=""), name="a_cancelled_event_says_why"
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="training_event_when")]

    def __str__(self):
        return f"event {self.pk}"


class Joining(models.Model):
    """What is told only to who has a place: how to join online, where to park, what to bring."""

    access = Access(view=Perm.REGISTER_KEEP, folder="folder")
    retention = Retention.CASE

    folder = models.OneToOneField(Folder, on_delete=models.CASCADE, primary_key=True, related_name="+")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="joining")
    address = models.URLField("address of the online meeting", max_length=500, blank=True)
    words = models.TextField("joining instructions", max_length=4000, blank=True)

    objects = GuardedManager()

    def __str__(self):
        return "joining instructions"


class Reserved(models.Model):
    """Places of an event that are kept for one organisation, or for organisations of a kind, until a day, so that a
    course stays multi-agency. release_on: from this day on they are everybody's."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reserved")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("kind of organisation", max_length=30, choices=AgencyKind.choices, blank=True)
    places = models.PositiveSmallIntegerField()
    release_on = models.DateField("everybody’s from")

    class Meta:
        ordering = ["event", "release_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, kind="") | (Q(agency__isnull=True) & ~Q(kind="")),
                name="places_are_kept_for_one_or_a_kind",
            ),
            models.CheckConstraint(condition=Q(places__gt=0), name="kept_places_are_some"),
            models.UniqueConstraint(
                fields=["event", "agency", "kind"], nulls_distinct=False, name="places_kept_once_for_each"
            ),
        ]

    def __str__(self):
        return "reserved places"


class Trainer(models.Model):
    """Who trains at an event: somebody with an account, who then keeps its register, or a name alone.

    agency: whose time it is. grant and row come and go together (`training.events.trainers`).
    """

    access = Access.everyone(**PUBLISHED)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="trainers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="trains")
    name = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["event", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"], condition=Q(user__isnull=False), name="a_trainer_once_an_event"
            )
        ]

    def __str__(self):
        return "trainer of an event"
