"""Which rung of the ladder is whose turn. Pure: rungs, days, and what an organisation has had already."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Had:
    """What one return has had of its ladder.

    reached: the highest place of a rung that reached somebody, 0 for none. tried: the same, with what came back.
    at: when the last of those that count for `reached` left. begins: the day on which it was last asked for its return:
    asked, or given back to be changed. waits: it asked for more time and has no answer yet.
    """

    reached: int = 0
    tried: int = 0
    at: datetime | None = None
    begins: date = date.min
    waits: bool = False

    def had_one_on(self, day: date) -> bool:
        return self.at is not None and timezone.localdate(self.at) == day


def day_of(rung, closes_at: datetime) -> date:
    """The day of a rung for a return with this deadline, in London; it leaves on it, or on the next working day."""
    return timezone.localdate(closes_at) + timedelta(days=rung.days)


def due(rungs, closes_at, had: Had, today: date, *, above=None):
    """The newest rung whose day has come and that was not had: older ones that were missed are left out. None where
    there is none. rungs: in their order. above: the place from which on it is looked for, `had.tried` without it.

    A rung whose day had come when the return was asked for is no turn: to be asked is the reminder.
    """
    floor = had.tried if above is None else above
    come = [each for each in rungs if each.position > floor and had.begins < day_of(each, closes_at) <= today]
    return come[-1] if come else None


def following(rungs, closes_at, had: Had, today: date):
    """What is sent next, by its day or by hand: the rung that is due, else the first one above what reached somebody.
    None where everything was sent."""
    left = [each for each in rungs if each.position > had.reached]
    return due(rungs, closes_at, had, today, above=had.reached) or (left[0] if left else None)


def days_late(closes_at: datetime, today: date) -> int:
    """Whole days since the day of the deadline; 0 until it is over."""
    return max(0, (today - timezone.localdate(closes_at)).days)
