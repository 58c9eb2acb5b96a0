"""What the page of a meeting shows of who came and of the interests that were declared."""

from boards.agenda.numbers import numbered
from boards.attending import reads
from boards.attending.interests import interests_of, takes_part
from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.models import Attendance, Meeting
from partnership.people.roles import Perm


def came(user, meeting, held):
    """Who was there, once somebody was ticked."""
    rows = rows_of(meeting) if reads.has_begun(meeting) else []
    marked = [row for row in rows if row.mark not in ("", Attendance.Mark.NOT_APPLICABLE)]
    if not marked:
        return None
    return "boards/_who_came.html", {"rows": marked, "quorum": quorate(meeting, rows)}


def interests(user, meeting, held):
    """What was declared by item, and for whoever takes part the way to declare."""
    items = numbered(reads.items_of(user, meeting))
    declared = interests_of(user, [item for _, item in items])
    may = meeting.status != Meeting.Status.CANCELLED and (Perm.MEETING_RUN in held or takes_part(user, meeting))
    if not items or not (declared or may):
        return None
    return "boards/_interests.html", {
        "lines": [(number, item, declared.get(item.pk, [])) for number, item in items if may or item.pk in declared]
    }
