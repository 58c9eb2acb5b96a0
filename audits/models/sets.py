"""What an audit asks: question sets, their versions, and questions that keep their identity through all wordings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.people.models import Edited
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

ASKED = {
    "why": "what an audit asks, of whom and by when is told to everybody who may have to answer it",
    "view": Perm.AUDIT_LIST,
}


class QuestionSet(Edited):
    """An audit tool as it goes on through the years; what it asks is in its versions.

    duty: the law that makes an organisation answer it. Children Act 2004 s11; Education Act 2002 s175 (maintained
    schools and colleges) and s157 (academies and independent schools).
    """

    class Duty(models.TextChoices):
        SECTION_11 = "s11", "Section 11"
        SECTION_175 = "s175", "Section 175/157"
        OTHER = "other", "Another audit"

    access = Access.everyone(**ASKED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    duty = models.CharField(max_length=5, choices=Duty.choices, default=Duty.OTHER)
    about = models.TextField("what it is for", max_length=2000, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return "question set"


class SetVersion(Edited):
    """One version of a question set. A draft is changed; once it is in use nothing of it changes any more.

    edition: 1, 2, 3; `version` is of the row. made_from: the version of which it began as a copy.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_USE = "in_use", "In use"
        RETIRED = "retired", "No longer used"

    access = Access.everyone(**ASKED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="versions")
    edition = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    made_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("what is new in it", max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    in_use_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["question_set", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "edition"], name="an_edition_of_a_set_once"),
            models.UniqueConstraint(
                fields=["question_set"], condition=Q(status="draft"), name="one_draft_of_a_question_set"
            ),
        ]

    def __str__(self):
        return "version of a question set"


class Section(Edited):
    """A section (a standard, in section 11) of one version. code: what it is called through all versions."""

    access = Access.everyone(**ASKED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set_version = models.ForeignKey(SetVersion, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField()
    ref = models.CharField("number", max_length=10, blank=True)
    title = models.CharField(max_length=200)
    guidance = models.TextField(max_length=4000, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["set_version", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["set_version", "code"], name="a_section_of_a_version_once")]

    def __str__(self):
        return "section of a question set"

    @property
    def called(self) -> str:
        """'2 Training'."""
        return f"{self.ref} {self.title}".strip()


class Question(models.Model):
    """What is asked, whatever it is called in a version: years are compared by it.

    label: what it measures, in a few words, for grids and charts. follows: questions whose meaning it goes on, where
    two were merged or one was split; there is no comparison by number over these, they are named beside each other.
    """

    access = Access.everyone(**ASKED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="questions")
    code = models.SlugField()
    label = models.CharField(max_length=200)
    follows = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="followed_by")

    class Meta:
        ordering = ["question_set", "code"]
        constraints = [models.UniqueConstraint(fields=["question_set", "code"], name="a_question_of_a_set_once")]

    def __str__(self):
        return "question"


class Wording(Edited):
    """A question as one version asks it.

    scale: of the kinds of CHOSEN, [{"code": "met", "label": "Met", "counts": true}]; counts: whether the answer is
    among those that a percentage counts, null for one that is left out of its base. columns: of a table, its headings.
    links: [{"words", "url"}]. applies: fact of `audits.asking` -> the values for which it is asked ({} for everybody).
    shown_if, shown_codes: it is asked only where that question of the version was answered so. of_trust: an academy
    trust may answer it once for its schools. gap_codes: answers that are a gap, from which an action may follow.
    not_future: of a day, of what was done last: none after today.
    """

    class Kind(models.TextChoices):
        SCALE = "scale", "One of a scale with its own words"
        RAG = "rag", "Red, amber or green"
        SCORE = "score", "0 to 3"
        YES_NO = "yes_no", "Yes, partly or no"
        NUMBER = "number", "A number"
        PERCENT = "percent", "A percentage"
        DATE = "date", "A date"
        TEXT = "text", "Words"
        TABLE = "table", "A table"
        FILE = "file", "A file"

    CHOSEN = (Kind.SCALE, Kind.RAG, Kind.SCORE, Kind.YES_NO)

    access = Access.everyone(**ASKED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set_version = models.ForeignKey(SetVersion, on_delete=models.CASCADE, related_name="wordings")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="wordings")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="wordings")
    ref = models.CharField("number", max_length=10)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)
    guidance = models.TextField(max_length=4000, blank=True)
    links = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scale = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    required = models.BooleanField(default=True)
    may_not_apply = models.BooleanField(default=False)
    not_future = models.BooleanField(default=False)
    wants_evidence = models.BooleanField(default=False)
    of_trust = models.BooleanField(default=False)
    applies = models.JSONField(default=dict, blank=True)
    shown_if = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shown_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    gap_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        ordering = ["section", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["set_version", "question"], name="a_question_of_a_version_once"),
            models.UniqueConstraint(
                fields=["set_version", "ref"], name="a_number_of_a_version_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self):
        return "wording of a question"
