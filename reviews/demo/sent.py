"""The review that was sent to the Panel in time, and answered."""

from datetime import timedelta

from partnership.access.services import grant
from partnership.documents.models import Version
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Role
from partnership.trail.then import then
from reviews import clocks, sending, services
from reviews.demo.asking import ask, come_in
from reviews.demo.days import at, day_zero
from reviews.demo.writing import write_sections
from reviews.findings import services as findings
from reviews.models import Recommendation
from reviews.panel import services as panel

ZERO, ASKED, CAME, DECIDED, SENT, REPLIED = 38, 37, 31, 26, 24, 4  # working days before today
SCHOOL = {
    "family": "Child A, a girl of fifteen, lived with her grandmother.",
    "contacts": "Attendance fell from 96 to 41 per cent in two terms; four calls home; one meeting.",
    "analysis": "Absence was followed as absence. What she was doing on those days was not asked.",
    "voice": "She told a teaching assistant that she was 'earning'.",
    "learning": "A fall of more than a quarter in a term is talked over with the safeguarding lead.",
}
ANALYSIS = {
    "facts": "A girl of fifteen was seriously hurt while she was being exploited to carry drugs.",
    "lives": "She was funny, proud of her drawing, and tired. She told three adults parts of what was happening.",
    "improvements": "Missing school, missing from home and new things were known in three places and joined in none.",
}


def sent_to_the_panel(people):
    officer, zero = people["officer"], day_zero(ZERO)
    with then(at(zero, 12)):
        review = services.open_review(
            by=officer,
            partnership=Partnership.objects.get(slug="sotscp"),
            facts={
                "authority": Agency.objects.get(slug="sotcc"),
                "incident_on": zero - timedelta(days=5),
                "aware_at": at(zero - timedelta(days=4), 8),
                "sent_at": at(zero, 11),
                "harm": "harm",
                "setting": "In the street",
                "what_happened": "A girl of fifteen was stabbed in the leg. She is thought to have been exploited.",
                "safety": "Her younger cousin in the same household was seen and is safe.",
                "panel_reference": "DEMO-0388",
                "categories": ["criminal"],
            },
            child={"age_band": "15-17", "legal_status": "none"},
        )
        services.identify_child(
            review.children.get(), by=officer, facts={"name": "Alba Sampleton", "addresses": "9 Example Row"}
        )
        for key, why in (
            ("dsp_council", "Delegated safeguarding partner"),
            ("dsp_icb", "Delegated safeguarding partner"),
            ("dsp_police", "Delegated safeguarding partner"),
        ):
            grant(review.folder, people[key], Role.SIGNATORY, by=officer, reason=why)
    for key, answers in (("dsl_other", SCHOOL), ("colleague_mpft", None)):
        row = ask(review, people[key], by=officer, day=day_zero(ASKED), due_on=day_zero(CAME))
        come_in(row, day=day_zero(CAME), answers=answers)
    _decided(review, people, by=officer)
    _sent(review, people, by=officer)


def _decided(review, people, *, by):
    with then(at(day_zero(DECIDED), 10)):
        write_sections(review, by=by, texts=ANALYSIS)
        findings.add(
            Recommendation, review, by=by,
            words="Schools, police and children’s services share one list of children who are often missing.",
            success="No child on the list is without a named worker for longer than five days.",
        )  # fmt: skip
        decision = services.decide(
            review, by=by, code="none", rationale="The learning is complete and its actions can begin now."
        )
    with then(at(day_zero(DECIDED - 1), 9, 30)):
        services.sign_off(decision, by=people["dsp_council"], seat="la", stance="agrees")
        services.sign_off(decision, by=people["dsp_icb"], seat="icb", stance="agrees")
        services.sign_off(
            decision, by=people["dsp_police"], seat="police", stance="disagrees",
            reason="We would have held a local review: the county line runs on.",
        )  # fmt: skip


def _sent(review, people, *, by):
    with then(at(day_zero(SENT), 14)):
        content = sending.make_report(review, by=by, progress=lambda percent, doing="": None)
        version = Version.objects.unscoped("the demo's own").get(pk=sending.keep_report(review, content, by=by))
    with then(at(day_zero(SENT), 15, 10)):
        sending.record_sending(
            review, by=by, version=version, sent_at=at(day_zero(SENT), 15, 5), due_on=_due(review), read=version.pk
        )
    with then(at(day_zero(REPLIED), 9)):
        panel.record_reply(
            review, by=by, received_on=day_zero(REPLIED), code="agrees",
            words="The Panel agrees with the decision. It asks to hear in six months what came of the shared list.",
        )  # fmt: skip


def _due(review):
    return clocks.services.running(review, clocks.RAPID_REVIEW).due_on
