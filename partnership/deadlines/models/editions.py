"""A partnership's own edition of a rule whose number is local, or was not read where it is written."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class LocalEdition(models.Model):
    """What the partnership set for a rule, in force from `effective_from`, with its source and the reason.

    Rows are never changed or deleted. `effective_to` is the last day that was set with it (empty: open); a later
    edition ends an open one the day before it begins, and one that `replaces` another puts it right from its first
    day. `length` empty: a person gives the date. `verified`: somebody read it in the source itself. `milestones`: as
    Milestone.as_data, whole, so that a new release of the portal changes nothing that was decided here.
    """

    access = Access.everyone(why="how long a duty runs is no secret to those who work to it", view=Perm.RULES_VIEW)
    retention = Retention.REFERENCE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    length = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20)
    trigger = models.CharField(max_length=300)
    milestones = models.JSONField(default=list)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["code", "number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="local_edition_once")]

    def __str__(self):
        return f"{self.code} local {self.number}"
