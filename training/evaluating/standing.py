"""How an evaluation stands: whether it may still be answered, to whom it is written, whether it counts."""

from django.utils import timezone

from training.booking.letters import by_account
from training.models import Booking, Completion, Evaluation, Event
from training.people.matching import key_of

Stage = Evaluation.Stage
AFTER = (Stage.END, Stage.LATER, Stage.MANAGER)
WHY = "letters, links and the sweep work for the portal; each opens the one evaluation that it is about"
RELATED = ("booking__event__course", "booking__learner__user", "booking__booked_by", "booking__marked_by")
NOT_COUNTED = "The register does not say that this person attended, so nothing is asked any more."
GIVEN_UP = "The place was given up, so nothing is asked any more."
BEGUN = "The event has begun. What was said before it stays as it is."
OVER = "The last day to answer is over."


def rows():
    return Evaluation.objects.unscoped(WHY).select_related(*RELATED, "booking__agency", "folder")


def why_shut(row, now=None) -> str:
    """Why it can be answered or changed no more, as a sentence; '' while it can. row: with its booking and event."""
    now, booking, event = now or timezone.now(), row.booking, row.booking.event
    if booking.status != Booking.Status.BOOKED or event.status == Event.Status.CANCELLED:
        return GIVEN_UP
    if row.stage == Stage.BEFORE:
        return BEGUN if event.starts_at <= now else ""
    if booking.attended not in Booking.CAME:
        return NOT_COUNTED
    return OVER if row.due_on and row.due_on < timezone.localdate(now) else ""


def manager_of(booking) -> tuple[str, str]:
    """(address, name) of the manager who is asked: who approved the place, else whom the record of the person names;
    ('', '') where nobody is known, or it is the person's own address."""
    learner = booking.learner
    email, name = booking.approver_email, booking.approver_name
    if not email:
        email, name = learner.manager_email, learner.manager_name
    own = {learner.key, key_of(learner.user.email) if learner.user else ""}
    return ("", "") if not email or key_of(email) in own else (email, name)


def written_to(booking, stage) -> str:
    """The address that is asked at a stage; '' where nobody knows one."""
    if stage == Stage.MANAGER:
        return manager_of(booking)[0]
    return booking.learner.user.email if by_account(booking.learner) else booking.learner.email


def by_link(booking, stage) -> bool:
    """Whether it is answered by a link: a manager does, and whoever has no account."""
    return stage == Stage.MANAGER or not by_account(booking.learner)


def behind(booking):
    """The account that a link of this booking stands on: whoever booked, else who kept the register; None where both
    have gone."""
    people = (booking.booked_by, booking.marked_by, booking.learner.user)
    return next((each for each in people if each is not None and each.is_active), None)


def can_be_asked(booking, stage) -> bool:
    if not written_to(booking, stage):
        return False
    return behind(booking) is not None or not by_link(booking, stage)


def earns(booking) -> bool:
    """Whether the certificate of who came hangs on the answer alone: not of who left early and missed too much."""
    if booking.attended != Booking.Attended.LEFT_EARLY:
        return True
    return Completion.objects.unscoped("the register was asked").filter(booking=booking).exists()
