"""The report by section, what the independent scrutineer says of it, and the packs made for the meeting."""

from django.db import models
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.documents.models import Version
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention
from reviews.models.beginning import Review
from reviews.models.case import CASE

REPORT = Access(view=Perm.REPORT_READ, folder="folder")


class ReportSection(models.Model):
    """One section of the report. `version` counts its own saves, so two people under two headings never meet.

    typed: whether a person's words stand in it; a draft that the portal put together and nobody changed has none.
    draft_mark: `mark_of` what the sources gave when it was drafted last, empty where it never was.
    """

    class Code(models.TextChoices):
        """In reading order: the Panel's guidance of June 2025 as partnerships restate it, and what good reports add
        (statutory.md section 3; `known` and `family` are recalled, not read in the Panel's own text)."""

        NOTIFIED = "notified", "What happened and what was notified"
        FACTS = "facts", "The facts, with key practice episodes"
        LIVES = "lives", "The context of the children’s lives"
        AGENCIES = "agencies", "Agencies’ involvement and their analysis of practice"
        IMMEDIATE = "immediate_action", "Immediate safety action and learning already shared"
        KNOWN = "known", "Learning already known, here and nationally"
        FAMILY = "family", "Views of the family, where that was possible"
        IMPROVEMENTS = "improvements", "Potential improvements to safeguard children"
        NEXT = "next_steps", "Next steps, and why"

    access = REPORT
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="report_sections")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=20, choices=Code.choices)
    text = models.TextField(blank=True)
    typed = models.BooleanField(default=False)
    draft_mark = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="a_section_once")]

    def __str__(self):
        return "section of a report"


class ScrutinyComment(models.Model):
    """What an independent scrutineer said of the report. It is never changed; another comment may follow."""

    access = REPORT
    retention = Retention.CASE
    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="scrutiny_comments")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scrutiny_comments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField()

    objects = GuardedManager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return "comment of a scrutineer"


class Pack(models.Model):
    """A PDF made for one audience of the meeting. Another for the same audience takes its place on the page."""

    class Audience(models.TextChoices):
        MEMBERS = "members", "Panel members"
        PARTNERS = "partners", "Delegated partners"
        ALOUD = "aloud", "To read out at the meeting"

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="packs")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="packs")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    file = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return "pack for a meeting"
