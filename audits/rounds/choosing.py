"""Whom a round asks, and in which of its windows: its population, against the directory of a day."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audits import population
from audits.asking import matches
from audits.facts import OF_SCHOOLS, UNKNOWN
from audits.models import AuditReturn, Round, Window
from audits.population import Snapshot
from partnership.people.models import Agency, AgencyKind, Succession

WHY = "who has a return already is not asked again; nothing of it is shown"
# Field of a population -> how the directory is asked for it. What is not here is asked of the facts alone.
COLUMNS = {
    "kind": "kind__in",
    "phase": "school__phase__in",
    "establishment": "school__establishment_type__in",
    "district": "school__district__in",
}


@dataclass(frozen=True)
class Asked:
    """An organisation that a round asks. window: None where it belongs to none."""

    agency: Agency
    snapshot: Snapshot
    window: Window | None


def windows_of(round: Round) -> list[Window]:
    """In the order in which they are tried: those for some first, then those for everybody else."""
    return sorted(round.windows.all(), key=lambda row: (not row.who, row.position, str(row.pk)))


def window_for(windows, facts: dict) -> Window | None:
    return next((row for row in windows if matches(row.who, facts)), None)


def candidates(who: dict, day):
    """The organisations of a day among whom all are that a population asks: `population.asked` tells which."""
    rule = Q()
    for name, column in COLUMNS.items():
        values = who.get(name)
        if values and "" not in values:
            # Where the register says no phase the type may: `population.phase_of`.
            rule &= Q(**{column: [*values, ""] if name == "phase" else values})
    if (areas := who.get("area")) and "" not in areas:
        places = Agency.areas.through.objects.filter(area__slug__in=areas)
        rule &= Q(pk__in=places.values("agency"))
    if not any(name not in population.EXCEPTIONS for name in who):
        rule = Q(pk__in=[])
    return Agency.objects.on(day).filter(rule | Q(pk__in=who.get(population.ALSO, ()))).order_by("name", "pk")


def left_out_unknown(round: Round) -> dict:
    """Field -> [Agency], by name, that the round leaves out for no other reason than that the directory does not say
    this of them; of an open round those without a return. Five questions."""
    narrow = {name: values for name, values in round.population.items() if name in UNKNOWN and "" not in values}
    if not narrow:
        return {}
    day = timezone.localdate()
    wide = round.population | {name: [*values, ""] for name, values in narrow.items()}
    rows = candidates(wide, day).exclude(pk__in=AuditReturn.objects.unscoped(WHY).filter(round=round).values("agency"))
    rows = list(rows)
    snapshots = population.snapshots(rows, day)
    there = {row.pk for row in population.asked(round.population, rows, snapshots)}
    found = {name: [] for name in narrow}
    for row in population.asked(wide, rows, snapshots):
        lacks = [name for name in narrow if not snapshots[row.pk].facts[name]]
        if row.pk not in there and (row.kind == AgencyKind.SCHOOL or not set(lacks) & set(OF_SCHOOLS)):
            for name in lacks:
                found[name].append(row)
    return {name: rows for name, rows in found.items() if rows}


def whom(round: Round, *, day=None, new=False) -> list[Asked]:
    """Whom a round asks, by name. new: of these who has no return yet, and follows nobody whose return can go to it.

    Seven questions, however many are asked.
    """
    day = day or timezone.localdate()
    rows = candidates(round.population, day)
    if new:
        there = AuditReturn.objects.unscoped(WHY).filter(round=round)
        before = there.exclude(status=AuditReturn.Status.EXCUSED).values("agency")
        follows = Succession.objects.filter(successor=OuterRef("pk"), predecessor__in=before)
        rows = rows.exclude(Exists(there.filter(agency=OuterRef("pk")))).exclude(Exists(follows))
    rows = list(rows)
    found = population.snapshots(rows, day)
    windows = windows_of(round)
    chosen = population.asked(round.population, rows, found)
    return [Asked(row, found[row.pk], window_for(windows, found[row.pk].facts)) for row in chosen]
