"""How a group works: its terms of reference, when it is quorate, who chairs it in turn, whom it works with."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from boards.models.groups import PUBLISHED, Group
from partnership.documents.models import Document
from partnership.people.models import Agency, Dated, DatedQuerySet, Edited, ends_after_start
from partnership.people.models.dated import last_day
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class Terms(Edited):
    """One version of a group's terms of reference: in force from a day, to be reviewed by another.

    decision: the decision of a meeting that approved it; approved_words where that was before the portal.
    """

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    words = models.TextField("terms of reference", max_length=20000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    in_force_from = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    decision = models.ForeignKey("Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    approved_words = models.CharField("approved by, before the portal", max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["group", "-number"]
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="terms_once")]

    def __str__(self):
        return "terms of reference"


class Quorum(Dated, Edited):
    """When a group may decide: how many of its voting members, or which share of them, and which organisations must be
    there (by a member or deputy), each a condition that holds where it is set. It comes from the group's own terms."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="quorums")
    at_least = models.PositiveSmallIntegerField(null=True, blank=True)
    share = models.PositiveSmallIntegerField("per cent of the seats that vote", null=True, blank=True)
    all_of = models.ManyToManyField(Agency, blank=True, related_name="+")
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"], m2m_fields=[all_of])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "-starts"]
        constraints = [
            ends_after_start("quorum_ends_after_start"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__gte=1, share__lte=100), name="quorum_share"),
            models.UniqueConstraint(fields=["group"], condition=Q(ends=None), name="one_quorum_a_group"),
        ]

    def __str__(self):
        return "quorum of a group"

    @property
    def last_day(self):
        return last_day(self.ends)


class Rotation(Dated, Edited):
    """The chair goes round: every so many months from `starts` to the next of `order` (ids of organisations), then
    from the beginning. Stoke-on-Trent and Staffordshire joint arrangements, April 2019: every six months between the
    four partners. None for a group whose chair does not rotate."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="rotations")
    every_months = models.PositiveSmallIntegerField(default=6)
    order = ArrayField(models.UUIDField())
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "-starts"]
        constraints = [
            ends_after_start("rotation_ends_after_start"),
            models.CheckConstraint(condition=Q(starts__isnull=False), name="rotation_starts"),
            models.CheckConstraint(condition=Q(every_months__gte=1, every_months__lte=120), name="rotation_months"),
            models.UniqueConstraint(fields=["group"], condition=Q(ends=None), name="one_rotation_a_group"),
        ]

    def __str__(self):
        return "rotation of a chair"

    @property
    def last_day(self):
        return last_day(self.ends)


class OtherBody(Dated, Edited):
    """A board of somebody else that a group works with: what is shared, what is done together, who goes to it."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="others")
    name = models.CharField(max_length=200)
    shared = models.TextField("what is shared", max_length=2000, blank=True)
    together = models.TextField("what is done together", max_length=2000, blank=True)
    through = models.CharField("through whom (posts)", max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "name"]
        constraints = [ends_after_start("other_body_ends_after_start")]

    def __str__(self):
        return "board of somebody else"
