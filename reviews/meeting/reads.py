"""The meetings of a review: kept by the wing of meetings, read over the floor. Every function takes the user first."""

from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from reviews.clocks import MEETING


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


def planned_late(step, meetings) -> bool:
    """Whether the meeting was not held, and every one that is planned lies after the partnership's own step."""
    stand = [each for each in meetings if not each.off]
    return bool(step and not step.done_at and stand and min(each.day for each in stand) > step.on)
