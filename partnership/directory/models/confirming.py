"""Twice a year each organisation says who of its people still needs access."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Round(models.Model):
    """One half-yearly round. `edition` is that of the rule `access_confirmed` under which it runs."""

    access = Access.everyone(why="the day of a round; how it stands is asked by a power", view=Perm.DIRECTORY_VIEW)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    planned_on = models.DateField(unique=True)
    opened_on = models.DateField()
    edition = models.CharField(max_length=80)

    class Meta:
        ordering = ["-planned_on"]

    def __str__(self):
        return f"round of {self.planned_on}"


class Confirmation(models.Model):
    """What one organisation (None: the partnership's own roles) is asked in a round.

    `told`: the codes of the reminders that were sent. `ends_on`: the last day before silence ends access, set with the
    warning. `next_on`: the day on which the sweep has something to do with it. `version`: counts what was answered, so
    that a page which was opened before is told.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Waits for an answer"
        WARNED = "warned", "Late: a warning was sent"
        ANSWERED = "answered", "Answered"
        ENDED = "ended", "Not answered: access ended"

    WAITING = (Status.OPEN, Status.WARNED)

    access = Access(
        view=Perm.COLLEAGUES,
        wide=frozenset({Perm.COLLEAGUES, Perm.PEOPLE_APPROVE}),
        agency={"agency": frozenset({Perm.COLLEAGUES})},
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="confirmations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="confirmations")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField()
    next_on = models.DateField()
    told = ArrayField(models.CharField(max_length=60), default=list)
    warned_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    extended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    extended_why = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["round", "agency"], nulls_distinct=False, name="asked_once_a_round")
        ]
        indexes = [models.Index(fields=["status", "next_on"], name="confirmation_status")]

    def __str__(self):
        return "confirmation"


class Answer(models.Model):
    """What was said of one person: still needs access, or not."""

    class Says(models.TextChoices):
        KEEP = "keep", "Still needs access"
        END = "end", "End access"

    access = Access.everyone(why="read only with its confirmation, which the page has asked for", view="colleagues")
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    confirmation = models.ForeignKey(Confirmation, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["confirmation", "user"], name="one_answer_a_person")]

    def __str__(self):
        return f"answer {self.says}"
