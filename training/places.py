"""How many places of an event are free, and for whom. Pure: it counts what its caller read under the event's lock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Holders:
    """How many places the people of one organisation hold at an event."""

    agency_id: object
    kind: str
    people: int


def kept(reserved, holders, today) -> dict:
    """Reserved row -> how many of its places nobody holds yet and it still keeps. reserved: the event's rows.

    Who holds a place fills what is kept for their own organisation first, and what that leaves over counts for their
    kind of organisation. From the day of its release a row keeps nothing.
    """
    live = [row for row in reserved if row.release_on > today]
    left = {each.agency_id: each.people for each in holders}
    found = {}
    for row in (each for each in live if each.agency_id):
        used = min(row.places, left.get(row.agency_id, 0))
        left[row.agency_id] = left.get(row.agency_id, 0) - used
        found[row] = row.places - used
    for row in (each for each in live if not each.agency_id):
        used = sum(left[each.agency_id] for each in holders if each.kind == row.kind)
        found[row] = max(0, row.places - used)
    return found


def free_for(event, agency, *, reserved, holders, today) -> int:
    """How many places somebody of `agency` (an Agency) may take now. Never below 0."""
    others = sum(
        places
        for row, places in kept(reserved, holders, today).items()
        if row.agency_id != agency.pk and (row.agency_id or row.kind != agency.kind)
    )
    return max(0, event.capacity - event.taken - others)


def free_for_all(event, *, reserved, holders, today) -> int:
    """How many places anybody may take now, whoever they are: what the public list says."""
    return max(0, event.capacity - event.taken - sum(kept(reserved, holders, today).values()))
