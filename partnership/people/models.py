"""Partnership, agencies, areas, sites and people. The pages stand in `directory`; access stands in `access`."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.people.roles import AGENCY_ROLES, LABELS, WIDE_ROLES, Perm, Role
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

DIRECTORY = {
    "why": "the directory is read by every signed-in partner",
    "view": Perm.DIRECTORY_VIEW,
}


class DatedQuerySet(models.QuerySet):
    """Rows with `starts` (inclusive, null: always) and `ends` (exclusive, null: open) as dates."""

    def on(self, day):
        return self.filter(Q(starts__isnull=True) | Q(starts__lte=day), Q(ends__isnull=True) | Q(ends__gt=day))

    def live(self):
        return self.on(timezone.localdate())


class Dated(models.Model):
    starts = models.DateField("from", null=True, blank=True)
    ends = models.DateField("until (this day no longer)", null=True, blank=True)

    class Meta:
        abstract = True


def ends_after_start(name):
    return models.CheckConstraint(
        condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
        name=name,
        violation_error_message="The end must be after the start.",
    )


class Partnership(Dated):
    """The arrangement itself. Membership and Folder carry one, never null (one row today)."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self):
        return self.name


class Area(models.Model):
    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ScheduleItem(models.Model):
    """A line of the Schedule of relevant agencies, SI 2018/789 regulation 18, numbers 1 to 38."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    number = models.PositiveSmallIntegerField(primary_key=True)
    heading = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.label}"


class AgencyKind(models.TextChoices):
    STATUTORY_PARTNER = "statutory partner", "Statutory safeguarding partner"
    RELEVANT_AGENCY = "relevant agency", "Relevant agency"
    SCHOOL = "school", "School"
    PARTNERSHIP = "partnership", "Predecessor or successor partnership"
    OTHER_PARTNERSHIP = "other partnership", "Other board or partnership"
    INSPECTORATE = "inspectorate", "Inspectorate"
    GOVERNMENT = "government", "Government or regulator"
    PROVIDER = "provider", "Provider or charity"


class PartnerSeat(models.TextChoices):
    """The three safeguarding partners, Children Act 2004 s16E."""

    LOCAL_AUTHORITY = "la", "Local authority"
    HEALTH = "icb", "Integrated care board"
    POLICE = "police", "Chief officer of police"


class Agency(Dated):
    """An organisation or school of the directory; `starts`/`ends` are its own life, not our interest in it."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField("type", max_length=30, choices=AgencyKind.choices)
    partner_seat = models.CharField("safeguarding partner as", max_length=10, choices=PartnerSeat.choices, blank=True)
    areas = models.ManyToManyField(Area, related_name="agencies", blank=True)
    note = models.TextField(blank=True, max_length=2000)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "organisation"
        constraints = [ends_after_start("agency_ends_after_start")]
        indexes = [models.Index(fields=["kind", "name"], name="agency_kind_name")]

    def __str__(self):
        return self.name


class Alias(models.Model):
    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="alias_once")]

    def __str__(self):
        return self.name


class Classification(Dated):
    """An agency falls under an item of the Schedule; one organisation may fall under several, each with its dates."""

    class Basis(models.TextChoices):
        STATED = "stated", "Stated in the published arrangements"
        INFERRED = "inferred", "Inferred from the kind of body"

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="classifications")
    item = models.ForeignKey(ScheduleItem, on_delete=models.PROTECT, related_name="classifications")
    basis = models.CharField(max_length=10, choices=Basis.choices)

    class Meta:
        ordering = ["item_id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "item", "starts"], nulls_distinct=False, name="classified_once")
        ]

    def __str__(self):
        return f"{self.agency_id} under {self.item_id}"


class Succession(models.Model):
    """`successor` carries on `predecessor` from `on`: six CCGs to one ICB, a school to its academy."""

    class Kind(models.TextChoices):
        REPLACED = "replaced", "Replaced by"
        MERGED = "merged", "Merged into"
        SPLIT = "split", "Split into"
        RENAMED = "renamed", "Became"

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="precessions")
    on = models.DateField("from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REPLACED)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succeeds_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succeeds_another",
                violation_error_message="An organisation cannot succeed itself.",
            ),
        ]

    def __str__(self):
        return f"{self.predecessor_id} to {self.successor_id}"


class Site(Dated):
    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=200)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class School(models.Model):
    """What the national register says of a school; its audit history hangs on the agency, not on the URN."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, primary_key=True, related_name="school")
    urn = models.PositiveIntegerField("unique reference number", unique=True)
    local_authority_code = models.CharField(max_length=3)
    establishment_type = models.CharField(max_length=100)
    district = models.CharField(max_length=100, blank=True)

    def __str__(self):
        return f"URN {self.urn}"


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person, one account, many roles and organisations. No superuser, no staff flag (docs/adr/0007)."""

    access = Access.everyone(why="names of colleagues; pages and pickers narrow them", view=Perm.DIRECTORY_VIEW)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(models.functions.Lower("email"), name="one_account_per_address")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Membership(Dated):
    """A role attached to the whole partnership (agency null) or to one agency of it."""

    access = Access.everyone(why="who works where; only the services of `people` write it", view=Perm.DIRECTORY_VIEW)
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


class DutyKind(models.TextChoices):
    """Named duties of an organisation (features 3 and 8)."""

    LEAD_PARTNER = "lsp", "Lead safeguarding partner"
    DELEGATED_PARTNER = "dsp", "Delegated safeguarding partner"
    DSL = "dsl", "Designated safeguarding lead"
    DEPUTY_DSL = "ddsl", "Deputy designated safeguarding lead"
    SECTION_11_LEAD = "s11", "Section 11 lead"
    SINGLE_POINT = "spoc", "Single point of contact"
    HEADTEACHER = "head", "Headteacher"
    CHAIR_OF_GOVERNORS = "chair", "Chair of governors"
    LEAD_MEMBER = "lm", "Lead member for children's services (non-voting participant observer)"
    SCRUTINEER = "scrutineer", "Independent scrutineer (non-voting)"
    LAY_MEMBER = "lay", "Lay member (observer)"


NON_VOTING = frozenset({DutyKind.LEAD_MEMBER, DutyKind.SCRUTINEER, DutyKind.LAY_MEMBER})


class NamedDuty(Dated):
    """Who holds a named duty of an organisation, from when to when; the holder may have no account yet.

    `deputy_for` makes it a dated deputy or delegation: a delegated safeguarding partner is appointed by the lead
    partner (WT2023 ch. 2), and a deputy acts for the delegate between two dates, signing as themselves.
    """

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="named_duties")
    kind = models.CharField("duty", max_length=10, choices=DutyKind.choices)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="named_duties")
    post = models.CharField("post", max_length=200, blank=True, help_text="The post that carries the duty.")
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "starts"]
        verbose_name = "named duty"
        verbose_name_plural = "named duties"
        constraints = [ends_after_start("duty_ends_after_start")]

    def __str__(self):
        return self.get_kind_display()

    @property
    def votes(self):
        return self.kind not in NON_VOTING
