"""The facts that a register may say of an organisation: their words, and how the directory says them now.

A fact is a plain JSON value under its code. Days are ISO; `ends` is the first day no longer. The same codes stand in an
Entry, in the old and new of a staged row, and here.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from partnership.directory.importing.entries import Source
from partnership.people.finding import fold
from partnership.people.models import (
    Agency,
    AgencyKind,
    Alias,
    Area,
    Classification,
    ContactPoint,
    Membership,
    NamedDuty,
    Ownership,
    Registration,
    School,
    Site,
    Succession,
)
from partnership.people.models.dated import last_day
from partnership.ui.dates import plain

FACTS = {
    "number": "Number in the register",
    "name": "Name",
    "kind": "Type",
    "starts": "First day",
    "ends": "Last day",
    "register_status": "Status",
    "establishment_type": "Type of establishment",
    "establishment_group": "Group of types",
    "phase": "Phase",
    "low_age": "Youngest pupils",
    "high_age": "Oldest pupils",
    "local_authority_code": "Local authority code",
    "district": "District",
    "areas": "Areas",
    "town": "Town",
    "postcode": "Postcode",
    "website": "Website",
    "email": "Email address of the office",
    "telephone": "Telephone of the office",
    "aliases": "Other names",
    "trust": "Academy trust",
    "federation": "Federation",
    "provider": "Provider",
    "follows": "Follows",
    "item": "Schedule item",
    "register": "The register’s own facts",
}
AGENCY = ("name", "starts", "ends", "website")
SCHOOL = (
    "local_authority_code",
    "establishment_type",
    "establishment_group",
    "register_status",
    "phase",
    "low_age",
    "high_age",
    "district",
)
SITE = ("town", "postcode")
OFFICE = ("email", "telephone")
OWNERS = {
    "trust": Ownership.Kind.TRUST,
    "federation": Ownership.Kind.FEDERATION,
    "provider": Ownership.Kind.PROVIDER,
}


def say(code, value, names=None) -> str:
    """A fact as people read it. names: slug -> name of the areas."""
    if value in (None, "", [], {}):
        return "open" if code == "ends" else "nothing"
    if code in ("starts", "ends"):
        found = date.fromisoformat(value)
        return plain(last_day(found) if code == "ends" else found)
    if code == "areas":
        return ", ".join((names or {}).get(slug, slug) for slug in value)
    if code == "follows":
        return ", ".join(f"{each['name']} ({each['number']})" for each in value)
    if code == "aliases":
        return "; ".join(value)
    if code == "kind":
        return str(AgencyKind(value).label)
    if code in OWNERS:
        return f"{value['name']} ({value['number']})"
    if code == "register":
        return "; ".join(f"{label}: {said}" for label, said in value.items())
    return str(value)


@dataclass(slots=True)
class Held:
    """An organisation as the directory holds it: its row, its facts, and the areas that a register places it in."""

    agency_id: object
    facts: dict
    site_id: object = None
    merged: bool = False
    areas: dict = field(default_factory=dict)  # slug -> kind

    @property
    def authority(self):
        return self.facts.get("local_authority_code", "")


# --- the number by which a source knows an organisation ---------------------------------------------------------------


def authorities_held(source: Source) -> dict:
    """number -> local authority code of every organisation that the directory holds under this source's numbers."""
    if not source.register:
        return {str(urn): code for urn, code in School.objects.values_list("urn", "local_authority_code")}
    rows = Registration.objects.filter(register=source.register)
    if source.owner_register == source.register:  # those that run its organisations stand in no file as such
        rows = rows.exclude(agency__owns__kind=Ownership.Kind.PROVIDER)
    if source.scope_fact:
        return {number: facts.get(source.scope_fact, "") for number, facts in rows.values_list("number", "facts")}
    placed = dict(
        Agency.areas.through.objects.filter(agency__registrations__in=rows, area__kind=Area.Kind.AUTHORITY).values_list(
            "agency__registrations__number", "area__authority_code"
        )
    )
    return {number: placed.get(number, "") for number in rows.values_list("number", flat=True)}


def held(source: Source, numbers) -> dict:
    """number -> Held, in a fixed number of queries whatever the numbers."""
    return _complete(source, _held_rows(source, list(numbers)))


