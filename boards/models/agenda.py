"""The agenda of a meeting: its items, their papers, the packs that were made of them, what members propose and say."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from boards.models.meetings import OF_FOLDER, Meeting, Purpose, StandingItem
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models import Duty, Priority
from partnership.documents.models import Document
from partnership.people.models import Agency, Edited, User
from partnership.people.roles import Perm
from partnership.people.words import Words
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Person, Retention


class Item(Edited):
    """An item of an agenda. An open one lies in the folder of its meeting; a restricted one in a sealed folder of its
    own below it, so that nobody else meets a trace of it: not in the numbering either.

    It serves a priority or a duty of the partnership; one that serves neither is standing business. `minutes` of it
    are rows of their own.
    """

    access = Access(view=Perm.MEETING_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="items")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    restricted = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    about = models.TextField("what it is about", max_length=4000, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.NOTE)
    minutes_allowed = models.PositiveSmallIntegerField("minutes", null=True, blank=True)
    presenter = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    presenter_words = models.CharField("presenter without a sign-in", max_length=200, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    standing = models.ForeignKey(StandingItem, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["meeting", "position", "id"]
        indexes = [GinIndex(Words("title", "about"), name="item_words")]

    def __str__(self):
        return "item of an agenda"


class Paper(Edited):
    """A paper of an item: asked for by a day, come or not, on time or late. In the folder of its item."""

    access = Access(view=Perm.MEETING_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="papers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    asked_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="papers_asked")
    asked_words = models.CharField("asked of somebody without a sign-in", max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    received_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["item", "position", "id"]

    def __str__(self):
        return "paper of a meeting"

    @property
    def late(self) -> bool:
        """Whether it came after its day, or has not come and the day is over."""
        if self.due_on is None:
            return False
        return (timezone.localdate(self.received_at) if self.received_at else timezone.localdate()) > self.due_on


class Pack(models.Model):
    """A PDF of the agenda and its papers, made for one audience: those who see exactly these restricted items.

    It lies in the meeting's folder, one with restricted items in the folder of the first of them; whoever sees every
    one of them may have it (boards.agenda.packs.seen_by). number: 0 for the pack, then its supplements, whose pages go
    on where the one before ended. pages: [[paper or item id, first page, last page, version of the paper or None]].
    made_of: what the agenda was made of, as `boards.agenda.packs.state_of` says it. document: None while it is drawn;
    it is kept apart, so that the page of the pack alone gives it. ended_at: another pack took its place.
    """

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="meeting_packs")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    restricted = ArrayField(models.UUIDField(), default=list, blank=True)
    number = models.PositiveSmallIntegerField(default=0)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="meeting_packs")
    pages = models.JSONField(default=list)
    first_page = models.PositiveIntegerField(default=1)
    last_page = models.PositiveIntegerField(default=0)
    made_of = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["meeting", "-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "restricted", "number"], condition=Q(ended_at=None), name="a_pack_an_audience"
            )
        ]

    def __str__(self):
        return "pack of a meeting"


class Proposal(models.Model):
    """An item that a member proposes for a meeting: read by whoever runs it and by the member."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        TAKEN = "taken", "On the agenda"
        LATER = "later", "For a later meeting"
        DECLINED = "declined", "Not taken"

    access = Access(
        view=Perm.PROPOSAL_VIEW, folder="folder", person={"user": (Person(frozenset({Perm.PROPOSAL_VIEW})),)}
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="proposals")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="proposals")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    title = models.CharField(max_length=200)
    why = models.TextField(max_length=2000, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    outcome_words = models.CharField(max_length=500, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="one_proposal_a_meeting")]

    def __str__(self):
        return "proposed item"


class Highlight(Edited):
    """What an organisation wants a meeting to know: written once by one of its members and given to each of the
    meetings of their groups that they choose, a row each."""

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="highlights")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="highlights")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="highlights")
    words = models.TextField(max_length=4000)

    objects = GuardedManager()

    class Meta:
        ordering = ["agency__name", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "agency"], name="one_highlight_an_agency")]

    def __str__(self):
        return "highlight for a meeting"


class Interest(models.Model):
    """An interest that somebody declared in an item, and what followed from it."""

    class Effect(models.TextChoices):
        STAYS = "stays", "Stays and takes part"
        SILENT = "silent", "Stays, without taking part"
        LEAVES = "leaves", "Leaves for the item"

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="item_interests")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="interests")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="item_interests")
    name = models.CharField("of somebody without a sign-in", max_length=200, blank=True)
    words = models.CharField(max_length=1000)
    effect = models.CharField(max_length=10, choices=Effect.choices, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardedManager()

    class Meta:
        ordering = ["declared_at", "id"]

    def __str__(self):
        return "declared interest"
