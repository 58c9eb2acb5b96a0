"""What is due, by when, counted from what, with which calendar; and the days on which somebody is told."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.deadlines.models.calendar import CalendarVersion
from partnership.deadlines.shapes import Unit
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Deadline(models.Model):
    """One running, met, cancelled or superseded period.

    What was computed is stored with what it was computed from: the edition's code, length and unit (a running clock
    keeps the edition it began under), the trigger, the calendar's version. It is never edited: a corrected trigger, a
    new bank holiday or a pause makes a new row that supersedes this one, with the reason. How it stands (running, due
    today, late) is computed when it is shown.

    `subject_kind` and `subject_id` name the row that it is about; the wing registers how that is described
    (subjects.py). `owner` is the person who owes it; where nobody is named, whoever holds `owed_by` on the folder: the
    power of the rule's last step, or else the business unit's.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Running"
        PAUSED = "paused", "Paused"
        MET = "met", "Met"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Replaced"

    RUNNING = (Status.OPEN, Status.PAUSED)
    next_clock = None  # what services.meet began besides, where the duty returns

    access = Access(
        view=Perm.DEADLINE_VIEW,
        folder="folder",
        person={
            "owner": (
                Person(frozenset({Perm.DEADLINE_VIEW}), {"status": ("open", "paused", "met")}, "agency"),
                Person(frozenset({Perm.DEADLINE_VIEW}), {"status": ("open", "paused", "met")}, guest=True),
            )
        },
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="deadlines")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    rule = models.CharField(max_length=60)
    edition = models.CharField(max_length=80)
    what = models.CharField("what is due", max_length=200, blank=True)
    length = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    division = models.CharField(max_length=30)
    trigger_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    calendar = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="deadlines")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="deadlines")
    owed_by = models.CharField(max_length=30, blank=True)
    soft = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    met_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    late_reason = models.CharField(max_length=1000, blank=True)
    reason = models.CharField("why it was replaced, paused or cancelled", max_length=1000, blank=True)
    paused_on = models.DateField(null=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    objects = GuardedManager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "rule"],
                condition=Q(status__in=["open", "paused"]),
                name="one_running_clock",
            ),
            models.CheckConstraint(
                condition=Q(status="met", met_at__isnull=False) | (~Q(status="met") & Q(met_at__isnull=True)),
                name="met_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="met") | Q(met_at__lte=F("due_at")) | ~Q(late_reason="") | Q(soft=True),
                name="late_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(status__in=["open", "paused"]), name="deadline_running"),
            models.Index(fields=["subject_id"], name="deadline_subject"),
            models.Index(fields=["owner", "due_on"], condition=Q(status__in=["open", "paused"]), name="deadline_owed"),
        ]

    def __str__(self):
        return f"deadline {self.rule}"

    @property
    def by_the_hour(self) -> bool:
        """Whether it is due at a time of the day, and not with the end of its day (counting.count)."""
        return self.unit == Unit.HOURS and not self.paused_days


class Milestone(models.Model):
    """A day of one deadline on which somebody is told; a step besides can be marked as done.

    `fire_at` is 08:30 in London. Who is told is resolved when it fires. Its end is `fired` or `suppressed` with the
    reason: done, met, cancelled, superseded, or catch_up where a later one was due by the time that anybody looked.
    """

    class State(models.TextChoices):
        PENDING = "pending", "To come"
        FIRED = "fired", "Told"
        SUPPRESSED = "suppressed", "Not needed"

    class Level(models.TextChoices):
        OWNER = "owner", "Whoever owes it"
        MANAGER = "manager", "Deputy or manager"
        PARTNERS = "partners", "Delegated safeguarding partners"

    access = Access(view=Perm.DEADLINE_VIEW, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="milestones")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    on = models.DateField()
    fire_at = models.DateTimeField()
    step = models.BooleanField(default=False)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.OWNER)
    perm = models.CharField(max_length=30, blank=True)
    statutory = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    fired_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    retry_after = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["fire_at", "code"]
        constraints = [models.UniqueConstraint(fields=["deadline", "code"], name="milestone_once")]
        indexes = [models.Index(fields=["fire_at", "id"], condition=Q(state="pending"), name="milestone_pending")]

    def __str__(self):
        return f"milestone {self.code}"