def held_of(source: Source, agencies: dict) -> dict:
    """number -> Held, of organisations that have no such number yet. agencies: number -> agency id."""
    rows = Agency.objects.filter(pk__in=set(agencies.values())).values_list("pk", "merged_into_id", *AGENCY)
    by_id = {each[0]: each for each in rows}
    return _complete(source, {number: _held(by_id[pk], {}) for number, pk in agencies.items() if pk in by_id})


def without_number(source: Source) -> dict:
    """folded name -> ids of the organisations so called that have no number of this register and could get one."""
    rows = Agency.objects.live().filter(kind__in=source.links, merged_into=None)
    rows = rows.exclude(registrations__register=source.register)
    found = defaultdict(set)
    for pk, name in rows.values_list("pk", "name"):
        found[fold(name)].add(pk)
    for pk, name in Alias.objects.filter(agency__in=rows).values_list("agency_id", "name"):
        found[fold(name)].add(pk)
    return found


def _complete(source, found):
    by_id = {each.agency_id: each for each in found.values()}
    if not by_id:
        return found
    ids = list(by_id)
    _sites(by_id, ids)
    placed = Agency.areas.through.objects.filter(agency_id__in=ids)
    for agency_id, slug, kind in placed.values_list("agency_id", "area__slug", "area__kind"):
        by_id[agency_id].areas[slug] = kind
    # In two questions: joined, PostgreSQL asks for the groups once an organisation where its statistics are old.
    groups = Registration.objects.filter(register=source.owner_register)
    groups = groups.values_list("agency_id", "number", "agency__name")
    groups = {agency_id: {"number": number, "name": name} for agency_id, number, name in groups}
    names = {str(kind): code for code, kind in OWNERS.items()}
    owners = Ownership.objects.filter(agency_id__in=ids, ends=None)
    for agency_id, kind, owner_id in owners.values_list("agency_id", "kind", "owner_id"):
        if kind in names and owner_id in groups:
            by_id[agency_id].facts[names[kind]] = groups[owner_id]
    items = Classification.objects.filter(agency_id__in=ids, ends=None).order_by("basis")
    for agency_id, item in items.values_list("agency_id", "item_id"):
        by_id[agency_id].facts.setdefault("item", item)
    for agency_id, name in Alias.objects.filter(agency_id__in=ids).values_list("agency_id", "name"):
        by_id[agency_id].facts.setdefault("aliases", []).append(name)
    for agency_id, email, telephone in _offices(source, ids):
        by_id[agency_id].facts |= {"email": email, "telephone": telephone}
    for agency_id, number, name in _followed(source, ids):
        by_id[agency_id].facts.setdefault("follows", []).append({"number": str(number), "name": name})
    return found


def _held_rows(source, numbers):
    fields = ["agency_id", "agency__merged_into_id", *(f"agency__{name}" for name in AGENCY)]
    if not source.register:
        rows = School.objects.filter(urn__in=[int(n) for n in numbers if n.isdecimal()])
        return {
            str(urn): _held(each[: len(fields)], dict(zip(SCHOOL, each[len(fields) :], strict=True)))
            for urn, *each in rows.values_list("urn", *fields, *SCHOOL)
        }
    rows = Registration.objects.filter(register=source.register, number__in=numbers)
    return {
        number: _held(each[: len(fields)], {"register": said, "number": number})
        for number, said, *each in rows.values_list("number", "facts", *fields)
    }


