"""After an event: what somebody completed, the certificate of it, and what they say that changed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Document
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from training.models.booking import Booking
from training.models.catalogue import Course
from training.models.people import OF_THE_ORGANISATION, ONES_OWN, Learner
from training.models.uploads import Upload


class Completion(models.Model):
    """Somebody completed a course on a day: one row however it came about, so that coverage is one question.

    booking: of one that was attended; it comes and goes with the register. agency: whose they were that day. provider:
    who taught it, of a course that was not ours. upload: the list by which it came in, and goes if that is taken back.
    """

    class How(models.TextChoices):
        ATTENDED = "attended", "Attended an event"
        E_LEARNING = "online", "E-learning"
        SINGLE_AGENCY = "single", "At the own organisation"

    access = Access(
        view=Perm.LEARNER_VIEW, folder="folder", agency={"agency": OF_THE_ORGANISATION},
        person={"learner__user": ONES_OWN},
    )  # fmt: skip
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="training_completions")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="completions")
    how = models.CharField(max_length=10, choices=How.choices)
    completed_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    provider = models.CharField(max_length=200, blank=True)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="completion")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="completions")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-completed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "course", "completed_on"], name="completed_once_a_day"),
            models.CheckConstraint(
                condition=Q(how="attended", booking__isnull=False) | (~Q(how="attended") & Q(booking__isnull=True)),
                name="attended_by_a_booking",
            ),
        ]
        indexes = [models.Index(fields=["course", "learner", "completed_on"], name="completion_course")]

    def __str__(self):
        return "completion"


class Certificate(models.Model):
    """What somebody may show: that they attended and said what it was worth. Frozen as it was issued.

    code: what its check address ends in, random, 26 characters (130 bits). expires_on: the first day on which it holds
    no longer, None for ever. instead_of: the one that it replaces, of a corrected name, which is revoked by it.
    """

    access = Access(
        view=Perm.LEARNER_VIEW, folder="folder", agency={"agency": OF_THE_ORGANISATION},
        person={"learner__user": ONES_OWN},
    )  # fmt: skip
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="certificates")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField("course", max_length=200)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    completed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instead_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why_revoked = models.CharField(max_length=500, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-issued_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(revoked_at=None), name="one_certificate_in_force_a_booking"
            ),
            models.CheckConstraint(condition=Q(revoked_at=None) | ~Q(why_revoked=""), name="what_is_revoked_says_why"),
        ]

    def __str__(self):
        return "certificate"


OWN_WORDS = (Person(frozenset({Perm.EVALUATION_VIEW, Perm.EVALUATION_WRITE})),)


class Evaluation(models.Model):
    """What one person, or their manager, says of an event at one stage: the same questions each time.

    edition: of the questions (`training/data/evaluation.toml`). scores: question id -> 1 to 5. words: question id ->
    text. due_on: the last day that it is asked for; a row without `answered_at` is a reply that is missing, and counts.
    What the manager says is read by the person and written by the manager's link alone: the service refuses others.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", "Before the course"
        END = "end", "At the end"
        LATER = "later", "After three months"
        MANAGER = "manager", "The manager, after three months"

    access = Access(view=Perm.EVALUATION_VIEW, folder="folder", person={"learner__user": OWN_WORDS})
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="evaluations")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    edition = models.CharField(max_length=40)
    scores = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["booking", "stage"]
        constraints = [models.UniqueConstraint(fields=["booking", "stage"], name="a_stage_once_a_booking")]
        indexes = [models.Index(fields=["folder", "stage"], name="evaluation_folder")]

    def __str__(self):
        return "evaluation"
