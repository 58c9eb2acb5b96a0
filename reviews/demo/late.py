"""The review whose returns are late: working day 12, and two agencies have not answered."""

from datetime import timedelta

from reviews.demo.asking import ask, come_in
from reviews.demo.days import at, day_zero
from reviews.demo.opening import open_case

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
    incident = zero - timedelta(days=3)
    review = open_case(
        people, filed_at=at(zero, 11), incident_on=incident, aware_at=at(incident, 18), sent_at=at(zero, 10),
        facts={
            "setting": "At home",
            "what_happened": "A child of two fell from a window and is in intensive care. Neglect is suspected.",
            "safety": "There are no other children in the household.",
            "panel_reference": "DEMO-0409",
            "notifier": "Head of service, safeguarding and quality assurance",
            "categories": ["neglect"],
            "police_involved": "yes",
            "coroner_told": "no",
            "partners_agreed": "yes",
        },
        child={"age_band": "1-4", "legal_status": "cin"},
        identity={
            "name": "Toby Invented", "date_of_birth": incident - timedelta(days=870), "addresses": "3 Example Row",
        },
    )  # fmt: skip
    day, due = zero + timedelta(days=1), day_zero(3)
    hospital, *_ = [
        ask(review, people[key], by=officer, day=day, due_on=due)
        for key in ("author_uhnm", "lead_mpft", "author_council")
    ]
    come_in(hospital, day=day_zero(4), answers=HOSPITAL, signer=people["lead_uhnm"])
