"""What organisations of the directory are, as an audit asks by it: the facts of `audits.asking`, in bulk."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from audits.asking import matches
from partnership.people.models import Agency, AgencyKind, Area, Ownership, School

CHILDREN_UNDER = (
    5  # years: the early years foundation stage ends with the year in which a child is five (EYFS 2025, 1.1)
)
WITH_YOUNG = ("Nursery", "Primary", "All-through")
YOUNG = re.compile(r"\b(nursery|infants?|primary|first|early years)\b", re.IGNORECASE)
EVERYBODY = ("also", "not")  # of a population: ids of organisations that are asked besides, and that are not


@dataclass(frozen=True)
class Snapshot:
    """What an organisation is on a day. facts: as in `audits.asking`; the rest is copied onto its return."""

    agency_id: UUID
    facts: dict = field(hash=False)
    phase: str = ""
    establishment: str = ""
    district: str = ""
    area_id: UUID | None = None
    trust_id: UUID | None = None


def snapshots(agencies, day) -> dict:
    """agency id -> Snapshot of each of these rows of Agency, on a day; four questions however many."""
    ids = [row.pk for row in agencies]
    schools = {row.pk: row for row in School.objects.filter(agency__in=ids)}
    trusts = dict(
        Ownership.objects.on(day)
        .filter(agency__in=ids, kind=Ownership.Kind.TRUST)
        .order_by("starts", "pk")
        .values_list("agency_id", "owner_id")
    )
    areas, slugs = _areas(ids)
    return {
        row.pk: _snapshot(row, schools.get(row.pk), trusts.get(row.pk), areas.get(row.pk), slugs) for row in agencies
    }


def _areas(ids) -> tuple:
    """(agency id -> the first local authority area by name, area id -> its slug)."""
    places = Agency.areas.through.objects.filter(agency__in=ids, area__kind=Area.Kind.AUTHORITY)
    found, slugs = {}, {}
    for agency, area, slug in places.order_by("-area__name").values_list("agency_id", "area_id", "area__slug"):
        found[agency], slugs[area] = area, slug
    return found, slugs


def _snapshot(agency, school, trust, area, slugs) -> Snapshot:
    young = agency.kind == AgencyKind.EARLY_YEARS or (school is not None and _has_young(agency, school))
    phase, what = (school.phase, school.establishment_type) if school else ("", "")
    district = school.district if school else ""
    facts = {
        "kind": agency.kind,
        "phase": phase,
        "establishment": what,
        "early_years": "yes" if young else "no",
        "trust": "yes" if trust else "no",
        "area": slugs.get(area, ""),
        "district": district,
    }
    return Snapshot(agency.pk, facts, phase, what, district, area, trust)


def _has_young(agency, school) -> bool:
    """By its ages; where the register gives none, by its phase, and then by its name. A junior school is asked too, and
    says that it does not apply."""
    if school.low_age is not None:
        return school.low_age < CHILDREN_UNDER
    return school.phase in WITH_YOUNG or (not school.phase and bool(YOUNG.search(agency.name)))


def asked(population: dict, agencies, found: dict) -> list:
    """Of these organisations those whom a round asks. population: as Round.population; found: of `snapshots`."""
    also, out = set(population.get("also", ())), set(population.get("not", ()))
    who = {name: values for name, values in population.items() if name not in EVERYBODY}
    return [
        row
        for row in agencies
        if str(row.pk) not in out and (str(row.pk) in also or (who and matches(who, found[row.pk].facts)))
    ]
