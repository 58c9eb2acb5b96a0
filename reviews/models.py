"""A rapid review from the notification to what was sent. Every table is one key away from its Folder."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.identities.models import Identity
from partnership.people.models import Agency, NamedDuty, PartnerSeat, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

CASE = Access(view=Perm.REVIEW_VIEW, folder="folder")
LONG = 20_000


class Review(models.Model):
    """One rapid review. Its folder is sealed; its code word is the folder's reference."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DECIDED = "decided", "Decided"
        SENT = "sent", "Sent to the Panel"

    access = Access(view=Perm.REVIEW_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="review")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    edition = models.CharField("guidance edition it began under", max_length=80)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    notified_on = models.DateField("date the notification was sent", db_index=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-notified_on", "id"]

    def __str__(self):
        return "rapid review"

    @property
    def guidance(self):
        """The edition in words: 'WT2026' is Working Together 2026."""
        return f"Working Together {self.edition.removeprefix('WT')}"


class Notification(models.Model):
    """The serious incident notification to the national Panel, Children Act 2004 s16C; form fields as GN lists them."""

    class Harm(models.TextChoices):
        DEATH = "death", "A child has died"
        SERIOUS_HARM = "harm", "A child has been seriously harmed"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="notification")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="notification")
    authority = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    incident_on = models.DateField()
    aware_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    harm = models.CharField(max_length=10, choices=Harm.choices)
    setting = models.CharField(max_length=200, blank=True)
    what_happened = models.TextField(max_length=LONG)
    safety = models.TextField(max_length=LONG, blank=True)
    parallel = models.CharField(max_length=300, blank=True)
    panel_reference = models.CharField(max_length=60, blank=True)

    objects = GuardedManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sent_at__gte=F("aware_at")), name="sent_after_aware")]

    def __str__(self):
        return "notification"


class Child(models.Model):
    """A child of the review: outside the case a pseudonym and an age band, who it is lies in the identity record."""

    class AgeBand(models.TextChoices):
        UNBORN = "unborn", "Unborn"
        UNDER_1 = "0", "Under 1"
        FROM_1 = "1-4", "1 to 4"
        FROM_5 = "5-9", "5 to 9"
        FROM_10 = "10-14", "10 to 14"
        FROM_15 = "15-17", "15 to 17"

    class LegalStatus(models.TextChoices):
        NONE = "none", "Not known to children's social care"
        IN_NEED = "cin", "Child in need"
        PROTECTION_PLAN = "cp", "Child protection plan"
        LOOKED_AFTER = "lac", "Looked after"
        CLOSED = "closed", "Known earlier, closed at the time"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="children_of_review")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="children")
    pseudonym = models.CharField(max_length=20)
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    legal_status = models.CharField(max_length=10, choices=LegalStatus.choices)
    identity = models.OneToOneField(Identity, on_delete=models.PROTECT, null=True, related_name="child")

    objects = GuardedManager()

    class Meta:
        ordering = ["pseudonym"]
        constraints = [models.UniqueConstraint(fields=["review", "pseudonym"], name="pseudonym_once")]

    def __str__(self):
        return "child of a review"


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
            )
        },
        logged=True,
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="agency_returns")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="returns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agency_returns")
    case_word = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    purpose = models.TextField(max_length=4000)
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
        ordering = ["agency__name"]
        indexes = [models.Index(fields=["author", "status"], name="return_author")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "agency"], condition=~Q(status="withdrawn"), name="one_return_an_agency"
            )
        ]

    def __str__(self):
        return "agency return"

    @property
    def came_back(self):
        """Whether it was submitted once and waits for its author again."""
        return self.status == self.Status.ASKED and self.sent_back_at is not None


class Analysis(models.Model):
    """The unit's own text under the Panel's headings (its guidance of June 2025, as restated by partnerships)."""

    HEADINGS = {
        "facts": "The facts, with key practice episodes",
        "lives": "The context of the children’s lives",
        "immediate_action": "Immediate safety action and learning already shared",
        "improvements": "Potential improvements to safeguard children",
    }

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="analysis")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="analysis")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.TextField(blank=True)
    lives = models.TextField(blank=True)
    immediate_action = models.TextField(blank=True)
    improvements = models.TextField(blank=True)

    objects = GuardedManager()

    def __str__(self):
        return "analysis"


class Decision(models.Model):
    """One of five codes with its rationale. A change is a new number; signatures stay with the number they signed."""

    class Code(models.TextChoices):
        NO_LCSPR = "none", "No local child safeguarding practice review: the learning is complete"
        LCSPR = "lcspr", "Local child safeguarding practice review"
        LOCAL_LEARNING = "local", "Local learning review (not statutory)"
        NATIONAL = "national", "Refer as a possible national review"
        WITHDRAWN = "withdrawn", "Notification withdrawn: the criteria were not met"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="decisions")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, choices=Code.choices)
    rationale = models.TextField(max_length=LONG)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="decision_number_once")]

    def __str__(self):
        return "decision"


class SignOff(models.Model):
    """One safeguarding partner's word on one decision: signed as themselves, by the delegate or a dated deputy.

    A silence is recorded by the unit with its reason: it has no signer.
    """

    class Stance(models.TextChoices):
        AGREES = "agrees", "Agrees"
        DISAGREES = "disagrees", "Disagrees"
        SILENT = "silent", "Has not answered"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="sign_offs")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sign_offs")
    seat = models.CharField(max_length=10, choices=PartnerSeat.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    duty = models.ForeignKey(NamedDuty, on_delete=models.PROTECT, null=True, related_name="+")
    as_deputy = models.BooleanField(default=False)
    stance = models.CharField(max_length=10, choices=Stance.choices)
    reason = models.TextField(max_length=4000, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "seat"], condition=~Q(stance="silent"), name="one_signature_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(stance="silent", signer__isnull=True) | Q(~Q(stance="silent"), signer__isnull=False),
                name="silence_has_no_signer",
            ),
        ]

    def __str__(self):
        return "sign-off"


class Sending(models.Model):
    """That the report went to the Panel: when, by whom, which file, and what was warned about when it went."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="sending")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="sending")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    late_reason = models.CharField(max_length=1000, blank=True)
    warnings = models.JSONField(default=list)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    def __str__(self):
        return "sending to the Panel"


class SendingCorrection(models.Model):
    """A time of sending that was recorded wrongly: what stood before, why it was wrong, and who put it right."""

    access = CASE
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="sending_corrections")
    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="corrections")
    was = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["corrected_at"]

    def __str__(self):
        return "correction of a time of sending"
