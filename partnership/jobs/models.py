"""Long work with a progress bar. The row is the fact; a message only shortens the wait (docs/jobs.md)."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Job(models.Model):
    """One piece of long work: who asked, by which power, on which folder, about which row, and how far it is.

    personal: it belongs to no case; its folder is that of the partnership's business, and whoever asked sees it too.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Working"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    access = Access(
        view=Perm.JOB_VIEW,
        folder="folder",
        person={"requester": (Person(frozenset({Perm.JOB_VIEW}), where={"personal": (True,)}),)},
    )
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="jobs")
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    personal = models.BooleanField(default=False)
    perm = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    result_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(status__in=["queued", "running"]),
                name="one_unfinished_job",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(status__in=["queued", "running"]), name="job_unfinished"
            )
        ]

    def __str__(self):
        return f"job {self.kind}"

    @property
    def finished(self):
        return self.status in (self.Status.DONE, self.Status.FAILED)
