"""The reminders that leave by their day: on working days from 8:00 in London, each return's own rung, once.

Safe to run often and by many at once: what a run did not reach, because its worker died, the next one does.
"""

import logging
from datetime import time

from django.db import InterfaceError, OperationalError
from django.db.models import Min

from audits.chasing import services, states, turns
from audits.chasing.services import AT_ONCE
from audits.models import AuditReturn, Round, Rung
from partnership.deadlines import calendars
from partnership.deadlines.working_days import ENGLAND_AND_WALES, is_working_day
from partnership.notify.digest import LONDON
from partnership.notify.watch import close_alarm, database_now, raise_alarm

log = logging.getLogger(__name__)
FROM = time(8)
WHY = "the portal reminds by the day"
BROKEN = "audit_reminders_broken"
GONE = (OperationalError, InterfaceError)


def sweep(*, now=None) -> int:
    """Owe the reminders of this day; returns how many left. now: the moment to act for, the database's without it.

    Nothing before 8:00 and on a day that is no working day: what falls due then leaves on the next working day, and of
    several rungs that came meanwhile the newest alone.
    """
    moment = (now or database_now()).astimezone(LONDON)
    today = moment.date()
    if moment.time() < FROM or not is_working_day(today, calendars.load(ENGLAND_AND_WALES)):
        return 0
    rounds = Round.objects.filter(status=Round.Status.OPEN, rungs__isnull=False).distinct()
    return sum(_remind(round, today) for round in rounds.order_by("pk"))


def _remind(round, today) -> int:
    ids, went = _due(round, today), 0
    for start in range(0, len(ids), AT_ONCE):
        went += _batch_or_one_by_one(round, ids[start : start + AT_ONCE], today)
    return went


def _due(round, today) -> list:
    """The returns whose turn it is; asked again under the lock of each."""
    rungs = list(Rung.objects.filter(round=round).order_by("position"))
    rows = AuditReturn.objects.unscoped(WHY).filter(round=round, status__in=AuditReturn.OWES)
    first = rows.aggregate(first=Min("closes_at"))["first"]
    if first is None or turns.day_of(rungs[0], first) > today:
        return []
    reminders = states.reminders_of(rows.values("pk"))
    return [
        row.pk
        for row in states.with_marks(rows.only("closes_at", "asked_at")).order_by("pk")
        if turns.due(rungs, row.closes_at, states.had(row, reminders[row.pk]), today)
    ]


def _batch_or_one_by_one(round, ids, today) -> int:
    """A batch at once; where it breaks, each return alone, so that the others are reminded."""
    try:
        return len(services.by_its_day(round, ids, today=today).went)
    except GONE:
        raise
    except Exception:
        log.exception("a batch of reminders of an audit broke; each return is tried alone")
    went = 0
    for pk in ids:
        try:
            went += len(services.by_its_day(round, [pk], today=today).went)
            close_alarm(f"{BROKEN}:{pk}")
        except GONE:
            raise
        except Exception as error:
            log.error("the reminder of return %s could not be made: %s", pk, type(error).__name__)
            raise_alarm(f"{BROKEN}:{pk}", BROKEN, audit_return=pk)
    return went
