"""The boards and sub-groups of the partnership, and the seats on them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from partnership.access.models import Folder
from partnership.people.models import Agency, Dated, DatedQuerySet, Edited, Partnership, User, ends_after_start
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm, Role
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention

PUBLISHED = {"why": "the groups and who sits on them are published by the partnership", "view": Perm.GROUP_VIEW}


class Arrangement(Dated, Edited):
    """A set of multi-agency safeguarding arrangements as published, with the period in which it was in force (Children
    Act 2004 s16G(2)); today's groups and those of earlier arrangements stand in one history."""

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="arrangements")
    ref = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "name"]
        constraints = [
            ends_after_start("arrangement_ends_after_start"),
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="an_arrangement_a_ref"),
        ]

    def __str__(self):
        return "arrangement"

    @property
    def last_day(self):
        return last_day(self.ends)


class Group(Dated, Edited):
    """A board, an executive, a sub-group. Its folder carries its actions and papers, and its name is its folder's
    title; its id is its folder's id, so that whoever has the one has the address of the other (docs/adr/0025).

    `ref` is its id in data/groups.toml, for one that was loaded from it. follows: the group of an earlier arrangement
    whose work it carries on.
    """

    class Kind(models.TextChoices):
        BOARD = "board", "Board or executive"
        SUBGROUP = "subgroup", "Sub-group"
        PANEL = "panel", "Panel"
        TASK = "task", "Task and finish group"
        FUNCTION = "function", "Function or hub"

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, primary_key=True, related_name="group")
    ref = models.CharField(max_length=20, blank=True)
    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, null=True, blank=True, related_name="groups")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SUBGROUP)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    purpose = models.TextField("what it is for", max_length=2000, blank=True)
    meets = models.CharField("how often it meets", max_length=200, blank=True)
    chair_rule = models.CharField("who chairs it", max_length=300, blank=True)
    papers_due = models.PositiveSmallIntegerField("working days before a meeting by which papers are due", default=5)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["folder__title", "folder_id"]
        constraints = [
            ends_after_start("group_ends_after_start"),
            models.UniqueConstraint(fields=["ref"], condition=~Q(ref=""), name="a_group_a_ref"),
        ]

    def __str__(self):
        return "group"

    @property
    def name(self) -> str:
        """Its folder's title: load the folder with it."""
        return self.folder.title

    @property
    def over(self) -> bool:
        return self.ends is not None and self.ends <= timezone.localdate()

    @property
    def last_day(self):
        return last_day(self.ends)


class Seat(Dated, Edited):
    """A place on a group from a day until a day: held by somebody, or vacant and known by post and organisation.

    Another holder is another row, so that who sat on any past day can be answered. A seat that was given and taken
    back on one day ends on the day that it began. `place` joins the rows of one seat, so that its attendance is counted
    whoever held it.
    """

    class SeatRole(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE = "vice", "Vice chair"
        MEMBER = "member", "Member"

    class Voting(models.TextChoices):
        YES = "yes", "Votes"
        NO = "no", "Does not vote"
        UNKNOWN = "unknown", "Not said"

    class Represents(models.TextChoices):
        AGENCY = "agency", "An organisation"
        AREA = "area", "An area"
        SECTOR = "sector", "A sector"

    class Standing(models.TextChoices):
        MEMBER = "member", "Member"
        OBSERVER = "observer", "Participant observer"
        ADVISER = "adviser", "Adviser or critical friend"

    LEADS = (SeatRole.CHAIR, SeatRole.VICE)

    access = Access.everyone(**PUBLISHED)
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.UUIDField("the same for all who hold this seat one after another", default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="seats")
    represents = models.CharField(max_length=10, choices=Represents.choices, default=Represents.AGENCY)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.MEMBER)
    role = models.CharField(max_length=10, choices=SeatRole.choices, default=SeatRole.MEMBER)
    post = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="seats")
    organisation = models.CharField("organisation that the directory does not have", max_length=200, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="seats")
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")
    voting = models.CharField(max_length=10, choices=Voting.choices, default=Voting.UNKNOWN)
    source = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "role", "post", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="seat_ends_after_start",
                violation_error_message="The end must not be before the start.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(post=""),
                name="a_seat_is_held_or_has_a_post",
                violation_error_message="Enter the post that the seat is for, or who holds it.",
            ),
            models.UniqueConstraint(
                fields=["group", "user", "agency", "organisation", "post"],
                condition=Q(ends__isnull=True, user__isnull=False),
                nulls_distinct=False,
                name="one_open_seat_a_person",
                violation_error_message="This person has this seat on the group already.",
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(ends__isnull=True),
                name="one_holder_a_seat",
                violation_error_message="Somebody holds this seat already.",
            ),
        ]

    def __str__(self):
        return "seat on a group"

    @property
    def folder_role(self) -> Role:
        """What its holder holds on the group's folder. A deputy reads; the chair's place is a vice chair's to take."""
        return Role.CHAIR if self.role in self.LEADS and not self.deputy_for_id else Role.GROUP_MEMBER

    @property
    def last_day(self):
        """Never before the first day: what ended on the day that it began had that one day."""
        last = last_day(self.ends)
        return last and max(last, self.starts or last)

    @property
    def of(self) -> str:
        """The organisation: load the agency with it."""
        return self.agency.name if self.agency_id else self.organisation
