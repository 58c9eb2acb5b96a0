"""Somebody leaves an organisation, or moves to another: what is decided about each thing that they hold."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import AGENCY_ROLES, LABELS, Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Departure(models.Model):
    """One person's leaving, prepared over days and finished once.

    `agency` is the organisation that they leave, and whose lead works on it; None where they leave several, or the
    partnership's own work: then the unit does. `altogether`: every role ends and the account is closed. `to_agency`
    and `to_role`: they move there instead. `last_day` in the future: it is finished on the day after by a sweep, by
    the word of `confirmed_by`. `shortened`: the roles that it ended before that day, as they were: a list of
    {id, role, partnership, agency, starts, ends}, so that they can be given back.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        PLANNED = "planned", "Ready: ends at the end of the last day"
        DONE = "done", "Finished"
        CANCELLED = "cancelled", "Given up"

    OPEN = (Status.DRAFT, Status.PLANNED)

    access = Access(
        view=Perm.COLLEAGUES,
        wide=frozenset({Perm.COLLEAGUES}),
        agency={"agency": frozenset({Perm.COLLEAGUES})},
        # She sees her own, and may give up what she began; the service lets nobody finish their own.
        person={"user": (Person(frozenset({Perm.COLLEAGUES}), {"status": ("draft", "planned")}),)},
    )
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="departures")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="departures")
    altogether = models.BooleanField(default=False)
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="arrivals")
    to_role = models.CharField(max_length=2, blank=True, choices=[(str(r), LABELS[r]) for r in AGENCY_ROLES])
    last_day = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    stuck_on = models.DateField(null=True)
    shortened = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    objects = GuardedManager()

    class Meta:
        ordering = ["last_day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(status__in=["draft", "planned"]),
                nulls_distinct=False,
                name="one_open_departure",
            )
        ]
        indexes = [models.Index(fields=["status", "last_day"], name="departure_status")]

    def __str__(self):
        return "leaving"

    @property
    def moves(self):
        return self.to_agency_id is not None


class HandOver(models.Model):
    """What was decided about one thing that a leaver holds; the thing itself is asked for anew each time.

    When the leaving is finished, what it was (without a case) and its folder are kept, so that the page can still say
    what went to whom; what ended by itself then has a row too, without `decided_by`.
    """

    class Choice(models.TextChoices):
        TO = "to", "Handed over"
        VACANT = "vacant", "Nobody takes it over"
        KEEP = "keep", "Kept"

    access = Access.everyone(why="read only with its leaving, which the page has asked for", view="colleagues")
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    departure = models.ForeignKey(Departure, on_delete=models.CASCADE, related_name="decided")
    key = models.CharField(max_length=80)
    choice = models.CharField(max_length=10, choices=Choice.choices)
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    what = models.CharField(max_length=200, blank=True)
    folder_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["departure", "key"], name="decided_once"),
            models.CheckConstraint(
                condition=Q(choice="to", to__isnull=False) | (~Q(choice="to") & Q(to__isnull=True)),
                name="handed_to_somebody",
            ),
        ]

    def __str__(self):
        return f"hand-over {self.key}"
