"""The published plan and the duties, from data/*.toml into the database. Safe to repeat; what people changed stays."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.over import going_on
from partnership.actions.models import Duty, Plan, Priority
from partnership.actions.planning.rules import rule_of
from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of
from partnership.deadlines.rules import UnknownRule
from partnership.people.models.dated import after
from partnership.trail.services import record

DATA = Path(__file__).parents[1] / "data"
FIRST_VERSION = 1


@dataclass(frozen=True)
class Loaded:
    """How many plans and duties were added."""

    plans: int
    duties: int


@cache
def read(name: str) -> dict:
    """A file of partnership/actions/data as tables."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


@transaction.atomic
def load() -> Loaded:
    """Add the plans and duties that are missing. Raises UnknownRule for a duty whose rule the portal does not know."""
    known = set(Plan.objects.exclude(ref="").values_list("ref", flat=True))
    plans = [_add_plan(**table) for table in read("priorities.toml")["plan"] if table["ref"] not in known]
    return Loaded(len(plans), _load_duties(timezone.localdate()))


def _add_plan(*, priority, last_day, **facts):
    plan = Plan.objects.create(ends=after(last_day), **facts)
    placed: dict[str, int] = {}
    for each in priority:
        placed[each["kind"]] = position = placed.get(each["kind"], 0) + 1
        Priority.objects.create(plan=plan, position=position, **each)
    record("plan_added", by=None, obj=plan, priorities=len(priority))
    return plan


def _load_duties(today) -> int:
    groups = _groups()
    here = {duty.ref: duty for duty in Duty.objects.exclude(ref="")}
    added = 0
    for table in read("duties.toml")["duty"]:
        group = groups.get(table.get("group"))
        row = here.get(table["ref"])
        if row is None:
            row = Duty.objects.create(group_id=group, **facts_of(table, today))
            record("duty_of_partnership_added", by=None, obj=row)
            added += 1
        elif group and row.group_id is None and row.version == FIRST_VERSION:
            row.group_id = group  # the group was set up since, and nobody has touched the duty
            row.save(update_fields=["group"])
    return added


def facts_of(table: dict, today: date) -> dict:
    """The fields of a duty of the file. What its rule says is taken from the rule. Raises UnknownRule."""
    facts = {name: value for name, value in table.items() if name not in ("group", "counted_from")}
    if not (code := table.get("rule")):
        return facts
    rule = rule_of(code, today)
    if rule is None:
        raise UnknownRule(f"The duty {table['ref']} names a rule that does not exist: {code}.")
    facts |= {"source": rule.source[:300], "edition": rule.edition[:60], "doubt": rule.doubt[:300]}
    if day_zero := table.get("counted_from"):
        facts["anchor"] = end_of(rule, day_zero, calendars.load(rule.division))[0].due
    return facts


def _groups() -> dict:
    """title -> id of the folders of groups."""
    rows = Folder.objects.unscoped("groups are published: the file names them by their titles")
    return dict(going_on(rows.filter(kind=FolderKind.GROUP, sealed=False)).values_list("title", "pk"))
