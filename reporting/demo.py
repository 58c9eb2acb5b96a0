"""Demo material: the directory's fictional people, three rapid reviews and a referral that waits."""

from datetime import timedelta

from django.utils import timezone

from audits.demo import fill_audits
from boards.demo import fill_challenges, fill_groups
from boards.demo_agenda import fill_agendas
from boards.demo_attending import fill_attending
from boards.demo_calling import fill_calling
from boards.demo_cases import fill_ahead, fill_held
from boards.demo_governance import fill_governance
from boards.demo_meetings import fill_meetings
from boards.demo_minutes import fill_minutes
from partnership.access.models import Folder, FolderKind
from partnership.actions.answering.demo import fill_actions
from partnership.actions.planning.demo import fill_planning
from partnership.actions.risks.demo import fill_risks
from partnership.directory import demo
from partnership.directory.leaving.demo import fill_leaving
from partnership.people.models import Agency, ContactPoint, Partnership, Shown
from partnership.trail.then import then
from reviews.considering import services as considering
from reviews.demo import fill_reviews
from reviews.demo.agreed import fill_agreed
from reviews.demo.running import meets_at
from reviews.demo.sent import met_at, planned_at
from reviews.demo.sent_words import NOTES
from training.demo import fill_training

BEGAN = timedelta(days=200)  # the demo's people were there before their oldest case


def fill() -> bool:
    """Make what is missing of the demo; False when the demo's review is there already."""
    with then(timezone.now() - BEGAN):
        people = demo.people()
    fill_groups(people)
    fill_governance(people)
    fill_planning(people)
    fill_audits(people)
    fill_training(people)
    if Folder.objects.unscoped("is the demo filled?").filter(kind=FolderKind.REVIEW).exists():
        _meetings(people)
        return False
    running, sent = fill_reviews(people)
    fill_actions(people)
    fill_risks(people)
    fill_agreed(people)
    _referral(people)
    fill_challenges(people)
    fill_leaving(people)
    _meetings(people)  # last: it enters school holidays, in which no school is asked about a case
    fill_ahead(running.folder, people, starts_at=meets_at())
    fill_held(sent.folder, people, planned_at=planned_at(), met_at=met_at(), notes=NOTES)
    return True


def _meetings(people):
    """A year of them with agendas and invitations; of those that were held who came and what was written."""
    fill_meetings(people)
    fill_agendas(people)
    fill_calling(people)
    fill_attending(people)
    fill_minutes(people)


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
