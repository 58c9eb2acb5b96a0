"""The partnership's published groups, from data/groups.toml: those that are missing are made, nothing is changed."""

import tomllib
from pathlib import Path

from django.db import transaction

from boards.groups import services
from boards.models import Group, Seat
from partnership.people.models import Agency, Partnership

FILE = Path(__file__).resolve().parent.parent / "data" / "groups.toml"


@transaction.atomic
def load() -> int:
    """Make the groups that no row carries by `ref` yet, with their seats vacant; returns how many. Safe to repeat:
    a group that was renamed, closed or whose seats were changed stays as it is."""
    partnership = Partnership.objects.select_for_update().filter(slug="sotscp").first()
    if partnership is None:
        return 0
    known = dict(Group.objects.exclude(ref="").values_list("ref", "pk"))
    agencies = {agency.slug: agency for agency in Agency.objects.exclude(slug__startswith="urn-")}
    made = 0
    for facts in tomllib.loads(FILE.read_text())["group"]:
        if facts["ref"] in known:
            continue
        seats, above = facts.pop("seat", ()), known.get(facts.pop("parent", None))
        row = services.add_group(
            by=None, partnership=partnership, parent=above and Group.objects.get(pk=above), **facts
        )
        for seat in seats:
            agency = agencies[seat.pop("agency")] if "agency" in seat else None
            services.add_seat(row, by=None, agency=agency, role=Seat.SeatRole.MEMBER, **seat)
        known[row.ref] = row.pk
        made += 1
    return made
