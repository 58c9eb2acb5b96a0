"""The register of risks beside that of actions, and the logs that were taken in from spreadsheets."""

import secrets
from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models.actions import LETTERS
from partnership.actions.models.planning import Priority
from partnership.people.models import Agency, Edited, User
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


def new_risk_reference() -> str:
    """Random, as that of an action: 'R-7KQ2MX'."""
    return "R-" + "".join(secrets.choice(LETTERS) for _ in range(6))


class Likelihood(models.IntegerChoices):
    RARE = 1, "1, rare"
    UNLIKELY = 2, "2, unlikely"
    POSSIBLE = 3, "3, possible"
    LIKELY = 4, "4, likely"
    ALMOST_CERTAIN = 5, "5, almost certain"


class Impact(models.IntegerChoices):
    NEGLIGIBLE = 1, "1, negligible"
    MINOR = 2, "2, minor"
    MODERATE = 3, "3, moderate"
    MAJOR = 4, "4, major"
    SEVERE = 5, "5, severe"


class LogImport(models.Model):
    """An action log or a list of risks that was sent in: its rows wait to be checked, then are taken in or discarded.

    The file is not kept, and its rows go when they are taken or discarded, or when they lie too long. `as_of`: the day
    of which the log tells. `columns`: place of a column -> what it is (partnership.actions.importing.columns).
    `answers`: "field words" -> what somebody said that these words mean. `left`: the lines that are not to be taken.
    lines: [[line, [cells], problem]].
    """

    class Kind(models.TextChoices):
        ACTIONS = "actions", "Action log"
        RISKS = "risks", "List of risks"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits to be checked"
        TAKEN = "taken", "Taken in"
        TAKEN_BACK = "taken_back", "Taken back"
        DISCARDED = "gone", "Discarded"

    access = Access(view=Perm.ACTION_IMPORT, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="log_imports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    name = models.CharField(max_length=200, blank=True)
    as_of = models.DateField("the day of which it tells")
    day_zero = models.DateField(default=date(1899, 12, 30))
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    lines = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    answers = models.JSONField(default=dict)
    left = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    # The version that somebody saw and asked to be taken in, where that is long work.
    accepted = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.get_kind_display().lower()} that was sent in"


# A lead sees the risks of the organisation, an owner their own; who may do more has it from the folder.
READERS = frozenset({Perm.RISK_VIEW})


class Risk(Edited):
    """What may happen that would harm children's safety or the partnership's work, and what stands against it.

    The score is likelihood times impact, computed. `owner_words`, `agency`: as on an action. `log`: the list that it
    came in by. Risks belong to a group or to the partnership's business, never to a case.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        TAKEN_BACK = "taken_back", "Taken back"

    access = Access(
        view=Perm.RISK_VIEW,
        folder="folder",
        agency={"agency": READERS},
        person={"owner": (Person(READERS, agency="agency"), Person(READERS, {"agency_id": (None,)}))},
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=10, unique=True, default=new_risk_reference, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="risks")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    what = models.CharField("what may happen", max_length=500)
    cause = models.CharField("why it may happen", max_length=500, blank=True)
    effect = models.CharField("what would follow", max_length=500, blank=True)
    likelihood = models.PositiveSmallIntegerField(choices=Likelihood.choices)
    impact = models.PositiveSmallIntegerField(choices=Impact.choices)
    controls = models.TextField("what is in place against it", max_length=4000, blank=True)
    note = models.TextField("how it stands", max_length=4000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    owner_words = models.CharField("owner, as it was written", max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    review_on = models.DateField("looked at again on", null=True, blank=True)
    close_reason = models.TextField("why it was closed or reopened", max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    log = models.ForeignKey(LogImport, on_delete=models.PROTECT, null=True, related_name="risks")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = [(F("likelihood") * F("impact")).desc(), "reference"]
        indexes = [
            models.Index(fields=["folder", "status"], name="risk_folder"),
            models.Index(fields=["owner", "status"], name="risk_owner"),
            models.Index(fields=["agency", "status"], name="risk_agency"),
            GinIndex(Words("reference", "what", "cause", "effect", "controls", "note"), name="risk_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="a_risk_is_scored_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False), name="a_closed_risk_was_closed"
            ),
        ]

    def __str__(self):
        return f"risk {self.reference}"

    @property
    def score(self) -> int:
        """1 to 25."""
        return self.likelihood * self.impact
