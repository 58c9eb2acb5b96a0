"""The sweep: whose day has come is told, once. Safe to run twice, at the same time, by many, or a day late.

Beat wakes it each minute, and a timer of the machine may run `manage.py sweep_deadlines` besides. Each batch is one
transaction: the milestones are locked (another sweeper skips them), who is told is resolved now, notices and outbox
rows are written under a unique key, the milestones are marked. A process that is killed leaves nothing half done.
Time is the database's (docs/adr/0014, docs/deadlines.md).
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max, Q
from django.db.models.functions import Now

from partnership.deadlines import telling
from partnership.deadlines.models import Deadline, Milestone
from partnership.notify.watch import beat, close_alarm, raise_alarm
from partnership.trail.models import Event

log = logging.getLogger(__name__)
BATCH = 200  # the questions of a batch cost the same for two hundred as for fifty
CLOCKS_MAY_DIFFER = timedelta(seconds=30)
POISON_WAITS = timedelta(hours=1)
GONE = (OperationalError, InterfaceError)  # the database itself: nothing can be set aside, the next run begins again
OPEN = Deadline.Status.OPEN
PENDING, FIRED, SUPPRESSED = Milestone.State.PENDING, Milestone.State.FIRED, Milestone.State.SUPPRESSED


@dataclass
class Swept:
    """What one run did. told: new notices. broken: milestones that could not be told and wait an hour."""

    fired: int = 0
    suppressed: int = 0
    told: int = 0
    broken: int = 0
    refused: str = ""

    def add(self, other):
        for name in ("fired", "suppressed", "told", "broken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def sweep(*, most_batches=200) -> Swept:
    """Fire every milestone that is due. Returns what was done; refuses where this machine's clock is wrong."""
    done = Swept()
    apart = clocks_apart()
    if abs(apart) > CLOCKS_MAY_DIFFER:
        done.refused = f"This machine's clock differs from the database's by {abs(apart).total_seconds():.0f} seconds."
        raise_alarm("clocks_differ", "clocks_differ", seconds=int(apart.total_seconds()))
        return done
    close_alarm("clocks_differ")
    oldest = _oldest_waiting()
    for _ in range(most_batches):
        batch = _batch_or_one_by_one()
        done.add(batch)
        if not (batch.fired or batch.suppressed or batch.broken):
            break
    beat("sweep", lag_seconds=oldest.total_seconds())
    return done


def clocks_apart() -> timedelta:
    """How far this machine's clock is ahead of the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return datetime.now(UTC) - cursor.fetchone()[0]


def _oldest_waiting():
    first = _due().order_by("fire_at").values_list("fire_at", flat=True).first()
    return max(datetime.now(UTC) - first, timedelta()) if first else timedelta()


def _due():
    """What is due now. One that broke waits an hour, so that it cannot hold up the others."""
    rows = Milestone.objects.unscoped("the sweep works for the portal")
    ready = Q(retry_after=None) | Q(retry_after__lte=Now())
    return rows.filter(ready, state=PENDING, fire_at__lte=Now(), deadline__status=OPEN)


def _batch_or_one_by_one() -> Swept:
    """A batch at once; where one of them breaks, each alone, so that the others are told."""
    try:
        with transaction.atomic():
            return _fire(_claim(BATCH))
    except GONE:
        raise
    except Exception:
        log.exception("a batch of milestones could not be told; each is tried alone")
    done = Swept()
    with transaction.atomic():
        for milestone in _claim(BATCH):
            try:
                with transaction.atomic():
                    done.add(_fire([milestone]))
            except GONE:
                raise
            except Exception as error:
                done.broken += 1
                _set_aside(milestone, error)
    return done


def _claim(most) -> list:
    rows = _due().select_for_update(of=("self",), skip_locked=True).order_by("fire_at", "id")
    return list(rows.select_related("deadline__folder")[:most])


def _fire(milestones) -> Swept:
    """Tell the people of these locked milestones and mark them."""
    if not milestones:
        return Swept()
    overtaken = _overtaken(milestones)
    due = [each for each in milestones if each.pk not in overtaken]
    recipients = telling.recipients_of(due)
    nobody = [each for each in due if not recipients[each.pk].people]
    fired = [each for each in due if recipients[each.pk].people]
    told = telling.tell_of(fired, recipients)
    Event.objects.bulk_create(telling.fired_events(fired, recipients))
    for each in nobody:
        raise_alarm(f"nobody:{each.pk}", "nobody_to_tell", step=each.code, at=telling.clock_address(each.deadline_id))
    for each in milestones:
        if each.retry_after is not None:
            close_alarm(f"milestone:{each.pk}")
    _mark(fired, FIRED, fired_at=Now())
    _mark(nobody, SUPPRESSED, why="nobody")
    _mark([each for each in milestones if each.pk in overtaken], SUPPRESSED, why="catch_up")
    return Swept(fired=len(fired), suppressed=len(milestones) - len(fired), told=told)


def _overtaken(milestones) -> set:
    """Reminders that a later one of the same clock to the same people has overtaken: after an outage the last is told.

    A step that others owe (the signatories' and the sender's) is not overtaken, and an escalation always fires.
    """
    owners = [each for each in milestones if each.level == Milestone.Level.OWNER]
    rows = _due().filter(deadline__in={each.deadline_id for each in owners}, level=Milestone.Level.OWNER).order_by()
    rows = rows.values("deadline_id", "perm").annotate(last=Max("fire_at"))
    last = {(row["deadline_id"], row["perm"]): row["last"] for row in rows}
    return {each.pk for each in owners if each.fire_at < last.get((each.deadline_id, each.perm), each.fire_at)}


def _mark(milestones, state, **fields):
    if milestones:
        rows = Milestone.objects.unscoped("these rows are locked by this sweep")
        rows.filter(pk__in=[each.pk for each in milestones]).update(state=state, retry_after=None, **fields)


def _set_aside(milestone, error):
    rows = Milestone.objects.unscoped("this row is locked by this sweep")
    rows.filter(pk=milestone.pk).update(retry_after=Now() + POISON_WAITS)
    log.error("milestone %s could not be told: %s", milestone.pk, type(error).__name__)
    raise_alarm(f"milestone:{milestone.pk}", "milestone_broken", milestone=milestone.pk)
