"""What an operator does: hold and release sending, try dead letters again or give them up, close alarms."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.urls import reverse

from partnership.access.flow import lock
from partnership.access.reach import reach_of
from partnership.access.work import Work
from partnership.notify import senders
from partnership.notify.models import Alarm, Heartbeat, Hold, Outgoing
from partnership.notify.watch import close_alarm, database_now, expected_loops, sort_of, stale
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.services import record

State = Outgoing.State
# What an operator decides about; both wait for nobody else.
UNSENT = (State.DEAD, State.BOUNCED)
GIVEN_UP = {
    "told": "The person was told in another way",
    "past": "It is no longer needed",
    "left": "The person has left",
    "address": "The address is wrong and is being corrected",
}


def current_hold() -> Hold | None:
    return Hold.objects.select_related("by").filter(released_at=None).first()


@transaction.atomic
def hold_sending(*, by, reason) -> Hold:
    """Stop all sending from the next claim on. Raises ValidationError without a reason, or while it is held already."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why sending is held."})
    try:
        with transaction.atomic():
            row = Hold.objects.create(by=by, reason=reason.strip()[:300])
    except IntegrityError:
        raise ValidationError("Sending is held already.") from None
    record("sending_held", by=by, obj=row)
    return row


@transaction.atomic
def release_sending(*, by) -> Hold:
    """Let the outbox leave. The hours of the hold count towards no giving up. ValidationError when nothing is held."""
    row = Hold.objects.select_for_update().filter(released_at=None).first()
    if row is None:
        raise ValidationError("Sending is not held.")
    Hold.objects.filter(pk=row.pk).update(released_at=Now(), released_by=by)
    Outgoing.objects.filter(state=State.QUEUED).update(first_tried_at=None)
    record("sending_released", by=by, obj=row)
    return row


def would_be_sent() -> list[dict]:
    """What a release would send: rows {template, priority, number, oldest}, the most urgent first."""
    waiting = Outgoing.objects.filter(state__in=[State.QUEUED, State.LEASED]).order_by()
    grouped = waiting.values("template", "priority").annotate(number=Count("pk"), oldest=Min("created_at"))
    return list(grouped.order_by("priority", "template"))


def settle_sent(*, sender=None) -> int:
    """After a restore: ask the provider about everything that waits, and mark what it has had. Returns how many.

    0 where the sender cannot be asked; then a few letters may go out twice. Raises senders.SenderDown.
    """
    carrier = sender or senders.sender()
    if not carrier.can_be_asked:
        return 0
    settled = 0
    for pk, reference in Outgoing.objects.filter(state__in=[State.QUEUED, State.LEASED]).values_list(
        "pk", "provider_ref"
    ):
        if carrier.ask(reference) in (senders.ACCEPTED, senders.DELIVERED):
            settled += Outgoing.objects.filter(pk=pk, state__in=[State.QUEUED, State.LEASED]).update(
                state=State.ACCEPTED, accepted_at=Now(), lease_until=None, lease_token=None
            )
    carrier.close()
    return settled


@transaction.atomic
def retry(outgoing, *, by) -> Outgoing:
    """Send a dead or bounced letter again, at once and for another twelve hours. ValidationError for any other."""
    row = lock(outgoing)
    if row.state not in UNSENT:
        raise ValidationError("This email is no longer waiting for a decision.")
    _requeue(Outgoing.objects.filter(pk=row.pk))
    for sort in ("dead", "bounced"):
        close_alarm(f"{sort}:{row.pk}", by)
    record("letter_retried", by=by, obj=row)
    return row


@transaction.atomic
def retry_all(*, by) -> int:
    """The same for all of them that nobody has looked at. Returns how many."""
    waiting = Outgoing.objects.filter(state__in=UNSENT, looked_at=None)
    ids = list(waiting.select_for_update(skip_locked=True).order_by().values_list("pk", flat=True))
    _requeue(Outgoing.objects.filter(pk__in=ids))
    keys = [f"{sort}:{pk}" for pk in ids for sort in ("dead", "bounced")]
    Alarm.objects.filter(key__in=keys, closed_at=None).update(closed_at=Now(), closed_by=by)
    record("letters_retried", by=by, number=len(ids))
    return len(ids)


