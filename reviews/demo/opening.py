"""How a review of the demo begins: the council's notification, who the first child is, and who is let in."""

from partnership.access.services import grant
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Role
from partnership.trail.then import then
from reviews import services

PARTNERS = tuple(
    (key, Role.SIGNATORY, "Delegated safeguarding partner") for key in ("dsp_council", "dsp_icb", "dsp_police")
)


def open_case(people, *, filed_at, incident_on, aware_at, sent_at, facts, child, identity, let_in=PARTNERS):
    """The review as the officer filed it. facts: further fields of the notification. let_in: (key, role, why)."""
    officer = people["officer"]
    known = {"authority": Agency.objects.get(slug="sotcc"), "incident_on": incident_on, "aware_at": aware_at}
    with then(filed_at):
        review = services.open_review(
            by=officer,
            partnership=Partnership.objects.get(slug="sotscp"),
            facts=known | {"sent_at": sent_at, "harm": "harm"} | facts,
            child=child,
        )
        services.identify_child(review.children.get(), by=officer, facts=identity)
        for key, role, why in let_in:
            grant(review.folder, people[key], role, by=officer, reason=why)
    return review
