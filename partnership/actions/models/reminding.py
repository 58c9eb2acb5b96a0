"""What a person was reminded of on a morning: ids alone. What is said of it is made when it is read or sent."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models.actions import Action
from partnership.actions.models.progress import WITH_ITS_ACTION
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Lineup(models.Model):
    """One person's reminder of one day; a link for answering it (purpose ACTIONS) names it as its object."""

    access = Access(view=Perm.ACTION_VIEW, person={"user": (Person(frozenset({Perm.ACTION_VIEW})),)})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lineups")
    made_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_on", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "made_on"], name="one_lineup_a_day")]

    def __str__(self):
        return "reminder of actions"


class LineupItem(models.Model):
    """One action of a reminder, and how it stood. It opens to those to whom its action opens.

    named: its words may stand in the email, and the link answers it; False for one that was sensitive. answered_at: by
    the link of this reminder, which answers each action once.
    """

    class Says(models.TextChoices):
        UPDATE = "update", "How it stands"
        DATE = "date", "It needs another date"
        DONE = "done", "It is done"

    access = WITH_ITS_ACTION
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="action_reminders")
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="items")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="reminders")
    named = models.BooleanField()
    due_on = models.DateField()
    overdue = models.BooleanField()
    answered_at = models.DateTimeField(null=True)
    says = models.CharField(max_length=10, choices=Says.choices, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["lineup", "action"], name="reminded_once_a_lineup")]

    def __str__(self):
        return "reminder of an action"
