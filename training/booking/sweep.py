"""What happens to places by their day: offers and approvals that end, waiting lists that are served or are over, and
the two reminders. Each event in a transaction of its own, safe to run often and by many at once."""

import logging
from datetime import time, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q

from partnership.notify.digest import LONDON
from partnership.notify.watch import close_alarm, database_now, raise_alarm
from training import rules
from training.booking import letters, services
from training.models import Booking, Event

log = logging.getLogger(__name__)
FROM = time(8)  # nobody is reminded at night
FARTHEST = timedelta(days=60)  # longer than a partnership sets the first reminder before an event
WHY = "the portal sees to places by the day"
BROKEN = "training_places_broken"
GONE = (OperationalError, InterfaceError)
S = Booking.Status


def sweep(*, now=None) -> int:
    """See to every event with something due; returns to how many. now: the moment to act for, the database's without
    it."""
    now = now or database_now()
    return sum(_alone(event, now) for event in _due(now))


def _due(now):
    mine = Booking.objects.unscoped(WHY).filter(event=OuterRef("pk"))
    over = mine.filter(Q(status=S.OFFERED, offered_until__lte=now) | Q(status=S.ASKED, approve_by__lte=now))
    waits = Exists(mine.filter(status=S.WAITING))
    places = Q(Exists(over)) | (Q(waits) & (Q(taken__lt=F("capacity")) | Q(starts_at__lte=now)))
    soon = Q(starts_at__gt=now, starts_at__lte=now + FARTHEST) & Q(Exists(mine.filter(status=S.BOOKED)))
    found = Event.objects.filter(places | soon, status=Event.Status.OPEN).annotate(places_due=places)
    return found.order_by("starts_at", "pk")


def _alone(event, now) -> int:
    try:
        with transaction.atomic():
            if event.places_due:
                services.by_its_day(event)
            _remind(event, now)
        close_alarm(f"{BROKEN}:{event.pk}")
        return 1
    except GONE:
        raise
    except Exception as error:
        log.error("the places of event %s could not be seen to: %s", event.pk, type(error).__name__)
        raise_alarm(f"{BROKEN}:{event.pk}", BROKEN, event=event.pk)
        return 0


def _remind(event, now) -> None:
    """The reminder whose day has come; of two that came meanwhile the second alone."""
    local = now.astimezone(LONDON)
    if local.time() < FROM or event.starts_at <= now:
        return
    if local.date() >= rules.day_of(rules.SECOND_REMINDER, event.starts_at):
        letters.owe_reminders(event, letters.SECOND)
    elif local.date() >= rules.day_of(rules.FIRST_REMINDER, event.starts_at):
        letters.owe_reminders(event, letters.FIRST)
