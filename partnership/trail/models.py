"""The append-only story of what happened: docs/trail.md."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from partnership.trail.protection import Access, Retention


class Event(models.Model):
    """One thing that happened. It keeps ids, codes and field names, never words of a case.

    The sentence is made when it is read (partnership.trail.story), so that disposal of a case leaves no text behind.
    `happened_at` is when it happened, `recorded_at` when the portal was told. Rows cannot be changed or deleted:
    the web role holds INSERT and SELECT only, and a trigger refuses the rest.
    """

    access = Access.everyone(
        why="read only through partnership.access.story, which asks for the row's folder", view="trail_read"
    )
    retention = Retention.TRAIL
    append_only = True

    id = models.BigAutoField(primary_key=True)
    verb = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    on_behalf_of_id = models.UUIDField(null=True)
    folder_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["folder_id", "-id"], name="event_folder"),
            models.Index(fields=["actor_id", "verb", "object_id", "-recorded_at"], name="event_reader"),
            models.Index(fields=["object_id", "-id"], name="event_object"),
            GinIndex(
                fields=["data"], opclasses=["jsonb_path_ops"], condition=models.Q(verb="listed"), name="event_lists"
            ),
        ]

    def __str__(self):
        return f"event {self.verb}"


def new_id():
    """A random primary key: it tells nothing about how many rows there are."""
    return uuid.uuid4()
