"""What has a first day and a day that it no longer is, and what everybody signed in may read."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.people.roles import Perm

DIRECTORY = {
    "why": "the directory is read by every signed-in partner",
    "view": Perm.DIRECTORY_VIEW,
}


class DatedQuerySet(models.QuerySet):
    """Rows with `starts` (inclusive, null: always) and `ends` (exclusive, null: open) as dates."""

    def on(self, day):
        return self.filter(Q(starts__isnull=True) | Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gt=day))

    def live(self):
        return self.on(timezone.localdate())


class Dated(models.Model):
    starts = models.DateField("from", null=True, blank=True)
    ends = models.DateField("until (this day no longer)", null=True, blank=True)

    class Meta:
        abstract = True


def last_day(ends):
    """The last day of a period whose `ends` is the first day no longer."""
    return ends - timedelta(days=1) if ends else None


def after(day):
    """`ends` of a period whose last day is `day`."""
    return day + timedelta(days=1) if day else None


def ends_after_start(name):
    return models.CheckConstraint(
        condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
        name=name,
        violation_error_message="The end must be after the start.",
    )
