"""A rapid review, what was notified, and its children."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.identities.models import Identity
from partnership.people.models import Agency, User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention
from reviews.models.case import CASE, LONG


class Review(models.Model):
    """One rapid review. Its folder is sealed; its code word is the folder's reference."""

    class Kind(models.TextChoices):
        """Why it came; of the last two a rapid review follows only where the criteria are met (statutory.md D3, D4)."""

        INCIDENT = "incident", "Serious incident"
        LOOKED_AFTER = "lac", "Death of a looked-after child"
        CARE_LEAVER = "leaver", "Death of a care leaver up to and including 24"

    class Status(models.TextChoices):
        CONSIDERED = "considered", "Being considered"
        CLOSED = "closed", "Closed without a rapid review"
        NOTED = "noted", "Notified, no rapid review"
        OPEN = "open", "Open"
        DECIDED = "decided", "Decided"
        SENT = "sent", "Sent to the Panel"
        WITHDRAWN = "withdrawn", "Notification withdrawn"
        FINISHED = "finished", "Closed"

    class Harm(models.TextChoices):
        DEATH = "death", "A child has died"
        SERIOUS_HARM = "harm", "A child has been seriously harmed"

    # Those with the fifteen days behind them; the others have their page of consideration.
    RUNNING = (Status.OPEN, Status.DECIDED, Status.SENT, Status.WITHDRAWN, Status.FINISHED)
    # What was sent, withdrawn or closed does not change.
    SETTLED = (Status.SENT, Status.WITHDRAWN, Status.FINISHED)

    access = Access(view=Perm.REVIEW_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="review")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INCIDENT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CONSIDERED)
    edition = models.CharField("guidance edition it began under", max_length=80)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    notified_on = models.DateField("date the notification was sent", null=True, db_index=True)

    objects = GuardedManager()

    class Meta:
        ordering = [F("notified_on").desc(nulls_first=True), "-opened_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["considered", "closed"]) | Q(notified_on__isnull=False),
                name="a_review_was_notified",
            )
        ]

    def __str__(self):
        return "rapid review"

    @property
    def runs(self):
        """Whether a rapid review was begun: it has its notification, its clock and its pages."""
        return self.status in self.RUNNING

    @property
    def settled(self):
        """Whether its text stands: it was sent, its notification was withdrawn, or it was closed."""
        return self.status in self.SETTLED

    @property
    def guidance(self):
        """The edition in words: 'WT2026' is Working Together 2026."""
        return f"Working Together {self.edition.removeprefix('WT')}"


class YesNo(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unk", "Not known"


class Category(models.TextChoices):
    """What the harm is thought to come from; several may hold."""

    PHYSICAL = "physical", "Physical abuse"
    SEXUAL = "sexual", "Sexual abuse"
    EMOTIONAL = "emotional", "Emotional abuse"
    NEGLECT = "neglect", "Neglect"
    CRIMINAL = "criminal", "Criminal exploitation, or violence outside the home"
    SEXUAL_EXPLOITATION = "cse", "Sexual exploitation"
    SELF_HARM = "self", "Suicide or self-harm"
    SUDDEN = "sudi", "Sudden unexpected death in infancy"
    DOMESTIC = "domestic", "Domestic abuse"
    OTHER = "other", "Other"


class Notification(models.Model):
    """The serious incident notification to the national Panel, Children Act 2004 s16C; form fields as GN lists them."""

    Harm = Review.Harm

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="notification")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="notification")
    authority = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    incident_on = models.DateField()
    aware_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    harm = models.CharField(max_length=10, choices=Harm.choices)
    setting = models.CharField(max_length=200, blank=True)
    what_happened = models.TextField(max_length=LONG)
    safety = models.TextField(max_length=LONG, blank=True)
    parallel = models.CharField(max_length=300, blank=True)
    panel_reference = models.CharField(max_length=60, blank=True)
    # What the national form asks besides (statutory.md section 3: the form itself was not opened).
    notifier = models.CharField("notified by, by post", max_length=200, blank=True)
    categories = ArrayField(models.CharField(max_length=10, choices=Category.choices), default=list, blank=True)
    agencies_involved = models.TextField(max_length=4000, blank=True)
    police_involved = models.CharField(max_length=3, choices=YesNo.choices, blank=True)
    coroner_told = models.CharField(max_length=3, choices=YesNo.choices, blank=True)
    media_interest = models.CharField(max_length=300, blank=True)
    one_form = models.BooleanField("a large operation: one form names the main child", default=False)
    partners_agreed = models.CharField(max_length=3, choices=YesNo.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sent_at__gte=F("aware_at")), name="sent_after_aware")]

    def __str__(self):
        return "notification"

    @property
    def category_words(self):
        return [Category(code).label for code in self.categories]


