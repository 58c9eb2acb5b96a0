"""Bodies that are closed on the day: who covers for them, and what the case lead decides about it (feature 192)."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnership.people.models import Agency, AgencyKind, Closure, DutyKind, NamedDuty
from partnership.people.models.dated import last_day
from partnership.trail.services import record
from partnership.ui.dates import plain
from reviews.models import Clearance
from reviews.services import must_be_open

LEVELS = ("area_id", "area__parent_id", "area__parent__parent_id", "area__parent__parent__parent_id")


@dataclass(frozen=True)
class Closed:
    """Why an organisation is closed, the first day on which it is open again, and who covers for it (a name, or '')."""

    name: str
    opens_on: date
    cover: str

    @property
    def words(self) -> str:
        until = f"closed until {plain(last_day(self.opens_on))} ({self.name})"
        return f"{until}; {self.cover} covers for it" if self.cover else f"{until}; nobody is named to cover for it"


def closed(agencies, *, day=None) -> dict:
    """Agency id -> Closed, of those that are closed on a day; an area's closures are its schools'. Four queries."""
    day = day or timezone.localdate()
    found = {}
    for row in Closure.objects.on(day).filter(agency__in=agencies).order_by("ends"):
        found[row.agency_id] = row
    of_areas = {row.area_id: row for row in Closure.objects.on(day).filter(agency=None).order_by("ends")}
    schools = [each.pk for each in agencies if each.kind == AgencyKind.SCHOOL]
    if of_areas and schools:
        lies = Agency.areas.through.objects.filter(agency_id__in=schools).values_list("agency_id", *LEVELS)
        for agency, *areas in lies:
            for row in filter(None, map(of_areas.get, areas)):
                if agency not in found or found[agency].ends < row.ends:
                    found[agency] = row
    covers = NamedDuty.objects.on(day).filter(agency__in=list(found), kind=DutyKind.CLOSURE_COVER, deputy_for=None)
    names = {duty.agency_id: duty.holder.name for duty in covers.exclude(holder=None).select_related("holder")}
    return {pk: Closed(row.name, row.ends, names.get(pk, "")) for pk, row in found.items()}


def on_returns(day) -> dict:
    """Expressions for rows of AgencyReturn, for `read`: why its body is closed that day, and who covers.

    They say what `closed` says, in the question of a page that has no other to spare.
    """
    lies = Agency.areas.through.objects.filter(
        agency_id=OuterRef(OuterRef("agency_id")), agency__kind=AgencyKind.SCHOOL
    )
    here = Q(agency_id=OuterRef("agency_id"))
    for level in LEVELS:
        here |= Q(agency=None, area_id__in=lies.values(level))
    rows = Closure.objects.on(day).filter(here).order_by("-ends")
    covers = NamedDuty.objects.on(day).filter(
        agency_id=OuterRef("agency_id"), kind=DutyKind.CLOSURE_COVER, deputy_for=None, holder__isnull=False
    )
    return {
        "closure": Subquery(rows.values(facts=JSONObject(name="name", ends="ends"))[:1]),
        "cover": Subquery(covers.order_by("pk").values("holder__name")[:1]),
    }


def read(row) -> Closed | None:
    """The closure of a row that carries the expressions of `on_returns`."""
    facts = row.closure
    return facts and Closed(facts["name"], date.fromisoformat(facts["ends"]), row.cover or "")


def must_be_cleared(agency, cleared) -> Closed | None:
    """The closure of today that this request was cleared for, or None where the organisation is open.

    cleared: {"way": Clearance.Way.NOW, "reason": ...}. Raises ValidationError where nobody cleared it.
    """
    closure = closed([agency]).get(agency.pk)
    if closure is None:
        return None
    if (cleared or {}).get("way") != Clearance.Way.NOW:
        raise ValidationError({"agency": f"{agency.name} is {closure.words}. Say whether it is asked all the same."})
    _needs_reason(cleared["reason"])
    return closure


def asked(row, closure, cleared, *, by) -> None:
    """The request went out: what was decided before belongs to it; where the body is closed, who cleared it and why."""
    waited = Clearance.objects.unscoped("the page has asked for the review")
    waited.filter(review_id=row.review_id, agency_id=row.agency_id, row=None).update(row=row)
    if closure:
        _decide(row.review, row.agency, closure, cleared["way"], cleared["reason"], by=by, row=row)


@transaction.atomic
def set_aside(review, *, by, agency, way, reason) -> Clearance:
    """Nobody is asked now: the request waits until the organisation opens again, or goes another way, which is named.

    Raises ValidationError without a reason, or where the organisation is open.
    """
    must_be_open(review)
    _needs_reason(reason)
    closure = closed([agency]).get(agency.pk)
    if closure is None:
        raise ValidationError({"agency": f"{agency.name} is open today: ask it."})
    return _decide(review, agency, closure, way, reason, by=by)


def _decide(review, agency, closure, way, reason, *, by, row=None) -> Clearance:
    clearance = Clearance.objects.create(
        folder_id=review.folder_id, review_id=review.pk, agency=agency, closure=closure.name,
        opens_on=closure.opens_on, way=way, reason=reason.strip(), row=row, by=by,
    )  # fmt: skip
    record("closure_cleared", by=by, obj=clearance, agency=agency.pk, way=str(way))
    return clearance


def _needs_reason(reason):
    if not reason.strip():
        raise ValidationError({"agency": "Say why, for each organisation that is closed."})
