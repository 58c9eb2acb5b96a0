"""Organisations that the directory does not hold yet, and their owners, from the rows of a preview."""

from datetime import date

from partnership.directory.importing import facts as said
from partnership.directory.importing.bulk import write
from partnership.people.finding import compact, words_from
from partnership.people.models import (
    Agency,
    Alias,
    Classification,
    ContactPoint,
    Ownership,
    Registration,
    School,
    Site,
)


def owners(taking, chunk):
    """The trusts and federations that the directory does not hold yet."""
    new = {}
    for row in chunk:
        for code in said.OWNERS:
            owner = row.new.get(code)
            if owner and owner["number"] not in taking.groups:
                new[owner["number"]] = owner["name"]
    if not new:
        return
    slugs = free_slugs(f"{taking.source.owner_register}-{number}" for number in new)
    groups = [
        Agency(
            slug=slug,
            name=name,
            kind=taking.source.owner_kind,
            source=taking.source.title,
            words=words_from(name, number),
        )
        for slug, (number, name) in zip(slugs, new.items(), strict=True)
    ]
    taking.add(groups, Agency)
    Registration.objects.bulk_create(
        Registration(agency=group, register=taking.source.owner_register, number=number)
        for group, number in zip(groups, new, strict=True)
    )
    taking.groups |= {number: group.pk for group, number in zip(groups, new, strict=True)}
    taking.outcome.groups += len(groups)


def create(taking, rows):
    if not rows:
        return
    prefix = taking.source.register or "urn"
    slugs = free_slugs(f"{prefix}-{row.number}" for row in rows)
    agencies = [_agency(taking, row, slug) for row, slug in zip(rows, slugs, strict=True)]
    taking.add(agencies, Agency)
    pairs = list(zip(agencies, rows, strict=True))
    if taking.source.register:
        Registration.objects.bulk_create(
            Registration(
                agency=agency, register=taking.source.register, number=row.number, facts=row.new.get("register", {})
            )
            for agency, row in pairs
        )
    else:
        School.objects.bulk_create(
            School(
                agency=agency,
                urn=int(row.number),
                **{code: row.new[code] for code in said.SCHOOL if row.new.get(code) is not None},
            )
            for agency, row in pairs
        )
    taking.add(
        [
            Site(agency=agency, name=agency.name, town=row.new.get("town", ""), postcode=row.new.get("postcode", ""))
            for agency, row in pairs
            if row.new.get("town") or row.new.get("postcode")
        ],
        Site,
    )
    through = Agency.areas.through
    through.objects.bulk_create(
        through(agency=agency, area_id=taking.places.ids[slug])
        for agency, row in pairs
        for slug in row.new.get("areas", ())
        if slug in taking.places.ids
    )
    Classification.objects.bulk_create(
        Classification(agency=agency, item_id=row.new["item"], basis=Classification.Basis.INFERRED)
        for agency, row in pairs
        if row.new.get("item")
    )
    taking.add(
        [
            Ownership(owner_id=taking.groups[owner["number"]], agency=agency, kind=kind, source=taking.source.title)
            for agency, row in pairs
            for code, kind in said.OWNERS.items()
            if (owner := row.new.get(code))
        ],
        Ownership,
    )
    name_more(taking, [(agency.pk, row) for agency, row in pairs])
    taking.add([office(taking, agency.pk, row.new) for agency, row in pairs if reached(row.new)], ContactPoint)
    for agency, row in pairs:
        row.agency_id = agency.pk
        taking.follow(agency.pk, row)
    write(rows, ["agency"])


def free_slugs(wanted) -> list:
    """An address for each of `wanted`. One may be taken: who lost its number keeps the address that was made of it."""
    wanted = [each.lower()[:60] for each in wanted]
    taken, free = set(Agency.objects.filter(slug__in=wanted).values_list("slug", flat=True)), []
    for base in wanted:
        slug, count = base, 1
        while slug in taken or (count > 1 and Agency.objects.filter(slug=slug).exists()):
            count += 1
            slug = f"{base[:50]}-{count}"
        taken.add(slug)
        free.append(slug)
    return free


def _agency(taking, row, slug):
    new = row.new
    return Agency(
        slug=slug,
        name=new["name"],
        kind=new.get("kind") or taking.source.kind,
        starts=day(new.get("starts")),
        ends=day(new.get("ends")),
        website=new.get("website", ""),
        source=taking.source.title,
        words=words_from(
            new["name"],
            row.number,
            new.get("town"),
            new.get("postcode"),
            compact(new.get("postcode") or ""),
            *new.get("aliases", ()),
        ),
    )


def name_more(taking, pairs):
    """Other names are added and never taken away: people keep them."""
    Alias.objects.bulk_create(
        (Alias(agency_id=pk, name=name) for pk, row in pairs for name in row.new.get("aliases", ())),
        ignore_conflicts=True,
    )


def office(taking, agency_id, new):
    reached = {code: new.get(code) or "" for code in said.OFFICE}
    return ContactPoint(agency_id=agency_id, source=taking.source.title, starts=taking.today, **reached)


def reached(new):
    return any(new.get(code) for code in said.OFFICE)


def day(text):
    return date.fromisoformat(text) if text else None
