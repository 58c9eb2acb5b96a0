"""Organisations: what they are, what they are called, what they follow and who owns them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from partnership.people.models.dated import DIRECTORY, Dated, DatedQuerySet, ends_after_start
from partnership.people.models.places import Area, ScheduleItem
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import AGENCY_ITSELF, Access, Retention


class AgencyKind(models.TextChoices):
    STATUTORY_PARTNER = "statutory partner", "Statutory safeguarding partner"
    RELEVANT_AGENCY = "relevant agency", "Relevant agency"
    SCHOOL = "school", "School"
    EARLY_YEARS = "early years", "Early-years setting"
    GROUP = "group", "Academy trust or other group"
    PRACTICE = "practice", "General or dental practice"
    HOUSING = "housing", "Housing body"
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


class AgencyQuerySet(DatedQuerySet):
    """A record that was merged into another stays for its history and its address, and is in no list."""

    def kept(self):
        return self.filter(merged_into=None)

    def on(self, day):
        return super().on(day).filter(merged_into=None)


class Agency(Dated):
    """An organisation or school of the directory; `starts`/`ends` are its own life, not our interest in it."""

    # Its own people keep who belongs to it; the business unit does so everywhere.
    access = Access.everyone(**DIRECTORY, agency={AGENCY_ITSELF: frozenset({Perm.COLLEAGUES})})
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField("type", max_length=30, choices=AgencyKind.choices)
    partner_seat = models.CharField("safeguarding partner as", max_length=10, choices=PartnerSeat.choices, blank=True)
    areas = models.ManyToManyField(Area, related_name="agencies", blank=True)
    note = models.TextField(blank=True, max_length=2000)
    source = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=200, blank=True)
    # Two records of one organisation: the one that went keeps its row, its history and its way back for a week.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    # What the search finds it by, folded: people.finding writes it.
    words = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(excluded_fields=["version", "words"])

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "organisation"
        constraints = [ends_after_start("agency_ends_after_start")]
        indexes = [models.Index(fields=["kind", "name"], name="agency_kind_name")]

    def __str__(self):
        return self.name


class Alias(models.Model):
    """Another name by which people look for it. former: it was called so, until it took its present name."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    former = models.BooleanField(default=False)

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

    objects = DatedQuerySet.as_manager()

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


class Ownership(Dated):
    """An organisation that runs others, from when to when: an academy trust its schools, an NHS trust its hospitals."""

    class Kind(models.TextChoices):
        TRUST = "trust", "Academy trust of"
        FEDERATION = "federation", "Federation of"
        PROVIDER = "provider", "Provider that runs"
        COMMISSIONER = "commissioner", "Commissioner of"

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="owns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="owned_by")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            ends_after_start("ownership_ends_after_start"),
            models.UniqueConstraint(
                fields=["owner", "agency", "kind"], condition=Q(ends__isnull=True), name="one_open_ownership"
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("agency")),
                name="owns_another",
                violation_error_message="An organisation does not own itself.",
            ),
        ]

    def __str__(self):
        return f"{self.owner_id} of {self.agency_id}"
