"""What people edit, one window against another: access/edits.py changes it."""

from django.db import models
from django.utils import timezone

from partnership.people.models.people import User


class Edited(models.Model):
    """`version`: what was read must be what is changed. `changed_by` is None for what the portal itself did."""

    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
