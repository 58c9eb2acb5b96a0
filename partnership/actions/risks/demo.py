"""Demo material: three fictional risks of the published groups, one with an action against it, one that was closed."""

from datetime import timedelta

from django.utils import timezone

from partnership.actions import services as actions
from partnership.actions.answering.demo import group_named, groups
from partnership.actions.models import Origin, Risk
from partnership.actions.risks import services
from partnership.trail.then import then

VISITORS = {
    "what": "First visits to newborn babies come late, because posts of health visitors stand empty.",
    "cause": "Five of thirty posts have been empty since the summer.",
    "effect": "What a first visit would have seen is seen weeks later, or by nobody.",
    "likelihood": 4,
    "impact": 4,
    "controls": "Babies who are known to social care, or were born early, are visited first.",
}
VISITS = "Agree which first visits another service makes until the posts are filled"
RECORDS = {
    "what": "Agencies take different days for the start of a strategy discussion, so that nobody can say who is late.",
    "cause": "Each system counts from another entry.",
    "likelihood": 3,
    "impact": 3,
    "controls": "The dates are compared by hand once a quarter.",
}
VENUE = {
    "what": "Training falls out for want of a room.",
    "likelihood": 2,
    "impact": 2,
    "controls": "Half of the courses are held online.",
}
FOUND = "The civic centre keeps a room for the partnership on two days each month."


def fill_risks(people) -> None:
    """Add the demo's risks, once; none where there are no groups. people: the demo's users by key."""
    found, today, by = groups(), timezone.localdate(), people["manager"]
    if not found or Risk.objects.unscoped("is the demo filled?").exists():
        return
    with then(timezone.now() - timedelta(days=40)):
        lead = people["lead_mpft"]
        of = {"owner": lead, "agency": lead.memberships.get().agency, "review_on": today + timedelta(days=50)}
        row = services.add(group_named("Quality", found), by=by, **VISITORS, **of)
        actions.add(
            row.folder, by=by, what=VISITS, due_on=today + timedelta(days=30), source=row, origin=Origin.RISK,
            owner=lead, agency=of["agency"], agreed_on=timezone.localdate(),
        )  # fmt: skip
        services.add(group_named("Review", found), by=by, **RECORDS, review_on=today - timedelta(days=3))
        closed = services.add(group_named("Learning", found), by=by, **VENUE)
    services.close(closed, by=by, close_reason=FOUND)
