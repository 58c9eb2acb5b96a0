"""What others ask of a case's material, what left, and contact with family and witnesses."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE


class Disclosure(models.Model):
    """A request for the case's material by somebody outside it, what was decided, and what left."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police"
        PROSECUTOR = "cps", "Prosecutor"
        CORONER = "coroner", "Coroner"
        COURT = "court", "Court"
        REGULATOR = "regulator", "Regulator or inspectorate"
        OTHER = "other", "Somebody else"

    class Answer(models.TextChoices):
        GIVE = "give", "Give what is asked"
        PART = "part", "Give part of it"
        REFUSE = "refuse", "Refuse"
        LEGAL = "legal", "Refer for legal advice first"

    # What may leave after these.
    GIVEN = (Answer.GIVE, Answer.PART)

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="disclosures")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="disclosures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.CharField(max_length=200)
    asked_by = models.CharField("who asked, by post", max_length=200)
    asked_on = models.DateField()
    what = models.TextField(max_length=4000)
    basis = models.TextField("legal basis, in words", max_length=2000)
    due_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    decided_by = models.CharField("who decided, by post", max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reasons = models.TextField(max_length=4000, blank=True)
    files = models.ManyToManyField(Version, blank=True, related_name="disclosures")
    left = models.TextField("what left, in words", max_length=4000, blank=True)
    left_how = models.CharField(max_length=200, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_agreed = models.CharField("with whose agreement, by post", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-asked_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(answer__in=["give", "part"]), name="left_as_decided"
            )
        ]

    def __str__(self):
        return "request for material"

    @property
    def late(self):
        return bool(self.due_on and not self.waits_for_nobody and self.due_on < timezone.localdate())

    @property
    def waits_for_nobody(self):
        return self.left_on is not None or self.answer == self.Answer.REFUSE


class FamilyContact(models.Model):
    """Contact with family or a witness: planned, agreed where a proceeding holds it, and what came of it."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="family_contacts")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="family_contacts")
    whom = models.CharField("whom, as the case calls them", max_length=100)
    planned_on = models.DateField()
    why = models.TextField(max_length=4000)
    agreed_by = models.CharField("who agreed, by post", max_length=200, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["planned_on", "id"]

    def __str__(self):
        return "contact with family or a witness"

    @property
    def before_agreement(self):
        return bool(self.done_on and self.agreed_on and self.done_on < self.agreed_on)
