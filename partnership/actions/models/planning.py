"""The business plan with its priorities, the duties of the partnership, and the yearly workplans of its groups."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.people.models import Dated, DatedQuerySet, Edited, User, ends_after_start
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

PUBLISHED = {
    "why": "the business plan and the duties are published by the partnership",
    "view": Perm.PLAN_VIEW,
    "anywhere": frozenset({Perm.PLAN_EDIT}),
}


class Plan(Dated, Edited):
    """A business plan of the partnership: from its first day until the day that it is the plan no longer.

    `ref` is its name in the file that it was loaded from (data/priorities.toml); empty for one that people added.
    """

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ref = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=200)
    review_words = models.CharField("when it is reviewed", max_length=200, blank=True)
    agreed_on = models.DateField("agreed by the Executive on", null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "title"]
        verbose_name = "business plan"
        constraints = [
            ends_after_start("plan_ends_after_start"),
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="a_plan_a_name"),
        ]

    def __str__(self):
        return self.title


class Priority(Edited):
    """A priority of a business plan, in its place among those of its kind."""

    class Kind(models.TextChoices):
        STRATEGIC = "strategic", "Strategic priority"
        PRACTICE = "practice", "Practice priority"
        ASSURANCE = "assurance", "Assurance priority"

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="priorities")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    scope = models.TextField("what it covers", max_length=4000, blank=True)
    sponsor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="sponsored")
    sponsor_post = models.CharField("sponsor, by post", max_length=200, blank=True)
    # The group that carries it, as the folder of that group: its name is its folder's title.
    group = models.ForeignKey(Folder, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities")
    carried_on_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_on_as"
    )
    ended_on = models.DateField("no longer a priority from", null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-plan__starts", "-kind", "position", "id"]
        verbose_name_plural = "priorities"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "position"], name="a_priority_a_place", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self):
        return self.title


class SuccessMeasure(models.Model):
    """How one will see that a priority was met. Not a statutory measure."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    words = models.CharField("what will have changed", max_length=300)
    seen_by = models.CharField("how it will be seen", max_length=300, blank=True)
    baseline = models.CharField("where it stands today", max_length=200, blank=True)
    target = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.words


class Duty(Dated, Edited):
    """What the partnership owes by law, by guidance or by its own published word, and by when.

    `ref` is its number in the file that it was loaded from (data/duties.toml); `rule` is the code of its rule in the
    deadlines floor, which carries the length (`amount` is empty then), edition and source, where it has one.
    """

    class Basis(models.TextChoices):
        LAW = "law", "Statutory"
        GUIDANCE = "guidance", "Statutory guidance"
        PUBLISHED = "published", "Published arrangements"
        LOCAL = "local", "Local practice"

    class Every(models.TextChoices):
        ONCE = "once", "Once, on a date"
        YEARS = "years", "Every so many years"
        MONTHS = "months", "Every so many months"
        TERM = "term", "Every school term"
        EVENT = "event", "When something happens"
        STANDING = "standing", "At all times"

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ref = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=200)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    source = models.CharField(max_length=300)
    edition = models.CharField("edition of the guidance", max_length=60, blank=True)
    doubt = models.CharField("what is not certain", max_length=300, blank=True)
    every = models.CharField(max_length=10, choices=Every.choices)
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    # A day on which it is due, from which the others are counted.
    anchor = models.DateField("due on, or counted from", null=True, blank=True)
    after_event = models.CharField("what it follows", max_length=200, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="duties_owned")
    owner_post = models.CharField("owner, by post", max_length=200, blank=True)
    group = models.ForeignKey(Folder, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["basis", "title", "id"]
        verbose_name_plural = "duties"
        constraints = [
            ends_after_start("duty_of_partnership_ends"),
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="a_duty_a_number"),
            models.CheckConstraint(
                condition=~Q(every__in=("years", "months")) | Q(amount__gte=1) | ~Q(rule=""),
                name="a_period_has_an_amount",
            ),
            models.CheckConstraint(condition=~Q(every="once") | Q(anchor__isnull=False), name="once_has_a_date"),
        ]

    def __str__(self):
        return self.title


class Workplan(models.Model):
    """The yearly workplan of a group. `folder` is the group's."""

    access = Access(view=Perm.WORKPLAN_VIEW, folder="folder")
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="workplans")
    starts = models.DateField("from")
    ends = models.DateField("until (this day no longer)")
    agreed_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-starts", "id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "starts"], name="one_workplan_a_year"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="workplan_ends_after_start"),
        ]

    def __str__(self):
        return "workplan"


class WorkItem(Edited):
    """What a group will do in a year, in the service of a priority or a duty."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        BEGUN = "begun", "Under way"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    access = Access(view=Perm.WORKPLAN_VIEW, folder="folder", person={})
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="work_items")
    workplan = models.ForeignKey(Workplan, on_delete=models.PROTECT, related_name="items")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")
    title = models.CharField("what will be done", max_length=300)
    success = models.CharField("how one will see that it worked", max_length=300, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")
    owner_post = models.CharField("owner, by post", max_length=200, blank=True)
    quarter = models.PositiveSmallIntegerField()  # 1: the first three months of the workplan's year
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    drop_reason = models.CharField(max_length=300, blank=True)
    carried_on_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_on_as"
    )
    history = HistoricalRecords(excluded_fields=["version"])

    objects = GuardedManager()

    class Meta:
        ordering = ["quarter", "title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="four_quarters"),
            models.CheckConstraint(
                condition=Q(priority__isnull=False) | Q(duty__isnull=False),
                name="work_serves_something",
                violation_error_message="Choose the priority or the duty that it serves.",
            ),
            models.UniqueConstraint(
                fields=["workplan", "carried_on_from"],
                condition=Q(carried_on_from__isnull=False),
                name="carried_on_once",
            ),
        ]

    def __str__(self):
        return "workplan item"


class PlanPrint(models.Model):
    """The forward plan of a year as one person asked to have it as a PDF: theirs alone, and only the newest is kept.

    `year`: the year in which the partnership's year begins. `group`: the folder of the group that was chosen. `kind`:
    one of planning.calendar.KINDS, or empty. `version` is None until it is made; `lines` is the mark of what it says.
    """

    access = Access(view=Perm.PLAN_VIEW, person={"made_by": (Person(frozenset({Perm.PLAN_VIEW})),)})
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    group = models.ForeignKey(Folder, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    lines = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self):
        return "forward plan as a PDF"
