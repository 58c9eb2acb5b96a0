"""How events and bookings read in letters, pages and files."""

from django.utils import timezone

from partnership.ui.dates import clock_time, plain
from training import rules
from training.models import Booking, Event

Why = Booking.Ended
S = Booking.Status
COLOURS = {S.ASKED: "yellow", S.WAITING: "grey", S.OFFERED: "orange", S.BOOKED: "green", S.ENDED: ""}


def when(event) -> str:
    """'Tuesday 5 May 2026, 10am to 12pm'; both days where it is longer than one."""
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    begins = f"{starts:%A} {plain(starts)}, {clock_time(starts)}"
    if starts.date() == ends.date():
        return f"{begins} to {clock_time(ends)}"
    return f"{begins} to {ends:%A} {plain(ends)}, {clock_time(ends)}"


def where(event) -> str:
    if event.mode == Event.Mode.ONLINE:
        return "Online"
    return event.venue or "The venue is not settled yet"


def called(event) -> str:
    """'Level 2 on 5 May 2026'."""
    return f"{event.course.title} on {plain(timezone.localtime(event.starts_at))}"


def state(row) -> str:
    """How a booking stands, in words; what became of it, where it has ended."""
    if row.status == S.ENDED:
        return row.get_why_ended_display()
    if row.attended:
        return row.get_attended_display()
    return row.get_status_display()


def became(row) -> str:
    """What became of a booking that has ended, as a sentence to the person; '' where there is nothing to tell (a slip
    of the register). row: with its event and course."""
    event = row.event
    said = {
        Why.CANCELLED: "The place was given up in time.",
        Why.LATE: "The place was given up after the last day to do so{}. The organisation may be charged for it.",
        Why.REFUSED: f"The manager did not approve the place. Their reason: {row.decision_note}",
        Why.UNANSWERED: "The manager did not answer in time, so the place went on to the next.",
        Why.LAPSED: "The place that was offered was not taken in time, so it went on to the next.",
        Why.LEFT: "The turn on the waiting list was given up.",
        Why.NO_ROOM: "No place came free before the event.",
        Why.MOVED: "The place was exchanged for one at another event of the course. That one is confirmed by itself.",
        Why.HANDED_ON: "The place was handed to a colleague.",
        Why.EVENT: f"The event was cancelled. The reason: {event.why_cancelled}",
    }
    note = row.decision_note if row.why_ended in (Why.CANCELLED, Why.LATE, Why.LEFT) else ""
    words = said.get(row.why_ended, "")
    if row.why_ended == Why.LATE:
        words = words.format(f", {plain(rules.last_day_to_cancel(event))}")
    return f"{words} The reason: {note}" if note else words
