"""What the page of a meeting shows of who came and of the interests that were declared."""

from boards.agenda.reads import agenda
from boards.attending.interests import interests_of
from boards.attending.quorum import quorate
from boards.attending.rows import rows_of
from boards.meetings import reads
from boards.models import Attendance, Meeting
from partnership.people.roles import Perm


def came(page):
    """Who was there, once somebody was ticked."""
    saved = page.once(reads.came)
    if not saved:
        return None
    rows = rows_of(page.meeting, saved, (), page.once(reads.seats))  # who is called is ticked, or not shown
    marked = [row for row in rows if row.mark not in ("", Attendance.Mark.NOT_APPLICABLE)]
    if not marked:
        return None
    return "boards/_who_came.html", {"rows": marked, "quorum": quorate(page.meeting, rows)}


def interests(page):
    """What was declared by item, and for whoever takes part the way to declare."""
    items = [(line.number, line.item) for line in page.once(agenda)]
    declared = interests_of(page.user, [item for _, item in items])
    may = page.meeting.status != Meeting.Status.CANCELLED and (Perm.MEETING_RUN in page.held or _takes_part(page))
    if not items or not (declared or may):
        return None
    return "boards/_interests.html", {
        "lines": [(number, item, declared.get(item.pk, [])) for number, item in items if may or item.pk in declared]
    }


def _takes_part(page) -> bool:
    """`interests.takes_part`, by what the page knows."""
    if page.meeting.group_id is None:
        return True
    me, called = page.user.pk, page.meeting.status == Meeting.Status.CALLED
    asked = (reads.invitees, reads.seats) if called else (reads.seats, reads.invitees)  # what is known comes first
    return any(row.user_id == me and not getattr(row, "withdrawn_at", None) for ask in asked for row in page.once(ask))
