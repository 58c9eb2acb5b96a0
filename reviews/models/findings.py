"""What a review found, as rows: key practice episodes, safety actions, themes and recommendations."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.access.models import Folder
from partnership.access.querysets import GuardedManager
from partnership.people.models import Agency, User
from partnership.trail.models import new_id
from partnership.trail.protection import Retention
from partnership.ui.dates import plain
from reviews.models.beginning import Review
from reviews.models.case import CASE, LONG


class Finding(models.Model):
    """What the three kinds of rows share. One that is taken off stays: who still writes in it loses no text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="%(class)ss")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField()
    agencies = models.ManyToManyField(Agency, related_name="+", blank=True)
    other_agencies = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    @property
    def concerned(self) -> str:
        """The agencies in words; they come prefetched."""
        return ", ".join(filter(None, [*sorted(each.name for each in self.agencies.all()), self.other_agencies]))


class Episode(Finding):
    """A key practice episode: what happened, and what is to be said of the practice in it."""

    access = CASE
    retention = Retention.CASE

    title = models.CharField(max_length=200)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    happened = models.TextField(max_length=LONG)
    analysis = models.TextField(max_length=LONG, blank=True)

    class Meta(Finding.Meta):
        verbose_name = "key practice episode"

    def __str__(self):
        return "key practice episode"

    @property
    def days(self) -> str:
        """Its day or days in words; empty where none is recorded."""
        if not self.started_on:
            return f"Until {plain(self.ended_on)}" if self.ended_on else ""
        if self.ended_on in (None, self.started_on):
            return plain(self.started_on)
        return f"{plain(self.started_on)} to {plain(self.ended_on)}"


class SafetyAction(Finding):
    """What was done at once to keep children safe, by whom and when."""

    access = CASE
    retention = Retention.CASE

    what = models.TextField(max_length=4000)
    done_on = models.DateField(null=True, blank=True)

    class Meta(Finding.Meta):
        verbose_name = "safety action"

    def __str__(self):
        return "safety action"


class Recommendation(Finding):
    """What should change, for whom, and how one will see that it did."""

    access = CASE
    retention = Retention.CASE

    words = models.TextField(max_length=4000)
    success = models.TextField("what success looks like", max_length=4000, blank=True)

    class Meta(Finding.Meta):
        verbose_name = "recommendation"

    def __str__(self):
        return "recommendation"


class ReviewTheme(models.Model):
    """A theme of the review: a code of the vocabulary (reviews/findings/data/themes.toml), or words of its own."""

    access = CASE
    retention = Retention.CASE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="review_themes")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = GuardedManager()

    class Meta:
        ordering = ["-code", "words"]
        constraints = [
            models.UniqueConstraint(fields=["review", "code", "words"], name="a_theme_once"),
            models.CheckConstraint(
                condition=Q(code="") & ~Q(words="") | ~Q(code="") & Q(words=""), name="a_theme_is_one_of_two"
            ),
        ]

    def __str__(self):
        return "theme of a review"
