"""Whose turn it is to chair: counted from the first day of the rotation, so that no turn drifts in a short month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from boards.models import Rotation
from partnership.deadlines.periods import add_months
from partnership.people.models import Agency
from partnership.people.models.dated import last_day


@dataclass(frozen=True)
class Turn:
    """An organisation chairs from `starts` until `ends`, the first day on which it does no longer."""

    agency_id: UUID
    starts: date
    ends: date


def turns(rotation, until: date) -> Iterator[Turn]:
    """The turns that begin on or before `until`, in order; none begins once the rotation has ended.

    Each begins so many months after the first day of all: six months from 31 August are 28 or 29 February, and six
    more the next 31 August.
    """
    number = 0
    while True:
        starts = add_months(rotation.starts, number * rotation.every_months)
        if starts > until or (rotation.ends and starts >= rotation.ends) or not rotation.order:
            return
        ends = add_months(rotation.starts, (number + 1) * rotation.every_months)
        yield Turn(rotation.order[number % len(rotation.order)], starts, min(filter(None, (ends, rotation.ends))))
        number += 1


def chair_on(rotation, day: date) -> Turn | None:
    """Whose turn it is on `day`; None before the rotation begins and after it has ended."""
    if rotation.starts > day or (rotation.ends and day >= rotation.ends):
        return None
    return list(turns(rotation, day))[-1]


def next_turn(rotation, day: date) -> Turn | None:
    """The turn after that of `day`, or the first where it is still to begin; None where the rotation ends before."""
    now = chair_on(rotation, day)
    begins = now.ends if now else rotation.starts
    return chair_on(rotation, begins) if begins > day else None


def rotation_on(group, day: date) -> Rotation | None:
    return Rotation.objects.on(day).filter(group=group).order_by("-starts").first()


@dataclass(frozen=True)
class Chairing:
    """What the page of a group says of its rotation. now, then: Turn or None. order: the organisations, as rows."""

    rotation: Rotation
    now: Turn | None
    then: Turn | None
    order: list

    @property
    def who(self):
        """The organisation whose turn it is."""
        return self._named(self.now)

    @property
    def who_next(self):
        return self._named(self.then)

    @property
    def last_day(self):
        """Of the turn that is now."""
        return last_day(self.now.ends)

    def _named(self, turn):
        return dict(zip(self.rotation.order, self.order, strict=True)).get(turn.agency_id) if turn else None


def chairing(rotation, day: date) -> Chairing:
    known = kept_agencies(rotation.order)
    return Chairing(rotation, chair_on(rotation, day), next_turn(rotation, day), [known[pk] for pk in rotation.order])


def kept_agencies(ids) -> dict:
    """id -> the organisation; where it was merged into another since, the one that was kept. One query, and one more
    for a merging."""
    found = Agency.objects.in_bulk(ids)
    while merged := {row.merged_into_id for row in found.values() if row.merged_into_id}:
        kept = Agency.objects.in_bulk(merged)
        found = {pk: kept.get(row.merged_into_id, row) for pk, row in found.items()}
    return found
