"""The review whose returns are late: working day 12, and two agencies have not answered."""

from datetime import timedelta

from partnership.access.services import grant
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Role
from partnership.trail.then import then
from reviews import services
from reviews.demo.asking import ask, come_in
from reviews.demo.days import at, day_zero

WORKING_DAY = 12
HOSPITAL = {
    "family": "Mother, father and Child A, a boy of two.",
    "contacts": "Brought in by ambulance after a fall from a first-floor window; two earlier attendances for burns.",
    "analysis": "Each attendance was treated as an accident. The three were not read together.",
    "voice": "He asked for his blanket and for the cat.",
    "learning": "Three attendances in a year are read by the safeguarding team before the child leaves.",
}


def late_in_returns(people):
    officer, zero = people["officer"], day_zero(WORKING_DAY)
    with then(at(zero, 11)):
        review = services.open_review(
            by=officer,
            partnership=Partnership.objects.get(slug="sotscp"),
            facts={
                "authority": Agency.objects.get(slug="sotcc"),
                "incident_on": zero - timedelta(days=3),
                "aware_at": at(zero - timedelta(days=3), 18),
                "sent_at": at(zero, 10),
                "harm": "harm",
                "setting": "At home",
                "what_happened": "A child of two fell from a window and is in intensive care. Neglect is suspected.",
                "safety": "There are no other children in the household.",
                "panel_reference": "DEMO-0409",
                "categories": ["neglect"],
            },
            child={"age_band": "1-4", "legal_status": "cin"},
        )
        services.identify_child(
            review.children.get(), by=officer, facts={"name": "Toby Invented", "addresses": "3 Example Row"}
        )
        for key in ("dsp_council", "dsp_icb", "dsp_police"):
            grant(review.folder, people[key], Role.SIGNATORY, by=officer, reason="Delegated safeguarding partner")
    day, due = zero + timedelta(days=1), day_zero(3)
    hospital = ask(review, people["author_uhnm"], by=officer, day=day, due_on=due)
    come_in(hospital, day=day_zero(4), answers=HOSPITAL, signer=people["lead_uhnm"])
    for key in ("lead_mpft", "author_council"):
        ask(review, people[key], by=officer, day=day, due_on=due)
