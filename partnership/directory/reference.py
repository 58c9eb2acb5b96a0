"""The reference data that the portal starts with: partnership, areas, Schedule, organisations, schools, duties.

Loading is create-only: a row that is there already, and whatever hangs on it, is left as people made it.
"""

import csv
import re
from datetime import date
from pathlib import Path

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from partnership.people.finding import refresh
from partnership.people.models import (
    Agency,
    Alias,
    Area,
    Classification,
    NamedDuty,
    Partnership,
    ScheduleItem,
    School,
    Site,
    Succession,
)
from partnership.trail.services import record

DATA = Path(__file__).parent / "data"
PARTNERSHIP = "sotscp"
AREAS = (
    {"slug": "england", "name": "England", "kind": Area.Kind.NATION},
    {"slug": "west-midlands", "name": "West Midlands region", "kind": Area.Kind.REGION, "parent": "england"},
    {"slug": "stoke-on-trent", "name": "Stoke-on-Trent", "parent": "west-midlands", "authority_code": "861"},
    {"slug": "staffordshire", "name": "Staffordshire", "parent": "west-midlands", "authority_code": "860"},
)
AREA_OF_AUTHORITY = {"861": "stoke-on-trent", "860": "staffordshire"}
LOADED = "Loaded with the portal"
REGISTER = "National schools register (Get Information about Schools), Open Government Licence v3.0"


# The register writes 'Stoke-On-Trent' beside 'Stoke-on-Trent'. After a space or a hyphen, so never as the first word:
SMALL_WORDS = re.compile(r"(?<=[ -])(And|By|De|In|La|Le|Near|Next|Of|On|The|Under|Upon|With)(?=[ -])")


def place_name(text) -> str:
    """A town as people write it: the small words inside its name stay small (Burton upon Trent, Stow-on-the-Wold)."""
    return SMALL_WORDS.sub(lambda found: found[0].lower(), text)


@transaction.atomic
def load() -> dict:
    """Create what is missing and return how many of each were created.

    An organisation is known by its slug (a school: `urn-` and its number); its aliases, classifications, sites and
    duties are made with it and never again, so that one which a person took away stays away.
    """
    partnership, founded = Partnership.objects.get_or_create(
        slug=PARTNERSHIP, defaults={"name": "Stoke-on-Trent Safeguarding Children Partnership"}
    )
    areas = _areas()
    made = {"partnerships": int(founded), "items": _items()}
    new = _agencies(areas)
    made["agencies"], made["schools"] = len(new), _schools(areas, new)
    made["duties"], made["successions"] = _duties(new), _successions(new)
    refresh(Agency.objects.filter(words="").values_list("pk", flat=True))
    if any(made.values()):
        record("reference_loaded", obj=partnership, **made)
    return made


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _day(text):
    return date.fromisoformat(text) if text else None


def _many(text):
    return [part for part in text.split(";") if part]


def _areas():
    """slug -> Area, each with its parent, which stands before it."""
    areas = {}
    for row in AREAS:
        facts = {name: value for name, value in row.items() if name not in ("slug", "parent")}
        facts["parent"] = areas.get(row.get("parent"))
        areas[row["slug"]], _ = Area.objects.get_or_create(slug=row["slug"], defaults=facts)
    return areas


def _items():
    rows = [
        ScheduleItem(number=int(row["number"]), heading=row["heading"], label=row["label"], note=row["note"])
        for row in _rows("schedule_items.csv")
    ]
    known = set(ScheduleItem.objects.values_list("number", flat=True))
    missing = [row for row in rows if row.number not in known]
    ScheduleItem.objects.bulk_create(missing)
    return len(missing)


