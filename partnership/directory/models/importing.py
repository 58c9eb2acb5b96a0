"""A file that is taken into the directory: the batch, and its rows as the preview shows them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class ImportBatch(models.Model):
    """One file: read, shown row by row, taken or not. The file itself is gone when it has been read.

    scope: the local authority codes that were chosen; empty: all of England. counts: what the reading found, in
    numbers; `missing`: what the directory holds in the chosen areas and the file lacks, as [number, name].
    """

    class Status(models.TextChoices):
        READING = "reading", "Being read"
        READY = "ready", "Ready to choose from"
        TAKING = "taking", "Being taken"
        TAKEN = "taken", "Taken"
        FAILED = "failed", "Could not be read"
        DISCARDED = "discarded", "Discarded"

    access = Access.everyone(why="what registers and lists say, shown to who takes them in", view=Perm.DIRECTORY_IMPORT)
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    scope = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READING)
    counts = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self):
        return f"import {self.source}"


class ImportRow(models.Model):
    """A row of the preview. old, new: the facts that differ, by the codes of its source; nothing else is kept.

    A row of a list of people names one and carries under `plan` what a taking does (importing.people).
    """

    class Action(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        CLOSED = "closed", "Closed"
        CONVERTED = "converted", "Converted"
        MOVED = "moved", "Moved area"
        WRONG = "wrong", "Wrong"

    access = Access.everyone(why="what registers and lists say, shown to who takes them in", view=Perm.DIRECTORY_IMPORT)
    retention = Retention.TECHNICAL

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    label = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, related_name="+")
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    chosen = models.BooleanField(default=True)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["batch", "action", "line"], name="import_rows_in_order")]

    def __str__(self):
        return f"row {self.line}"
