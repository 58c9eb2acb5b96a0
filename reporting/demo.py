"""Demo material: the directory's fictional people, and one rapid review that is nine working days old."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.services import grant
from partnership.deadlines.working_days import load_england_and_wales, working_day_number
from partnership.directory import demo
from partnership.directory.leaving.demo import fill_leaving
from partnership.identities.services import add_identity
from partnership.people.models import Agency, ContactPoint, Partnership, SharingAgreement, Shown
from partnership.people.roles import Role
from reviews import returns, services
from reviews.answering import signing
from reviews.considering import services as considering

NINTH = 9


def fill() -> bool:
    """Make what is missing of the demo; False when the demo's review is there already."""
    people = demo.people()
    if Folder.objects.unscoped("is the demo filled?").filter(kind=FolderKind.REVIEW).exists():
        return False
    _review(people)
    _referral(people)
    fill_leaving(people)
    return True


def _referral(people):
    """One that came in this morning and waits for the business unit's word."""
    council = Agency.objects.get(slug="sotcc")
    if not council.contacts.filter(purpose=ContactPoint.Purpose.FRONT_DOOR).exists():
        ContactPoint.objects.create(
            agency=council,
            purpose=ContactPoint.Purpose.FRONT_DOOR,
            post="Children’s front door (an invented number)",
            telephone="01632 960100",
            shown=Shown.PUBLIC,
            source="Demonstration",
        )
    referrer, today = people["lead_mpft"], timezone.localdate()
    considering.refer(
        by=referrer,
        partnership=Partnership.objects.get(slug="sotscp"),
        agency=referrer.memberships.get().agency,
        kind="incident",
        facts={
            "safety": "The younger brother was seen today by the school nurse and stays with his grandmother.",
            "records_secured": True,
            "agreed_by": "Executive Director of Nursing",
            "agreed_on": today,
            "harm": "harm",
            "incident_on": today - timedelta(days=2),
            "setting": "In a park near home",
            "what_happened": "A boy of fourteen was stabbed and is in intensive care. He had missed three appointments "
            "with us, and his school told us in May that older men waited for him at the gate.",
            "why": "He may have been exploited, and two agencies knew parts of it that were not put together.",
            "other_agencies": "School; youth justice service; police.",
            "other_area": "An older sister lives in Cheshire East.",
        },
        child={"age_band": "10-14", "legal_status": "closed"},
        identity={
            "name": "Sam Placeholder",
            "other_names": "",
            "date_of_birth": today - timedelta(days=14 * 365 + 120),
            "addresses": "2 Example Row, Stoke-on-Trent",
            "other": "",
        },
    )


def _review(people):
    officer = people["officer"]
    day_zero = _day_zero()
    review = services.open_review(
        by=officer,
        partnership=Partnership.objects.get(slug="sotscp"),
        facts={
            "authority": Agency.objects.get(slug="sotcc"),
            "incident_on": day_zero - timedelta(days=4),
            "aware_at": _at(day_zero - timedelta(days=3), 9, 40),
            "sent_at": _at(day_zero, 15, 20),
            "harm": "harm",
            "setting": "At home",
            "what_happened": "A baby was taken to hospital with fractures that the paediatrician could not explain. "
            "The family had been known to the health visitor and, earlier, to early help.",
            "safety": "The older child was placed with a relative on the day, under the local authority's plan.",
            "parallel": "Police investigation; care proceedings.",
            "panel_reference": "DEMO-0417",
        },
        child={"age_band": "0", "legal_status": "closed"},
    )
    _identities(review, by=officer)
    for key, role, why in (
        ("panel_icb", Role.PANEL_MEMBER, "Designated nurse, sits on the rapid review panel"),
        ("panel_council", Role.PANEL_MEMBER, "Sits on the rapid review panel for children's social care"),
        ("officer_away", Role.CASE_OFFICER, "Prepares the papers of the review"),
        ("dsp_council", Role.SIGNATORY, "Delegated safeguarding partner"),
        ("dsp_icb", Role.SIGNATORY, "Delegated safeguarding partner"),
        ("dsp_police", Role.SIGNATORY, "Delegated safeguarding partner"),
        ("deputy_police", Role.SIGNATORY, "Dated deputy of the delegated safeguarding partner"),
    ):
        grant(review.folder, people[key], role, by=officer, reason=why)
    _returns(review, people, by=officer)


def _identities(review, *, by):
    services.identify_child(
        review.children.get(),
        by=by,
        facts={
            "name": "Robin Testfield",
            "date_of_birth": timezone.localdate() - timedelta(days=160),
            "addresses": "1 Example Row, Stoke-on-Trent",
        },
    )
    add_identity(
        review.folder,
        subject="parent",
        label="Mother",
        by=by,
        facts={
            "name": "Casey Testfield",
            "other_names": "Casey Sampleton",
            "addresses": "1 Example Row, Stoke-on-Trent",
        },
    )
    add_identity(review.folder, subject="sibling", label="Sibling 1", by=by, facts={"name": "Jules Testfield"})


def _returns(review, people, *, by):
    purpose = (
        "Please search your records for the child and the people named in the identity record, for the two years "
        "before the incident, and tell us what your agency did, why, and what you would now do differently."
    )
    due = timezone.localdate() + timedelta(days=3)
    for key in ("author_uhnm", "author_school"):
        author = people[key]
        agency = author.memberships.get().agency
        SharingAgreement.objects.get_or_create(
            agency=agency,
            title="Information sharing agreement of the partnership",
            defaults={"officer": "Caldicott guardian", "starts": due - timedelta(days=400), "source": "Demonstration"},
        )
        row = returns.ask_agency(review, by=by, agency=agency, author=author, due_on=due, purpose=purpose)
        if key == "author_uhnm":
            answers = ANSWERS | {"searched_on": timezone.localdate()}
            row = returns.save_return(row, by=author, version=row.version, answers=answers)
            row = signing.finish(row, by=author, version=row.version, signer=people["lead_uhnm"])
            signing.sign(row, by=people["lead_uhnm"], read=signing.as_read(row))


ANSWERS = {
    "records_secured": True,
    "family": "Mother, partner, Child A and an older sibling at one address.",
    "contacts": "Booking at ten weeks; two missed antenatal visits followed up by telephone; delivery without "
    "complication; attendance at nine weeks with a bruise to the cheek, discharged after review by a junior doctor.",
    "analysis": "A bruise in a baby who does not yet move was not discussed with a senior clinician, although the "
    "pathway asks for it. The clinician was covering two areas and did not find the pathway on the new system.",
    "voice": "Staff noted that the baby was quiet and did not settle when handled by the partner.",
    "inequality": "The mother's first language is not English; an interpreter was used once in six contacts.",
    "good_practice": "The community midwife visited unannounced after the second missed appointment.",
    "learning": "The bruising pathway must open from the record itself; interpreters must be booked at first contact.",
    "immediate_action": "The pathway was re-issued to the emergency department on the day after the incident.",
    "other_agencies": "Health visiting; early help; a nursery for the older child.",
}


def _day_zero():
    """The latest working day after which nine working days have been counted."""
    calendar = load_england_and_wales()
    today = timezone.localdate()
    day = today - timedelta(days=NINTH)
    while working_day_number(day, today, calendar) < NINTH:
        day -= timedelta(days=1)
    return day


def _at(day, hour, minute):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
