"""How a case comes to the partnership, and what the three safeguarding partners think of the criteria."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, NamedDuty, PartnerSeat, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG


class Channel(models.TextChoices):
    """How something came that was not entered by whoever gave it."""

    PORTAL = "portal", "In the portal"
    TELEPHONE = "phone", "By telephone"
    SECURE_MAIL = "mail", "By secure email"
    LETTER = "letter", "By letter"
    MEETING = "meeting", "At a meeting"


class Referral(models.Model):
    """What an organisation tells the partnership of an incident. It and its outcome stay its referrer's to read.

    A referral opens its sealed folder at once, because it says who a child is: whether the partnership takes it on is
    said by `status`. `referrer` is empty where the business unit recorded it for somebody (`given_by`, `channel`).
    """

    class Source(models.TextChoices):
        AGENCY = "agency", "A referral from an organisation"
        CHILD_DEATH = "cdop", "A question from the child death overview panel"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for the partnership"
        TAKEN = "taken", "Taken on"
        DECLINED = "declined", "Not taken on"
        WITHDRAWN = "withdrawn", "Withdrawn"

    access = Access(
        view=Perm.REFERRAL_VIEW,
        folder="folder",
        person={"referrer": (Person(frozenset({Perm.REFERRAL_VIEW, Perm.REFERRAL_WITHDRAW}), {}, "agency"),)},
        logged=True,
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="referrals")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="referrals")
    case_word = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.AGENCY)
    # As it was referred: what the council notifies it as is the review's, and not its referrer's to read.
    kind = models.CharField(max_length=10, choices=Review.Kind.choices, default=Review.Kind.INCIDENT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    referrer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="referrals")
    given_by = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.CharField("senior lead who agreed, by post", max_length=200)
    agreed_on = models.DateField()

    incident_on = models.DateField()
    harm = models.CharField(max_length=10, choices=Review.Harm.choices)
    setting = models.CharField(max_length=200, blank=True)
    what_happened = models.TextField(max_length=LONG)
    why = models.TextField("why the criteria may be met", max_length=LONG)
    safety = models.TextField("done at once for siblings and others", max_length=LONG)
    records_secured = models.BooleanField(default=False)
    other_agencies = models.TextField(max_length=4000, blank=True)
    other_area = models.CharField(max_length=300, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    outcome_note = models.TextField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [models.Index(fields=["referrer", "status"], name="referral_referrer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(referrer__isnull=False) | ~Q(given_by=""), name="referral_says_who_gave_it"
            )
        ]

    def __str__(self):
        return "referral"


class Consideration(models.Model):
    """Which council's duty it is to notify, and when it became aware: the council owns both (statutory.md D1).

    What the three partners think stands beside it and neither gates nor delays it.
    """

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="consideration")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="consideration")
    authority = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    aware_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    def __str__(self):
        return "consideration"


class Outcome(models.Model):
    """What became of a consideration, and why. A later word is another row: no reason is ever overwritten."""

    class Code(models.TextChoices):
        NOTIFIED = "notified", "The council notified the Panel"
        NOT_NOTIFIED = "not", "The council does not notify"
        NOT_TAKEN_ON = "declined", "The referral was not taken on"
        AGAIN = "again", "It is considered again"

    access = CASE
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="consideration_outcomes")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=10, choices=Code.choices)
    reason = models.TextField(max_length=LONG, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-recorded_at", "-id"]

    def __str__(self):
        return "outcome of a consideration"


class CriteriaView(models.Model):
    """What one safeguarding partner thinks: whether the criteria are met, and why. A later word is another row."""

    class Stance(models.TextChoices):
        MET = "met", "The criteria are met"
        NOT_MET = "not_met", "The criteria are not met"
        UNSURE = "unsure", "More must be known first"
        SILENT = "silent", "Has not answered"

    access = CASE
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="criteria_views")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="criteria_views")
    seat = models.CharField(max_length=10, choices=PartnerSeat.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    reason = models.TextField(max_length=4000)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    duty = models.ForeignKey(NamedDuty, on_delete=models.PROTECT, null=True, related_name="+")
    as_deputy = models.BooleanField(default=False)
    given_by = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["seat", "-recorded_at", "-id"]

    def __str__(self):
        return "view on the criteria"
