"""Who of the unit does whose work while they are away."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.people.models import User
from partnership.people.models.dated import DatedQuerySet
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Cover(models.Model):
    """`by` is told what `absent` is told, from `starts` until before `ends`. It opens no folder to anybody."""

    access = Access.everyone(why="the unit knows who covers for whom", view=Perm.COVER)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covered")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covering")
    starts = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="cover_ends_after_start"),
            models.CheckConstraint(condition=~Q(absent=F("by")), name="covers_another"),
        ]

    def __str__(self):
        return "cover"

    @property
    def last_day(self):
        return self.ends - timedelta(days=1)