@transaction.atomic
def give_up(outgoing, *, by, reason) -> Outgoing:
    """Leave a dead or bounced letter unsent. reason: a code of GIVEN_UP. ValidationError for any other letter."""
    row = lock(outgoing)
    if row.state not in UNSENT or row.looked_at:
        raise ValidationError("This email is no longer waiting for a decision.")
    if reason not in GIVEN_UP:
        raise ValidationError({"reason": "Say why it need not be sent."})
    Outgoing.objects.filter(pk=row.pk).update(looked_at=Now())
    for sort in ("dead", "bounced"):
        close_alarm(f"{sort}:{row.pk}", by)
    record("letter_given_up", by=by, obj=row, reason=reason)
    return row


@transaction.atomic
def dismiss(alarm, *, by) -> Alarm:
    """Close an alarm that somebody has seen to. It opens again when its cause is found again."""
    row = lock(alarm)
    if row.closed_at is None:
        Alarm.objects.filter(pk=row.pk).update(closed_at=Now(), closed_by=by)
        record("alarm_closed", by=by, obj=row, what=row.what)
    return row


def _requeue(rows) -> None:
    rows.update(state=State.QUEUED, next_attempt_at=Now(), first_tried_at=None, looked_at=None, accepted_at=None)


def open_alarms(user) -> list[Work]:
    """One line of home for those who can do something about them; asks nothing for others."""
    if not reach_of(user).holds(Perm.OPERATIONS):
        return []
    number = Alarm.objects.filter(closed_at=None).count()
    what = f"{number} alarm{'' if number == 1 else 's'} of the portal’s machinery"
    return [Work(what, reverse("notify:operations"))] if number else []


LISTED = 50


def overview() -> dict:
    """Everything on the operations page; names of recipients, ids and states, no words of a case. Nine queries.

    late: the Loops that stand still; loops: (Loop, Heartbeat or None, late) each; states: (label, number) and doubles:
    of the last 30 days; queues: as would_be_sent; dead: the oldest letters to decide about; alarms: (sort, [(Alarm,
    its facts with names of people)]) newest first.
    """
    beats = {row.name: row for row in Heartbeat.objects.all()}
    late = stale()
    unsent = Outgoing.objects.filter(state__in=UNSENT, looked_at=None)
    lately = Outgoing.objects.filter(created_at__gt=Now() - timedelta(days=30)).order_by().values("state")
    counted = lately.annotate(number=Count("pk"), doubles=Count("pk", filter=Q(possible_duplicate=True)))
    numbers = {row["state"]: row for row in counted}
    return {
        "now": database_now(),
        "late": late,
        "loops": [(loop, beats.get(loop.name), loop in late) for loop in expected_loops()],
        "states": [(label, numbers[value]["number"] if value in numbers else 0) for value, label in State.choices],
        "queues": would_be_sent(),
        "dead": list(unsent.select_related("recipient").order_by("created_at")[:LISTED]),
        "dead_number": unsent.count(),
        "alarms": _alarms(),
        "doubles": sum(row["doubles"] for row in numbers.values()),
        "hold": current_hold(),
    }


def _alarms() -> list:
    rows = list(Alarm.objects.filter(closed_at=None)[:200])
    people = User.objects.in_bulk({row.data["recipient"] for row in rows if "recipient" in row.data})
    names = {str(pk): person.name for pk, person in people.items()}
    sorts: dict[str, list] = {}
    for row in rows:
        facts = dict(row.data)
        if "recipient" in facts:
            facts["recipient"] = names.get(facts["recipient"], "no account")
        sorts.setdefault(row.what, []).append((row, facts))
    return [(sort_of(what), mine) for what, mine in sorts.items()]
