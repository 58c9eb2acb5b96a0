"""The review on working day 9: a baby with two siblings, one of them in another county, and a police investigation."""

from datetime import timedelta

from partnership.identities.services import add_identity
from partnership.people.models import Agency, AgencyKind, Closure, DutyKind, NamedDuty
from partnership.people.roles import Role
from partnership.trail.then import then
from reviews import services
from reviews.around import services as around
from reviews.chronology.services import add_entry
from reviews.demo import words
from reviews.demo.asking import PURPOSE, ask, come_in
from reviews.demo.days import at, day_zero
from reviews.demo.opening import open_case
from reviews.demo.writing import write_sections
from reviews.disclosures import services as disclosures
from reviews.findings import services as findings
from reviews.findings.reads import read_of
from reviews.guests import services as guests
from reviews.models import Clearance, Entry, Episode, SafetyAction

WORKING_DAY = 9
LET_IN = (
    ("panel_icb", Role.PANEL_MEMBER, "Designated nurse, sits on the rapid review panel"),
    ("panel_council", Role.PANEL_MEMBER, "Sits on the rapid review panel for children's social care"),
    ("officer_away", Role.CASE_OFFICER, "Prepares the papers of the review"),
    ("dsp_council", Role.SIGNATORY, "Delegated safeguarding partner"),
    ("dsp_icb", Role.SIGNATORY, "Delegated safeguarding partner"),
    ("dsp_police", Role.SIGNATORY, "Delegated safeguarding partner; on leave until the review has gone"),
    ("deputy_police", Role.SIGNATORY, "Dated deputy of the delegated safeguarding partner, who is on leave"),
)


def on_working_day_nine(people):
    officer, zero = people["officer"], day_zero(WORKING_DAY)
    incident = zero - timedelta(days=4)
    review = open_case(
        people, filed_at=at(zero, 16, 40), incident_on=incident, aware_at=at(zero - timedelta(days=3), 9, 40),
        sent_at=at(zero, 15, 20),
        facts={
            "setting": "At home",
            "what_happened": "A baby was taken to hospital with fractures that the paediatrician could not explain. "
            "The family had been known to the health visitor and, earlier, to early help.",
            "safety": "The older child was placed with a relative on the day, under the local authority's plan.",
            "parallel": "Police investigation; care proceedings.",
            "panel_reference": "DEMO-0417",
            "notifier": "Head of service, safeguarding and quality assurance",
            "categories": ["physical", "domestic"],
            "police_involved": "yes",
            "coroner_told": "no",
            "partners_agreed": "yes",
        },
        child={"age_band": "0", "legal_status": "closed"},
        identity={
            "name": "Robin Testfield", "date_of_birth": zero - timedelta(days=165),
            "addresses": "1 Example Row, Stoke-on-Trent",
        },
        let_in=LET_IN,
    )  # fmt: skip
    with then(at(zero, 16, 50)):
        _siblings(review, by=officer)
        _beside(review, zero, by=officer)
    rows = _asked(review, people, zero, by=officer)
    _chronology(review, rows, incident, zero, by=officer)
    _analysed(review, incident, zero, by=officer)
    return review


def meets_at():
    return at(day_zero(0) + timedelta(days=2), 10)


def _siblings(review, *, by):
    for age_band, status, who in (
        ("1-4", "cin", {"name": "Jules Testfield", "addresses": "1 Example Row, Stoke-on-Trent"}),
        ("10-14", "none", {"name": "Remy Sampleton", "addresses": "7 Invented Lane, Macclesfield"}),
    ):
        child = services.add_child(
            review, by=by, age_band=age_band, legal_status=status, outcome="concern", sibling=True
        )
        services.identify_child(child, by=by, facts=who)
    for label, subject, facts in (
        ("Mother", "parent", {"name": "Casey Testfield", "other_names": "Casey Sampleton"}),
        ("Mother’s partner", "other", {"name": "Drew Placeholder", "other_names": "Andy Placeholder"}),
    ):
        add_identity(
            review.folder, subject=subject, label=label, by=by,
            facts=facts | {"addresses": "1 Example Row, Stoke-on-Trent"},
        )  # fmt: skip


def _beside(review, zero, *, by):
    around.add_proceeding(
        review, by=by, kind="police", contact="Senior investigating officer, child abuse investigation",
        reference="DEMO/INV/21", started_on=zero - timedelta(days=4), holds_publication=True, holds_contact=True,
        note="No contact with the family or with nursery staff as witnesses without the officer’s agreement.",
    )  # fmt: skip
    around.add_proceeding(
        review, by=by, kind="family", contact="Council’s legal services", started_on=zero - timedelta(days=2)
    )
    around.add_interest(
        review, by=by, partnership="Cheshire East Safeguarding Children’s Partnership", told_on=zero,
        contact="Business manager of that partnership", why="An older half-sister lives there with her father.",
    )  # fmt: skip


