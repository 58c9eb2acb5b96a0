"""Meetings: planned in a series, called, held; who is invited, who came, whose assistant answers for whom."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from boards.models.groups import Group, Seat
from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.actions.models import Duty, Priority
from partnership.people.models import Agency, Dated, DatedQuerySet, Edited, User, ends_after_start
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention
from partnership.ui.dates import plain

# A meeting is of a folder: a group's, a review's, a challenge's. Who may open the folder may open its meetings.
OF_FOLDER = Access(view=Perm.MEETING_VIEW, folder="folder")


class Purpose(models.TextChoices):
    """What an item asks of those who are there."""

    DECIDE = "decide", "To decide"
    ASSURE = "assure", "To assure"
    NOTE = "note", "To note"


class Series(Edited):
    """The meetings of a group over a stretch of time, by a pattern.

    pattern: [{"from": ISO day, "to": ISO day, "every_months": 1, "week": 1 to 4 or -1 for the last, "weekday": 0 for
    Monday}], its steps one after another. A day that falls on a bank holiday or in the schools' holidays moves.
    """

    access = OF_FOLDER
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="series")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="series")
    title = models.CharField(max_length=200)
    pattern = models.JSONField()
    begins_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField("how long, in minutes", default=120)
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return "series of meetings"


class StandingItem(Edited):
    """An item that comes back: at each meeting of a group, or in the months named (1 to 12)."""

    access = OF_FOLDER
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="standing_items")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="standing_items")
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.NOTE)
    months = models.JSONField("months of the year, none for every meeting", default=list, blank=True)
    minutes_allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    presenter = models.CharField(max_length=200, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["position", "title", "id"]

    def __str__(self):
        return "standing item"


class Meeting(Edited):
    """One meeting. Its folder is a group's or a case's; that folder's people are its audience.

    version: of what was planned (title, time, place). sequence: how often those invited were written to of a change
    (RFC 5545, SEQUENCE). uid: what names it in other calendars, for ever. minutes_status: how far its minutes are.
    checked_words: by whom and when the minutes were checked, where that was outside the portal. agreed_in,
    agreed_words: the later meeting that agreed them, or its day in words.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        CALLED = "called", "Called"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    class Minutes(models.TextChoices):
        NONE = "none", "Not begun"
        DRAFT = "draft", "Draft"
        CIRCULATED = "circulated", "Circulated for correction"
        CHECKED = "checked", "Checked by the chair"
        AGREED = "agreed", "Agreed"
        PUBLISHED = "published", "Published"

    GOES_ON = (Status.PLANNED, Status.CALLED)
    CLOSED_MINUTES = (Minutes.AGREED, Minutes.PUBLISHED)

    access = Access(view=Perm.MEETING_VIEW, folder="folder", logged=True)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="meetings")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    uid = models.UUIDField(default=new_id, editable=False, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    called_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField("why it was cancelled", max_length=500, blank=True)
    minutes_status = models.CharField(max_length=12, choices=Minutes.choices, default=Minutes.NONE)
    minutes_agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_in = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_words = models.CharField(max_length=200, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_words = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    day_only = models.BooleanField("the source gives no time", default=False)
    month_only = models.BooleanField("the source gives the month alone", default=False)

    objects = GuardedManager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["folder", "starts_at"], name="meeting_of_folder")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message="The end must be after the start.",
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | Q(group=F("folder")), name="a_groups_meeting_is_in_its_folder"
            ),
            models.CheckConstraint(condition=~Q(status="held") | Q(held_at__isnull=False), name="held_when"),
        ]

    def __str__(self):
        return "meeting"

    @property
    def day(self):
        """The day in London on which it begins."""
        return timezone.localdate(self.starts_at)

    @property
    def day_words(self):
        """'12 June 2018', or 'June 2018' where its source gives the month alone."""
        return f"{self.day:%B %Y}" if self.month_only else plain(self.day)

    @property
    def is_ahead(self):
        return self.status in self.GOES_ON and self.starts_at > timezone.now()