class Child(models.Model):
    """A child of the review: outside the case a pseudonym and an age band, who it is lies in the identity record."""

    class AgeBand(models.TextChoices):
        UNBORN = "unborn", "Unborn"
        UNDER_1 = "0", "Under 1"
        FROM_1 = "1-4", "1 to 4"
        FROM_5 = "5-9", "5 to 9"
        FROM_10 = "10-14", "10 to 14"
        FROM_15 = "15-17", "15 to 17"
        FROM_18 = "18-24", "18 to 24 (care leaver)"

    class LegalStatus(models.TextChoices):
        NONE = "none", "Not known to children's social care"
        IN_NEED = "cin", "Child in need"
        PROTECTION_PLAN = "cp", "Child protection plan"
        LOOKED_AFTER = "lac", "Looked after"
        CARE_LEAVER = "leaver", "Care leaver"
        CLOSED = "closed", "Known earlier, closed at the time"

    class Outcome(models.TextChoices):
        DIED = "died", "Has died"
        HARMED = "harmed", "Was seriously harmed"
        CONCERN = "concern", "Brother, sister or other child of concern"

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Recorded otherwise"
        UNKNOWN = "unknown", "Not known"

    class Ethnicity(models.TextChoices):
        """The groups of the 2021 census of England and Wales."""

        BANGLADESHI = "a_ban", "Asian: Bangladeshi"
        CHINESE = "a_chi", "Asian: Chinese"
        INDIAN = "a_ind", "Asian: Indian"
        PAKISTANI = "a_pak", "Asian: Pakistani"
        OTHER_ASIAN = "a_oth", "Asian: other background"
        AFRICAN = "b_afr", "Black: African"
        CARIBBEAN = "b_car", "Black: Caribbean"
        OTHER_BLACK = "b_oth", "Black: other background"
        WHITE_ASIAN = "m_was", "Mixed: White and Asian"
        WHITE_AFRICAN = "m_waf", "Mixed: White and Black African"
        WHITE_CARIBBEAN = "m_wca", "Mixed: White and Black Caribbean"
        OTHER_MIXED = "m_oth", "Mixed: other background"
        BRITISH = "w_bri", "White: English, Welsh, Scottish, Northern Irish or British"
        GYPSY = "w_gyp", "White: Gypsy or Irish Traveller"
        IRISH = "w_iri", "White: Irish"
        ROMA = "w_rom", "White: Roma"
        OTHER_WHITE = "w_oth", "White: other background"
        ARAB = "o_ara", "Arab"
        ANY_OTHER = "o_oth", "Any other group"
        UNKNOWN = "unknown", "Not known"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="children_of_review")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="children")
    pseudonym = models.CharField(max_length=20)
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    legal_status = models.CharField(max_length=10, choices=LegalStatus.choices)
    identity = models.OneToOneField(Identity, on_delete=models.PROTECT, null=True, related_name="child")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.HARMED)
    sibling = models.BooleanField("brother or sister of another child of the review", default=False)
    sex = models.CharField(max_length=10, choices=Sex.choices, blank=True)
    ethnicity = models.CharField(max_length=10, choices=Ethnicity.choices, blank=True)
    disability = models.CharField(max_length=200, blank=True)
    placed_by = models.CharField("council that placed the child", max_length=200, blank=True)
    panel_reference = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GuardedManager()

    class Meta:
        ordering = ["pseudonym"]
        constraints = [models.UniqueConstraint(fields=["review", "pseudonym"], name="pseudonym_once")]

    def __str__(self):
        return "child of a review"
