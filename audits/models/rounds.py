"""Rounds: a version of a question set, sent to organisations of the directory, with its windows and its ladder."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from audits.models.sets import ASKED, Section, SetVersion
from partnership.access.models import Folder
from partnership.people.models import Edited
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Round(Edited):
    """One run of an audit. Its folder holds all its returns; its id is its folder's id.

    year: the calendar year in which its school or financial year begins (2018 for 2018/19). population: fact of
    `audits.asking` -> the values of those who are asked, and who is asked besides or left out (`population`); {} is
    nobody. before: the round
    with which it is compared. A return is open from opens_on until the round is closed: a deadline says when it is
    late, and shuts nothing. source: where its figures come from, of one that was taken in.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Being planned"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        DISCARDED = "discarded", "Discarded"  # nobody was asked

    SENT = (Status.OPEN, Status.CLOSED)
    LIVE = (Status.PLANNED, Status.OPEN)  # while it is, it is changed

    access = Access.everyone(**ASKED, anywhere=frozenset({Perm.AUDIT_FIGURES}), bars="folder")
    retention = Retention.CASE

    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, primary_key=True, related_name="audit_round")
    set_version = models.ForeignKey(SetVersion, on_delete=models.PROTECT, related_name="rounds")
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    message = models.TextField("what those who are asked read first", max_length=4000, blank=True)
    opens_on = models.DateField()
    population = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-year", "title"]

    def __str__(self):
        return "round of an audit"


class Window(Edited):
    """By when part of a round's organisations answer. who: as `population`; the first whose `who` holds is theirs."""

    access = Access.everyone(**ASKED)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="windows")
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=1)
    who = models.JSONField(default=dict, blank=True)
    closes_at = models.DateTimeField("by when")
    final_at = models.DateTimeField("second and last deadline", null=True, blank=True)

    class Meta:
        ordering = ["round", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(final_at=None) | Q(final_at__gt=F("closes_at")), name="the_last_deadline_comes_last"
            )
        ]

    def __str__(self):
        return "window of a round"


class Slice(Edited):
    """The days in which one section of a round is asked, where its topics go round the year one by one."""

    access = Access.everyone(**ASKED)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="slices")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    opens_on = models.DateField()
    closes_on = models.DateField("last day")

    class Meta:
        ordering = ["round", "opens_on", "section"]
        constraints = [
            models.UniqueConstraint(fields=["round", "section"], name="a_slice_a_section"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="a_slice_ends_after_it_begins"),
        ]

    def __str__(self):
        return "slice of a round"


class Rung(Edited):
    """One step of a round's ladder of reminders. days: from the deadline, negative before it.

    to: whom it reaches. The defaults are rules as data (audits/data/ladder.toml), copied when a round is planned.
    """

    class To(models.TextChoices):
        LEAD = "lead", "Whoever answers"
        HEAD = "head", "The headteacher or executive as well"
        LETTER = "letter", "A letter to the headteacher or executive"

    access = Access.everyone(**ASKED, bars="round")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="rungs")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    to = models.CharField(max_length=10, choices=To.choices, default=To.LEAD)
    days = models.SmallIntegerField()
    subject = models.CharField(max_length=150, blank=True)
    words = models.TextField(max_length=4000)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["round", "position"]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="a_rung_of_a_round_once")]

    def __str__(self):
        return "rung of a ladder"
