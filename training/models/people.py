"""Whose training it is: people of organisations, with and without an account, and how many an organisation has."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, Edited, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from training.models.catalogue import WorkforceRole

# An organisation has its own people's records by its own path, whoever the record is of has it, the unit by the folder.
OF_THE_ORGANISATION = frozenset({Perm.LEARNER_VIEW, Perm.LEARNER_EDIT})
ONES_OWN = (Person(frozenset({Perm.LEARNER_VIEW})),)


class Learner(Edited):
    """Somebody of one organisation who is trained. One person at two organisations is two of these.

    folder: the partnership's training. email: as it was written; key: the same folded (`training.people.key_of`), by
    which a booking, an upload and an account find it; empty where nobody knows an address. user: the account, where the
    address is the account's and it belongs to the organisation. began_on: the first day in post. left_on: since when it
    works there no longer.
    """

    access = Access(
        view=Perm.LEARNER_VIEW, folder="folder", agency={"agency": OF_THE_ORGANISATION}, person={"user": ONES_OWN}
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="learners")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="learners")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="learning")
    name = models.CharField(max_length=200)
    email = models.EmailField("email address", blank=True)
    key = models.CharField(max_length=254, blank=True, editable=False)
    role = models.ForeignKey(
        WorkforceRole, on_delete=models.PROTECT, null=True, blank=True, related_name="learners",
        verbose_name="what they do",
    )  # fmt: skip
    post = models.CharField("job title", max_length=200, blank=True)
    manager_name = models.CharField("line manager", max_length=200, blank=True)
    manager_email = models.EmailField("line manager’s email address", blank=True)
    began_on = models.DateField("in post since", null=True, blank=True)
    left_on = models.DateField("left on", null=True, blank=True)
    invented = models.BooleanField("made up for the figures of a past year", default=False)
    history = HistoricalRecords(excluded_fields=["version", "key"])

    objects = GuardedManager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "person trained"
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], condition=~Q(key=""), name="an_address_once_an_agency"),
            models.UniqueConstraint(
                fields=["agency", "user"], condition=Q(user__isnull=False), name="an_account_once_an_agency"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "role"], name="learner_agency_role"),
            models.Index(fields=["key"], condition=~Q(key=""), name="learner_key"),
        ]

    def __str__(self):
        return "person trained"


class Headcount(models.Model):
    """How many people an organisation has in a role, as it said on a day: what coverage is measured against."""

    access = Access(view=Perm.LEARNER_VIEW, folder="folder", agency={"agency": OF_THE_ORGANISATION})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="headcounts")
    role = models.ForeignKey(WorkforceRole, on_delete=models.PROTECT, related_name="headcounts")
    people = models.PositiveIntegerField()
    counted_on = models.DateField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["agency", "role", "-counted_on"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "role", "counted_on"], name="one_headcount_a_role_a_day")
        ]

    def __str__(self):
        return "headcount"
