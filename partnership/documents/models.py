"""Documents, their versions with a hash, and the logged download. Uploads and scanning come later."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Marking(models.TextChoices):
    """Government Security Classifications."""

    OFFICIAL = "official", "OFFICIAL"
    SENSITIVE = "sensitive", "OFFICIAL-SENSITIVE"


class Document(models.Model):
    access = Access(view=Perm.DOCUMENT_VIEW, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    marking = models.CharField(max_length=10, choices=Marking.choices)
    created_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self):
        return "document"


class Version(models.Model):
    """One file, never changed: its bytes lie under a random key outside any served folder."""

    access = Access(view=Perm.DOCUMENT_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="versions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["document_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_once")]

    def __str__(self):
        return f"version {self.number}"
