"""The rapid review meeting: when and where, who is invited, who came, and what was noted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE


class Meeting(models.Model):
    """The meeting of a review. `version` is of its time and place, `notes_version` of the notes: they never clash."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="meeting")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="meeting")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    notes = models.TextField(blank=True)
    notes_version = models.PositiveIntegerField(default=1)
    notes_saved_at = models.DateTimeField(null=True)
    notes_saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    def __str__(self):
        return "rapid review meeting"

    @property
    def day(self):
        """The day in London on which it begins."""
        return timezone.localdate(self.starts_at)


class Invitee(models.Model):
    """Somebody who is invited: a person of the portal, or somebody outside it by post. It lets nobody in."""

    class Attendance(models.TextChoices):
        PRESENT = "present", "Present"
        APOLOGIES = "apologies", "Apologies"
        ABSENT = "absent", "Not there"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="meeting_invitees")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitees")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    chairs = models.BooleanField(default=False)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], condition=Q(user__isnull=False), name="invited_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) & ~Q(post="") | Q(user__isnull=False, post=""),
                name="an_invitee_is_one_of_two",
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(chairs=True), name="one_chair_a_meeting"),
        ]

    def __str__(self):
        return "invitee of a meeting"

    @property
    def called(self):
        return self.user.name if self.user_id else self.post
