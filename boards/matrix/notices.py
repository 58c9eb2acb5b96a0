"""What a chair is told: that a seat missed meetings running. Its post and organisation, never who holds it."""

from django.urls import reverse

from boards.matrix import misses
from boards.models import Attendance, Meeting, Seat
from partnership.notify.kinds import NoticeKind, register
from partnership.people.roles import Perm


def _missed(notices, user):
    rows = Meeting.objects.visible_to(user).select_related("folder").in_bulk([each.subject_id for each in notices])
    places = {each.data.get("place") for each in notices}
    marks = Attendance.objects.visible_to(user).filter(meeting__in=list(rows), place__in=places)
    marks = {(row.meeting_id, str(row.place)): row for row in marks.select_related("agency")}
    return {each.pk: _said(rows[each.subject_id], marks, each) for each in notices if each.subject_id in rows}


def _said(meeting, marks, notice):
    row = marks.get((meeting.pk, notice.data.get("place")))
    if row is None or row.mark not in misses.MISSED:
        return f"{meeting.folder.title}: who came on {meeting.day_words} was put right; a seat had missed meetings."
    name = ", ".join(filter(None, (row.post, row.agency.name if row.agency_id else row.organisation)))
    needed = misses.how_many(meeting.day)
    seat = name or Seat.SeatRole.MEMBER.label
    return f"{meeting.folder.title}: the seat ‘{seat}’ missed {needed} meetings running, lastly on {meeting.day_words}."


def register_notices():
    register(
        NoticeKind(
            misses.TOLD,
            "A seat on a group has missed meetings running",
            model=Meeting,
            perm=Perm.MEETING_CHAIR,
            describe=_missed,
            url=lambda notice: reverse("boards:matrix", args=[notice.folder_id]),
        )
    )
