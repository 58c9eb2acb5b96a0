"""A list of completions that an organisation sent in: it waits to be looked over, and is then taken in or let go."""

from datetime import date

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Upload(models.Model):
    """Rows of a file of one organisation. The file is not kept; its rows go when they are taken or discarded.

    lines: [[line, {column code: text}, problem]]. day_zero: from which a day written as a bare number is counted.
    answers: the key of a question (`uploads.rows`) -> what somebody said. accepted: the version that somebody saw and
    asked to be taken. made: ids of the people whom the taking entered. took: how many completions it entered.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits to be looked over"
        TAKEN = "taken", "Taken in"
        TAKEN_BACK = "back", "Taken back"
        DISCARDED = "gone", "Discarded"

    access = Access(view=Perm.LEARNER_EDIT, folder="folder", agency={"agency": frozenset({Perm.LEARNER_EDIT})})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="training_uploads")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    name = models.CharField("file", max_length=200, blank=True)
    day_zero = models.DateField(default=date(1899, 12, 30))
    lines = models.JSONField(default=list, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    remarks = models.JSONField(default=list, blank=True)
    count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    accepted = models.PositiveIntegerField(null=True)
    made = models.JSONField(default=list, blank=True)
    took = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-at", "id"]
        verbose_name = "upload of completions"

    def __str__(self):
        return "upload of completions"