def _asked(review, people, zero, *, by):
    """agency slug -> its return: four that came in, then a school, a practice through the health board."""
    day, due = zero + timedelta(days=1), day_zero(0) + timedelta(days=1)
    came = (
        ("author_police", "deputy_police", words.POLICE, 6),
        ("colleague_mpft", "lead_mpft", words.COMMUNITY_HEALTH, 7),
        ("author_uhnm", "lead_uhnm", words.HOSPITAL, 8),
        ("author_council", "panel_council", words.SOCIAL_CARE, 9),
    )
    asked = [ask(review, people[key], by=by, day=day, due_on=due) for key, *_ in came]
    _closed(people["author_school"], zero)
    reason = "The designated safeguarding lead covers for the school in the holiday and reads his email daily."
    cleared = {"way": Clearance.Way.NOW, "reason": reason}
    ask(review, people["author_school"], by=by, day=day, due_on=due, cleared=cleared)
    practice, _ = Agency.objects.get_or_create(
        slug="example-street-surgery",
        defaults={"name": "Example Street Surgery (invented)", "kind": AgencyKind.PRACTICE},
    )
    ask(review, people["author_practice"], by=by, day=day, due_on=due, subject=practice)
    for row, (_, signer, answers, after) in zip(asked, came, strict=True):
        day_in = min(zero + timedelta(days=after), day_zero(0))
        come_in(row, day=day_in, answers=answers, signer=people[signer])
    _nursery(review, by=by)
    return {row.agency.slug: row for row in asked}


def _nursery(review, *, by):
    """Her invitation went out today: the demo's emails hold it, and the page of the invitation the six digits."""
    with then(at(day_zero(2), 10)):
        guest = guests.ask_outside(
            review, by=by, body="Puddle Lane Nursery (invented)", kind="early", name="Mira Fenn",
            post="Nursery manager", email="mira.fenn@nursery.example", telephone="01632 960122",
            found_at="Ofsted’s register of early-years providers", due_on=day_zero(0) + timedelta(days=2),
            purpose=PURPOSE,
            letter={
                "letter_sent_on": day_zero(2), "letter_from": "Director of Children’s Services",
                "letter_purpose": "The rapid review of this incident.",
            },
        )  # fmt: skip
    with then(at(day_zero(1), 11)):
        guest = guests.record_call_back(
            guest, by=by, version=guest.version, number=guest.telephone, found_at=guest.found_at,
            called_at=at(day_zero(1), 10, 50), answered_by="Nursery office",
        )  # fmt: skip
    guests.invite(guest, by=by)


def _closed(cover, zero):
    """The school is closed for some days around today; its safeguarding lead covers for it."""
    school = cover.memberships.get().agency
    Closure.objects.create(
        name="School holiday (invented)", agency=school, starts=zero, ends=day_zero(0) + timedelta(days=4),
        source="Demonstration",
    )  # fmt: skip
    NamedDuty.objects.create(
        agency=school, kind=DutyKind.CLOSURE_COVER, holder=cover, post=cover.job_title, starts=zero - timedelta(days=30)
    )


def _chronology(review, rows, incident, zero, *, by):
    agencies = {
        agency.slug: agency for agency in Agency.objects.filter(slug__in={each[1] for each in words.CHRONOLOGY})
    }
    with then(at(day_zero(1), 10)):
        children = {child.pseudonym.removeprefix("Child "): str(child.pk) for child in review.children.all()}
        for before, slug, which, event, analysis, voice in words.CHRONOLOGY:
            day = incident - timedelta(days=before)
            facts = {
                "precision": Entry.Precision.DAY, "starts": day, "ends": day,
                "about": False, "time": None, "agency": agencies[slug].pk, "source": "",
                "children": sorted(children[each] for each in which),
                "event": event, "analysis": analysis, "voice": voice,
            }  # fmt: skip
            add_entry(review, by=by, facts=facts, answer=rows.get(slug))


def _analysed(review, incident, zero, *, by):
    with then(at(day_zero(1), 14)):
        council, hospital = (Agency.objects.get(slug=slug) for slug in ("sotcc", "uhnm"))
        findings.add(
            Episode, review, by=by, title="The bruise at nine weeks", started_on=incident - timedelta(days=98),
            happened="A baby who did not yet move was seen with a bruise and sent home the same evening.",
            analysis="The pathway asks for a senior opinion and a call to children’s social care. Neither was made.",
            agencies=[hospital],
        )  # fmt: skip
        findings.add(
            Episode, review, by=by, title="‘He squeezes’", started_on=incident - timedelta(days=28),
            happened="The nursery told the front door what the brother had said. Advice was given.",
            analysis="The words of a child of four were not followed, and the earlier record was not read.",
            agencies=[council], other_agencies="The nursery",
        )  # fmt: skip
        findings.add(
            SafetyAction, review, by=by, done_on=incident, agencies=[council],
            what="The brother was placed with a relative and seen by a social worker on the same day.",
        )  # fmt: skip
        findings.choose_themes(
            review,
            by=by,
            codes=["babies", "whole_family"],
            local=["Bruises in babies who do not yet move"],
            read=read_of([]),
        )
        write_sections(review, by=by, texts={
            "facts": "Four agencies have answered. They agree on what happened and differ on who knew of the partner. "
            "A school, a practice and a nursery have still to answer.",
        })  # fmt: skip
        disclosures.add_request(
            review, by=by, kind="police", body="Staffordshire Police, child abuse investigation",
            asked_by="Senior investigating officer", asked_on=day_zero(2), due_on=day_zero(0) + timedelta(days=5),
            what="All returns and the notes of the meeting.",
            basis="Police and Criminal Evidence Act 1984, by letter.",
        )  # fmt: skip
