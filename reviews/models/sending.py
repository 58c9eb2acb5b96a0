"""That the report went to the Panel, and corrections of when."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE


class Sending(models.Model):
    """That the report went to the Panel: when, by whom, which file, and what was warned about when it went."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="sending")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="sending")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    late_reason = models.CharField(max_length=1000, blank=True)
    warnings = models.JSONField(default=list)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    def __str__(self):
        return "sending to the Panel"


class SendingCorrection(models.Model):
    """A time of sending that was recorded wrongly: what stood before, why it was wrong, and who put it right."""

    access = CASE
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="sending_corrections")
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="corrections")
    was = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["corrected_at"]

    def __str__(self):
        return "correction of a time of sending"
