"""Booking several people at once: each by itself, those who are ticked before those who are new, in their order.

Places go first; who finds none waits. Whoever cannot be booked stays on the form with the reason, and the others are
booked.
"""

from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from training.booking import services
from training.models import Booking
from training.people import services as people


@dataclass(frozen=True)
class Outcome:
    """What became of one. key: of the form: a learner's id, or the number of a row. why_not: the refusal, where there
    is no row. field: which box of a new row the refusal is about."""

    key: str
    name: str
    row: Booking | None = None
    why_not: str = ""
    field: str = "name"


def book_all(event, agency, *, by, ticked, entered) -> list[Outcome]:
    """ticked: learners of the organisation, as the form let them through; entered: (number, facts) of new people."""
    found = [_one(str(row.pk), row.name, lambda row=row: row, event, by) for row in ticked]
    for number, facts in entered:
        add = partial(people.add, agency, by=by, **facts)
        found.append(_one(str(number), facts["name"], add, event, by))
    return found


def _one(key, name, learner, event, by) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(key, name, services.book(event, learner(), by=by))
    except ValidationError as refused:
        field = next(iter(refused.message_dict)) if hasattr(refused, "error_dict") else "name"
        return Outcome(key, name, why_not=refused.messages[0], field=field)


def in_words(outcomes) -> str:
    """'3 people are booked, 1 is on the waiting list.'"""
    rows = [each.row for each in outcomes if each.row]
    waiting = sum(row.status == Booking.Status.WAITING for row in rows)
    booked = len(rows) - waiting
    parts = [_many(booked, "booked"), _many(waiting, "on the waiting list")]
    return f"{', '.join(part for part in parts if part)}." if rows else "Nobody was booked."


def _many(number, what) -> str:
    return "" if not number else f"1 person is {what}" if number == 1 else f"{number} people are {what}"
