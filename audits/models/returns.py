"""What an organisation returns: its answers, what shows that they are so, and more time where it was asked for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audits.models.rounds import Round, Window
from audits.models.sets import Question, Wording
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, Area, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

# The business unit has it by the round's folder, the organisation by its own path; nobody else has it at all.
OWN = frozenset({Perm.ANSWERS_VIEW, Perm.ANSWERS_WRITE, Perm.ANSWERS_SIGN})
OF_THE_ROUND = Access(view=Perm.ANSWERS_VIEW, folder="folder", agency={"agency": OWN})


class AuditReturn(models.Model):
    """One organisation's answers to one round.

    What the organisation was when it was asked is copied (phase, establishment, district, area, trust, facts): the
    figures of a year do not change with the directory. facts: as in `audits.asking`. closes_at: its own deadline: its
    window's, or what it was given instead. wanted, answered, to_confirm: as `asking.Progress`, kept with every
    answer. late_joiner: asked after the round was opened. version: of the return itself, not of its answers.
    people_confirmed_at: when somebody said that the directory names its people rightly. why_excused: in
    words, of one that owes no answer any more.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Not begun"
        BEGUN = "begun", "Begun"
        SIGNING = "signing", "Being signed"
        SUBMITTED = "submitted", "Submitted"
        EXCUSED = "excused", "Owes no return"

    OWES = (Status.ASKED, Status.BEGUN, Status.SIGNING)
    WRITTEN = (Status.ASKED, Status.BEGUN)  # while it is, its answers change

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="audit_returns")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="returns")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="audit_returns")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="returns")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    closes_at = models.DateTimeField("by when")
    phase = models.CharField(max_length=40, blank=True)
    establishment = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=100, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    trust = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)
    late_joiner = models.BooleanField(default=False)
    invented = models.BooleanField("made up for the figures of a past year", default=False)
    wanted = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    to_confirm = models.PositiveSmallIntegerField(default=0)
    people_confirmed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    why_excused = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["round", "agency__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "agency"], name="a_return_an_organisation"),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
                name="a_submitted_return_was_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "status"], name="audit_return_agency"),
            models.Index(fields=["folder", "status"], name="audit_return_folder"),
        ]

    def __str__(self):
        return "return of an audit"


class Value(models.Model):
    """What is answered, by the kind of the question: one of a scale, a number, a day, words, the rows of a table.

    na_reason: why it does not apply; then it has no other value. words may stand beside a chosen code.
    """

    code = models.CharField(max_length=20, blank=True)
    number = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    text = models.TextField(max_length=10000, blank=True)
    rows = models.JSONField(default=list, blank=True)
    na_reason = models.CharField(max_length=1000, blank=True)

    VALUES = ("code", "number", "day", "text", "rows", "na_reason")

    class Meta:
        abstract = True


class Answer(Value):
    """An organisation's answer to one question; born with its first word, changed where it stands.

    No history is kept of it: a submission freezes the whole. to_confirm: it was taken over from last year
    (`taken_from`) or from the trust's shared answer (`of_trust`), and nobody has said yet that it still holds.
    """

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="audit_answers")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="audit_answers")
    audit_return = models.ForeignKey(AuditReturn, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="answers")
    to_confirm = models.BooleanField(default=False)
    taken_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    of_trust = models.ForeignKey("TrustAnswer", on_delete=models.SET_NULL, null=True, blank=True, related_name="given")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["audit_return", "wording__ref"]
        constraints = [
            models.UniqueConstraint(fields=["audit_return", "question"], name="an_answer_a_question"),
            models.CheckConstraint(
                condition=Q(na_reason="") | Q(code="", number=None, day=None, rows=[]),
                name="what_does_not_apply_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["folder", "question"], name="audit_answer_question")]

    def __str__(self):
        return "answer of an audit"


class TrustAnswer(Value):
    """What an academy trust answers once for its schools of a round; each of them confirms it or answers otherwise."""

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="audit_trust_answers")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="audit_trust_answers")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="trust_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    given_at = models.DateTimeField("given to its schools", null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["round", "agency", "wording__ref"]
        constraints = [
            models.UniqueConstraint(fields=["round", "agency", "question"], name="a_trust_answers_once"),
        ]

    def __str__(self):
        return "shared answer of a trust"


class Evidence(models.Model):
    """What shows that answers are so: a file or an address, from when it holds and until when. It is the
    organisation's own, for any question of any year; folder: the round for which it came."""

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="audit_evidence")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="audit_evidence")
    title = models.CharField(max_length=200)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="audit_evidence"
    )
    address = models.URLField(max_length=500, blank=True)
    effective_on = models.DateField("in force since", null=True, blank=True)
    expires_on = models.DateField("to be renewed by", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(address=""), name="evidence_is_a_file_or_an_address"
            )
        ]

    def __str__(self):
        return "evidence"


class Shown(models.Model):
    """A piece of evidence stands under an answer."""

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="shown")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="shown")

    objects = GuardedManager()

    class Meta:
        ordering = ["evidence__title", "id"]
        constraints = [models.UniqueConstraint(fields=["answer", "evidence"], name="evidence_once_under_an_answer")]

    def __str__(self):
        return "evidence under an answer"


class Extension(models.Model):
    """More time: asked for with a reason, or given unasked; given, or not, with the day and words. ended: nothing was
    due any more before anybody had answered."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Not given"
        ENDED = "ended", "Needed no longer"

    access = OF_THE_ROUND
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    audit_return = models.ForeignKey(AuditReturn, on_delete=models.CASCADE, related_name="extensions")
    reason = models.CharField(max_length=1000)
    wanted_on = models.DateField("the day that is asked for")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    given_on = models.DateField("the day that is given", null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit_return"], condition=Q(outcome="waiting"), name="one_wish_for_more_time_waits"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="given") | Q(given_on__isnull=False), name="an_extension_has_its_day"
            ),
        ]

    def __str__(self):
        return "more time for a return"
