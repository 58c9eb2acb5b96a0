"""How a case ends: closed and reopened, its notification withdrawn; and what keeps it from being disposed of."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG


class Closing(models.Model):
    """That a review was closed, and reopened if it was. `was`: the status before, to which reopening leads back."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="closings")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="closings")
    was = models.CharField(max_length=10, choices=Review.Status.choices)
    note = models.TextField(max_length=4000, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_why = models.TextField(max_length=4000, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-closed_at"]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(reopened_at=None), name="closed_once"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reopened_why="")
                | Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopened_why=""),
                name="a_reopening_is_whole",
            ),
        ]

    def __str__(self):
        return "closing of a review"


class NotificationWithdrawal(models.Model):
    """The council withdrew its notification. The times of what was withdrawn stand here: the next one has its own.

    `late_reason`: why that notification was late, which its clock said until it ended.
    """

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="notification_withdrawals")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="withdrawals")
    withdrawn_on = models.DateField()
    reason = models.TextField(max_length=LONG)
    withdrawn_by = models.CharField("who withdrew it, by post", max_length=200)
    panel_told_on = models.DateField("when the Panel was told")
    aware_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    panel_reference = models.CharField(max_length=60, blank=True)
    late_reason = models.CharField(max_length=1000, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    notified_again_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(notified_again_at=None), name="withdrawn_at_last")
        ]

    def __str__(self):
        return "withdrawal of a notification"


class LegalHold(models.Model):
    """While one stands on a case, nothing of the case is disposed of."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="legal_holds")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="legal_holds")
    body = models.CharField("which body asked for it", max_length=200)
    reason = models.TextField(max_length=4000)
    asked_on = models.DateField("when it was asked for")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_why = models.TextField(max_length=4000, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-set_at"]
        indexes = [models.Index(fields=["review"], condition=Q(lifted_at=None), name="hold_stands")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why=""),
                name="a_lifting_is_whole",
            )
        ]

    def __str__(self):
        return "legal hold"

    @property
    def stands(self):
        return self.lifted_at is None
