"""The published arrangements and their groups, from data/groups.toml: what is missing is made, nothing is changed."""

import tomllib
from pathlib import Path

from django.db import transaction

from boards.groups import governance, services
from boards.groups.writing import holding, put, save
from boards.models import Arrangement, Group, OtherBody, Seat
from partnership.people.models import Agency, Partnership
from partnership.trail.services import record

FILE = Path(__file__).resolve().parent.parent / "data" / "groups.toml"


@transaction.atomic
def load() -> int:
    """Make the arrangements and groups that no row carries by `ref` yet, with their seats vacant; returns how many
    groups. Safe to repeat: a group that was renamed, closed or whose seats were changed stays as it is.

    A group of the first release, which knew no arrangements, is told once what it lacks.
    """
    partnership = Partnership.objects.select_for_update().filter(slug="sotscp").first()
    if partnership is None:
        return 0
    file = tomllib.loads(FILE.read_text())
    arrangements = _arrangements(file["arrangement"], partnership)
    agencies = {agency.slug: agency for agency in Agency.objects.exclude(slug__startswith="urn-")}
    known = {row.ref: row for row in Group.objects.exclude(ref="").select_related("folder")}
    made, following = 0, []
    for facts in file["group"]:
        ref, row = facts["ref"], known.get(facts["ref"])
        if row is None:
            known[ref], made = _group(facts, partnership, arrangements, known, agencies), made + 1
        elif row.arrangement_id is None:
            known[ref] = _fill(row, facts, arrangements)
        else:
            continue
        following += [facts] if "follows" in facts else []
    for facts in following:  # whom it follows may stand behind it in the file
        row = known[facts["ref"]]
        row.follows = row.follows or known[facts["follows"]]
        save(row, None)
    return made


def _arrangements(tables, partnership) -> dict:
    found = {row.ref: row for row in Arrangement.objects.exclude(ref="")}
    for facts in tables:
        if facts["ref"] not in found:
            found[facts["ref"]] = governance.add_arrangement(by=None, partnership=partnership, **facts)
    return found


def _group(facts, partnership, arrangements, known, agencies) -> Group:
    """A group with its seats, which last as long as it; one of earlier arrangements has ended."""
    said = {name: facts[name] for name in ("kind", "purpose", "meets", "chair_rule", "source") if name in facts}
    arrangement = arrangements[facts["arrangement"]]
    row = services.add_group(
        by=None, partnership=partnership, name=facts["name"], ref=facts["ref"], arrangement=arrangement,
        parent=known.get(facts.get("parent")), starts=arrangement.starts, ends=arrangement.ends, **said,
    )  # fmt: skip
    for seat in facts.get("seats", ()):
        seat = dict(seat)
        note = seat.pop("note", "")
        source = seat.pop("source", "; ".join(filter(None, (facts.get("seats_source", ""), note))))
        agency = agencies[seat.pop("agency")] if "agency" in seat else None
        services.add_seat(
            row, by=None, agency=agency, role=Seat.SeatRole.MEMBER, source=source,
            starts=row.starts if row.ends else None, ends=row.ends, **seat,
        )  # fmt: skip
    _works(row, facts, agencies)
    return row


def _works(row, facts, agencies):
    for other in facts.get("others", ()):
        governance.add_other(row, by=None, starts=row.starts if row.ends else None, ends=row.ends, **other)
    if said := facts.get("rotation"):
        order = [agencies[slug] for slug in said["order"]]
        rotation = governance.set_rotation(
            row, by=None, version=0, starts=said["starts"], order=order, every_months=said["every_months"],
            source=said["source"],
        )  # fmt: skip
        if row.ends:
            governance.end_rotation(row, by=None, version=rotation.version, starts=row.ends)


def _fill(row, facts, arrangements) -> Group:
    """What a group of the first release lacks; what somebody entered since stays."""
    row = holding(row)
    arrangement = arrangements[facts["arrangement"]]
    said = {"arrangement": arrangement, "kind": facts.get("kind", row.kind)}
    lacks = {"starts": arrangement.starts, "meets": facts.get("meets", ""), "chair_rule": facts.get("chair_rule", "")}
    said |= {name: value for name, value in lacks.items() if value and not getattr(row, name)}
    changed = put(row, said)
    save(row, None, counted=True)
    record("group_changed", obj=row, fields=sorted(changed))
    for seat in facts.get("seats", ()):
        for name in ("represents", "standing"):
            if name in seat:
                Seat.objects.filter(group=row, post=seat["post"]).update(**{name: seat[name]})
    if not OtherBody.objects.filter(group=row).exists():
        for other in facts.get("others", ()):
            governance.add_other(row, by=None, **other)
    return row
