"""School holidays that the portal knows of, from data/school_holidays.toml, for whoever asks for them.

They are not loaded at set-up: they are not confirmed, and a school that is closed is not asked about a case.
"""

import tomllib
from pathlib import Path

from django.db import transaction

from partnership.directory.particulars.services import add_closure
from partnership.people.models import Area, Closure
from partnership.people.models.dated import after

FILE = Path(__file__).resolve().parent.parent / "data" / "school_holidays.toml"


@transaction.atomic
def load() -> int:
    """Enter the school holidays that overlap with none of the area's; returns how many. Safe to repeat."""
    data = tomllib.loads(FILE.read_text())
    area = Area.objects.select_for_update().filter(slug=data["area"]).first()
    if area is None:
        return 0
    made = 0
    for each in data["holiday"]:
        starts, ends = each["first"], after(each["last"])
        if not Closure.objects.filter(agency=None, area=area, starts__lt=ends, ends__gt=starts).exists():
            add_closure(by=None, area=area, name=each["name"], starts=starts, ends=ends, source=data["source"])
            made += 1
    return made
