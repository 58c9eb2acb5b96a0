"""The catalogue that the portal starts with, from data/catalogue.toml. What people have changed since stays theirs."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from partnership.access.models import Folder, FolderKind
from partnership.access.services import open_folder
from partnership.people.models import Partnership
from partnership.trail.services import record
from training.models import Course, Requirement, WorkforceRole
from training.office import keep_training, training_of

FILE = Path(__file__).resolve().parent.parent / "data" / "catalogue.toml"
FACTS = ("title", "kind", "level", "summary", "audience", "outcomes", "source")
NUMBERS = ("refresh_months", "capacity", "minimum", "approval")


@transaction.atomic
def load(path=FILE) -> dict[str, int]:
    """Make the courses, roles and requirements that are missing. Returns how many of each were made."""
    keep_training()
    said = tomllib.loads(Path(path).read_text())
    partnership = Partnership.objects.order_by("pk").first()
    made = {"courses": 0, "roles": 0, "requirements": 0}
    if partnership is None:
        return made
    # Two loadings at once: the second waits here and finds everything made.
    top = training_of(partnership)
    list(Folder.objects.unscoped("its own lock").select_for_update().filter(pk=top.pk))
    courses = {row.ref: row for row in Course.objects.exclude(ref="")}
    for each in said["course"]:
        if each["ref"] not in courses:
            courses[each["ref"]] = _course(each, top)
            made["courses"] += 1
    for each in said["course"]:
        if wanted := each.get("prerequisites"):
            courses[each["ref"]].prerequisites.add(*(courses[ref] for ref in wanted))
    for place, each in enumerate(said["role"], 1):
        _, new = WorkforceRole.objects.get_or_create(
            code=each["code"], defaults={"name": each["name"], "position": place}
        )
        made["roles"] += new
    for each in said["requirement"]:
        facts = {name: each.get(name, "") for name in ("first_rule", "renewal_rule")}
        facts |= {"first_months": each.get("first_months")}
        _, new = Requirement.objects.get_or_create(
            role_id=each["role"], course=courses[each["course"]], starts=date.fromisoformat(said["from"]),
            defaults=facts | {"source": each["source"]},
        )  # fmt: skip
        made["requirements"] += new
    if any(made.values()):
        record("catalogue_loaded", obj=top, **made)
    return made


def _course(each, top) -> Course:
    folder = open_folder(
        kind=FolderKind.COURSE, title=each["title"], partnership=top.partnership, by=None, parent=top,
        reference=f"Course {each['ref']}"[:40],
    )  # fmt: skip
    facts = {name: each.get(name, "").strip() for name in FACTS}
    facts |= {name: each[name] for name in NUMBERS if name in each}
    hours = Decimal(str(each["hours"])) if "hours" in each else None
    return Course.objects.create(folder=folder, ref=each["ref"], status=Course.Status.OFFERED, hours=hours, **facts)
