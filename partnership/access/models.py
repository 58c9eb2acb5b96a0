"""Folder, FolderGrant, Conflict, Link, Submission, KeptForm, SignedIn, Remembered: docs/access.md is their one page."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, Partnership, User
from partnership.people.roles import FOLDER_ROLES, LABELS, Perm, Role
from partnership.trail.models import new_id
from partnership.trail.protection import FOLDER_ITSELF, Access, Retention

ROLE_PREFIX = "role_"


class FolderKind(models.TextChoices):
    GROUP = "group", "Board or sub-group"
    MEETING = "meeting", "Meeting"
    ITEM = "item", "Restricted item"
    REVIEW = "review", "Rapid review"
    AUDIT = "audit", "Audit"
    COURSE = "course", "Course"
    OFFICE = "office", "Partnership business"
    CHALLENGE = "challenge", "Professional challenge"


# Kinds that `agencies` opens; groups and meetings open by seat, reviews by grant (house.md 2.3).
OPEN_BY_AGENCY = (FolderKind.AUDIT, FolderKind.COURSE, FolderKind.OFFICE)
SEALED_KINDS = (FolderKind.REVIEW,)
# Kinds to which access comes with a seat, given and ended where the seat is.
SEATED_KINDS = (FolderKind.GROUP,)


class Folder(models.Model):
    """What people are let into.

    `path` holds the ids from the top folder down to this one; `sealed` is effective: a folder under a sealed one is
    sealed. Both are stored, written by partnership.access.services alone, and held by a constraint trigger.
    """

    access = Access(view=Perm.FOLDER_VIEW, folder=FOLDER_ITSELF)
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FolderKind.choices)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="folders")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = ArrayField(models.UUIDField(), editable=False)
    sealed = models.BooleanField(default=False)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="folders")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GuardedManager()

    class Meta:
        ordering = ["reference"]
        indexes = [GinIndex(fields=["path"], name="folder_path", opclasses=["array_ops"])]
        permissions = [(f"{ROLE_PREFIX}{role}", LABELS[role]) for role in FOLDER_ROLES]

    def __str__(self):
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def folder_id(self):
        """Its own: the trail asks a folder as it asks what hangs on one."""
        return self.pk

    @property
    def called(self) -> str:
        """To those who may see it: a case by its code word, everything else by its title."""
        return self.reference if self.sealed and self.kind != FolderKind.ITEM else self.title


class LiveQuerySet(models.QuerySet):
    def live(self, now=None):
        """Rows in force now: the one reader of grants and bars."""
        now = now or timezone.now()
        return self.filter(Q(starts__lte=now), Q(ends__isnull=True) | Q(ends__gt=now))


class FolderGrant(UserObjectPermissionBase):
    """One person let into one folder, with a role (the permission's codename), a reason, a giver and dates."""

    access = Access.everyone(
        why="read only through 'People with access', which asks for the folder", view="folder_grant"
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content_object = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="folder_grants")
    reason = models.CharField(max_length=300)
    emergency = models.BooleanField("opened in an emergency, by the person’s own word", default=False)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        unique_together = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_object", "permission"], condition=Q(ends__isnull=True), name="one_open_grant"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="grant_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"grant on {self.content_object_id}"

    @property
    def role(self):
        return Role(self.permission.codename.removeprefix(ROLE_PREFIX))

    @property
    def role_label(self):
        return LABELS[self.role]

    @property
    def last_day(self):
        """The day of the last moment of this access: what ends at midnight had the day before as its last."""
        return timezone.localdate(self.ends - timedelta(microseconds=1)) if self.ends else None


class Conflict(models.Model):
    """A person barred from a folder and all below it: personal, operational or line-management involvement.

    It beats every path. An agency's involvement is only a flag and bars nobody.
    """

    class Reason(models.TextChoices):
        PERSONAL = "personal", "Knows the child or family"
        OPERATIONAL = "operational", "Worked with the child or family"
        LINE_MANAGEMENT = "line", "Manages somebody who worked with the child or family"
        OTHER = "other", "Other conflict of interest"

    access = Access.everyone(
        why="read only through 'People with access', which asks for the folder", view="folder_grant"
    )
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=300, blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_why = models.CharField(max_length=300, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "folder"], condition=Q(ends__isnull=True), name="one_open_bar")
        ]

    def __str__(self):
        return f"bar on {self.folder_id}"


class Link(models.Model):
    """The second door: a person acts by a link, as somebody, for one purpose. Only the token's hash is kept."""

    class Purpose(models.TextChoices):
        FIRST_SIGN_IN = "first_sign_in", "Set a password for the first time"
        INVITATION = "invitation", "Accept an invitation"
        CLAIM = "claim", "Join for a school by its known address"
        NEW_ADDRESS = "new_address", "Confirm a new email address"
        GUEST = "guest", "Answer one request as a guest"
        ACTIONS = "actions", "Answer actions from a reminder"
        FEED = "feed", "Read one’s own calendar of what is due"
        MEETING = "meeting", "Answer an invitation to a meeting"
        GROUP_FEED = "group_feed", "Read the calendar of a group’s meetings"
        SIGNATURE = "signature", "Sign a return of an audit"
        APPROVAL = "approval", "Approve a training place as its manager"
        PLACE = "place", "See to one’s own training place"
        AFTER_TRAINING = "after_training", "Say what training was worth"

    access = Access.everyone(why="read only by partnership.access.links, by the hash of a token", view="sign_in")
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    acts_as = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    object_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField(default=1)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"link {self.purpose}"


class Submission(models.Model):
    """A form that was sent once: a second click, a re-sent page and a retry after a time-out find it here."""

    access = Access.everyone(why="read only by partnership.access.page, by token and user", view="sign_in")
    retention = Retention.TECHNICAL

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    location = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return "submission"


class KeptForm(models.Model):
    """What somebody sent when the session had ended: sealed, for that person and address alone, for half an hour."""

    access = Access.everyone(why="read only by partnership.access.kept, by id, person and address", view="sign_in")
    retention = Retention.TECHNICAL

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=300)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return "kept form"


class SignedIn(AbstractBaseSession):
    """A session, and whose it is (nobody's before signing in); written by partnership.access.sessions alone."""

    access = Access.everyone(why="read only by partnership.access.sessions: one's own, by a handle", view="sign_in")
    retention = Retention.TECHNICAL

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self):
        return "session"

    @classmethod
    def get_session_store_class(cls):
        from partnership.access.sessions import SessionStore

        return SessionStore


class Remembered(models.Model):
    """What signing in remembers for minutes: how often a password was wrong, which codes were used; by keyed hash."""

    access = Access.everyone(why="read only by partnership.access.memory, by a keyed hash", view="sign_in")
    retention = Retention.TECHNICAL

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self):
        return "remembered"
