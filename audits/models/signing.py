"""Who signed a return, what was signed, and what was submitted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.returns import OF_THE_ROUND, AuditReturn
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention


class Signature(models.Model):
    """One step of the chain by which a return is signed, in its order: asked for, then signed, sent back, or dropped.

    attempt: 1, 2, 3: a return that was sent back is signed anew from the beginning. how: in the portal, by a one-time
    link, or recorded by the lead from the minute of the governing body or a letter (minute: its number; signed_on: its
    day). content: SHA-256 of the answers as they were signed (`signing.content`), the same for each step of an attempt.
    """

    class Step(models.TextChoices):
        LEAD = "lead", "Safeguarding lead"
        HEAD = "head", "Headteacher"
        GOVERNORS = "governors", "Chair of governors"
        EXECUTIVE = "executive", "Executive"

    class How(models.TextChoices):
        PORTAL = "portal", "In the portal"
        LINK = "link", "By a one-time link"
        RECORDED = "recorded", "Recorded from a minute or letter"

    class Status(models.TextChoices):
        ASKED = "asked", "Asked"
        SIGNED = "signed", "Signed"
        SENT_BACK = "sent_back", "Sent back"
        DROPPED = "dropped", "Not asked any more"

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    audit_return = models.ForeignKey(AuditReturn, on_delete=models.CASCADE, related_name="signatures")
    attempt = models.PositiveSmallIntegerField(default=1)
    step = models.CharField(max_length=10, choices=Step.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    minute = models.CharField("number of the minute, or what the letter is called", max_length=100, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    class Meta:
        ordering = ["audit_return", "attempt", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit_return", "attempt", "step"],
                condition=~Q(status="dropped"),
                name="a_step_of_an_attempt_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signed_on__isnull=False) & ~Q(name="") & ~Q(content="") & ~Q(how=""),
                name="a_signature_is_named_and_dated",
            ),
        ]

    def __str__(self):
        return "signature of a return"


class Submission(models.Model):
    """A return as it was submitted, frozen. number: 1, or more where it was given back and submitted again.

    content: {"questions": [...], "people": [...], "signatures": [...]}, as `signing.content` makes it; sha256: of it.
    receipt: the PDF, once it is made. late: it came after the return's own deadline.
    """

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    audit_return = models.ForeignKey(AuditReturn, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=20, unique=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    late = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_back_at = models.DateTimeField(null=True, blank=True)
    why_given_back = models.CharField(max_length=500, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["audit_return", "-number"]
        constraints = [models.UniqueConstraint(fields=["audit_return", "number"], name="a_submission_of_a_return_once")]

    def __str__(self):
        return "submission of a return"
