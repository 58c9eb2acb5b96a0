"""Two records of one organisation: which went into which, what moved, and until when it can be taken back."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

UNDO_DAYS = 7


class AgencyMerge(models.Model):
    """moved: 'people.Site.agency' -> the ids of the rows that moved; beside them what was made anew (see services)."""

    access = Access.everyone(why="who merged what; the ids in `moved` are never shown", view=Perm.DIRECTORY_VIEW)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="merges_away")
    moved = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="merged_away_once"
            )
        ]

    def __str__(self):
        return f"{self.merged_id} into {self.kept_id}"

    @property
    def until(self):
        return self.made_at + timedelta(days=UNDO_DAYS)

    @property
    def can_be_undone(self):
        return self.undone_at is None and timezone.now() < self.until


class SecondNumber(models.Model):
    """Two numbers of a register for one school: who says that `merged` is a second record of `kept`, and what a second
    person said to it. answered_at None: it waits. agreed: the two were merged."""

    access = Access.everyone(why="who says that two schools are one", view=Perm.DIRECTORY_VIEW)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="second_numbers")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(answered_at__isnull=True), name="one_open_second_number"
            )
        ]

    def __str__(self):
        return f"{self.merged_id} is {self.kept_id}"
