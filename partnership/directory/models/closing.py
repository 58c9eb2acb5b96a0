"""An organisation that closed: from which day, what ended with it, and whether that was taken back."""

from django.db import models
from django.utils import timezone

from partnership.people.models import Agency, Succession, User
from partnership.people.models.dated import DIRECTORY
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class AgencyClosing(models.Model):
    """ends: the first day on which it is no longer. ended: 'duties' and 'owners' -> id -> `ends` before, of the rows
    that ended with it, so that opening it again needs no guess. succession: the one that was recorded with it."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="closings")
    ends = models.DateField()
    ended = models.JSONField(default=dict)
    succession = models.ForeignKey(Succession, on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.agency_id} until {self.ends}"
