"""The catalogue: what is taught, to whom, what it serves, and for how long it holds. It is published."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from partnership.access.models import Folder
from partnership.actions.models import Priority
from partnership.people.models import Dated, DatedQuerySet, Edited, ends_after_start
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

# Drafts are kept out by the reads of the pages that are open to everybody: they hold no word of a person.
PUBLISHED = {
    "why": "the catalogue is published by the partnership",
    "view": Perm.TRAINING_LIST,
    "anywhere": frozenset({Perm.TRAINING_RUN, Perm.TRAINING_FIGURES}),
}


class Course(Edited):
    """One course of the catalogue. Its folder stands under the partnership's training and above its events; its id is
    its folder's id.

    outcomes: one learning outcome a line. hours: how long it lasts, as it counts in a record. refresh_months: how long
    it holds; None for ever. approval: whether a place waits for the manager's word. ref: its name in the file that it
    was loaded from; empty for one that people added.
    """

    class Kind(models.TextChoices):
        MULTI_AGENCY = "multi", "Multi-agency course"
        E_LEARNING = "online", "E-learning"
        SINGLE_AGENCY = "single", "Single-agency course"

    class Level(models.TextChoices):
        """As the training strategies of safeguarding boards name them."""

        AWARENESS = "1", "Level 1: awareness"
        TARGETED = "2", "Level 2: targeted"
        CORE = "3", "Level 3: core and refresher"
        TOPIC = "topic", "Topic"
        TRAINERS = "t4t", "For trainers"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OFFERED = "offered", "In the catalogue"
        WITHDRAWN = "withdrawn", "No longer offered"

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, primary_key=True, related_name="course")
    ref = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MULTI_AGENCY)
    level = models.CharField(max_length=10, choices=Level.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    summary = models.TextField("what it is about", max_length=4000, blank=True)
    audience = models.TextField("whom it is for", max_length=2000, blank=True)
    outcomes = models.TextField("what people can do afterwards", max_length=4000, blank=True)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="courses",
        verbose_name="priority that it serves",
    )  # fmt: skip
    prerequisites = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="leads_to")
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    refresh_months = models.PositiveSmallIntegerField("to be renewed after, in months", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("places, as a rule", null=True, blank=True)
    minimum = models.PositiveSmallIntegerField("people that it takes, as a rule", default=0)
    approval = models.BooleanField("a manager approves each booking", default=False)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="a_course_a_name")]

    def __str__(self):
        return self.title


class WorkforceRole(models.Model):
    """What somebody does, as far as it decides which training is asked: a row of the training matrix."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Requirement(Dated, Edited):
    """A cell of the training matrix: who has a role takes a course, and renews it. In force on the days that it names.

    first_rule, renewal_rule: codes of rules of `partnership.deadlines` (KCSIE's two years, say); empty where the
    partnership's own months hold. first_months: from the day of appointment. refresh_months: None where it holds for
    ever.
    """

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.ForeignKey(WorkforceRole, on_delete=models.PROTECT, related_name="requirements")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="requirements")
    first_rule = models.CharField(max_length=60, blank=True)
    first_months = models.PositiveSmallIntegerField("first taken within, in months", null=True, blank=True)
    renewal_rule = models.CharField(max_length=60, blank=True)
    refresh_months = models.PositiveSmallIntegerField("renewed after, in months", null=True, blank=True)
    source = models.CharField(max_length=300)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["role", "course__title", "starts"]
        constraints = [
            ends_after_start("requirement_ends_after_start"),
            models.UniqueConstraint(
                fields=["role", "course"], condition=Q(ends=None), name="one_open_requirement_a_cell"
            ),
        ]

    def __str__(self):
        return f"{self.course} for {self.role}"


class Tariff(Dated, Edited):
    """What an organisation is charged for a place that nobody used. None is in force until the partnership sets one.

    until_hours: up to what length of a course it holds, None for any. free: kinds of organisations that pay nothing.
    """

    class Kind(models.TextChoices):
        LATE_CANCEL = "late", "Cancelled after the last day"
        NO_SHOW = "absent", "Did not come"

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    until_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField("pounds", max_digits=8, decimal_places=2)
    free = models.JSONField("kinds of organisations that pay nothing", default=list, blank=True)
    source = models.CharField("decision or document", max_length=300)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", F("until_hours").asc(nulls_last=True), "starts"]
        constraints = [
            ends_after_start("tariff_ends_after_start"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_tariff_is_no_gift"),
        ]

    def __str__(self):
        return self.get_kind_display()
