"""How people join: invitations, requests of strangers, and who was asked to name a duty's holder."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, DutyKind, NamedDuty, User
from partnership.people.roles import AGENCY_ROLES, LABELS, WIDE_ROLES, Perm, Role
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

OPEN = Q(joined_at=None, withdrawn_at=None, refused_at=None)


class Invitation(models.Model):
    """One role offered to one person. It is taken up when it was accepted and, where that is needed, approved.

    `name`, `email` and `post` are what was typed, so that a lead does not learn the name of an account that the address
    may have. `agency` None: a role of the whole partnership. `invited_by` None: the person came by the school's known
    address. `why_approval` is empty where the inviter's word is enough. The times say the state; nothing else does.
    """

    class Why(models.TextChoices):
        FIRST = "first", "The first person of the organisation"
        CASE = "case", "Opens cases, or reaches the whole partnership"
        CLAIM = "claim", "Came by the school’s known address"

    access = Access(
        view=Perm.COLLEAGUES,
        agency={"agency": frozenset({Perm.COLLEAGUES})},
        wide=frozenset({Perm.COLLEAGUES, Perm.PEOPLE_APPROVE}),
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="invitations")
    role = models.CharField(max_length=2, choices=[(str(r), LABELS[r]) for r in (*WIDE_ROLES, *AGENCY_ROLES)])
    duty = models.ForeignKey(NamedDuty, on_delete=models.PROTECT, null=True, related_name="invitations")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    post = models.CharField(max_length=200, blank=True)
    shared = models.BooleanField(default=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    bounced_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    why_approval = models.CharField(max_length=5, choices=Why.choices, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], condition=OPEN, nulls_distinct=False, name="one_open_invitation"
            ),
            models.CheckConstraint(
                condition=Q(joined_at=None)
                | (Q(accepted_at__isnull=False) & ~Q(approved_at=None, why_approval__gt="")),
                name="joined_when_accepted_and_approved",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-invited_at"], name="invitation_of_agency")]

    def __str__(self):
        return f"invitation as {self.role}"

    @property
    def role_label(self):
        return LABELS[Role(self.role)]

    @property
    def sent_again(self):
        return self.sent_at - self.invited_at > timedelta(minutes=1)

    @property
    def open(self):
        return self.joined_at is None and self.withdrawn_at is None and self.refused_at is None

    @property
    def waits_for_approval(self):
        return self.open and bool(self.why_approval) and self.approved_at is None

    @property
    def waits_for_person(self):
        return self.open and self.accepted_at is None

    @property
    def expired(self):
        return self.waits_for_person and self.expires_at <= timezone.now()


class AccessRequest(models.Model):
    """A stranger asks for access. Words as typed; whoever decides checks them by another way first."""

    access = Access.everyone(why="the business unit's worklist; nobody else holds its power", view=Perm.PEOPLE_APPROVE)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    email = models.EmailField()
    telephone = models.CharField(max_length=40, blank=True)
    why = models.TextField(max_length=1000)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, null=True, related_name="requests")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["asked_at"], condition=Q(decided_at=None), name="access_request_open")]

    def __str__(self):
        return "request for access"


class DutyAsk(models.Model):
    """An organisation was asked to name who holds a duty; kept, so that nobody is asked twice within a week."""

    access = Access.everyone(why="when an organisation was asked", view=Perm.DIRECTORY_VIEW)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="duty_asks")
    kind = models.CharField(max_length=10, choices=DutyKind.choices)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["agency", "kind", "-asked_at"], name="duty_asked")]

    def __str__(self):
        return f"asked for {self.kind}"
