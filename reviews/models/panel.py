"""What the national Panel said of a review that was sent to it, and what we answered."""

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


class PanelReply(models.Model):
    """One word of the Panel on a sent review, and our answer to it. Several may follow one another."""

    class Code(models.TextChoices):
        AGREES = "agrees", "Agrees"
        RECONSIDER = "reconsider", "Asks to reconsider"
        NATIONAL = "national", "Refers it to a national review"
        QUESTION = "question", "Asks a question"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="panel_replies")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="panel_replies")
    received_on = models.DateField()
    code = models.CharField(max_length=10, choices=Code.choices)
    words = models.TextField(max_length=LONG)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    answered_on = models.DateField(null=True)
    answer = models.TextField(max_length=LONG, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer_recorded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["-received_on", "-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None, answered_by=None, answer="")
                | Q(answered_on__gte=models.F("received_on"), answered_by__isnull=False) & ~Q(answer=""),
                name="an_answer_is_whole",
            )
        ]

    def __str__(self):
        return "reply of the Panel"


class ReplyCorrection(models.Model):
    """What stood of a reply, or of our answer to it, before somebody put it right: as it was, why, who and when.

    code and words are of the Panel's reply; those of our answer have no code.
    """

    access = CASE
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="reply_corrections")
    reply = models.ForeignKey(PanelReply, on_delete=models.PROTECT, related_name="corrections")
    of_answer = models.BooleanField(default=False)
    was_on = models.DateField()
    was_code = models.CharField(max_length=10, choices=PanelReply.Code.choices, blank=True)
    was_words = models.TextField(max_length=LONG)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["corrected_at", "id"]

    def __str__(self):
        return "correction of a reply of the Panel"
