"""Documents and their versions: what a file is called, who may see it, how far its check is, and its hash."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

# A file that is kept apart opens through the page of a wing alone (a return's), never by its folder.
BY_FOLDER = {"folder": "folder", "folder_where": {"apart": (False,)}}
# Whoever uploads to a folder that she is not let into (the author of a return) keeps her own file, and nothing else
# of the folder, for as long as she belongs to the organisation that she uploaded it for.
OWN_FILE = {"shown_to": (Person(frozenset({Perm.DOCUMENT_VIEW, Perm.DOCUMENT_DOWNLOAD}), agency="shown_at"),)}


class Marking(models.TextChoices):
    """Government Security Classifications."""

    OFFICIAL = "official", "OFFICIAL"
    SENSITIVE = "sensitive", "OFFICIAL-SENSITIVE"


class State(models.TextChoices):
    """How far the check of a file is. Only a clean one is ever given out; the steps between them: flow.py."""

    QUARANTINED = "quarantined", "Being checked"
    CLEAN = "clean", "Ready"
    INFECTED = "infected", "Refused: it holds a virus"
    UNSCANNABLE = "unscannable", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Document(models.Model):
    """What the versions of one document share.

    kind: the code by which a wing is told what became of it (hooks.py). goes_out: it is made to be sent as it is, so
    that whoever holds Perm.SEND may have it without a reader's name on its pages (the report to the Panel). apart: the
    folder does not open it; a page of a wing gives it to those who may have it, and its uploader keeps her own.
    """

    access = Access(view=Perm.DOCUMENT_VIEW, **BY_FOLDER, person=OWN_FILE)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    marking = models.CharField(max_length=10, choices=Marking.choices)
    kind = models.CharField(max_length=40, blank=True)
    goes_out = models.BooleanField(default=False)
    apart = models.BooleanField(default=False)
    shown_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    shown_at = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["created_at"]
        indexes = [GinIndex(Words("title"), name="document_words")]

    def __str__(self):
        return "document"


class Version(models.Model):
    """One file. Its bytes lie under a random key outside any served folder, and never change once it is clean.

    key: where they lie; empty once a refused file is deleted. sha256, size: of the file as it is kept (a picture is
    written anew by its check). received_sha256: of the file as it came. reason: why it was refused (refusals.py).
    look_at: when the sweep may look at a quarantined file (again). scanned_with: the scanner's signatures.
    """

    access = Access(view=Perm.DOCUMENT_VIEW, **BY_FOLDER, person=OWN_FILE, logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="versions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    key = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    received_sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    apart = models.BooleanField(default=False)
    shown_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    shown_at = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    reason = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    scanned_with = models.CharField(max_length=60, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["document_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_once"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="version_key_once"),
            models.CheckConstraint(
                condition=~models.Q(key="") | ~models.Q(state__in=["clean", "withdrawn"]), name="version_given_has_key"
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=models.Q(state="quarantined"), name="version_waiting"),
            models.Index(
                fields=["scanned_at"], condition=models.Q(state__in=["clean", "withdrawn"]), name="version_to_rescan"
            ),
            GinIndex(Words("name"), name="version_words"),
        ]

    def __str__(self):
        return f"version {self.number}"

    @property
    def ready(self):
        return self.state == State.CLEAN

    @property
    def waiting(self):
        return self.state == State.QUARANTINED

    @property
    def lost(self):
        """Whether it was refused, or withdrawn later: nobody has it."""
        return not (self.ready or self.waiting)


class Rendition(models.Model):
    """The PDF of an Office file, for those kinds of document that want one: made in a sandbox once the file is clean.

    original: the version as it was uploaded. made: the PDF, in a document of its own; None while it waits, or where it
    could not be made (`problem`). look_at: when the sweep may look at it (again); None when there is nothing to do.
    """

    access = Access(view=Perm.DOCUMENT_VIEW, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="renditions")
    original = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="rendition")
    made = models.OneToOneField(Version, on_delete=models.PROTECT, null=True, related_name="rendition_of")
    problem = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=models.Q(look_at__isnull=False), name="rendition_waiting")
        ]

    def __str__(self):
        return "rendition of a file"
