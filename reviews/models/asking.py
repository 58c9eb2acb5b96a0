"""What follows a request: more time, chasers and telephone calls, what is decided while a body is closed, letters."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE
from reviews.models.returns import AgencyReturn


class Extension(models.Model):
    """More time for one return: asked for by its author, or given without being asked. An answer is never changed.

    due_before: the day that stood when it was asked for; where another day stands since (it was sent back), nobody
    waits for an answer any more. due_on: the day that was given. past_sending: it lies after the last day to send the
    review to the Panel, and whoever gave it was warned and said so. `author` follows the return's.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"

    access = Access(
        view=Perm.RETURN_VIEW,
        folder="folder",
        person={
            "author": (
                Person(frozenset({Perm.RETURN_VIEW}), {}, "agency"),
                Person(frozenset({Perm.RETURN_VIEW}), {"outside": (True,)}),
            )
        },
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="extensions")
    row = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, related_name="extensions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    outside = models.BooleanField("of somebody outside the directory", default=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(max_length=1000)
    wanted_on = models.DateField()
    due_before = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    answer = models.TextField(max_length=1000, blank=True)
    due_on = models.DateField(null=True)
    past_sending = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "due_before"], condition=Q(status="waiting"), name="one_extension_waits"
            ),
            models.CheckConstraint(
                condition=~Q(status="granted") | Q(due_on__gt=F("due_before")), name="an_extension_is_later"
            ),
        ]

    def __str__(self):
        return "extension of a return"

    @property
    def by_the_team(self):
        """Whether it was given without the author's asking."""
        return self.status == self.Status.GRANTED and self.asked_by_id == self.decided_by_id


class Contact(models.Model):
    """One try to get an owed return: a chaser that was sent by hand, or what was said by telephone."""

    class Kind(models.TextChoices):
        CHASED = "chased", "Reminder sent by hand"
        TELEPHONE = "phone", "Telephone call"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="return_contacts")
    row = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, related_name="contacts_made")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    on = models.DateField("the day in London of `at`")
    said = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["row", "on"], condition=Q(kind="chased"), name="chased_once_a_day"),
            models.CheckConstraint(condition=Q(kind="chased") | ~Q(said=""), name="a_call_says_something"),
        ]

    def __str__(self):
        return "contact about a return"


class Clearance(models.Model):
    """What was decided about a request to a body that was closed on the day: by whom and why (feature 192).

    row: the request that went out all the same, or later. opens_on: the first day open again, as the directory had it.
    """

    class Way(models.TextChoices):
        NOW = "now", "Ask now, while it is closed"
        WAIT = "wait", "Wait until it opens again"
        OTHER = "other", "Ask another way, for example by telephone"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="clearances")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="clearances")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    closure = models.CharField("why it is closed", max_length=100)
    opens_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way.choices)
    reason = models.TextField(max_length=1000)
    row = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, null=True, related_name="clearances")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return "decision about a closed body"


class RequestLetter(models.Model):
    """The letter of one request, as a document whose versions are its drawings. due_on, author: as the newest says."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="request_letters")
    row = models.OneToOneField(AgencyReturn, on_delete=models.PROTECT, related_name="letter")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    def __str__(self):
        return "letter of a request"
