"""Somebody outside the directory who is asked for one request of one case: docs/adr/0024."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from reviews.models.beginning import Review
from reviews.models.returns import AgencyReturn

# Until then nothing was asked of anybody: the request does not count as gone out.
TO_REACH = {"named": "To ring", "called": "To invite"}


class Guest(models.Model):
    """The invitation of one person to one request: whom, how it was made sure who it is, and whether it is open.

    `name` and `email` are what was typed: whoever has the address may be the guest of another case, and be called
    otherwise there. `calls` counts the recorded call-backs; each has a spoken code of its own (reviews.guests.codes).
    """

    class Kind(models.TextChoices):
        EARLY_YEARS = "early", "Nursery or other early-years setting"
        CHILDMINDER = "minder", "Childminder"
        SCHOOL = "school", "School or college"
        HEALTH = "health", "Health service"
        CARE = "care", "Care or supported accommodation"
        COUNCIL = "council", "Council, police or health body of another area"
        VOLUNTARY = "voluntary", "Charity, faith group or club"
        PERSON = "person", "A professional who works alone"
        OTHER = "other", "Something else"

    class Status(models.TextChoices):
        NAMED = "named", "Not rung yet"
        CALLED_BACK = "called", "Rung, not invited yet"
        INVITED = "invited", "Invited"
        JOINED = "joined", "Has come in"
        BLOCKED = "blocked", "Blocked"
        ENDED = "ended", "Ended"

    access = Access(
        view=Perm.RETURN_REQUEST,
        folder="folder",
        # What lets her come in; she reads her request and never this row.
        person={"user": (Person(frozenset({Perm.RETURN_EDIT}), {"status": ("invited",)}),)},
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="guests")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="guests")
    row = models.OneToOneField(AgencyReturn, on_delete=models.PROTECT, related_name="guest")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("kind of body", max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200)
    email = models.EmailField()
    telephone = models.CharField(max_length=40)
    found_at = models.CharField("where the number was found", max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NAMED)
    named_at = models.DateTimeField(default=timezone.now)
    # The last call-back: to which number, when, answered by whom, recorded by whom.
    calls = models.PositiveSmallIntegerField(default=0)
    called_number = models.CharField(max_length=40, blank=True)
    called_at = models.DateTimeField(null=True)
    answered_by = models.CharField("who answered, by post", max_length=200, blank=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField(null=True)
    shut_at = models.DateTimeField("when it was blocked or ended", null=True)
    note = models.CharField("why it was blocked", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["named_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["named", "blocked", "ended"]) | Q(calls__gte=1, called_at__isnull=False),
                name="a_guest_was_rung_first",
            )
        ]

    def __str__(self):
        return "guest of a review"

    @property
    def to_reach(self) -> str:
        """What is still to be done before the request has gone out to her; nothing once the invitation was sent."""
        return TO_REACH.get(self.status, "")

    @property
    def expired(self):
        return self.status == self.Status.INVITED and self.expires_at <= timezone.now()
