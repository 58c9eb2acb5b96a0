"""What a closing ends, and what stands in its way, before anybody does it."""

from dataclasses import dataclass

from django.utils import timezone

from partnership.directory.models import AgencyClosing
from partnership.directory.rules import runs_on_after
from partnership.people.models import Membership, NamedDuty, Ownership
from partnership.people.roles import LABELS, Role


@dataclass(frozen=True)
class Hanging:
    """duties, owners: what ends with it. roles: 'Ida Farrow: agency lead', which must have ended first."""

    duties: list
    owners: list
    roles: list


def hanging(agency) -> Hanging:
    """What runs on today or later, in three questions."""
    today = timezone.localdate()
    duties = NamedDuty.objects.filter(runs_on_after(today), agency=agency).select_related("holder")
    owners = Ownership.objects.filter(agency=agency, ends=None).select_related("owner")
    roles = Membership.objects.filter(runs_on_after(today), agency=agency).select_related("user").order_by("user__name")
    return Hanging(
        [f"{each.get_kind_display()}: {each.holder or each.post or 'vacant'}" for each in duties],
        [each.owner.name for each in owners],
        [f"{each.user.name}: {LABELS[Role(each.role)].lower()}" for each in roles],
    )


@dataclass(frozen=True)
class Again:
    """What goes on when a closing is taken back. succession: the name of who carried it on, or ''."""

    duties: list
    owners: list
    succession: str


def again(agency) -> Again:
    """Of the closing that stands; all empty where the portal did not close it."""
    row = AgencyClosing.objects.filter(agency=agency, undone_at=None).select_related("succession__successor").first()
    if row is None:
        return Again([], [], "")
    duties = NamedDuty.objects.filter(pk__in=row.ended["duties"], ends=row.ends).select_related("holder")
    owners = Ownership.objects.filter(pk__in=row.ended["owners"], ends=row.ends).select_related("owner")
    return Again(
        [f"{each.get_kind_display()}: {each.holder or each.post or 'vacant'}" for each in duties],
        [each.owner.name for each in owners],
        row.succession.successor.name if row.succession else "",
    )
