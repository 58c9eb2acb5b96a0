"""Who assists whom today. An assistant reads the open papers of the member's groups and answers whether the member
comes; never anything of a case, never an action, never a signature."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef

from boards.models import Assistant
from partnership.people.models import Membership


def of_today():
    """The assistants of today: dated, and of one organisation with their member."""
    here = Membership.objects.live().filter(agency__isnull=False)
    members = here.filter(user=OuterRef(OuterRef("member")))
    together = here.filter(user=OuterRef("assistant"), agency__in=members.values("agency"))
    rows = Assistant.objects.live().filter(Exists(together), member__is_active=True, assistant__is_active=True)
    return rows.exclude(member=F("assistant"))


def set_beside(seats) -> None:
    """Set `assistants` of each of these seats: the people who assist its holder today; one query."""
    found = defaultdict(list)
    rows = of_today().filter(member__in=[seat.user_id for seat in seats]).select_related("assistant")
    for row in rows.order_by("assistant__name"):
        found[row.member_id].append(row.assistant)
    for seat in seats:
        seat.assistants = found[seat.user_id]


def assisted_by(user) -> list:
    """The ids of the members whom this person assists today."""
    return list(of_today().filter(assistant=user).values_list("member_id", flat=True))
