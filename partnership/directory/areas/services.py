"""Every write to areas, and the placing of organisations in localities by their postcodes."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.flow import Stale, lock
from partnership.directory.services import free_slug, touch
from partnership.people.models import Agency, Area, Site
from partnership.trail.services import record


@transaction.atomic
def add_area(*, by, name, kind, parent=None, postcodes=(), source="", authority_code="") -> Area:
    """Add an area. Raises ValidationError for a name that is taken, or a postcode of another part of its parent."""
    area = Area(
        slug=free_slug(Area, name, "area"), name=name, kind=kind, parent=parent, postcodes=list(postcodes),
        source=source, authority_code=authority_code,
    )  # fmt: skip
    if parent is not None:
        lock(parent)  # two parts of one area do not take the same postcode at once
    _fits(area)
    area.full_clean()
    area.save()
    record("area_added", by=by, obj=area, name=name)
    return area


@transaction.atomic
def change_area(area, *, by, seen, **facts) -> Area:
    """Change an area. seen: `as_read` of the row that was edited; raises Stale when it is another by now."""
    row = lock(area)
    if as_read(row) != seen:
        raise Stale("Somebody else changed this while you were editing it.")
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    if row.parent is not None:
        lock(row.parent)
    _fits(row)
    row.full_clean()
    if changed:
        row.save()
        record("area_changed", by=by, obj=row, fields=sorted(changed), name=row.name)
    return row


def as_read(area) -> str:
    """What a form carries to notice that somebody else was quicker: an area has no version."""
    return "|".join([area.name, area.kind, str(area.parent_id), ",".join(area.postcodes), area.source])


def _fits(area):
    same = Area.objects.filter(name__iexact=area.name).exclude(pk=area.pk)
    if same.exists():
        raise ValidationError({"name": f"There is an area named {area.name} already."})
    above, seen = area.parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == area.pk:
            raise ValidationError({"parent": "An area is not a part of itself, nor of one of its own parts."})
        seen.add(above.pk)
        above = above.parent
    others = Area.objects.filter(parent=area.parent, postcodes__overlap=area.postcodes).exclude(pk=area.pk)
    if area.postcodes and (other := others.first()):
        both = ", ".join(sorted(set(other.postcodes) & set(area.postcodes)))
        raise ValidationError({"postcodes": f"{both} belongs to {other.name} already. Take it out there first."})


@dataclass(frozen=True)
class Placing:
    """Which organisations come into an area by their postcodes, and which leave it; ids."""

    into: tuple
    out: tuple

    @property
    def seen(self):
        return f"{len(self.into)}-{len(self.out)}"


def placing(area) -> Placing:
    """What placing by postcode would do to `area`.

    In: organisations of its parent with an open site in one of its postcodes. Out: those in it whose open sites all
    have postcodes, and every one lies elsewhere; who was placed by hand without a postcode stays.
    """
    codes, through = set(area.postcodes), Agency.areas.through.objects
    sites = Site.objects.live().filter(agency__in=Agency.objects.live().filter(merged_into=None).values("pk"))
    if area.parent_id:
        sites = sites.filter(agency__in=through.filter(area_id=area.parent_id).values("agency_id"))
    outward = {}
    for agency, postcode in sites.order_by().values_list("agency_id", "postcode"):
        outward.setdefault(agency, set()).add(postcode.split(" ")[0])  # "" where it is not known
    here = set(through.filter(area_id=area.pk).values_list("agency_id", flat=True))
    belong = {agency for agency, found in outward.items() if found & codes}
    elsewhere = {agency for agency in here if agency in outward and not outward[agency] & (codes | {""})}
    return Placing(tuple(sorted(belong - here, key=str)), tuple(sorted(elsewhere, key=str)))


@transaction.atomic
def place(area, *, by, seen) -> Placing:
    """Do it. seen: `Placing.seen` of what was shown; raises Stale when it would be something else by now."""
    row, through = lock(area), Agency.areas.through.objects
    if not row.postcodes:
        raise ValidationError("This area has no postcodes to place organisations by.")
    found = placing(row)
    if found.seen != seen:
        raise Stale("The directory changed since this was counted. Read the new numbers and choose again.")
    through.bulk_create([Agency.areas.through(area_id=row.pk, agency_id=pk) for pk in found.into])
    through.filter(area_id=row.pk, agency_id__in=found.out).delete()
    touch(Agency.objects.filter(pk__in=[*found.into, *found.out]), by=by)
    record("area_placed", by=by, obj=row, placed=found.into, taken_out=found.out, name=row.name)
    return found
