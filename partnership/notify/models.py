"""Notices and the outbox: docs/notify.md is their one page. Rows hold ids, codes and dates, never words of a case."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

OPERATIONS = {"why": "ids and states, no words of a case", "view": Perm.OPERATIONS}
# Digest, catch-up, or a flood of invitations: what is told first leaves first.
URGENT, PROMPT, DAILY, BULK = 1, 3, 5, 9


class Outgoing(models.Model):
    """One email that is owed to one person; its words are made when it is sent, from the notices that point here.

    `about_id`: a letter of its own (notify/personal.py), about this row instead of notices.

    `accepted` is the end where the sender cannot be asked what became of it; where it can, `relay.follow_up` owns it.
    It is kept as the trail is, with its attempts: it proves that somebody was emailed, and holds ids and codes only.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        LEASED = "leased", "Being sent"
        ACCEPTED = "accepted", "Sent"
        DELIVERED = "delivered", "Delivered"
        BOUNCED = "bounced", "Came back"
        DEAD = "dead", "Given to the operator"
        CANCELLED = "cancelled", "No longer wanted"

    access = Access.everyone(**OPERATIONS)
    retention = Retention.TRAIL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="outgoing")
    template = models.CharField(max_length=20)
    about_id = models.UUIDField(null=True)
    priority = models.PositiveSmallIntegerField(default=PROMPT)
    apart = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    first_tried_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    provider_ref = models.CharField(max_length=60, unique=True)
    last_error = models.CharField(max_length=40, blank=True, default="")
    possible_duplicate = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["priority", "next_attempt_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False, lease_token__isnull=False) | ~Q(state="leased"),
                name="a_lease_has_an_end",
            )
        ]
        indexes = [
            models.Index(fields=["priority", "next_attempt_at"], condition=Q(state="queued"), name="outgoing_queue"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="outgoing_leases"),
            models.Index(
                fields=["recipient"], condition=Q(state="queued", attempts=0, apart=True), name="outgoing_joinable"
            ),
            models.Index(
                "priority",
                F("asked_at").asc(nulls_first=True),
                condition=Q(state="accepted"),
                name="outgoing_to_ask",
            ),
            models.Index(fields=["created_at"], condition=Q(state__in=["dead", "bounced"]), name="outgoing_dead"),
        ]

    def __str__(self):
        return f"outgoing {self.template}"


class Notice(models.Model):
    """What one person is told once: the in-app notice itself, and the idempotency key of every email about it.

    Unique by key and recipient, and never deleted while its subject lives, so that a sweep which runs again tells
    nobody twice. `by_mail` says how it reaches the person besides the portal.
    """

    class ByMail(models.TextChoices):
        NOW = "now", "At once"
        DIGEST = "digest", "In the morning’s digest"
        OFF = "off", "In the portal only, as the person chose"
        UNREACHABLE = "unreachable", "In the portal only: there is no address to write to"

    access = Access(view=Perm.SIGN_IN, person={"recipient": (Person(frozenset({Perm.SIGN_IN})),)})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    folder_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    by_mail = models.CharField(max_length=12, choices=ByMail.choices)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.PROTECT, null=True, related_name="notices")

    objects = GuardedManager()

    class Meta:
        ordering = [F("read_at").asc(nulls_first=True), "-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["key", "recipient"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_mine"),
            models.Index(fields=["subject_id"], name="notice_subject"),
            models.Index(
                fields=["recipient", "created_at"],
                condition=Q(by_mail="digest", outgoing__isnull=True, read_at__isnull=True),
                name="notice_for_digest",
            ),
        ]

    def __str__(self):
        return f"notice {self.kind}"


class Attempt(models.Model):
    """One try to send: when, how it ended, the provider's code. `lost` is a try whose process died."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        FOUND = "found", "The provider had it already"
        LATER = "later", "To be tried again"
        REFUSED = "refused", "Refused for good"
        BROKEN = "broken", "It could not be written"
        CANCELLED = "cancelled", "No longer wanted"
        LOST = "lost", "The sender died or hung"

    access = Access.everyone(**OPERATIONS)
    retention = Retention.TRAIL
    append_only = True

    outgoing = models.ForeignKey(Outgoing, on_delete=models.PROTECT, related_name="tries")
    n = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["outgoing", "n"]
        constraints = [models.UniqueConstraint(fields=["outgoing", "n", "outcome"], name="attempt_ends_once")]

    def __str__(self):
        return f"attempt {self.n}"


class Heartbeat(models.Model):
    """When a loop last came to its end, by the database's clock; a loop that hangs or dies stops writing."""

    access = Access.everyone(**OPERATIONS)
    retention = Retention.TECHNICAL

    name = models.CharField(max_length=40, primary_key=True)
    last_ok_at = models.DateTimeField(db_default=Now())
    lag_seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"heartbeat {self.name}"

    @property
    def lag_minutes(self):
        return round(self.lag_seconds / 60)


class Hold(models.Model):
    """Sending stands still from here until it is released: after a restore, or by an operator's decision."""

    access = Access.everyone(**OPERATIONS)
    retention = Retention.TRAIL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    since = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(released_at__isnull=True), name="one_hold_at_a_time")
        ]

    def __str__(self):
        return "hold"


class Alarm(models.Model):
    """Something that an operator must look at. One open row a key, however often it is found again."""

    access = Access.everyone(**OPERATIONS)
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120)
    what = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    raised_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at__isnull=True), name="one_open_alarm")
        ]

    def __str__(self):
        return f"alarm {self.what}"


class Preference(models.Model):
    """How a person wants to be emailed about one kind of notice; without a row, as the kind itself says."""

    class Email(models.TextChoices):
        NOW = "now", "At once"
        DIGEST = "digest", "In the 8:30 digest"
        NONE = "none", "Not by email"

    access = Access.everyone(why="one's own; read by telling and by its own page", view=Perm.SIGN_IN)
    retention = Retention.ACCOUNT

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    email = models.CharField(max_length=6, choices=Email.choices)

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference")]

    def __str__(self):
        return f"preference for {self.kind}"


class DemoMail(models.Model):
    """What the demo 'sent': its outbox is a page, and it can be asked by reference as a real provider can."""

    access = Access.everyone(why="shown in the demo only, where everybody is fictional", view=Perm.SIGN_IN)
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider_ref = models.CharField(max_length=60)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["provider_ref"], name="demo_mail_ref")]

    def __str__(self):
        return "demo mail"

    @property
    def elsewhere(self) -> bool:
        """Whether it went to somebody else, whom the recipient asked for something."""
        return bool(self.to) and self.to.casefold() != (self.recipient.email or "").casefold()
