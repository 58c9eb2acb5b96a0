"""Asking by the day: before an event, three months after it, and one reminder. Each event in a transaction of its own,
safe to run often and by many at once."""

import logging
from datetime import time, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q

from partnership.access.flow import lock
from partnership.notify.digest import LONDON
from partnership.notify.watch import close_alarm, database_now, raise_alarm
from training import rules
from training.evaluating import asking
from training.evaluating.standing import Stage
from training.models import Booking, Evaluation, Event

log = logging.getLogger(__name__)
FROM = time(8)  # nobody is asked at night
FARTHEST = timedelta(days=60)  # longer than a partnership sets the first reminder before an event
LONG_AGO = timedelta(days=400)  # longer than a partnership waits before it asks what changed
FORGOTTEN = timedelta(days=60)  # a portal that stood still asks nobody of what is so much later
WHY = "the portal asks by the day"
BROKEN = "training_asking_broken"
GONE = (OperationalError, InterfaceError)
REACHED = Q(learner__user__is_active=True, learner__user__email__gt="") | Q(learner__email__gt="")


def sweep(*, now=None) -> int:
    """Ask whoever is to be asked today; returns of how many events. now: the moment to act for, the database's without
    it."""
    now = now or database_now()
    local = now.astimezone(LONDON)
    if local.time() < FROM:
        return 0
    today = local.date()
    asked = [_alone(event, Stage.BEFORE) for event in _to_come(now, today)]
    asked += [_alone(event, Stage.LATER) for event in _over(now, today)]
    with transaction.atomic():
        asking.remind(today)
    return sum(asked)


def _lacking(stage, **facts):
    """Events of which somebody is not asked at a stage who can be."""
    had = Evaluation.objects.unscoped(WHY).filter(booking=OuterRef("pk"), stage=stage)
    mine = Booking.objects.unscoped(WHY).filter(
        REACHED, event=OuterRef("pk"), status=Booking.Status.BOOKED, learner__invented=False, **facts
    )
    return Event.objects.filter(Exists(mine.exclude(Exists(had)))).order_by("starts_at", "pk")


def _to_come(now, today):
    """From the day of the first reminder on."""
    found = _lacking(Stage.BEFORE).filter(status=Event.Status.OPEN, starts_at__gt=now, starts_at__lte=now + FARTHEST)
    return [event for event in found if rules.day_of(rules.FIRST_REMINDER, event.starts_at) <= today]


def _over(now, today):
    found = _lacking(Stage.LATER, attended__in=Booking.CAME)
    found = found.filter(status=Event.Status.DELIVERED, ends_at__gt=now - LONG_AGO, ends_at__lte=now)
    return [event for event in found if timedelta(0) <= today - rules.day_of(rules.LATER, event.ends_at) <= FORGOTTEN]


def _alone(event, stage) -> int:
    try:
        with transaction.atomic():
            event = lock(event)
            if stage == Stage.BEFORE and event.status == Event.Status.OPEN:
                asking.ask(event, list(asking.bookings(event)), stage)
            elif stage == Stage.LATER and event.status == Event.Status.DELIVERED:
                came = list(asking.bookings(event).filter(attended__in=Booking.CAME))
                asking.ask(event, came, Stage.LATER)
                asking.ask(event, came, Stage.MANAGER)
        close_alarm(f"{BROKEN}:{event.pk}")
        return 1
    except GONE:
        raise
    except Exception as error:
        log.error("what event %s was worth could not be asked: %s", event.pk, type(error).__name__)
        raise_alarm(f"{BROKEN}:{event.pk}", BROKEN, event=event.pk)
        return 0
