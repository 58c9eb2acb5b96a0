"""The partnership itself, its areas, and the Schedule of relevant agencies."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partnership.people.models.dated import DIRECTORY, Dated
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Partnership(Dated):
    """The arrangement itself. Membership and Folder carry one, never null (one row today)."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self):
        return self.name


class Area(models.Model):
    """A place that figures and lists are made by: a region, an authority's area, a district, a locality in it.

    authority_code: the three figures of the national registers (861). postcodes: the outward codes (ST6) that place an
    organisation in a locality, where the locality is kept so.
    """

    class Kind(models.TextChoices):
        NATION = "nation", "Nation"
        REGION = "region", "Region"
        AUTHORITY = "authority", "Local authority area"
        DISTRICT = "district", "District"
        LOCALITY = "locality", "Locality"

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AUTHORITY)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    authority_code = models.CharField(max_length=3, blank=True)
    postcodes = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ScheduleItem(models.Model):
    """A line of the Schedule of relevant agencies, SI 2018/789 regulation 18, numbers 1 to 38."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    number = models.PositiveSmallIntegerField(primary_key=True)
    heading = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.label}"
