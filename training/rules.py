"""The periods of training places, each a rule of `partnership.deadlines` that the partnership can set."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of_day
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due

CANCEL_BY = "training_cancel_by"
APPROVAL = "training_approval"
OFFER = "training_offer"
FIRST_REMINDER, SECOND_REMINDER = "training_reminder_first", "training_reminder_second"
REPLY, REPLY_REMINDER = "training_reply", "training_reply_reminder"
RELEASE = "training_release"
LATER = "training_evaluation"
TRAINER_ENDS = "training_trainer_ends"
DUE_SOON = "training_due_soon"
ALL = (
    CANCEL_BY, APPROVAL, OFFER, FIRST_REMINDER, SECOND_REMINDER, REPLY, REPLY_REMINDER, RELEASE, TRAINER_ENDS, DUE_SOON,
)  # fmt: skip

LONGEST_REMINDER = timedelta(days=60)  # longer before the last day than a partnership reminds


def day_of(code: str, on: date | datetime) -> date:
    """The London day on which the period of a rule ends that `on` begins (or, for one that counts back, precedes)."""
    on = timezone.localdate(on) if isinstance(on, datetime) else on
    edition = rule_in_force(code, on)
    return due(edition, on, calendars.load(edition.division)).due_on


def until(code: str, event, now: datetime) -> datetime:
    """By when an offer or an approval of a place has its answer: the end of the rule's last day, and never later than
    the evening before the event, or its beginning where it is today or tomorrow."""
    eve = end_of_day(timezone.localdate(event.starts_at) - timedelta(days=1))
    last = min(end_of_day(day_of(code, now)), eve)
    return last if last > now else event.starts_at


def last_day_to_cancel(event) -> date:
    """The last London day on which a place is given up in time."""
    return day_of(CANCEL_BY, event.starts_at)
