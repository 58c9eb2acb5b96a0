"""Who the children and families are: encrypted from the first row, apart from the case (docs/identities.md)."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Identity(models.Model):
    """The identifiers of one person of a case. `sealed` is ciphertext; the key is not in the database.

    It has its own access, its own reading log, its own retention and no history. `label` is the pseudonym by which
    the case knows the person; it holds no initials.
    """

    class Subject(models.TextChoices):
        CHILD = "child", "Child"
        SIBLING = "sibling", "Sibling"
        PARENT = "parent", "Parent or carer"
        OTHER = "other", "Other adult"

    access = Access(view=Perm.IDENTITY_SEARCH, folder="folder", logged=True, read_as="identity_read")
    retention = Retention.IDENTITY

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="identities")
    subject = models.CharField("who this is", max_length=10, choices=Subject.choices)
    label = models.CharField(max_length=60)
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    class Meta:
        ordering = ["subject", "label"]
        constraints = [models.UniqueConstraint(fields=["folder", "label"], name="identity_label_once")]

    def __str__(self):
        return "identity record"