class Invitee(models.Model):
    """Somebody who is called to a meeting, and what was answered: by a seat, as a person, or outside it by post.

    It lets nobody in: who may open the folder may open the meeting. told_sequence: the newest sequence of the meeting
    that this person was written of; None for nobody who was written to. called_for: the beginning that they were called
    for; another one asks for the answer anew. bounced_at: when their newest letter came back.
    """

    class Answer(models.TextChoices):
        COMING = "coming", "Coming"
        APOLOGIES = "apologies", "Apologies"
        DEPUTY = "deputy", "Sends a deputy"
        TENTATIVE = "tentative", "Not sure yet"

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="invitees")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitees")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="invitees")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="called_to")
    post = models.CharField("name or post, of somebody without a sign-in", max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    chairs = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deputy_words = models.CharField("deputy without a sign-in", max_length=200, blank=True)
    words = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_link = models.BooleanField(default=False)
    told_sequence = models.PositiveIntegerField(null=True, blank=True)
    called_for = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(user__isnull=False), name="called_once_to_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) & ~Q(post="") | Q(user__isnull=False), name="an_invitee_is_somebody"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(chairs=True), name="one_chairs_a_meeting"),
        ]

    def __str__(self):
        return "invitee of a meeting"

    @property
    def called(self):
        return self.user.name if self.user_id else self.post


class Attendance(models.Model):
    """Who came: one row a seat that existed on the day, and one a guest or invitee without a seat.

    What the seat was on that day is copied (place, post, organisation, agency, voting, standing), so that the past
    stays as it was. stood_in: the deputy who came in its holder's place; name: of who came, as it was known that day.
    """

    class Mark(models.TextChoices):
        PRESENT = "present", "Present"
        APOLOGIES = "apologies", "Apologies"
        DEPUTY = "deputy", "Deputy"
        ABSENT = "absent", "Absent"
        NOT_APPLICABLE = "na", "Not applicable"
        OBSERVER = "observer", "Observed"

    access = OF_FOLDER
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="attendances")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    place = models.UUIDField(null=True, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    organisation = models.CharField(max_length=200, blank=True)
    voting = models.CharField(max_length=10, choices=Seat.Voting.choices, default=Seat.Voting.UNKNOWN)
    standing = models.CharField(max_length=10, choices=Seat.Standing.choices, default=Seat.Standing.MEMBER)
    chairs = models.BooleanField(default=False)
    mark = models.CharField(max_length=10, choices=Mark.choices, blank=True)
    stood_in = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stood_in_words = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField("why it was put right after the minutes were agreed", max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = GuardedManager()

    class Meta:
        ordering = ["meeting", "id"]
        indexes = [models.Index(fields=["place"], name="attendance_of_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(seat__isnull=False), name="a_seat_came_once"
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=False) | Q(user__isnull=False) | ~Q(name=""), name="somebody_came"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(chairs=True), name="one_chaired_a_meeting"),
        ]

    def __str__(self):
        return "attendance at a meeting"


class Assistant(Dated):
    """Who answers for a member of groups and reads their open papers: named by the member, ended by the member.

    The grants on the member's groups follow (boards.groups.grants); never anything of a case, never a signature.
    """

    access = Access.everyone(why="one’s own page, and the seats of a group, show it", view=Perm.GROUP_VIEW)
    retention = Retention.ACCOUNT

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assistants")
    assistant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assists")
    named_at = models.DateTimeField(default=timezone.now)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-named_at"]
        constraints = [
            ends_after_start("assistant_ends_after_start"),
            models.CheckConstraint(condition=~Q(member=F("assistant")), name="nobody_assists_oneself"),
            models.UniqueConstraint(
                fields=["member", "assistant"], condition=Q(ends__isnull=True), name="an_assistant_once"
            ),
        ]

    def __str__(self):
        return "assistant of a member"

    @property
    def last_day(self):
        return last_day(self.ends)
