"""What people are asked, and what they have said: their own, by the row rule."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.people.roles import Perm
from training import questions
from training.booking.mine import Section
from training.booking.wording import called
from training.evaluating.standing import RELATED, Stage, earns, rows, why_shut
from training.models import Certificate, Evaluation

TITLE = "What was it worth?"


def asked_of(user) -> list[Evaluation]:
    """What somebody is asked now and has not answered, the soonest first; one question."""
    found = Evaluation.objects.visible_to(user).filter(learner__user=user, answered_at=None)
    found = found.exclude(stage=Stage.MANAGER).filter(due_on__gte=timezone.localdate()).select_related(*RELATED)
    return [row for row in found.order_by("due_on", "pk") if not why_shut(row)]


def section(user) -> Section | None:
    found = asked_of(user)
    return Section(TITLE, "training/_evaluations_asked.html", {"rows": found}, order=10) if found else None


def work(user):
    """One line for each; a question."""
    if not reach_of(user).holds(Perm.TRAINING_LIST):
        return
    for row in asked_of(user):
        what = "Before your training" if row.stage == Stage.BEFORE else "Say what it was worth"
        yield Work(
            f"{what}: {called(row.booking.event)}", reverse("training:evaluation", args=[row.pk]), due_on=row.due_on,
        )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What stands on the page of a booking: one stage. words: how it stands; waits: it may be answered now."""

    row: Evaluation
    words: str
    waits: bool


def of_booking(user, booking) -> list[Said]:
    """The evaluations of a booking that this person may read, in the order of the stages; one question."""
    order = Stage.values
    found = Evaluation.objects.visible_to(user).filter(booking=booking).select_related(*RELATED)
    return [Said(row, _words(row), _waits(user, row)) for row in sorted(found, key=lambda row: order.index(row.stage))]


def _words(row) -> str:
    if row.answered_at:
        return "Answered"
    return "Not answered in time" if why_shut(row) else "Not answered yet"


def _waits(user, row) -> bool:
    own = row.stage != Stage.MANAGER and row.learner.user_id == user.pk
    return own and row.answered_at is None and not why_shut(row)


def certificate_waits(booking) -> date | None:
    """The last day of the answer at the end for which the certificate of a booking waits; None where it waits for
    none. A day and no word of anybody's: whoever reads the booking may know."""
    row = rows().filter(booking=booking, stage=Stage.END, answered_at=None).first()
    return row.due_on if row and booking.attended and earns(booking) else None


def certificate_of(booking) -> Certificate | None:
    """The one in force, for a page that has asked whose the booking is."""
    return Certificate.objects.unscoped("the page is its person's own").filter(booking=booking, revoked_at=None).first()


@dataclass(frozen=True)
class Answered:
    """One question with what was said. said: words of the scale, or the text; '' for nothing."""

    question: str
    said: str


def answers_of(row) -> list[Answered]:
    edition = questions.edition()
    scored = [
        Answered(each.worded(row.stage), edition.scale[row.scores[each.id] - 1])
        for each in edition.questions
        if row.scores.get(each.id)
    ]
    return scored + [
        Answered(each.worded(row.stage), row.words[each.id]) for each in edition.words if row.words.get(each.id)
    ]
