"""Whether a meeting may decide, by what is ticked now: the group's rule of that day."""

from boards.groups.quorum import Quorate, quorum_on, standing
from boards.models import Attendance

THERE = (Attendance.Mark.PRESENT, Attendance.Mark.DEPUTY)


def quorate(meeting, rows) -> Quorate:
    """rows: `rows.rows_of`. Two questions; none for a case's meeting: it has no quorum."""
    if meeting.group_id is None:
        return Quorate(None, "")
    seats = [row for row in rows if row.place and row.existed]
    there = {row.place for row in seats if row.mark in THERE}
    return standing(quorum_on(meeting.group_id, meeting.day), seats, there)
