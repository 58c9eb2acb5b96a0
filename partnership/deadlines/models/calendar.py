"""Bank holidays as rows, and one version a change: a deadline keeps the version that it was computed with."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

WHY = "what is a working day is public knowledge, and everybody's clock depends on it"


class Division(models.TextChoices):
    """Whose bank holidays. The second counts a day that is one in any part of the United Kingdom.

    Banking and Financial Dealings Act 1971, Schedule 1; Freedom of Information Act 2000, section 10(6).
    """

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    UNITED_KINGDOM = "united-kingdom", "Any part of the United Kingdom"


class BankHoliday(models.Model):
    """One day that is, or once was, a bank holiday. A day that was moved away keeps its row: old counts are explained.

    announced_on: the day on which the public could first know of it; empty for one that every year has. given_up_on:
    the day on which it was known that the date is an ordinary day after all. added_by: empty for the portal's own list.
    """

    access = Access.everyone(why=WHY, view=Perm.RULES_VIEW)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.CharField(max_length=20, choices=Division.choices)
    date = models.DateField()
    title = models.CharField(max_length=120)
    announced_on = models.DateField(null=True, blank=True)
    given_up_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["division", "date"], name="holiday_once"),
            models.CheckConstraint(condition=~models.Q(source=""), name="holiday_has_a_source"),
            models.CheckConstraint(condition=models.Q(division__in=Division.values), name="holiday_division_known"),
        ]

    def __str__(self):
        return f"{self.date} {self.title}"


class CalendarVersion(models.Model):
    """One change of a division's calendar. `number` counts from 1 in each division, without gaps.

    changes: {"added": [dates], "given_up": [dates], "restored": {date: the day it had been given up on}}, ISO texts, so
    that the calendar of an earlier version can be told (calendars.as_of). last_year: its last year under this version.
    """

    access = Access.everyone(why=WHY, view=Perm.RULES_VIEW)
    retention = Retention.REFERENCE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.CharField(max_length=20, choices=Division.choices)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    last_year = models.PositiveSmallIntegerField()
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["division", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["division", "number"], name="calendar_version_once"),
            models.CheckConstraint(condition=models.Q(division__in=Division.values), name="version_division_known"),
        ]

    def __str__(self):
        return f"{self.division} {self.number}"
