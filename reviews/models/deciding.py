"""The decision and what each safeguarding partner says of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.people.models import Agency, NamedDuty, PartnerSeat, User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG


class Decision(models.Model):
    """One of five codes with its rationale. A change is a new number; signatures stay with the number they signed."""

    class Code(models.TextChoices):
        NO_LCSPR = "none", "No local child safeguarding practice review: the learning is complete"
        LCSPR = "lcspr", "Local child safeguarding practice review"
        LOCAL_LEARNING = "local", "Local learning review (not statutory)"
        NATIONAL = "national", "Refer as a possible national review"
        WITHDRAWN = "withdrawn", "Notification withdrawn: the criteria were not met"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="decisions")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, choices=Code.choices)
    rationale = models.TextField(max_length=LONG)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="decision_number_once")]

    def __str__(self):
        return "decision"


class SignOff(models.Model):
    """One safeguarding partner's word on one decision: signed as themselves, by the delegate or a dated deputy.

    A silence is recorded by the unit with its reason: it has no signer. report: the version of the report that the
    signer's page named; none where none had been made.
    """

    class Stance(models.TextChoices):
        AGREES = "agrees", "Agrees"
        DISAGREES = "disagrees", "Disagrees"
        SILENT = "silent", "Has not answered"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="sign_offs")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sign_offs")
    seat = models.CharField(max_length=10, choices=PartnerSeat.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    duty = models.ForeignKey(NamedDuty, on_delete=models.PROTECT, null=True, related_name="+")
    as_deputy = models.BooleanField(default=False)
    stance = models.CharField(max_length=10, choices=Stance.choices)
    reason = models.TextField(max_length=4000, blank=True)
    report = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "seat"], condition=~Q(stance="silent"), name="one_signature_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(stance="silent", signer__isnull=True) | Q(~Q(stance="silent"), signer__isnull=False),
                name="silence_has_no_signer",
            ),
        ]

    def __str__(self):
        return "sign-off"


class LeadTold(models.Model):
    """That a lead safeguarding partner was told of a decision, outside the portal: when, how, and who says so."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="leads_told")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="leads_told")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    how = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["told_at", "id"]

    def __str__(self):
        return "word to a lead partner"
