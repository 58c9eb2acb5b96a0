"""What agencies are asked, and what they answer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, SharingAgreement, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG
from reviews.models.considering import Channel

LIVE = {"status": ("asked", "to_sign", "submitted")}


class Answers(models.Model):
    """What an agency answers: as it is written in the return, and as it stood when it was signed in a version."""

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
    # Who stands for it: a signer who is not its author, or its author alone as a sole practitioner. A return that was
    # submitted before there were signatures has neither and no `signed_at`.
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sole_practitioner = models.BooleanField(default=False)
    sole_reason = models.TextField("why nobody else of the body signed", max_length=1000, blank=True)
    signed_at = models.DateTimeField(null=True)
    # What came another way and was recorded for the agency: who gave it, how and when.
    given_by = models.CharField("who gave it, by post", max_length=200, blank=True)
    given_channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    given_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class AgencyReturn(Answers):
    """What one agency is asked, and what it answers. It belongs to its named author, never to the whole agency.

    It carries its own words (`case_word`, `due_on`), so that its people's pages hop to no guarded row. Others than
    those who write and sign it read what was submitted (answering/reads.py). `version` counts the saves, `number` the
    versions that were or will be submitted.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Requested"
        TO_SIGN = "to_sign", "Waiting to be signed"
        SUBMITTED = "submitted", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OWED = (Status.ASKED, Status.TO_SIGN)

    access = Access(
        view=Perm.RETURN_VIEW,
        folder="folder",
        person={
            "author": (
                # A second window that saves after the return was submitted meets the flow, which keeps what was typed.
                Person(
                    frozenset({Perm.RETURN_VIEW, Perm.RETURN_PART, Perm.RETURN_EDIT, Perm.RETURN_SUBMIT}),
                    LIVE,
                    "agency",
                ),
                # Whom to search for is shown while the return is owed, and not a day longer.
                Person(frozenset({Perm.IDENTITY_SEARCH}), {"status": ("asked",)}, "agency"),
                # A guest belongs to no organisation: her own invitation opens the row and shuts it (docs/adr/0024).
                Person(
                    frozenset({Perm.RETURN_VIEW, Perm.RETURN_PART, Perm.RETURN_EDIT, Perm.RETURN_SUBMIT}),
                    {"status": ("asked", "submitted"), "open_to_guest": (True,)},
                ),
                Person(frozenset({Perm.IDENTITY_SEARCH}), {"status": ("asked",), "open_to_guest": (True,)}),
            ),
            "helper": (
                Person(
                    frozenset({Perm.RETURN_VIEW, Perm.RETURN_PART, Perm.RETURN_EDIT}), {"status": ("asked",)}, "agency"
                ),
            ),
            "signer": (Person(frozenset({Perm.RETURN_VIEW, Perm.RETURN_PART, Perm.RETURN_SIGN}), LIVE, "agency"),),
            "coordinator": (Person(frozenset({Perm.RETURN_VIEW, Perm.RETURN_PART}), LIVE, "agency"),),
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
    # The period to search, in dates: 'the two years before' is reckoned once, by whoever asks.
    search_from = models.DateField(null=True)
    search_to = models.DateField(null=True)
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
    helper = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # The single point of contact of its body on this case, as a Coordinator names them: the row rule makes no hop.
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    finished_at = models.DateTimeField(null=True)
    late_reason = models.TextField(max_length=1000, blank=True)
    given_back_at = models.DateTimeField(null=True)
    signer_note = models.TextField(max_length=1000, blank=True)
    reopened_at = models.DateTimeField(null=True)
    change_reason = models.TextField(max_length=1000, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = [Coalesce("agency__name", "outside"), "asked_at"]
        indexes = [models.Index(fields=["author", "status"], name="return_author")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "agency", "subject"],
                condition=~Q(status="withdrawn") & Q(agency__isnull=False),
                nulls_distinct=False,
                name="one_return_an_agency",
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
    def owed(self):
        return self.status in self.OWED

    @property
    def stands_behind(self) -> str:
        """Who signed it, in words; nothing before that. For pages that have loaded its people."""
        return stands_behind(self, self.author)

    @property
    def about(self):
        """The organisation whose records it speaks of: itself, or the one that it writes for; None for a guest's."""
        return self.subject or self.agency

    @property
    def about_name(self) -> str:
        return self.about.name if self.about else self.body

    @property
    def stands(self):
        """Whether an answer stands: it was submitted, also while its author writes the next version."""
        return self.status == self.Status.SUBMITTED or (self.owed and self.reopened_at is not None)

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

    @property
    def being_changed(self):
        """Whether its author changes what was submitted before."""
        return self.status == self.Status.ASKED and self.reopened_at is not None

    @property
    def given_back(self):
        """Whether its signer gave it back to its author unsigned."""
        return self.status == self.Status.ASKED and self.given_back_at is not None


class ReturnVersion(Answers):
    """The words of a return as they stood when it was submitted: kept for ever, beside whatever follows them.

    reason: why this version followed the one before. Read by those who may read its return.
    """

    access = Access(view=Perm.RETURN_VIEW, folder="folder", logged=True)
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="return_versions")
    answer = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    reason = models.TextField(max_length=1000, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["answer", "number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="return_version_once")]

    def __str__(self):
        return f"version {self.number} of a return"

    @property
    def stands_behind(self) -> str:
        return stands_behind(self, self.author)


def stands_behind(words, author) -> str:
    """'Signed by …' of a return or one of its versions; says too where nobody signed it."""
    if words.recorded_by_id:
        return f"Recorded for the agency by {words.recorded_by.name}"
    if words.signed_at is None:
        return "Submitted before signatures were asked for"
    if words.signer_id:
        return f"Signed by {words.signer.name}"
    row = getattr(words, "answer", words)
    if row.agency_id is None:
        return f"Declared by {row.author_name} for {row.body}"
    if words.sole_practitioner:
        return f"Declared by {author.name}, as a sole practitioner"
    return f"Declared by {author.name}"


class ReturnPassage(models.Model):
    """Words beside a return that are not for everybody who reads it: for the case lead alone, or for the meeting.

    given: the return was submitted with it. since, until: the first version that has it, and the first that has not.
    """

    class Mark(models.TextChoices):
        LEAD = "lead", "For the case lead only"
        MEETING = "meeting", "To be read out at the meeting"

    # What is not given yet is its author's alone, who reads it on the page of the return.
    access = Access(view=Perm.REVIEW_MANAGE, folder="folder", folder_where={"given": (True,)}, logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="return_passages")
    answer = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, related_name="passages")
    heading = models.CharField(max_length=20)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    words = models.TextField(max_length=LONG)
    since = models.PositiveSmallIntegerField()
    until = models.PositiveSmallIntegerField(null=True)
    given = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self):
        return "passage of a return"


class ReturnFile(models.Model):
    """A file of a return: beside its words, or the agency's own document instead of them (`main`).

    place: its number on the return's page. since, until: as of a passage.
    """

    access = Access(view=Perm.RETURN_VIEW, folder="folder", folder_where={"given": (True,)})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="return_files")
    answer = models.ForeignKey(AgencyReturn, on_delete=models.PROTECT, related_name="files")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    main = models.BooleanField(default=False)
    since = models.PositiveSmallIntegerField()
    until = models.PositiveSmallIntegerField(null=True)
    given = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["answer", "place"], name="return_file_place")]

    def __str__(self):
        return "file of a return"


class Coordinator(models.Model):
    """Somebody of a body who sees on one case how its returns stand, and what they say once they are submitted."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="coordinators")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="coordinators")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["agency__name", "named_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "agency"], condition=Q(ended_at=None), name="one_coordinator_a_body"
            )
        ]

    def __str__(self):
        return "co-ordinator of a body"
