"""Who carries on whom, in the story of both: a school that became an academy is told so."""

from partnership.directory.reference import item_of_school
from partnership.people.models import Agency, School
from partnership.trail.services import record_each

ACADEMIES = 1  # the Schedule's item for the proprietors of academies


def is_conversion(before: str, after: str) -> bool:
    """Whether a school of the one type that is followed by one of the other became an academy."""
    return bool(before and after) and item_of_school(after) == ACADEMIES != item_of_school(before)


def record_successions(rows, *, by) -> None:
    """One event for each of the two, whoever says so; two statements whatever the number of `rows`."""
    ids = {pk for row in rows for pk in (row.predecessor_id, row.successor_id)}
    types = dict(School.objects.filter(agency__in=ids).values_list("agency_id", "establishment_type"))
    told = {}
    for row in rows:
        converts = is_conversion(types.get(row.predecessor_id, ""), types.get(row.successor_id, ""))
        first, second = ("became_academy", "academy_follows") if converts else ("succession_added", "succession_added")
        told.setdefault(first, []).append((Agency(pk=row.predecessor_id), {"agency": row.successor_id, "on": row.on}))
        told.setdefault(second, []).append((Agency(pk=row.successor_id), {"agency": row.predecessor_id, "on": row.on}))
    for verb, objects in told.items():
        record_each(verb, by=by, objects=objects)


def forget_succession(row, *, by) -> None:
    """Take it back; each of the two keeps in its history that it was recorded."""
    pairs = ((row.predecessor_id, row.successor_id), (row.successor_id, row.predecessor_id))
    objects = [(Agency(pk=each), {"agency": other, "on": row.on}) for each, other in pairs]
    record_each("succession_removed", by=by, objects=objects)
    row.delete()
