"""What organisations of the directory are, as an audit asks by it: the facts of `audits.asking`, in bulk."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from audits.asking import matches
from partnership.people.models import Agency, AgencyKind, Area, Ownership, School

CHILDREN_UNDER = (
    5  # years: the early years foundation stage ends with the year in which a child is five (EYFS 2025, 1.1)
)
SEVERAL_AREAS = "More than one area"
WITH_YOUNG = ("Nursery", "Primary", "All-through")
YOUNG = re.compile(r"\b(nursery|infants?|primary|first|early years)\b", re.IGNORECASE)
ALSO, NOT = EXCEPTIONS = ("also", "not")  # of a population: ids of those who are asked besides, and who are not


@dataclass(frozen=True)
class Snapshot:
    """What an organisation is on a day. facts: as in `audits.asking`; the rest is copied onto its return. area_id: None
    for one that works in several areas: it is counted in none of them."""

    agency_id: UUID
    facts: dict = field(hash=False)
    phase: str = ""
    establishment: str = ""
    district: str = ""
    area_id: UUID | None = None
    trust_id: UUID | None = None

    def copied(self) -> dict:
        """The fields of its return."""
        names = ("facts", "phase", "establishment", "district", "area_id", "trust_id")
        return {name: getattr(self, name) for name in names}


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
    areas = _areas(ids)
    return {row.pk: _snapshot(row, schools.get(row.pk), trusts.get(row.pk), areas[row.pk]) for row in agencies}


def _areas(ids) -> dict:
    """agency id -> [Area] of the local authorities in which it works, by name."""
    places = Agency.areas.through.objects.filter(agency__in=ids, area__kind=Area.Kind.AUTHORITY)
    found = defaultdict(list)
    for row in places.select_related("area").order_by("area__name"):
        found[row.agency_id].append(row.area)
    return found


def _snapshot(agency, school, trust, areas) -> Snapshot:
    young = agency.kind == AgencyKind.EARLY_YEARS or (school is not None and _has_young(agency, school))
    phase, what = (phase_of(school), school.establishment_type) if school else ("", "")
    district = school.district if school else ""
    if school:  # a school lies in the area of its own authority, wherever else its pupils come from
        areas = [each for each in areas if each.authority_code == school.local_authority_code] or areas
    facts = {
        "kind": agency.kind,
        "phase": phase,
        "establishment": what,
        "early_years": "yes" if young else "no",
        "trust": "yes" if trust else "no",
        "area": " ".join(each.slug for each in areas),
        "district": district,
    }
    return Snapshot(agency.pk, facts, phase, what, district, areas[0].pk if len(areas) == 1 else None, trust)


def phase_of(school) -> str:
    """As the directory finds schools by it: a special school has no phase in the register, its type says it."""
    return school.phase or ("Special" if "special" in school.establishment_type.lower() else "")


def area_words(name, slugs) -> str:
    """What the area of a return is called where returns are counted by it; '' where none is known. name: of its area,
    None for none; slugs: the fact 'area'."""
    return name or (SEVERAL_AREAS if slugs else "")


def _has_young(agency, school) -> bool:
    """By its ages; where the register gives none, by its phase, and then by its name. A junior school is asked too, and
    says that it does not apply."""
    if school.low_age is not None:
        return school.low_age < CHILDREN_UNDER
    return school.phase in WITH_YOUNG or (not school.phase and bool(YOUNG.search(agency.name)))


def asked(population: dict, agencies, found: dict) -> list:
    """Of these organisations those whom a round asks. population: as Round.population; found: of `snapshots`."""
    also, out = set(population.get(ALSO, ())), set(population.get(NOT, ()))
    who = {name: values for name, values in population.items() if name not in EXCEPTIONS}
    return [
        row
        for row in agencies
        if str(row.pk) not in out and (str(row.pk) in also or (who and matches(who, found[row.pk].facts)))
    ]
