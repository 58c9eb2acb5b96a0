"""What happens to an action: dated updates, evidence, asked dates, a rating by hand. None overwrites another.

Each opens to those to whom its action opens: the folder's people, the owner, the leads of the owner's organisation.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models.actions import LEADS, OWNERS, Action
from partnership.documents.models import Document
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

WITH_ITS_ACTION = Access(
    view=Perm.ACTION_VIEW,
    folder="folder",
    agency={"action__agency": LEADS},
    person={
        "action__owner": (Person(OWNERS, agency="action__agency"), Person(OWNERS, {"action__agency_id": (None,)})),
    },
)


class Outlook(models.TextChoices):
    """How the owner sees it."""

    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk of being late"
    OFF_TRACK = "off_track", "Off track"


class Update(models.Model):
    """What the owner, or somebody for them, said on a day. Never changed: a mistake is put right by the next."""

    class Channel(models.TextChoices):
        PORTAL = "portal", "In the portal"
        LINK = "link", "By the link of a reminder"
        MEETING = "meeting", "At a meeting"
        TOLD = "told", "By telephone, email or letter"
        FILE = "file", "From a spreadsheet"

    access = WITH_ITS_ACTION
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="action_updates")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    words = models.TextField(max_length=4000)
    outlook = models.CharField(max_length=10, choices=Outlook.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    happened_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.CharField("who said it, by post", max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["action", "-recorded_at"], name="action_update")]

    def __str__(self):
        return "update on an action"


class Evidence(models.Model):
    """What shows that an action was done: in words, as a file, or both. Taken off, it stays; it is shown no more."""

    access = WITH_ITS_ACTION
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="action_evidence")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence")
    words = models.TextField(max_length=4000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | Q(document__isnull=False), name="evidence_is_something")
        ]

    def __str__(self):
        return "evidence of an action"


class DateChange(models.Model):
    """Another date, asked for or set, with its reason. The first date stays on the action; a later date is a slip."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Asked for"
        GRANTED = "granted", "Given"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "No longer asked for"

    access = WITH_ITS_ACTION
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="action_dates")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="date_changes")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    was = models.DateField()
    wanted = models.DateField()
    reason = models.TextField(max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["action"], condition=Q(status="waiting"), name="one_date_asked_at_a_time")
        ]

    def __str__(self):
        return "another date for an action"


class RagOverride(models.Model):
    """A rating set by hand with a reason. It fades: it counts until `until`, or until the next update."""

    class Colour(models.TextChoices):
        RED = "red", "Red"
        AMBER = "amber", "Amber"
        GREEN = "green", "Green"

    access = WITH_ITS_ACTION
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="action_ratings")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="ratings")
    colour = models.CharField(max_length=10, choices=Colour.choices)
    reason = models.CharField(max_length=500)
    until = models.DateField()  # the last day on which it counts
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["action", "-at"], name="action_rating")]

    def __str__(self):
        return "rating of an action"
