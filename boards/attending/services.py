"""Who was there. Each write holds the meeting, so two people ticking at once meet."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.attending.rows import copied, key_of, rows_of
from boards.flow import MINUTES
from boards.matrix.misses import tell_of_misses
from boards.meetings.hosted import why_no_chair
from boards.minutes.services import marks_changed
from boards.models import Attendance, Invitee, Meeting
from partnership.access.edits import CHANGED
from partnership.access.flow import Stale, lock
from partnership.trail.services import record

M = Attendance.Mark
WHY = "the service holds the meeting"
NOT_BEGUN = "This meeting has not begun: who came is ticked from its beginning on."
CANCELLED = "This meeting was cancelled: nothing more is recorded of it."
SAY_WHY = "The minutes are agreed: say why this is put right. It is kept with it."
AWAY = (M.APOLOGIES, M.ABSENT, M.NOT_APPLICABLE)


def was_held(meeting, *, by) -> None:
    """It was recorded that a meeting was held: its minutes begin, and what follows from who came is told."""
    if meeting.minutes_status == Meeting.Minutes.NONE:
        MINUTES.take(meeting, "begin", by=by)
    tell_of_misses(meeting)


@transaction.atomic
def mark(meeting, *, by, marks, read, chair=None, chair_read="", reason="") -> Meeting:
    """Record who came. The first time, each seat of the day has its row made, with what the seat was on that day.

    marks: row key -> (a code of Mark or "", id of the deputy as text or "", name of a deputy without a sign-in). read:
    the same as the page showed it. chair, chair_read: the key of who chaired, "" for nobody, None for 'as it is'. Only
    what was answered otherwise than read is written. reason: needed once the minutes are agreed.

    Raises Stale, and writes nothing, where somebody else answered one of these otherwise since; ValidationError for a
    meeting that has not begun or was cancelled, and for a chair who was not there.
    """
    row = lock(meeting)
    _must_have_begun(row)
    rows = {each.key: each for each in rows_of(row)}
    changed = _changed(rows, marks, read)
    takes_chair = chair is not None and chair != chair_read and _chair_moves(rows, chair, chair_read)
    if not (changed or takes_chair):
        return row
    corrects = row.minutes_status in Meeting.CLOSED_MINUTES
    if corrects and not reason.strip():
        raise ValidationError({"reason": SAY_WHY})
    _set_down(row, rows, by)
    for key, answer in changed.items():
        _write(rows[key], answer, by, reason.strip() if corrects else "")
    if takes_chair:
        _seat_the_chair(rows, chair, by, folder=meeting.folder)
    ids = [str(rows[key].stored.pk) for key in changed]
    record("attendance_marked", by=by, obj=row, ids=ids, chair=bool(takes_chair), corrects=corrects)
    if corrects:
        marks_changed(row, by=by, reason=reason.strip())
    tell_of_misses(row)
    return row


def _must_have_begun(row):
    if row.status == Meeting.Status.CANCELLED:
        raise ValidationError(CANCELLED)
    if row.starts_at > timezone.now():
        raise ValidationError(NOT_BEGUN)


def _changed(rows, marks, read) -> dict:
    changed = {}
    for key, answer in marks.items():
        each, answer = rows.get(key), tuple(answer)
        if each is None:
            continue
        now, was = tuple(each.read), tuple(read.get(key, each.read))
        if answer in (was, now):
            continue
        if now != was:
            raise Stale(CHANGED)
        changed[key] = answer
    return changed


def _chair_moves(rows, chair, chair_read) -> bool:
    now = next((key for key, each in rows.items() if each.chairs), "")
    if chair == now:
        return False
    if now != chair_read:
        raise Stale(CHANGED)
    if chair and chair not in rows:
        raise ValidationError({"chair": "Choose who chaired from those who are listed."})
    return True


def _set_down(meeting, rows, by):
    """A row for each seat and invitee that has none yet."""
    new = []
    for each in rows.values():
        if each.stored is None:
            each.stored = Attendance(folder_id=meeting.folder_id, meeting=meeting, recorded_by=by, **_facts(each))
            new.append(each.stored)
    Attendance.objects.bulk_create(new)


def _facts(each) -> dict:
    """What a seat, or somebody who was called without one, is copied as."""
    if each.seat:
        return copied(each.seat)
    return {"user_id": each.user_id, "name": each.name, "organisation": each.of, "standing": each.standing}


def _write(each, answer, by, reason):
    stored, (code, who, words) = each.stored, answer
    if not stored.mark and each.seat is not None:  # a seat is copied when it is ticked
        for name, value in _facts(each).items():
            setattr(stored, name, value)
    deputy = code == M.DEPUTY
    if deputy and who and who not in {str(pk) for pk, _ in each.deputies}:
        raise ValidationError("Choose the deputy from those who are listed, or enter the name.")
    stored.mark, stored.stood_in_id = code, who if deputy and who else None
    stored.stood_in_words = words if deputy and not who else ""
    if code in AWAY:
        stored.chairs = False
    stored.recorded_by, stored.recorded_at = by, timezone.now()
    stored.reason = reason or stored.reason
    stored.full_clean(exclude=["folder", "meeting", "seat", "recorded_by"], validate_constraints=False)
    stored.save()


def _seat_the_chair(rows, chair, by, *, folder):
    if chair and rows[chair].mark in AWAY:
        raise ValidationError({"chair": f"{rows[chair].called} was not there and cannot have chaired."})
    if chair and (why := why_no_chair(folder, rows[chair].user_id, rows[chair].called)):
        raise ValidationError({"chair": why})
    for each in rows.values():
        if each.stored.chairs and each.key != chair:
            each.stored.chairs = False
            each.stored.save(update_fields=["chairs"])
    if chair:
        stored = rows[chair].stored
        stored.chairs, stored.recorded_by, stored.recorded_at = True, by, timezone.now()
        stored.save(update_fields=["chairs", "recorded_by", "recorded_at"])


@transaction.atomic
def add_guest(meeting, *, by, name, post="", agency=None, organisation="", observes=False, reason="") -> Attendance:
    """Somebody came who has no seat and was not called: by name and organisation. It lets nobody in."""
    row = lock(meeting)
    _must_have_begun(row)
    corrects = row.minutes_status in Meeting.CLOSED_MINUTES
    if corrects and not reason.strip():
        raise ValidationError({"reason": SAY_WHY})
    name, organisation = name.strip(), organisation.strip()
    key = key_of(None, None, name, agency.name if agency else organisation)
    if key in {each.key for each in rows_of(row)}:
        raise ValidationError({"name": f"{name} stands in the list already. Tick the mark there."})
    guest = Attendance.objects.create(
        folder_id=row.folder_id, meeting=row, name=name, post=post.strip(), agency=agency, organisation=organisation,
        voting="no", standing="observer" if observes else "adviser", mark=M.OBSERVER if observes else M.PRESENT,
        recorded_by=by, reason=reason.strip(),
    )  # fmt: skip
    record("meeting_guest_added", by=by, obj=guest)
    if corrects:
        marks_changed(row, by=by, reason=reason.strip())
    return guest


@transaction.atomic
def take_off(guest, *, by) -> None:
    """A guest was entered by mistake. Raises ValidationError for a seat, and once the minutes are agreed."""
    meeting = lock(guest.meeting)
    row = lock(guest)
    called = Invitee.objects.unscoped(WHY).filter(meeting=meeting, withdrawn_at=None)
    if row.seat_id or row.place or (row.user_id and called.filter(user=row.user_id).exists()):
        raise ValidationError("This one has a seat or was called: tick the mark instead.")
    if meeting.minutes_status in Meeting.CLOSED_MINUTES:
        raise ValidationError("The minutes are agreed: whoever was there stays in them.")
    record("meeting_guest_taken_off", by=by, obj=row)
    row.delete()
