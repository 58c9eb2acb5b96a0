"""What is asked about an account and needs two people: a lost phone, a double, another address, a role on cases."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class AccountRequest(models.Model):
    """One request about one account, and who did what about it.

    `said` is what was asked for, by the names of its kind (partnership.directory.requests.kinds). `version` counts
    every change, so that nobody approves what he did not read. `other` is the second record of a double.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Waits for a check"
        CHECKED = "checked", "Waits for a second person"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class How(models.TextChoices):
        CALLED = "called", "Called back on the number in the directory"
        SEEN = "seen", "Seen in person"
        VIDEO = "video", "Seen on a video call"
        LEAD = "lead", "Their organisation’s lead confirmed it, called on the number in the directory"

    access = Access(
        view=Perm.PEOPLE_APPROVE,
        wide=frozenset({Perm.PEOPLE_APPROVE}),
        agency={"agency": frozenset({Perm.COLLEAGUES})},
        person={"user": (Person(frozenset({Perm.SIGN_IN})),)},
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_requests")
    other = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="account_requests")
    said = models.JSONField(default=dict)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    checked_note = models.CharField(max_length=1000, blank=True)
    checked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user"],
                condition=Q(status__in=["open", "checked"]) & ~Q(kind="role"),
                name="one_waiting_request",
            ),
            # A second wall behind the services: whatever the code says, one person alone carries nothing out.
            models.CheckConstraint(
                condition=~Q(status="done") | Q(kind="bounced") | Q(checked_by__isnull=False, decided_by__isnull=False),
                name="two_people_stand_behind_it",
            ),
            models.CheckConstraint(
                condition=~Q(status="done")
                | (~Q(decided_by=F("checked_by")) & ~Q(decided_by=F("user")) & ~Q(checked_by=F("user"))),
                name="the_two_are_not_one_nor_the_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(status__in=["open", "checked"]), name="request_waits")
        ]

    def __str__(self):
        return f"account request {self.kind}"

    @property
    def waits(self):
        return self.status in WAITING

    @property
    def age(self):
        """Days since it was asked."""
        return (timezone.localdate() - timezone.localdate(self.opened_at)).days


WAITING = (AccountRequest.Status.OPEN, AccountRequest.Status.CHECKED)
