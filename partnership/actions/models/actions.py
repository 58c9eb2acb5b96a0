"""One register of actions: who does what by when, wherever it arose."""

import secrets

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models.planning import Duty, Priority
from partnership.people.models import Agency, Edited, User
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"  # none that is taken for another when it is read out


def new_reference() -> str:
    """Random, so that it tells nothing of how many actions there are: 'A-7KQ2M'. The column is unique."""
    return "A-" + "".join(secrets.choice(LETTERS) for _ in range(6))


class Origin(models.TextChoices):
    """Where an action arose. It is said to whoever sees the action; the source itself has its own rule."""

    BY_HAND = "hand", "Added by hand"
    MEETING = "meeting", "Meeting"
    REVIEW = "review", "Review"
    AUDIT = "audit", "Audit"
    RISK = "risk", "Risk"
    INSPECTION = "inspection", "Inspection"
    SCRUTINY = "scrutiny", "Independent scrutiny"
    CHALLENGE = "challenge", "Challenge or escalation"
    EARLIER = "earlier", "Earlier action log"


# What a person may do with an action that is theirs, and what a lead may do with one of their organisation. An
# organisation's path never opens an action of a sealed folder (partnership.access.rows): there the owner alone has it.
OWNERS = frozenset({Perm.ACTION_VIEW, Perm.ACTION_ANSWER})
LEADS = frozenset({Perm.ACTION_VIEW, Perm.ACTION_ANSWER, Perm.ACTION_GIVE})


class Action(Edited):
    """What somebody does by a day.

    It carries its own words, because its owner sees it and nothing else of its folder. `folder` is whose it is: a
    group's, a case's, the partnership's business; its people add, change and approve. `source_kind`, `source_id` name
    the row that it came from (partnership.actions.sources); that row is shown to those alone who may see it.
    `sensitive`: it is in a sealed folder, or its words are: it is answered after the full sign-in only, and no mail
    carries a word of it. `owner_words`: whom a spreadsheet named, until somebody says who that is.
    """

    class Status(models.TextChoices):
        PARKED = "parked", "Parked idea"
        OPEN = "open", "Open"
        TO_APPROVE = "to_approve", "Waiting for approval"
        DONE = "done", "Closed"
        CANCELLED = "cancelled", "No longer needed"
        TAKEN_BACK = "taken_back", "Taken back with its log"

    LIVE = (Status.OPEN, Status.TO_APPROVE)
    OVER = (Status.DONE, Status.CANCELLED, Status.TAKEN_BACK)

    access = Access(
        view=Perm.ACTION_VIEW,
        folder="folder",
        agency={"agency": LEADS},
        # Whoever has left the organisation in whose name they had it has it no longer.
        person={"owner": (Person(OWNERS, agency="agency"), Person(OWNERS, {"agency_id": (None,)}))},
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="actions")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.BY_HAND)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    what = models.CharField("what will be done", max_length=500)
    success = models.CharField("how one will see that it worked", max_length=500, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    owner_words = models.CharField("owner, as it was written", max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    sensitive = models.BooleanField(default=False)
    # What was said when it was closed, sent back, parked, cancelled or reopened; each is an event as well.
    closing_words = models.TextField("what was done", max_length=4000, blank=True)
    close_asked_at = models.DateTimeField(null=True)
    close_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    agreed_on = models.DateField("agreed on", default=timezone.localdate)  # may lie before the day it was added

    objects = GuardedManager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "reference"]
        indexes = [
            models.Index(fields=["folder", "status"], name="action_folder"),
            models.Index(fields=["owner", "status"], name="action_owner"),
            models.Index(fields=["agency", "status"], name="action_agency"),
            models.Index(fields=["source_kind", "source_id"], name="action_source"),
            GinIndex(
                Words("reference", "what", "success", "owner_words", "note", "closing_words"), name="action_words"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="parked") | Q(owner__isnull=True, due_on__isnull=True),
                name="a_parked_idea_has_no_owner_and_no_date",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("open", "to_approve")) | Q(due_on__isnull=False), name="a_live_action_is_due"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(closed_at__isnull=False), name="a_closed_action_was_closed"
            ),
        ]

    def __str__(self):
        return f"action {self.reference}"
