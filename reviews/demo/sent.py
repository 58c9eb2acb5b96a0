"""The review that went to the Panel in time and was answered: each step on its own working day, in its order."""

from datetime import timedelta

from partnership.access import scope
from partnership.documents.models import Version
from partnership.people.models import Agency
from partnership.people.roles import Role
from partnership.trail.then import then
from reviews import clocks, sending, services
from reviews.chronology.services import add_entry
from reviews.demo import sent_words as words
from reviews.demo.asking import ask, come_in
from reviews.demo.days import at, day_zero
from reviews.demo.opening import PARTNERS, open_case
from reviews.demo.writing import write_sections
from reviews.findings import services as findings
from reviews.findings.reads import read_of
from reviews.models import Entry, Episode, Recommendation, ReportSection, SafetyAction
from reviews.panel import services as panel
from reviews.report import services as report
from reviews.report.reads import report as the_report

# Working days before today; the clock of fifteen begins to count on the day after ZERO.
ZERO, ASKED, PLANNED, CAME, DUE, READ, MET = 38, 37, 36, 34, 31, 30, 29
WRITTEN, DECIDED, SIGNED, SENT, REPLIED = 28, 26, 25, 24, 4
SITS = "Sits on the rapid review panel"


def sent_to_the_panel(people):
    officer, zero = people["officer"], day_zero(ZERO)
    incident = zero - timedelta(days=5)
    let_in = ((key, Role.PANEL_MEMBER, SITS) for key in ("panel_icb", "panel_council"))
    review = open_case(
        people, filed_at=at(zero, 12), incident_on=incident, aware_at=at(incident + timedelta(days=1), 8),
        sent_at=at(zero, 11), facts=words.NOTIFIED, child={"age_band": "15-17", "legal_status": "none"},
        identity={
            "name": "Alba Sampleton", "date_of_birth": incident - timedelta(days=15 * 365 + 100),
            "addresses": "9 Example Row",
        },
        let_in=(*PARTNERS, *let_in),
    )  # fmt: skip
    rows = _asked(review, people, by=officer)
    _chronology(review, rows, incident, by=officer)
    _met(review, by=officer)
    _written(review, incident, by=officer)
    decision, version = _decided(review, by=officer)
    _signed(decision, version, people, by=officer)
    _sent(review, by=officer)
    return review


def _asked(review, people, *, by):
    """agency slug -> its return; one body has no record."""
    came = (
        ("dsl_other", words.SCHOOL, None),
        ("colleague_mpft", None, None),
        ("author_council", words.SOCIAL_CARE, "panel_council"),
        ("author_police", words.POLICE, "deputy_police"),
    )
    asked = [ask(review, people[key], by=by, day=day_zero(ASKED), due_on=day_zero(DUE)) for key, _, _ in came]
    for number, (row, (_, answers, signer)) in enumerate(zip(asked, came, strict=True)):
        come_in(row, day=day_zero(CAME - number), answers=answers, signer=signer and people[signer])
    return {row.agency.slug: row for row in asked}


def _chronology(review, rows, incident, *, by):
    with then(at(day_zero(READ), 10)):
        for before, slug, event, analysis, voice in words.CHRONOLOGY:
            day = incident - timedelta(days=before)
            row = rows[slug]
            facts = {
                "precision": Entry.Precision.DAY, "starts": day, "ends": day, "about": False, "time": None,
                "agency": row.agency_id, "source": "", "children": [], "event": event, "analysis": analysis,
                "voice": voice,
            }  # fmt: skip
            add_entry(review, by=by, facts=facts, answer=row)


def _met(review, *, by):
    """The meeting itself is filled by reporting.demo, which stands above the wing that keeps meetings."""
    with then(at(day_zero(MET), 13)):
        clocks.step_done(review, clocks.MEETING, by=by, at=met_at())


def planned_at():
    return at(day_zero(PLANNED), 9)


def met_at():
    return at(day_zero(MET), 10)


def _written(review, incident, *, by):
    with then(at(day_zero(MET), 15)):
        council = Agency.objects.get(slug="sotcc")
        for title, before, happened, analysis in words.EPISODES:
            findings.add(
                Episode, review, by=by, title=title, started_on=incident - timedelta(days=before), happened=happened,
                analysis=analysis, agencies=[council],
            )  # fmt: skip
        findings.add(SafetyAction, review, by=by, done_on=incident, agencies=[council], what=words.SAFETY)
        codes = ["outside_home", "sharing"]
        findings.choose_themes(review, by=by, codes=codes, local=[], read=read_of([]))
        findings.add(Recommendation, review, by=by, words=words.RECOMMENDATION, success=words.SUCCESS)
    with then(at(day_zero(WRITTEN), 10)):
        report.draft_all(review, by=by)
        write_sections(review, by=by, texts=words.SECTIONS)


def _decided(review, *, by):
    """The decision, the last section with it, and the draft that the partners sign on."""
    with then(at(day_zero(DECIDED), 10)):
        decision = services.decide(review, by=by, code="none", rationale=words.RATIONALE)
        last = ReportSection.objects.unscoped("the demo's own").get(review=review, code=ReportSection.Code.NEXT)
        report.draft(last, by=by, version=last.version)
    version = _made(review, at(day_zero(DECIDED), 14), by=by)
    with then(at(day_zero(DECIDED), 14, 30)):
        clocks.step_done(review, clocks.DRAFT, by=by)
    return decision, version


def _signed(decision, version, people, *, by):
    with then(at(day_zero(SIGNED), 9, 30)):
        for key, seat in (("dsp_council", "la"), ("dsp_icb", "icb")):
            services.sign_off(decision, by=people[key], seat=seat, stance="agrees", report=version)
        services.sign_off(
            decision, by=people["dsp_police"], seat="police", stance="disagrees", reason=words.DISAGREES, report=version
        )
    with then(at(day_zero(SIGNED), 16)):
        agencies = Agency.objects.filter(slug__in=("sotcc", "sot-staffs-icb", "staffs-police"))
        services.leads_told(
            decision, by=by, agencies=agencies, told_at=at(day_zero(SIGNED), 15, 30), how="by telephone"
        )


def _sent(review, *, by):
    version = _made(review, at(day_zero(SENT), 14), by=by)
    with then(at(day_zero(SENT), 15, 10)):
        with scope.entered():
            page = the_report(by, review)["page"]
        sending.record_sending(
            review, by=by, version=version, sent_at=at(day_zero(SENT), 15, 5), due_on=page.clock.due_on,
            read=version.pk, warned=sending.warnings(page),
        )  # fmt: skip
    with then(at(day_zero(REPLIED), 9)):
        panel.record_reply(review, by=by, received_on=day_zero(REPLIED), code="agrees", words=words.REPLY)


def _made(review, moment, *, by):
    with then(moment):
        content = sending.make_report(review, by=by, progress=lambda percent, doing="": None)
        return Version.objects.unscoped("the demo's own").get(pk=sending.keep_report(review, content, by=by))
