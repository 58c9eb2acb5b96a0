"""What came after the demo's events that are over: registers, completions, certificates, evaluations, charges."""

import secrets
from datetime import timedelta

from django.utils import timezone

from partnership.deadlines.periods import add_months
from partnership.trail.then import then
from training import questions
from training.booking import services
from training.evaluating import asking
from training.flow import EVENT
from training.models import Booking, Certificate, Charge, Completion, Evaluation, Tariff

WHY = "the demo goes on with what it made"
A, Stage = Booking.Attended, Evaluation.Stage
# Who is not simply present, by their place in the list.
ATTENDED = {2: A.LATE, 4: A.LEFT_EARLY, 6: A.ABSENT}
CERTIFIED = (A.PRESENT, A.LATE)
ALPHABET, LENGTH = "0123456789abcdefghjkmnpqrstvwxyz", 26
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
        late = services.give_up(rows[0], by=officer)
    with then(event.ends_at + timedelta(hours=2)):
        came = [_marked(row, ATTENDED.get(n, A.PRESENT), trainer) for n, row in enumerate(rows[1:], 1)]
        event = EVENT.take(event, "deliver", by=officer)
        for row in came:
            if row.attended in CERTIFIED:
                _completed(row, event, trainer)
        absent = next(row for row in came if row.attended == A.ABSENT)
        _charged(late, Tariff.Kind.LATE_CANCEL)
        _charged(absent, Tariff.Kind.NO_SHOW, waived_by=officer)
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
        issued = [_certified(row, event) for row in (present if later else others) if row.attended in CERTIFIED]
        _revoked(issued[0], officer, REVOKED)
        _revoked(issued[1], officer, "It was issued anew on a corrected name.")
        _certified(issued[1].booking, event, instead_of=issued[1])


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


def _charged(row, kind, *, waived_by=None):
    tariff = Tariff.objects.filter(kind=kind).first()
    words = f"{tariff.get_kind_display()}: £{tariff.amount:.2f}"
    charge, _ = Charge.objects.unscoped(WHY).get_or_create(
        booking=row, defaults={"folder_id": row.folder_id, "agency_id": row.agency_id, "amount": tariff.amount,
                               "words": words},
    )  # fmt: skip
    if waived_by:
        charge.status, charge.why_waived = Charge.Status.WAIVED, WAIVED
        charge.waived_by, charge.waived_at = waived_by, timezone.now()
        charge.save(update_fields=["status", "why_waived", "waived_by", "waived_at"])


def _certified(row, event, *, instead_of=None) -> Certificate:
    day, months = timezone.localdate(event.ends_at), event.course.refresh_months
    return Certificate.objects.create(
        folder_id=row.folder_id, agency_id=row.agency_id, learner_id=row.learner_id, booking=row,
        code="".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), title=event.course.title,
        name=f"{row.name} (corrected)" if instead_of else row.name, hours=event.course.hours, completed_on=day,
        expires_on=add_months(day, months) if months else None, instead_of=instead_of,
    )  # fmt: skip


def _revoked(row, by, why):
    row.revoked_at, row.revoked_by, row.why_revoked = timezone.now(), by, why
    row.save(update_fields=["revoked_at", "revoked_by", "why_revoked"])


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
