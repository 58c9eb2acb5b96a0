"""Who answers for an organisation's people: its leads, or the business unit where it has none."""

from django.db.models import Q

from partnership.people.models import Membership
from partnership.people.roles import Perm, roles_with


def leads_of(agency_ids) -> dict:
    """agency id -> the ids of its active leads today; those without any are left out. One query."""
    found = {}
    rows = Membership.objects.live().filter(
        agency_id__in=agency_ids, role__in=roles_with(Perm.COLLEAGUES), user__is_active=True
    )
    for agency, user in rows.values_list("agency_id", "user_id"):
        found.setdefault(agency, set()).add(user)
    return found


def unit() -> set:
    """The ids of those of the whole partnership who look after accounts."""
    rows = Membership.objects.live().filter(
        Q(agency=None), role__in=roles_with(Perm.PEOPLE_APPROVE), user__is_active=True
    )
    return set(rows.values_list("user_id", flat=True))


def answering_for(agency_id, *, but=None) -> set:
    """The leads of one organisation; the unit where it has none, or for what belongs to no one organisation.

    but: the id of somebody who does not answer for themselves.
    """
    found = leads_of([agency_id]).get(agency_id, set()) if agency_id else set()
    return found - {but} or unit() - {but}
