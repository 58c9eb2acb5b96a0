"""What agencies are asked, and what they answer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, SharingAgreement, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from reviews.models.beginning import Review


class AgencyReturn(models.Model):
    """What one agency is asked, and what it answers. It belongs to its named author, never to the whole agency.

    It carries its own words (`case_word`, `due_on`), so that its author's pages hop to no guarded row. Others than
    the author read the answer once it is submitted.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Requested"
        SUBMITTED = "submitted", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"

    access = Access(
        view=Perm.RETURN_VIEW,
        folder="folder",
        person={
            "author": (
                # A second window that saves after the return was submitted meets the flow, which keeps what was typed.
                Person(frozenset({Perm.RETURN_VIEW, Perm.RETURN_EDIT}), {"status": ("asked", "submitted")}, "agency"),
                # Whom to search for is shown while the return is owed, and not a day longer.
                Person(frozenset({Perm.IDENTITY_SEARCH}), {"status": ("asked",)}, "agency"),
                # A guest belongs to no organisation: her own invitation opens the row and shuts it (docs/adr/0024).
                Person(
                    frozenset({Perm.RETURN_VIEW, Perm.RETURN_EDIT}),
                    {"status": ("asked", "submitted"), "open_to_guest": (True,)},
                ),
                Person(frozenset({Perm.IDENTITY_SEARCH}), {"status": ("asked",), "open_to_guest": (True,)}),
            )
        },
        logged=True,
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="agency_returns")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="returns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agency_returns")
    # A body of no directory, and its author as they were typed; reviews.Guest has the rest.
    outside = models.CharField("body outside the directory", max_length=200, blank=True)
    outside_author = models.CharField(max_length=200, blank=True)
    open_to_guest = models.BooleanField(default=False)
    case_word = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    purpose = models.TextField(max_length=4000)
    # What lets the agency share: its recorded agreement, or a letter under section 16H of the Children Act 2004.
    agreement = models.ForeignKey(SharingAgreement, on_delete=models.PROTECT, null=True, related_name="+")
    letter_sent_on = models.DateField(null=True, blank=True)
    letter_from = models.CharField("signed by, by post", max_length=200, blank=True)
    letter_purpose = models.TextField(max_length=2000, blank=True)
    # Another body may write it for its subject: the health board for a practice, a trust for its academy.
    subject = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    sent_back_at = models.DateTimeField(null=True)

    nil_return = models.BooleanField(default=False)
    records_secured = models.BooleanField(default=False)
    searched_on = models.DateField(null=True, blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    family = models.TextField(blank=True)
    contacts = models.TextField(blank=True)
    analysis = models.TextField(blank=True)
    voice = models.TextField(blank=True)
    inequality = models.TextField(blank=True)
    good_practice = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    immediate_action = models.TextField(blank=True)
    other_agencies = models.TextField(blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = [Coalesce("agency__name", "outside"), "asked_at"]
        indexes = [models.Index(fields=["author", "status"], name="return_author")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "agency"], condition=~Q(status="withdrawn"), name="one_return_an_agency"
            ),
            models.UniqueConstraint(
                fields=["review", "author"],
                condition=Q(agency=None) & ~Q(status="withdrawn"),
                name="one_return_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, outside="", outside_author="", open_to_guest=False)
                | Q(agency=None) & ~Q(outside="") & ~Q(outside_author=""),
                name="of_the_directory_or_outside",
            ),
        ]

    def __str__(self):
        return "agency return"

    @property
    def about(self):
        """The organisation whose records it speaks of: itself, or the one that it writes for; None for a guest's."""
        return self.subject or self.agency

    @property
    def body(self) -> str:
        """The name of whoever was asked: an organisation of the directory, or a body outside it."""
        return self.agency.name if self.agency_id else self.outside

    @property
    def author_name(self) -> str:
        """The named author; a guest as this case knows her, whatever she is called elsewhere."""
        return self.outside_author or self.author.name

    @property
    def came_back(self):
        """Whether it was submitted once and waits for its author again."""
        return self.status == self.Status.ASKED and self.sent_back_at is not None
