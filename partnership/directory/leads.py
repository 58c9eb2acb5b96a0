"""Who answers for an organisation's people: its leads, or the business unit where it has none.

Whoever cannot sign in, or whose account waits for a second person, answers for nobody meanwhile.
"""

from django.db.models import Q

from partnership.directory.rules import runs_on_after
from partnership.people.models import Membership
from partnership.people.roles import Perm, roles_with

ANSWERS = Q(user__is_active=True, user__suspended_at=None)
UNIT = Q(agency=None, role__in=roles_with(Perm.PEOPLE_APPROVE))


def leads_of(agency_ids) -> dict:
    """agency id -> the ids of its active leads today; those without any are left out. One query."""
    found = {}
    rows = Membership.objects.live().filter(ANSWERS, agency_id__in=agency_ids, role__in=roles_with(Perm.COLLEAGUES))
    for agency, user in rows.values_list("agency_id", "user_id"):
        found.setdefault(agency, set()).add(user)
    return found


def unit() -> set:
    """The ids of those of the whole partnership who look after accounts."""
    return set(Membership.objects.live().filter(ANSWERS, UNIT).values_list("user_id", flat=True))


def unit_goes_on(day) -> bool:
    """Whether somebody looks after accounts on `day` and on every later day on which one of them is known to end."""
    rows = Membership.objects.filter(ANSWERS, UNIT, runs_on_after(day))
    times = list(rows.values_list("starts", "ends"))
    return all(
        any((starts is None or starts <= each) and (ends is None or ends > each) for starts, ends in times)
        for each in {day, *(ends for _, ends in times if ends)}
    )


def answering_for(agency_id, *, but=None) -> set:
    """The leads of one organisation; the unit where it has none, or for what belongs to no one organisation.

    but: the id of somebody who does not answer for themselves.
    """
    found = leads_of([agency_id]).get(agency_id, set()) if agency_id else set()
    return found - {but} or unit() - {but}
