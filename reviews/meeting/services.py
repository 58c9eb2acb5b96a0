"""That the meeting of a review was held: its local step and the record of the meeting itself say the same."""

from django.db import transaction

from partnership.access import gatherings
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from reviews import clocks

WHY = "the step of the review’s own clock"


@transaction.atomic
def record_held(review, *, by, at) -> None:
    """Also of the meeting that was planned for that day. Raises ValidationError naming `at` for a time that cannot be.

    Without a meeting the step alone is recorded: it may have been planned outside the portal.
    """
    gatherings.hold(review.folder, by=by, at=at)
    clocks.step_done(review, clocks.MEETING, by=by, at=at)


@transaction.atomic
def take_back(review, *, by) -> None:
    """It was not held then. Raises ValidationError where minutes that say so were circulated."""
    at = _done_at(review)
    if at is None or not gatherings.unhold(review.folder, by=by, at=at):
        clocks.step_undone(review, clocks.MEETING, by=by)


def follow(review, *, by, moments, was=None) -> None:
    """The meetings of the review were held at these moments: the step is met by the first. was: the moment of one that
    was taken back or put right; a step that was recorded for another moment stays."""
    done_at = _done_at(review)
    if was is not None and done_at == was:
        clocks.step_undone(review, clocks.MEETING, by=by)
        done_at = None
    if done_at is None and moments:
        clocks.step_done(review, clocks.MEETING, by=by, at=moments[0])


def _done_at(review):
    clock = deadlines.running(review, RAPID_REVIEW)
    if clock is None:
        return None
    step = Milestone.objects.unscoped(WHY).filter(deadline=clock, code=clocks.MEETING, step=True).first()
    return step.done_at if step else None
