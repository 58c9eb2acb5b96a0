"""The merged chronology of a rapid review: what each source recorded, and what was said beside it since."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.tables.days import Day
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention
from partnership.ui.dates import clock_time
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG
from reviews.models.returns import AgencyReturn


class Entry(models.Model):
    """One line of the chronology, as its source gave it. Never edited: an EntryNote stands beside it.

    starts and ends are the first and the last day that the date as it was written can mean.
    """

    class Precision(models.TextChoices):
        DAY = "day", "A day"
        MONTH = "month", "A month"
        YEAR = "year", "A year"
        PERIOD = "period", "A period"
        UNKNOWN = "unknown", "Not known"

    access = CASE
    retention = Retention.CASE
    ORDER = (F("starts").asc(nulls_last=True), F("time").asc(nulls_first=True), "place", "id")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="chronology")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="chronology")
    precision = models.CharField(max_length=7, choices=Precision.choices)
    about = models.BooleanField(default=False)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    time = models.TimeField(null=True)
    written = models.CharField("the date as it was written", max_length=80, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField("source outside the directory", max_length=200, blank=True)
    answer = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, null=True, related_name="chronology")
    children = ArrayField(models.UUIDField(), default=list, blank=True)  # empty: all children of the review
    event = models.TextField(max_length=LONG)
    analysis = models.TextField(max_length=LONG, blank=True)
    voice = models.TextField(max_length=LONG, blank=True)
    place = models.PositiveIntegerField("order among those of one moment", default=0)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("of all that it says", max_length=64)
    alike = models.CharField("of its event's words; empty where they are few", max_length=32, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["review", F("starts").asc(nulls_last=True), F("time").asc(nulls_first=True), "place", "id"]
        indexes = [
            models.Index("review", F("starts").asc(nulls_last=True), name="entry_order"),
            models.Index(fields=["review", "alike"], name="entry_alike"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "digest"], name="entry_once"),
            models.CheckConstraint(
                condition=Q(precision="unknown", starts=None, ends=None)
                | (~Q(precision="unknown") & Q(starts__isnull=False) & Q(ends__gte=F("starts"))),
                name="entry_dated",
            ),
            models.CheckConstraint(condition=Q(agency=None) | Q(source=""), name="entry_one_source"),
        ]

    def __str__(self):
        return "entry of a chronology"

    @property
    def when(self):
        return Day(self.precision, self.starts, self.ends, self.about).words

    @property
    def clock(self):
        return clock_time(self.time) if self.time else ""

    @property
    def source_name(self):
        return self.agency.name if self.agency_id else self.source or "Source not named"


class EntryNote(models.Model):
    """What somebody said beside an entry. It is never edited either."""

    class Kind(models.TextChoices):
        NOTE = "note", "A note"
        CONTRADICTS = "against", "It contradicts another entry"
        WRONG = "wrong", "Withdrawn as wrong"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="chronology_notes")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.NOTE)
    other = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="noted_by")
    note = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(kind="wrong"), name="withdrawn_once"),
            models.UniqueConstraint(fields=["entry", "other"], name="contradicts_once"),
            models.CheckConstraint(
                condition=Q(kind="against", other__isnull=False) | (~Q(kind="against") & Q(other=None)),
                name="contradicts_another",
            ),
        ]

    def __str__(self):
        return "note on an entry"


class Intake(models.Model):
    """Rows that were pasted or uploaded and wait to be looked at. The rows go when they are taken or discarded.

    rows: [{line, facts, problem, remark, reading}], see reviews.chronology.intake.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits to be checked"
        TAKEN = "taken", "Taken"
        DISCARDED = "gone", "Discarded"

    # Only those who carry the review on see what has not been taken.
    access = Access(view=Perm.REVIEW_MANAGE, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="chronology_intakes")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="chronology_intakes")
    name = models.CharField(max_length=200, blank=True)
    answer = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    remarks = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return "rows for a chronology"
