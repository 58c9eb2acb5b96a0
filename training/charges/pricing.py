"""The tariffs of charges: which is in force for a course of so many hours on a day; a new one, the end of one."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q

from partnership.access import edits
from partnership.access.reach import reach_of
from partnership.access.rows import can
from partnership.people.models import AgencyKind
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.models import Tariff

LATER = "A tariff for the same begins on {:%-d %B %Y}. End that one first, or begin this one later."
BEFORE = "It began on {:%-d %B %Y}. Enter a later day."


def in_force(kind, hours, day) -> Tariff | None:
    """The tariff of a day for a course: the one with the closest limit of hours that still holds it. hours: None where
    the catalogue does not say how long the course is; then only a tariff for any length holds."""
    rows = Tariff.objects.on(day).filter(kind=kind)
    fits = Q(until_hours=None) if hours is None else Q(until_hours=None) | Q(until_hours__gte=hours)
    return rows.filter(fits).order_by(F("until_hours").asc(nulls_last=True), "-starts").first()


def asked_for(kind, hours, agency, day) -> Tariff | None:
    """The tariff by which an organisation pays; None where there is none, or it pays nothing by it."""
    tariff = in_force(kind, hours, day)
    return tariff if pays(agency, tariff) else None


def pays(agency, tariff) -> bool:
    """Whether an organisation pays anything by a tariff, or by None."""
    return bool(tariff and tariff.amount and agency.kind not in tariff.free)


def worded(tariff) -> str:
    """As a charge keeps it: '£50.00, cancelled after the last day, courses up to 3 hours. Board of 4 May, item 7'."""
    length = f", courses up to {tariff.until_hours.normalize():f} hours" if tariff.until_hours is not None else ""
    return f"£{tariff.amount:.2f}, {tariff.get_kind_display().lower()}{length}. {tariff.source}"


def free_words(tariff) -> str:
    """The kinds of organisations that pay nothing, in words; 'Nobody' for none."""
    return ", ".join(label for kind, label in AgencyKind.choices if kind in tariff.free) or "Nobody"


@transaction.atomic
def add(*, by, kind, until_hours, amount, free, starts, source) -> Tariff:
    """A tariff from a day on; one that is in force for the same on that day ends with it. Raises ValidationError where
    one begins on that day or later, PermissionDenied."""
    row = Tariff(
        kind=kind, until_hours=until_hours, amount=amount, free=free, starts=starts, source=source.strip(),
        changed_by=by,
    )  # fmt: skip
    if not reach_of(by).holds(Perm.TRAINING_RUN):
        raise PermissionDenied("tariff.add")
    same = list(Tariff.objects.select_for_update().filter(kind=kind, until_hours=until_hours))
    if later := [each for each in same if each.starts and each.starts >= starts]:
        raise ValidationError({"starts": LATER.format(min(each.starts for each in later))})
    for each in same:
        if each.ends is None or each.ends > starts:
            edits.change(each, "tariff_ended", by=by, version=each.version, facts={"ends": starts})
    row.save(force_insert=True)
    record("tariff_added", by=by, obj=row)
    return row


@transaction.atomic
def end(row, *, by, version, ends) -> Tariff:
    """Let it hold no longer from the day `ends`. What was charged by it stands. Raises Stale, ValidationError."""
    if not can(by, Perm.TRAINING_RUN, row):
        raise PermissionDenied("tariff.end")
    if row.starts and ends <= row.starts:
        raise ValidationError({"ends": BEFORE.format(row.starts)})
    return edits.change(row, "tariff_ended", by=by, version=version, facts={"ends": ends})
