"""A professional challenge: one organisation questions what another did, stage by stage, until it is settled."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention

RAISERS = frozenset({Perm.CHALLENGE_VIEW, Perm.CHALLENGE_PURSUE})
ANSWERERS = frozenset({Perm.CHALLENGE_VIEW, Perm.CHALLENGE_ANSWER})


class Challenge(models.Model):
    """Who (an organisation, by its post) challenged whom on what, how urgent it is, and what became of it.

    Its folder is sealed where it touches a child. Besides the folder's people it opens to two persons by name: whoever
    raised it for their organisation, and whoever answers for the one that was challenged, while they belong there; not
    to their leads. It carries its own words and its folder's code word, because those two see nothing else of the
    folder. Its id is its folder's. What people write is written once: what was wrong is said again at the next step.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Waits for an answer"
        ANSWERED = "answered", "Answered"
        AGREED = "agreed", "Resolved by agreement"
        DECIDED = "decided", "Decided by the Executive"
        WITHDRAWN = "withdrawn", "Taken back"
        CLOSED = "closed", "Closed"

    class Urgency(models.TextChoices):
        IMMEDIATE = "immediate", "Immediate"
        DAY = "day", "Urgent"
        STANDARD = "standard", "Standard"

    GOES_ON = (Status.OPEN, Status.ANSWERED)

    access = Access(
        view=Perm.CHALLENGE_VIEW,
        folder="folder",
        person={"raiser": (Person(RAISERS, {}, "agency"),), "answerer": (Person(ANSWERERS, {}, "challenged"),)},
        logged=True,
    )
    retention = Retention.CASE

    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, primary_key=True, related_name="challenge")
    case_word = models.CharField(max_length=40)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="challenges_raised")
    post = models.CharField("post that challenges", max_length=200)
    raiser = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="challenges_raised")
    challenged = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="challenges_received")
    challenged_post = models.CharField("post that is challenged", max_length=200)
    answerer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="challenges_to_answer")
    subject = models.CharField("what it is about", max_length=200)
    words = models.TextField("what is challenged, and why", max_length=8000)
    wanted = models.TextField("what would resolve it", max_length=4000, blank=True)
    safety = models.TextField("what was done for the child at once", max_length=4000, blank=True)
    about_child = models.BooleanField(default=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.STANDARD)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    stage = models.PositiveSmallIntegerField(default=1)
    note = models.TextField("what was said at its last step", max_length=4000, blank=True)
    adviser = models.CharField("independent adviser, by post or body", max_length=200, blank=True)
    adviser_on = models.DateField(null=True, blank=True)
    advice = models.TextField(max_length=8000, blank=True)
    decision = models.TextField(max_length=8000, blank=True)
    decided_by_posts = models.CharField("who decided, by post", max_length=300, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    learning = models.TextField(max_length=8000, blank=True)
    raised_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # of what is said of the adviser, the only words that are edited

    objects = GuardedManager()

    class Meta:
        ordering = ["-raised_at", "folder_id"]
        constraints = [
            # None that it is to another organisation: the two may be merged into one later.
            models.CheckConstraint(
                condition=~Q(status="decided") | Q(decided_on__isnull=False), name="a_decision_has_its_day"
            ),
        ]

    def __str__(self):
        return "professional challenge"

    @property
    def goes_on(self) -> bool:
        return self.status in self.GOES_ON


class ChallengeStage(models.Model):
    """One stage of a challenge: when it was reached and why, what was answered, and what its raiser made of that."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        NOT_AGREED = "not_agreed", "Not agreed: taken to the next stage"

    access = Access(
        view=Perm.CHALLENGE_VIEW,
        folder="folder",
        person={
            "challenge__raiser": (Person(frozenset({Perm.CHALLENGE_VIEW}), {}, "challenge__agency"),),
            "challenge__answerer": (Person(frozenset({Perm.CHALLENGE_VIEW}), {}, "challenge__challenged"),),
        },
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField()
    reached_at = models.DateTimeField(default=timezone.now)
    reached_because = models.TextField(max_length=4000, blank=True)
    answer = models.TextField(max_length=8000, blank=True)
    answer_post = models.CharField("post that answered", max_length=200, blank=True)
    answer_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_words = models.TextField(max_length=4000, blank=True)
    outcome_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["reached_at", "id"]

    def __str__(self):
        return "stage of a challenge"
