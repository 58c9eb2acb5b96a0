"""What speaks against somebody on a review: a part in a return, an organisation that was asked, work for a partner."""

from collections import defaultdict

from partnership.access.interests import Interest
from partnership.people.models import Membership
from partnership.people.roles import CASE_ROLES, POWERS, Perm, Role
from reviews.models import AgencyReturn

PARTS = ("author", "helper", "signer", "coordinator")
# A partner's signatory is of a partner's organisation, which is asked nearly always: that is no news of anybody.
READERS = frozenset(CASE_ROLES) - {Role.SIGNATORY}
SCRUTINY = frozenset({Role.SCRUTINEER})


def interests_on_a_review(folder, users) -> dict:
    """user id -> Interests; two queries, however many people.

    Independent scrutiny is of other people's work (Children Act 2004 s16G(3)): a part in a return shuts it.
    """
    rows = AgencyReturn.objects.unscoped("those who let people in are told who has a part, and may see every return")
    rows = rows.filter(folder=folder).exclude(status=AgencyReturn.Status.WITHDRAWN).select_related("agency", "subject")
    found, asked = defaultdict(list), {}
    for row in rows:
        asked |= {each.pk: each.name for each in (row.agency, row.subject) if each}
        for pk in {getattr(row, f"{part}_id") for part in PARTS} - {None}:
            words = f"This person has a part in the return of {row.body} on this case."
            found[pk].append(Interest(words, READERS, SCRUTINY))
    here = Membership.objects.live().filter(user__in=users).select_related("agency").order_by("agency__name")
    for each in here:
        found[each.user_id] += _of_a_place(Role(each.role), each.agency, asked)
    wanted = {each.pk for each in users}
    return {pk: list(dict.fromkeys(interests)) for pk, interests in found.items() if pk in wanted}


def _of_a_place(role, agency, asked):
    if agency is None:
        if Perm.REVIEW_MANAGE in POWERS[role]:
            yield Interest("This person works for the business unit, which runs the review.", SCRUTINY)
        return
    if agency.pk in asked:
        yield Interest(f"{agency.name}, where this person works, was asked for a return on this case.", READERS)
    if agency.partner_seat:
        yield Interest(f"{agency.name}, where this person works, is a safeguarding partner.", SCRUTINY)
