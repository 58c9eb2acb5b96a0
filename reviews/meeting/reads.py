"""The meeting of a review. Every function takes the user first and shows what the row rule allows."""

from partnership.access.rows import holders
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.people.roles import Perm
from reviews.clocks import MEETING
from reviews.models import Invitee, Meeting


def meeting_of(user, review) -> Meeting | None:
    rows = Meeting.objects.visible_to(user).filter(review=review)
    return rows.select_related("changed_by", "notes_saved_by").first()


def invitees(user, meeting) -> list:
    """Those invited, each with `on_list`: whether a person of the portal can open the case today; and `scrutinises`."""
    found = list(
        Invitee.objects.visible_to(user).filter(meeting=meeting).select_related("user", "invited_by", "recorded_by")
    )
    listed = on_list(meeting)
    scrutineers = set(holders(meeting.folder, Perm.REPORT_COMMENT).values_list("pk", flat=True))
    for each in found:
        each.on_list, each.scrutinises = each.user_id in listed | scrutineers, each.user_id in scrutineers
    return found


def on_list(meeting) -> set:
    """Ids of those who can open the case of this meeting today."""
    return set(holders(meeting.folder, Perm.REVIEW_VIEW).values_list("pk", flat=True))


def local_step(user, review) -> Milestone | None:
    """The local date of the meeting, as the clock that stands for the fifteen days has it."""
    rows = Milestone.objects.visible_to(user).filter(
        deadline__subject_id=review.pk,
        deadline__rule=RAPID_REVIEW,
        deadline__status__in=(*Deadline.RUNNING, Deadline.Status.MET),
        code=MEETING,
        step=True,
    )
    return rows.first()
