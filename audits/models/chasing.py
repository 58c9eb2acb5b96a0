"""Who was reminded of a return, when, by what and of which rung."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.returns import OF_THE_ROUND, AuditReturn
from audits.models.rounds import Rung
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention


class Reminder(models.Model):
    """One rung that reached, or was to reach, one organisation. It stays on record as it was sent.

    to: whom it was written to, in words (posts and how many). nobody: there was no address to write to. letter: the
    PDF, of a rung that is a letter. by: None where the portal sent it by its day.
    """

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    audit_return = models.ForeignKey(AuditReturn, on_delete=models.CASCADE, related_name="reminders")
    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="reminders")
    to = models.CharField(max_length=500, blank=True)
    nobody = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["audit_return", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit_return", "rung"], condition=Q(bounced_at=None), name="a_rung_of_a_return_once"
            )
        ]

    def __str__(self):
        return "reminder of a return"