def _held(row, more):
    agency_id, merged, *values = row
    facts = dict(zip(AGENCY, values, strict=True)) | more
    for name in ("starts", "ends"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    return Held(agency_id, facts, merged=merged is not None)


def _sites(by_id, ids):
    """The register's site of each: an open one, with a postcode before one without, named as it is before others."""
    best = {}
    rows = Site.objects.filter(agency_id__in=ids, ends=None).order_by("pk")
    for pk, agency_id, name, town, postcode in rows.values_list("pk", "agency_id", "name", "town", "postcode"):
        rank = (not postcode, name != by_id[agency_id].facts["name"])
        if agency_id not in best or rank < best[agency_id]:
            best[agency_id] = rank
            by_id[agency_id].site_id = pk
            by_id[agency_id].facts |= {"town": town, "postcode": postcode}


def _offices(source, ids):
    """The office's email address and telephone of each: what this register said before what people entered."""
    rows = ContactPoint.objects.live().filter(agency_id__in=ids, purpose=ContactPoint.Purpose.OFFICE)
    best = {}
    for agency_id, said_by, *reached in rows.order_by("pk").values_list("agency_id", "source", "email", "telephone"):
        if agency_id not in best or (said_by == source.title and not best[agency_id][0]):
            best[agency_id] = (said_by == source.title, *reached)
    return [(agency_id, email, telephone) for agency_id, (_, email, telephone) in best.items()]


def _followed(source, ids):
    number = "predecessor__registrations__number" if source.register else "predecessor__school__urn"
    rows = Succession.objects.filter(successor_id__in=ids)
    if source.register:
        rows = rows.filter(predecessor__registrations__register=source.register)
    return rows.exclude(**{number: None}).values_list("successor_id", number, "predecessor__name")


def hanging(ends: dict) -> dict:
    """agency id -> what runs on after it ends, in words. ends: agency id -> first day no longer (ISO)."""
    found = defaultdict(dict)
    for label, model in (("duty", NamedDuty), ("role", Membership)):
        rows = model.objects.filter(agency_id__in=list(ends)).order_by()
        for agency_id, last, number in rows.values_list("agency_id", "ends").annotate(number=Count("pk")):
            if last is None or last.isoformat() > ends[agency_id]:
                found[agency_id][label] = found[agency_id].get(label, 0) + number
    return {agency_id: _hangs(counts, ends[agency_id]) for agency_id, counts in found.items()}


def _hangs(counts, ends):
    words = {"duty": ("named duty", "named duties"), "role": ("person’s role", "people’s roles")}
    parts = [f"{number} {words[label][number > 1]}" for label, number in counts.items()]
    verb = "runs" if sum(counts.values()) == 1 else "run"
    return f"{' and '.join(parts)} {verb} on after {say('ends', ends)}. End them first."


# --- where it lies ----------------------------------------------------------------------------------------------------


class Places:
    """The areas of the directory, and which of them an organisation lies in by what its register says."""

    def __init__(self):
        self.names, self.ids, self._authorities, self._districts = {}, {}, {}, {}
        self._nation = None
        self._localities = defaultdict(list)  # outward code -> (slug, slug of the authority's area that it is part of)
        areas = list(Area.objects.all())
        by_id = {area.pk: area for area in areas}
        for area in areas:
            self.names[area.slug], self.ids[area.slug] = area.name, area.pk
            if area.kind == Area.Kind.AUTHORITY and area.authority_code:
                self._authorities[area.authority_code] = area.slug
            elif area.kind == Area.Kind.NATION:
                self._nation = area.slug
            elif area.kind == Area.Kind.DISTRICT:
                self._districts[fold(area.name)] = area.slug
            elif area.kind == Area.Kind.LOCALITY:
                for outward in area.postcodes:
                    self._localities[outward].append((area.slug, _authority_of(area, by_id)))

    @property
    def authorities(self):
        """code -> slug of the authority areas that the directory keeps."""
        return self._authorities

    def of(self, entry) -> tuple:
        """(slugs of the areas it lies in, the kinds of area that this says something of)."""
        slugs, kinds = set(), set()
        if entry.authority:
            kinds |= {Area.Kind.AUTHORITY, Area.Kind.NATION}
            kept = {self._authorities.get(code) for code in entry.authority.split()} - {None}
            slugs |= kept or {self._nation}  # of an authority that the directory keeps no area for
        if self._districts and entry.facts.get("district"):
            kinds.add(Area.Kind.DISTRICT)
            slugs.add(self._districts.get(fold(entry.facts["district"])))
        if self._localities and entry.facts.get("postcode"):
            kinds.add(Area.Kind.LOCALITY)
            # A postcode district crosses the boundary of authorities: a locality is a part of one.
            near = self._localities.get(entry.facts["postcode"].split()[0], ())
            slugs |= {slug for slug, whole in near if whole is None or not entry.authority or whole in slugs}
        return sorted(slugs - {None}), kinds


def _authority_of(area, by_id):
    """The slug of the authority's area that an area is part of, or None."""
    while area is not None and area.kind != Area.Kind.AUTHORITY:
        area = by_id.get(area.parent_id)
    return area.slug if area else None


def town_spellings() -> dict:
    """Folded town -> the spelling that the directory uses most: registers write Stoke on Trent in three ways."""
    counts = Counter(Site.objects.exclude(town="").order_by().values_list("town", flat=True))
    spellings = {}
    for town, _ in counts.most_common():
        spellings.setdefault(fold(town), town)
    return spellings
