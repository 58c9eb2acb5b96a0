"""People and the roles that they are given."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.people.models.agencies import Agency
from partnership.people.models.dated import Dated, DatedQuerySet, ends_after_start
from partnership.people.models.places import Partnership
from partnership.people.roles import AGENCY_ROLES, LABELS, WIDE_ROLES, Perm, Role
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person, one account, many roles and organisations. No superuser, no staff flag (docs/adr/0007).

    `is_active` is whether the person may sign in. Somebody who holds a duty and was never invited is not active and
    was not closed either: known, without a sign-in. `closed_at`: when the account was closed for good; its name stays
    where it stood. `guest`: asked for one request of a case, of no organisation in the directory; only the people of
    that case may learn of her (docs/adr/0024). `suspended_at`: since when grants and case roles do not count, until two
    people have agreed to a changed address or a new case role. `shared_address`: the address is an office's, the name
    is who stands behind it.
    """

    access = Access.everyone(
        why="names of colleagues; pages and pickers narrow them", view=Perm.DIRECTORY_VIEW, but={"guest": True}
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    shared_address = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    guest = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(models.functions.Lower("email"), name="one_account_per_address")]
        indexes = [GinIndex(Words("name", "job_title"), name="user_words")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def known_only(self):
        """Known to the directory, without a sign-in: never invited, or not yet come in."""
        return not self.is_active and self.closed_at is None


class Membership(Dated):
    """A role attached to the whole partnership (agency null) or to one agency of it."""

    access = Access.everyone(
        why="who works where, by role and dates",
        view=Perm.DIRECTORY_VIEW,
        agency={"agency": frozenset({Perm.COLLEAGUES})},
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=2, choices=[(str(r), LABELS[r]) for r in (*WIDE_ROLES, *AGENCY_ROLES)])
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["role"]
        constraints = [
            ends_after_start("membership_ends_after_start"),
            models.CheckConstraint(
                condition=Q(agency__isnull=True, role__in=[str(r) for r in WIDE_ROLES])
                | Q(agency__isnull=False, role__in=[str(r) for r in AGENCY_ROLES]),
                name="role_where_it_belongs",
            ),
            models.UniqueConstraint(
                fields=["user", "partnership", "agency", "role"],
                condition=Q(ends__isnull=True),
                nulls_distinct=False,
                name="one_open_membership",
            ),
        ]

    def __str__(self):
        return f"{self.role} of {self.user_id}"

    @property
    def label(self):
        return LABELS[Role(self.role)]
