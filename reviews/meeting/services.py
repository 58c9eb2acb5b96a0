"""Writes to the meeting of a review. It is kept on after the sending: the notes of a meeting are not what was sent."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.edits import CHANGED, change
from partnership.access.flow import Stale, lock
from partnership.access.models import Conflict
from partnership.access.rows import holders
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.people.services import near_cases
from partnership.trail.services import record
from reviews import notices
from reviews.models import Invitee, Meeting

PLAN = ("starts_at", "place", "link")


@transaction.atomic
def plan(review, *, by, version=0, **facts) -> Meeting:
    """Set when and where; those invited who are on the case's list are told of another time or place.

    version: of the meeting that was read, 0 for none. Raises Stale when somebody changed it since.
    """
    review = lock(review)
    row = Meeting.objects.unscoped("the page has asked for its review").filter(review=review).first()
    if (row.version if row else 0) != version:
        raise Stale(CHANGED)
    if row is None:
        row = Meeting.objects.create(folder_id=review.folder_id, review=review, changed_by=by, **facts)
        record("meeting_planned", by=by, obj=row)
        return row
    row = change(row, "meeting_changed", by=by, version=version, facts=facts)
    if row.version != version:
        invited = Invitee.objects.unscoped("they are told of it").filter(meeting=row).exclude(user=None)
        notices.tell_invited(row, invited.values_list("user_id", flat=True), but=by)
    return row


@transaction.atomic
def invite(meeting, *, by, user=None, post="") -> Invitee:
    """Invite a person of the portal, or somebody outside it by post. It lets nobody in; who is on the list is told.

    Raises ValidationError for neither, both, somebody who is invited already, whose roles stand apart from cases, or
    who is barred from this one: that is not said here, because not everybody who plans a meeting may know of it.
    """
    meeting = lock(meeting)
    if bool(user) == bool(post.strip()):
        raise ValidationError({"user": "Choose a person, or enter a post: one of the two."})
    if user and not _may_be_invited(user, meeting.folder):
        raise ValidationError({"user": f"{user.name} cannot be invited to this meeting. A case lead can tell you why."})
    try:
        with transaction.atomic():
            row = Invitee.objects.create(
                folder_id=meeting.folder_id, meeting=meeting, user=user, post=post.strip(), invited_by=by
            )
    except IntegrityError:
        raise ValidationError({"user": f"{user.name} is invited already."}) from None
    record("meeting_invited", by=by, obj=row, user=user and user.pk)
    if user:
        notices.tell_invited(meeting, [user.pk], but=by)
    return row


def _may_be_invited(user, folder) -> bool:
    barred = Conflict.objects.live().filter(user=user, folder_id__in=folder.path).exists()
    return not barred and near_cases(User.objects.filter(pk=user.pk, is_active=True)).exists()


@transaction.atomic
def uninvite(row, *, by) -> None:
    row = lock(row)
    record("meeting_uninvited", by=by, obj=row, user=row.user_id)
    row.delete()


@transaction.atomic
def attend(meeting, *, by, came: dict, read=None) -> None:
    """came: invitee's id -> a code of Attendance, or nothing where it is not recorded.

    read: the same, as the page showed it: only what was answered otherwise is written. Raises Stale, and writes
    nothing, where somebody else answered it otherwise since.
    """
    meeting = lock(meeting)
    changed, read = [], read or {}
    for row in Invitee.objects.unscoped("the page has asked for the meeting").filter(meeting=meeting):
        was, answer = read.get(row.pk, row.attendance), came.get(row.pk, row.attendance)
        if answer in (was, row.attendance):
            continue
        if row.attendance != was:
            raise Stale(CHANGED)
        row.attendance, row.recorded_by = answer, by
        changed.append(row)
    for row in changed:
        row.save(update_fields=["attendance", "recorded_by"])
    if changed:
        record("meeting_attended", by=by, obj=meeting, ids=[str(row.pk) for row in changed])


@transaction.atomic
def save_notes(meeting, *, by, version, notes) -> Meeting:
    """Raises Stale when somebody else saved the notes since `version`."""
    row = lock(meeting)
    if row.notes_version != version:
        raise Stale("Somebody else saved these notes while you were typing.")
    if row.notes != notes:
        row.notes, row.notes_version = notes, version + 1
        row.notes_saved_at, row.notes_saved_by = timezone.now(), by
        row.save(update_fields=["notes", "notes_version", "notes_saved_at", "notes_saved_by"])
        record("meeting_noted", by=by, obj=row)
    return row


@transaction.atomic
def chair(row, *, by, chairs: bool) -> Invitee:
    """Record that this invitee chairs the meeting, in the place of whoever did, or chairs it no more.

    Raises ValidationError for the case's independent scrutineer, who chairs nothing that he scrutinises.
    """
    lock(row.meeting)
    row = lock(row)
    if chairs and row.user_id and holders(row.folder, Perm.REPORT_COMMENT).filter(pk=row.user_id).exists():
        raise ValidationError(f"{row.called} is the independent scrutineer of this case and cannot chair its meeting.")
    others = Invitee.objects.unscoped("one chairs a meeting").filter(meeting=row.meeting_id, chairs=True)
    others.exclude(pk=row.pk).update(chairs=False)
    row.chairs = chairs
    row.save(update_fields=["chairs"])
    record("meeting_chaired", by=by, obj=row, user=row.user_id, chairs=chairs)
    return row