def _agencies(areas):
    """slug -> Agency of the organisations that were created now."""
    rows = {row["slug"]: row for row in _rows("agencies.csv")}
    known = set(Agency.objects.filter(slug__in=rows).values_list("slug", flat=True))
    new = {
        slug: Agency(
            slug=slug,
            name=row["name"],
            kind=row["kind"],
            partner_seat=row["seat"],
            starts=_day(row["starts"]),
            ends=_day(row["ends"]),
            note=row["note"],
            source=row["source"],
        )
        for slug, row in rows.items()
        if slug not in known
    }
    _create(new.values(), Agency)
    _place({agency: _many(rows[slug]["areas"]) for slug, agency in new.items()}, areas)
    Alias.objects.bulk_create(
        Alias(agency=agency, name=name) for slug, agency in new.items() for name in _many(rows[slug]["aliases"])
    )
    Classification.objects.bulk_create(
        Classification(agency=agency, item_id=int(number), basis=rows[slug]["basis"])
        for slug, agency in new.items()
        for number in _many(rows[slug]["schedule"])
    )
    _create(
        [Site(agency=agency, name=name) for slug, agency in new.items() for name in _many(rows[slug]["sites"])], Site
    )
    return new


def _schools(areas, new):
    rows = {f"urn-{row['urn']}": row for row in _rows("schools.csv")}
    known = set(Agency.objects.filter(slug__in=rows).values_list("slug", flat=True))
    # A school that a person entered by hand with its number is the same school.
    by_hand = set(School.objects.values_list("urn", flat=True))
    fresh = {
        slug: Agency(
            slug=slug,
            name=row["name"],
            kind="school",
            starts=_day(row["starts"]),
            ends=_day(row["ends"]),
            source=REGISTER,
        )
        for slug, row in rows.items()
        if slug not in known and int(row["urn"]) not in by_hand
    }
    _create(fresh.values(), Agency)
    _place({agency: [AREA_OF_AUTHORITY[rows[slug]["la"]]] for slug, agency in fresh.items()}, areas)
    School.objects.bulk_create(
        School(
            agency=agency,
            urn=int(rows[slug]["urn"]),
            local_authority_code=rows[slug]["la"],
            establishment_type=rows[slug]["type"],
            district=rows[slug]["district"],
        )
        for slug, agency in fresh.items()
    )
    _create(
        [
            Site(agency=agency, name=agency.name, town=place_name(rows[slug]["town"]), postcode=rows[slug]["postcode"])
            for slug, agency in fresh.items()
        ],
        Site,
    )
    Classification.objects.bulk_create(
        Classification(agency=agency, item_id=item_of_school(rows[slug]["type"]), basis="inferred")
        for slug, agency in fresh.items()
    )
    new.update(fresh)
    return len(fresh)


# A word of the register's type of establishment -> the Schedule's item for the body that runs it; the first counts.
ITEMS = (
    ("alternative provision", 3),
    ("16-19", 2),
    ("16 to 19", 2),
    ("special post 16", 9),
    ("academy", 1),
    ("free school", 1),
    ("pupil referral", 6),
    ("nursery school", 5),
    ("non-maintained special", 8),
    ("independent", 7),
    ("city technology college", 7),
    ("further education", 10),
    ("sixth form", 10),
    ("higher education", 11),
)


def item_of_school(establishment_type) -> int:
    """The Schedule's item for the body that runs a school of this type (SI 2018/789, items 1 to 11)."""
    kind = establishment_type.lower()
    return next((item for words, item in ITEMS if words in kind), 4)


def _duties(new):
    duties = [
        NamedDuty(
            agency=new[row["agency"]],
            kind=row["kind"],
            post=row["post"],
            starts=_day(row["starts"]),
            ends=_day(row["ends"]),
            source=row["source"],
        )
        for row in _rows("duties.csv")
        if row["agency"] in new
    ]
    _create(duties, NamedDuty)
    return len(duties)


def _successions(new):
    rows = [row for row in _rows("successions.csv") if row["predecessor"] in new or row["successor"] in new]
    ends = {slug for row in rows for slug in (row["predecessor"], row["successor"])}
    agencies = {agency.slug: agency for agency in Agency.objects.filter(slug__in=ends)}
    Succession.objects.bulk_create(
        Succession(
            predecessor=agencies[row["predecessor"]],
            successor=agencies[row["successor"]],
            on=_day(row["on"]),
            kind=row["kind"],
            note=row["note"],
        )
        for row in rows
    )
    return len(rows)


def _create(rows, model):
    if rows := list(rows):
        bulk_create_with_history(rows, model, default_change_reason=LOADED)


def _place(placed, areas):
    through = Agency.areas.through
    through.objects.bulk_create(
        through(agency=agency, area=areas[slug]) for agency, slugs in placed.items() for slug in slugs
    )
