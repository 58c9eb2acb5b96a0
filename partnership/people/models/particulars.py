"""What hangs on an organisation: its sites, register entries, contacts, closures and sharing agreements."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from partnership.people.models.agencies import Agency
from partnership.people.models.dated import DIRECTORY, Dated, DatedQuerySet, ends_after_start
from partnership.people.models.places import Area
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


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
    """What the national register says of a school; its audit history hangs on the agency, not on the URN.

    phase_inferred: the phase was read off the school's name, until the register or a person says it.
    """

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, primary_key=True, related_name="school")
    urn = models.PositiveIntegerField("unique reference number", unique=True)
    local_authority_code = models.CharField(max_length=3)
    establishment_type = models.CharField(max_length=100)
    district = models.CharField(max_length=100, blank=True)
    register_status = models.CharField(max_length=40, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    phase_inferred = models.BooleanField(default=False, editable=False)
    establishment_group = models.CharField(max_length=60, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self):
        return f"URN {self.urn}"

    @property
    def phase_from_name(self):
        """Whether the phase is only inferred; the register always says the status too."""
        return bool(self.phase) and self.phase_inferred and not self.register_status


class Register(models.TextChoices):
    """The national registers whose numbers name an organisation; a school's own number stands in School."""

    EARLY_YEARS = "ey", "Early-years register (Ofsted)"
    NHS = "ods", "NHS organisation codes"
    CARE = "cqc", "Care Quality Commission"
    GROUPS = "group", "Groups of schools (Get Information about Schools)"
    CHARITIES = "charity", "Register of charities"
    LOCAL = "local", "The partnership’s own list"


class Registration(models.Model):
    """The number by which a register knows an organisation, and the rest of what that register says of it.

    number: in capitals without blanks (`finding.plain_number`), since files are matched by it to the letter. facts:
    label -> value as the register words it ("Places": "26"), shown and never searched.
    """

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="registrations")
    register = models.CharField(max_length=10, choices=Register.choices)
    number = models.CharField(max_length=40)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["register", "number"]
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="registered_once")]

    def __str__(self):
        return f"{self.register} {self.number}"


class Shown(models.TextChoices):
    """Who is shown a detail of the directory."""

    PUBLIC = "public", "Everybody, in the public directory"
    PARTNERS = "partners", "Partners who sign in"
    INTERNAL = "internal", "The business unit and the directory’s administrators"


class ContactPoint(Dated):
    """How an organisation is reached for a purpose. It names a post and never a person."""

    class Purpose(models.TextChoices):
        OFFICE = "office", "Office"
        SAFEGUARDING = "safeguarding", "Safeguarding team"
        FRONT_DOOR = "front_door", "Children’s front door: worried about a child"
        CLOSURE = "closure", "While it is closed"
        OTHER = "other", "Other"

    access = Access.everyone(why="the directory; directory.reads shows each by its `shown`", view=Perm.DIRECTORY_VIEW)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="contacts")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.OFFICE)
    post = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    shown = models.CharField(max_length=10, choices=Shown.choices, default=Shown.PARTNERS)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "starts"]
        constraints = [
            ends_after_start("contact_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(email="", telephone=""),
                name="contact_reaches",
                violation_error_message="Enter an email address or a telephone number.",
            ),
        ]

    def __str__(self):
        return self.get_purpose_display()


class Closure(Dated):
    """Days on which an organisation, or those of an area, are closed: school holidays are data (feature 192).

    `agency` None: every school of `area`. Both days as in Dated: `ends` is the first day open again.
    """

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="closures")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="closures")
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["starts"]
        constraints = [
            ends_after_start("closure_ends_after_start"),
            models.CheckConstraint(condition=Q(starts__isnull=False, ends__isnull=False), name="closure_has_both_days"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, area__isnull=True) | Q(agency__isnull=True, area__isnull=False),
                name="closure_of_one",
            ),
        ]

    def __str__(self):
        return self.name


class SharingAgreement(Dated):
    """An information sharing agreement of an organisation (feature 191): when agreed, by which post, when reviewed."""

    access = Access.everyone(**DIRECTORY)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sharing_agreements")
    title = models.CharField(max_length=200)
    officer = models.CharField("post that signed it", max_length=200)
    review_on = models.DateField("review by", null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts"]
        constraints = [ends_after_start("agreement_ends_after_start")]

    def __str__(self):
        return self.title
