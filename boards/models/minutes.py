"""What a meeting said and decided: minutes by item while they are written, decisions as rows, editions that stay."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from boards.models.agenda import Item, Paper
from boards.models.governance import OtherBody
from boards.models.groups import Group
from boards.models.meetings import OF_FOLDER, Meeting
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models import Priority
from partnership.documents.models import Document, Version
from partnership.people.models import Edited, User
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Minute(Edited):
    """What is written under an item until the minutes are agreed: read by those who write and check it. Members read
    editions. In the folder of its item. version: each save is counted, so that a second writer is met with both.
    """

    access = Access(view=Perm.MINUTES_WORK, folder="folder")
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="minutes")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="minute")
    text = models.TextField(blank=True, max_length=100000)

    objects = GuardedManager()

    class Meta:
        ordering = ["item"]
        indexes = [GinIndex(Words("text"), name="minute_words")]

    def __str__(self):
        return "minutes of an item"


class Decision(Edited):
    """A decision of a meeting, in the folder of its item. number: within its meeting and that folder, so that whoever
    does not see a restricted item misses no number.

    answer: what the group above said of it where it was sent up (SentUp), so that its own group reads it.
    """

    class How(models.TextChoices):
        UNANIMOUS = "unanimous", "All agreed"
        CONSENSUS = "consensus", "Agreed without a vote"
        MAJORITY = "majority", "By a majority"
        CHAIR = "chair", "By the chair"
        OUTSIDE = "outside", "Outside the meeting"

    access = Access(view=Perm.MEETING_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="decisions_made")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=4000)
    reason = models.TextField(max_length=4000, blank=True)
    dissent = models.TextField(max_length=4000, blank=True)
    how = models.CharField("how it was agreed", max_length=10, choices=How.choices, default=How.CONSENSUS)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    quorate = models.BooleanField("whether the meeting was quorate", null=True)
    made_on = models.DateField(default=timezone.localdate)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["meeting", "number"]
        indexes = [GinIndex(Words("text", "reason", "dissent", "answer"), name="decision_words")]
        constraints = [models.UniqueConstraint(fields=["meeting", "folder", "number"], name="decision_once")]

    def __str__(self):
        return "decision of a meeting"


class SentUp(Edited):
    """What one group asks another, in words of its own, with an answer due.

    From a group to another one of the tree: a decision, in the folder of the one that receives it; the answer is copied
    to the decision, so that the sender reads it. To the board of somebody else (`body` and `decision`): recorded in the
    decision's folder, with the answer that came. From such a board (`body` and `to_group`): what it asks of a group, in
    that group's folder.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        ANSWERED = "answered", "Answered"
        TAKEN_BACK = "taken_back", "Taken back"

    access = Access(view=Perm.MEETING_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="received")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="sent_up")
    from_group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="sent_up")
    to_group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="received")
    body = models.ForeignKey(OtherBody, on_delete=models.PROTECT, null=True, blank=True, related_name="sent_up")
    words = models.TextField(max_length=4000)
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="received")
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "to_group"], condition=Q(status="waiting"), name="sent_up_once"
            ),
            models.UniqueConstraint(fields=["decision", "body"], condition=Q(status="waiting"), name="sent_out_once"),
            models.CheckConstraint(
                condition=Q(decision__isnull=False, from_group__isnull=False, to_group__isnull=False, body__isnull=True)
                | Q(decision__isnull=False, to_group__isnull=True, body__isnull=False)
                | Q(decision__isnull=True, from_group__isnull=True, to_group__isnull=False, body__isnull=False),
                name="sent_up_from_and_to",
            ),
        ]

    def __str__(self):
        return "decision that was sent up"

    @property
    def sender(self) -> str:
        """Load its group's folder, or its body, with it."""
        return self.from_group.name if self.from_group_id else self.body.name if self.body_id else ""

    @property
    def receiver(self) -> str:
        return self.to_group.name if self.to_group_id else self.body.name

    @property
    def outside(self) -> bool:
        """Whether it went to the board of somebody else, whose answer is recorded by hand."""
        return self.to_group_id is None

    @property
    def late(self) -> bool:
        return self.status == self.Status.WAITING and self.due_on < timezone.localdate()


class Edition(models.Model):
    """The minutes of a meeting as they were circulated, agreed or corrected: written once.

    Its words are its parts: one for the meeting itself (who was there), one an item, each in the folder of its item,
    so that whoever does not see an item finds no word of it. A correction of agreed minutes is an edition of the parts
    that changed alone, in their folder, so that a restricted item is corrected unseen; it is read over those before it.
    number: counted over all of them; a reader is told the place among those that they see. reason: why agreed minutes
    were corrected. sha256: of its parts in order.
    """

    class Kind(models.TextChoices):
        CIRCULATED = "circulated", "Draft for correction"
        AGREED = "agreed", "Agreed minutes"
        CORRECTED = "corrected", "Corrected minutes"

    access = OF_FOLDER
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="editions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=1000, blank=True)
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["meeting", "-number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="edition_once")]

    def __str__(self):
        return "edition of minutes"


class Part(models.Model):
    """One item of an edition, as it stood: {"title", "text", "decisions": [...], "actions": [...], "interests": [...]};
    of the meeting itself {"present": [...], "apologies": [...], ...}. In the folder of its item."""

    access = OF_FOLDER
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="parts_of_minutes")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField()
    content = models.JSONField()

    objects = GuardedManager()

    class Meta:
        ordering = ["edition", "position", "id"]
        indexes = [GinIndex(Words(KT("content__title"), KT("content__text")), name="part_words")]

    def __str__(self):
        return "part of minutes"


class Correction(models.Model):
    """What somebody who was there asks to have corrected in circulated minutes, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Not yet looked at"
        TAKEN = "taken", "Taken in"
        DECLINED = "declined", "Not taken in"

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="corrections")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="corrections")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrections")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    words = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    outcome_words = models.CharField(max_length=500, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return "correction of minutes"


class Publication(models.Model):
    """An edition as it was published: a document made anew from its open items alone. It is never edited."""

    access = Access.everyone(why="the partnership published it", view=Perm.GROUP_VIEW)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="publications")
    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="publication")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    words = models.TextField("what it says", default="", editable=False)  # for the search

    class Meta:
        ordering = ["-published_at"]
        indexes = [GinIndex(Words("words"), name="publication_words")]

    def __str__(self):
        return "published minutes"


class MinutesPrint(models.Model):
    """An edition as one person asked to have it as a PDF: theirs alone, of what that person may read when it is made.

    parts: the ids of the parts that stand in it; whoever may read one of them no longer is not given it. version: None
    until it is made.
    """

    access = Access(view=Perm.MEETING_VIEW, person={"made_by": (Person(frozenset({Perm.MEETING_VIEW})),)})
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="prints")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    parts = ArrayField(models.UUIDField(), default=list)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self):
        return "minutes as a PDF"
