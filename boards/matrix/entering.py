"""Past attendance as rows: meetings that were held before they were entered, and the marks of their seats.

The same rows as those of a meeting that was ticked on its page: each copies what its seat was on the day.
"""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from boards.attending.rows import copied
from boards.matrix.facts import days_of, in_words, span
from boards.minutes.services import marks_changed
from boards.models import Attendance, Meeting, Seat
from partnership.access.flow import lock
from partnership.trail.services import record

MIDDAY = time(12)  # of a meeting whose hour nobody knows: the day is the same in summer and in winter
MID_MONTH = 15
WHY = "the page has asked for the folder"
AGREED = (
    "The minutes of {} are agreed, and {} is recorded there otherwise. Change that mark on the meeting’s own page, "
    "with the reason."
)


def meant(group, rows, day: date, month_only: bool) -> tuple[Meeting | None, str]:
    """Which of `rows`, the meetings of a group that were not cancelled, is the one of a day or of a month.

    (it, or None where it is still to be entered; why nothing is taken in of it, as a sentence, or nothing).
    """
    (first, last), words = span(day, month_only), in_words(day, month_only)
    found = [row for row in rows for begin, end in [days_of(row)] if begin <= last and first <= end]
    row, why = found[0] if len(found) == 1 else None, ""
    if first > timezone.localdate():
        why = f"{words} lies in the future: only meetings that were held are taken in."
    elif len(found) > 1:
        why = f"The group has {len(found)} meetings in {words}: write the day of the one that is meant."
    elif row and row.status != Meeting.Status.HELD:
        why = f"The meeting of {words} is not recorded as held. Record that on its page first."
    elif (group.starts and last < group.starts) or (group.ends and first >= group.ends):
        why = f"{words} lies outside the time in which this group met. Check the year."
    return row, why


def held_before(folder, day: date, *, by, title, source, month_only=False) -> Meeting:
    """A meeting of a group that was held on a day (or in its month), entered afterwards. by None: the portal."""
    if month_only:
        day = day.replace(day=MID_MONTH)
    at = timezone.make_aware(datetime.combine(day, MIDDAY))
    row = Meeting.objects.create(
        folder=folder, group_id=folder.pk, title=title, starts_at=at, held_at=at, status=Meeting.Status.HELD,
        day_only=True, month_only=month_only, source=source, changed_by=by,
    )  # fmt: skip
    record("meeting_taken_in", by=by, obj=row)
    return row


def seat_on(rows, meeting) -> Seat:
    """Of the rows of one seat, that which held on the day of a meeting; the nearest where the seat did not exist."""
    first, last = days_of(meeting)
    there = [row for row in rows if (row.starts or first) <= last and (row.ends is None or row.ends > first)]
    if there:
        return max(there, key=lambda row: row.starts or date.min)
    return min(rows, key=lambda row: abs(((row.starts if row.starts and row.starts > last else row.ends) - first).days))


@transaction.atomic
def enter(meeting, marks: dict, *, by, source) -> int:
    """Write who came. marks: a seat's place -> (code of Attendance.Mark, words for the deputy who came). What is
    recorded so already is left alone; a mark that agreed minutes lack makes a corrected edition of them, with `source`
    as its reason. Returns how many were written. Raises ValidationError for another mark than the one in agreed
    minutes."""
    meeting = lock(meeting)
    seats: dict = {}
    for row in Seat.objects.filter(place__in=list(marks), deputy_for=None).select_related("user", "agency"):
        seats.setdefault(row.place, []).append(row)
    rows = Attendance.objects.unscoped(WHY).filter(meeting=meeting, place__in=list(marks))
    now, written = {row.place: row for row in rows}, []
    closed = meeting.minutes_status in Meeting.CLOSED_MINUTES
    for place, (mark, words) in marks.items():
        row = now.get(place)
        if row is not None and row.mark == mark and words in ("", row.stood_in_words):
            continue
        if row is not None and row.mark and closed:
            raise ValidationError(AGREED.format(meeting.day_words, row.post or row.organisation or "a seat"))
        if row is None:
            facts = copied(seat_on(seats[place], meeting))
            row = Attendance(folder_id=meeting.folder_id, meeting=meeting, source=source, **facts)
        row.mark, row.stood_in, row.stood_in_words = mark, None, words
        row.recorded_by, row.recorded_at = by, timezone.now()
        row.reason = source if closed else row.reason
        row.save()
        written.append(row)
    if written:
        record("attendance_taken_in", by=by, obj=meeting, ids=[row.pk for row in written])
    if closed and written:
        marks_changed(meeting, by=by, reason=source)
    return len(written)
