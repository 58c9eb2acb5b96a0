"""What runs beside a case: other proceedings, other areas, other reviews, and who may speak with whom meanwhile."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE


class Proceeding(models.Model):
    """A proceeding that runs beside the review. While one holds publication, nothing of the review is published."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police investigation"
        CRIMINAL = "criminal", "Criminal trial"
        CORONER = "coroner", "Inquest"
        FAMILY = "family", "Family court"
        CHILD_DEATH = "cdr", "Child death review"
        DOMESTIC_ABUSE = "darr", "Domestic abuse related death review"
        ADULT = "sar", "Safeguarding adults review"
        MAPPA = "mappa", "MAPPA serious case review"
        HEALTH = "psii", "Patient safety incident investigation"
        REGULATOR = "regulator", "Regulator or inspectorate"
        EMPLOYER = "employer", "Employer’s investigation"
        OTHER = "other", "Other"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="proceedings")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    contact = models.CharField("who leads it, by post", max_length=200, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    holds_publication = models.BooleanField(default=False)
    holds_contact = models.BooleanField("family and witnesses only with the lead’s agreement", default=False)
    note = models.TextField(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["kind", "started_on", "id"]

    def __str__(self):
        return "proceeding"

    @property
    def runs(self):
        return self.ended_on is None or self.ended_on >= timezone.localdate()


class Interest(models.Model):
    """Another area's partnership that has an interest: a sibling, an earlier address, a placing council."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="interests")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="interests")
    partnership = models.CharField("partnership", max_length=200)
    contact = models.CharField("how it is reached, by post", max_length=200, blank=True)
    why = models.TextField(max_length=4000)
    told_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["partnership", "id"]

    def __str__(self):
        return "interest of another partnership"


class ReviewLink(models.Model):
    """Two reviews that concern each other: brothers and sisters, the same adult. Each is named to its own readers."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="review_links")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="linked_by")
    why = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["made_at"]
        constraints = [models.UniqueConstraint(fields=["review", "other"], name="linked_once")]

    def __str__(self):
        return "link of two reviews"
