"""What came after the demo's events that are over: registers, completions, certificates, evaluations, charges."""

from datetime import timedelta

from django.utils import timezone

from partnership.trail.then import then
from training import questions
from training.booking import services
from training.certificates import services as certificates
from training.charges import services as charges
from training.evaluating import asking
from training.flow import EVENT
from training.models import Booking, Completion, Evaluation, Tariff

A, Stage = Booking.Attended, Evaluation.Stage
# Who is not simply present, by their place in the list.
ATTENDED = {2: A.LATE, 4: A.LEFT_EARLY, 6: A.ABSENT}
COMPLETED = (A.PRESENT, A.LATE)
LATER = timedelta(days=91)
REVOKED = "It was issued to somebody else of the same name."
WAIVED = "A flood closed the road on that morning."
# stage: (how many of a hundred answer, what they answer)
ANSWERS = {
    Stage.BEFORE: (85, (2, 3, 3, 4)),
    Stage.END: (80, (4, 4, 5, 5, 3)),
    Stage.LATER: (50, (4, 5, 4, 3)),
    Stage.MANAGER: (35, (4, 5, 3)),
}

TALKS = 0.6  # of those who answer
WORDS = {
    "differently": ["Ask the child first.", "Write down what I see on the same day.", "Ring the school sooner."],
    "better": ["More time for the case study.", "Smaller groups.", "Nothing, it was just right."],
    "changed": ["A child was listened to alone for the first time.", "A family got help before it became worse."],
    "hindered": ["Little time.", "Nothing."],
    "seen": ["Referrals are clearer.", "They speak up at meetings with other agencies."],
}


def come_and_gone(event, rows, people, chance, *, later, silent=None) -> None:
    """rows: the bookings, all with a place. later: three months are over, too. silent: who has not answered yet."""
    officer, trainer = people["officer"], people["author_police"]
    with then(event.starts_at - timedelta(days=1)):
        services.give_up(rows[0], by=officer)  # late, and charged
    with then(event.ends_at + timedelta(hours=2)):
        came = [_marked(row, ATTENDED.get(n, A.PRESENT), trainer) for n, row in enumerate(rows[1:], 1)]
        event = EVENT.take(event, "deliver", by=officer)
        for row in came:
            if row.attended in COMPLETED:
                _completed(row, event, trainer)
        absent = next(row for row in came if row.attended == A.ABSENT)
        charge = charges.charge(absent, Tariff.Kind.NO_SHOW, on=timezone.localdate(event.starts_at), by=trainer)
        charges.waive(charge, by=officer, why=WAIVED)
        present = [row for row in came if row.attended != A.ABSENT]
        others = [row for row in present if silent is None or row.learner_id != silent.pk]
        _asked(present, event, chance, (Stage.BEFORE,), event.ends_at)
        _asked(present if later else others, event, chance, (Stage.END,), event.ends_at)
        if not later:
            _ask(event, silent, Stage.END)
    if later:
        with then(event.ends_at + LATER):
            _asked(others, event, chance, (Stage.LATER, Stage.MANAGER), event.ends_at + LATER)
            _ask(event, silent, Stage.LATER, Stage.MANAGER)
    with then(event.ends_at + timedelta(days=3)):
        issued = [made for row in present if (made := certificates.issue_if_earned(row, by=trainer))]
        certificates.revoke(issued[0], by=officer, why=REVOKED)
        certificates.reissue(issued[1], by=officer, name=f"{issued[1].name} (corrected)")


def _marked(row, attended, by) -> Booking:
    row.attended, row.marked_by, row.marked_at = attended, by, timezone.now()
    row.save(update_fields=["attended", "marked_by", "marked_at"])
    return row


def _completed(row, event, by):
    Completion.objects.create(
        folder_id=row.folder_id, agency_id=row.agency_id, learner_id=row.learner_id, course=event.course,
        how=Completion.How.ATTENDED, completed_on=timezone.localdate(event.starts_at), hours=event.course.hours,
        booking=row, said_by=by,
    )  # fmt: skip


def _ask(event, silent, *stages):
    """As the portal asks, with letters and links."""
    rows = list(asking.bookings(event).filter(learner=silent)) if silent else []
    for stage in stages:
        asking.ask(event, rows, stage)


def _asked(rows, event, chance, stages, at):
    edition = questions.edition()
    for row in rows:
        for stage in stages:
            share, scores = ANSWERS[stage]
            replied = chance.randrange(100) < share
            said = {each.id: chance.choice(scores) for each in edition.scored_at(stage)}
            talks = replied and chance.random() < TALKS
            words = {each.id: chance.choice(WORDS[each.id]) for each in edition.in_words_at(stage) if talks}
            Evaluation.objects.create(
                folder_id=row.folder_id, learner_id=row.learner_id, booking=row, stage=stage, edition=edition.name,
                scores=said if replied else {}, words=words,
                asked_at=at, due_on=timezone.localdate(at) + timedelta(days=14),
                answered_at=at + timedelta(days=1) if replied else None,
            )  # fmt: skip
