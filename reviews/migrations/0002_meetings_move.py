"""The meeting of each review goes to the wing that keeps meetings (docs/adr/0029), under the same ids: what was told
and recorded of it still finds it.

Not reversible: what is written there afterwards has no place in the old tables.
"""

from django.db import migrations
from django.utils import timezone

TITLE = "Rapid review meeting"
NOTES = "Notes"
STEP, RULE = "meeting", "rapid_review"


def move(apps, schema_editor):
    rows = lambda app, name: apps.get_model(app, name)._base_manager.using(schema_editor.connection.alias)  # noqa: E731
    for old in rows("reviews", "Meeting").order_by("pk"):
        new = _meeting(rows, old)
        _people(rows, old, new)
        _notes(rows, old, new)
    # What was told of a meeting is told by its new wing now.
    rows("notify", "Notice").filter(kind="review_meeting").update(kind="meeting_called")


def _meeting(rows, old):
    steps = rows("deadlines", "Milestone")
    held = steps.filter(deadline__subject_id=old.review_id, deadline__rule=RULE, code=STEP, step=True)
    held = held.exclude(deadline__status__in=("superseded", "cancelled")).exclude(done_at=None)
    held_at = held.values_list("done_at", flat=True).first() if old.starts_at <= timezone.now() else None
    return rows("boards", "Meeting").create(
        pk=old.pk, folder_id=old.folder_id, title=TITLE, starts_at=old.starts_at, place=old.place, link=old.link,
        version=old.version, changed_by_id=old.changed_by_id, changed_at=old.changed_at,
        status="held" if held_at else "planned", held_at=held_at,
        minutes_status="draft" if held_at or old.notes else "none",
    )  # fmt: skip


def _people(rows, old, new):
    """Who was invited, and of a meeting that has begun who came. Apologies for one that lies ahead are an answer."""
    invitees, came = rows("boards", "Invitee"), rows("boards", "Attendance")
    begun, posts = old.starts_at <= timezone.now(), set()
    invited = rows("reviews", "Invitee").filter(meeting=old).select_related("user")
    for row in invited.order_by("invited_at", "pk"):
        post = _apart(row.post, posts)
        answer = {}
        if row.attendance and not begun:
            answer = {"answer": row.attendance, "answered_at": timezone.now(), "answered_by_id": row.recorded_by_id}
        invitees.create(
            pk=row.pk, folder_id=row.folder_id, meeting=new, user_id=row.user_id, post=post, chairs=row.chairs,
            invited_by_id=row.invited_by_id, invited_at=row.invited_at, **answer,
        )  # fmt: skip
        if row.attendance and begun:
            came.create(
                folder_id=row.folder_id, meeting=new, user_id=row.user_id, name=row.user.name if row.user_id else post,
                mark=row.attendance, chairs=row.chairs and row.attendance == "present", standing="adviser",
                recorded_by_id=row.recorded_by_id, recorded_at=old.starts_at,
            )  # fmt: skip


def _apart(post, taken) -> str:
    """Two of one post are told apart, as the page of who came asks: by a number behind it."""
    words, number = post, 1
    while post and words.casefold() in taken:
        number += 1
        words = f"{post[:190]} ({number})"
    taken.add(words.casefold())
    return words


def _notes(rows, old, new):
    if not old.notes:
        return
    by = {"changed_by_id": old.notes_saved_by_id, "changed_at": old.notes_saved_at or old.changed_at}
    item = rows("boards", "Item").create(
        folder_id=old.folder_id, meeting=new, title=NOTES, position=1, standing_business=True, **by
    )
    rows("boards", "Minute").create(
        folder_id=old.folder_id, item=item, text=old.notes, version=old.notes_version, **by
    )


class Migration(migrations.Migration):

    dependencies = [
        ("reviews", "0001_squashed_0017"),
        ("boards", "0004_editions_stay"),
        ("deadlines", "0007_running_and_paused"),
        ("notify", "0005_letters_of_their_own"),
    ]

    operations = [migrations.RunPython(move)]
