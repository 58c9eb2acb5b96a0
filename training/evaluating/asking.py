"""Asking what training was worth, and taking back what was asked: rows, letters and links in one transaction.

Whoever calls holds the event's lock. Somebody without an account and without an address is not asked.
"""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import lock
from partnership.access.models import Link
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record, record_each
from training import questions, rules
from training.evaluating import letters
from training.evaluating.standing import AFTER, behind, by_link, can_be_asked, rows
from training.models import Booking, Evaluation, Event

Stage = Evaluation.Stage
STAYS_OPEN = timedelta(days=90)  # a link that is over says so for so long
ALL_ANSWERED = "Everybody who was asked at the end has answered, or still can."
WHY = "the service asks everybody of an event that its caller has locked"


def bookings(event):
    found = Booking.objects.unscoped(WHY).filter(event=event, status=Booking.Status.BOOKED, learner__invented=False)
    return found.select_related("event__course", "learner__user", "booked_by", "marked_by").order_by("pk")


def ask(event, which, stage, *, by=None) -> list[Evaluation]:
    """Ask these bookings of an event at a stage, each once. which: of `bookings`. Returns what was asked now."""
    had = set(rows().filter(booking__in=which, stage=stage).values_list("booking_id", flat=True))
    which = [row for row in which if row.pk not in had and can_be_asked(row, stage)]
    last, name = _last_day(event, stage), questions.edition().name
    made = [
        Evaluation(
            folder_id=row.folder_id, learner_id=row.learner_id, booking=row, stage=stage, edition=name, due_on=last
        )
        for row in which
    ]  # fmt: skip
    Evaluation.objects.bulk_create(made)
    record_each("evaluation_asked", by=by, objects=[(row, {"stage": str(row.stage)}) for row in made])
    _open_links(made)
    letters.owe_asked(made)
    return made


def ask_end(event, *, by) -> list[Evaluation]:
    """Ask who came, once the register is complete: certificates wait for the answer."""
    return ask(event, list(bookings(event).filter(attended__in=Booking.CAME)), Stage.END, by=by)


def _last_day(event, stage):
    if stage == Stage.BEFORE:
        return timezone.localdate(event.starts_at)
    return rules.day_of(rules.REPLY, timezone.localdate())


def _open_links(asked) -> None:
    """See to it that whoever answers by a link has one, open until well after the last day; a few statements for each
    last day."""
    alone = defaultdict(list)
    for row in asked:
        if by_link(row.booking, row.stage):
            alone[row.due_on].append(row)
    for last, several in alone.items():
        until = timezone.now() + max(timedelta(1), last - timezone.localdate()) + STAYS_OPEN
        had = links.hold_open([row.pk for row in several], Link.Purpose.AFTER_TRAINING, until=until)
        new = [(behind(row.booking), row.pk) for row in several if row.pk not in had]
        if new:
            links.make_mailed_to_each(Link.Purpose.AFTER_TRAINING, new, until=until)


@transaction.atomic
def ask_again(event, *, by) -> int:
    """Give those who did not answer at the end more days, and write to them: their certificates wait for it. The
    business unit's. Returns to how many. Raises ValidationError where there is nobody."""
    if not can(by, Perm.TRAINING_RUN, event):
        raise PermissionDenied("evaluation.ask_again")
    lock(event)
    silent = rows().filter(booking__event=event, stage=Stage.END, answered_at=None, due_on__lt=timezone.localdate())
    silent = [row for row in silent if can_be_asked(row.booking, row.stage)]
    if not silent:
        raise ValidationError(ALL_ANSWERED)
    last = _last_day(event, Stage.END)
    Evaluation.objects.unscoped(WHY).filter(pk__in=[row.pk for row in silent]).update(due_on=last)
    for row in silent:
        row.due_on = last
    _open_links(silent)
    letters.owe_asked(silent, turn=f"{last:%Y%m%d}")
    record("evaluation_asked_again", by=by, obj=event, ids=[row.pk for row in silent])
    return len(silent)


def remind(today) -> None:
    """The one reminder of whoever has not answered; whose link ended with an account gets another one."""
    due = letters.to_remind(today)
    live = links.live(Link.Purpose.AFTER_TRAINING).filter(object_id__in=[row.pk for row in due])
    here = set(live.values_list("object_id", flat=True))
    _open_links(row for row in due if row.pk not in here and can_be_asked(row.booking, row.stage))
    letters.owe_reminders(due)


def take_back(booking, *, by, stages=Stage.values) -> None:
    """Take back what was asked of a booking and not answered: the place was given up, or the register says no longer
    that they came. What was answered stays, and counts no more (`counting.that_count`)."""
    gone = Evaluation.objects.unscoped(WHY).filter(booking=booking, stage__in=stages, answered_at=None)
    found = list(gone.values_list("pk", "stage"))
    if not found:
        return
    for pk, _ in found:
        links.revoke_about(pk, Link.Purpose.AFTER_TRAINING)
    gone.delete()
    record("evaluation_taken_back", by=by, obj=booking, stages=sorted(stage for _, stage in found))


def take_back_attendance(booking, *, by) -> None:
    take_back(booking, by=by, stages=AFTER)


def carry(event: Event) -> None:
    """An event has another day: what is asked before it can be answered until then."""
    Evaluation.objects.unscoped(WHY).filter(booking__event=event, stage=Stage.BEFORE).update(
        due_on=timezone.localdate(event.starts_at)
    )
