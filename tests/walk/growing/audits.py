"""More of audits."""

from datetime import timedelta

from django.utils import timezone

from audits.chasing import ladder
from audits.models import Reminder, Signature
from audits.models import Round as AuditRound
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.audits import making as audits
from tests.world import person


def first_round(world):
    """The first round, to which returns are added; made when it is first asked for."""
    return AuditRound.objects.filter(title="The first").first() or audits.audit_round(world, title="The first")


def more_returns(world, n):
    """One more return of the first round, whose school has closed; and one more round that asks the world's school."""
    school = Agency.objects.live().filter(kind="school").order_by("-name")[n]
    audits.audit_return(first_round(world), school)
    Agency.objects.filter(pk=school.pk).update(ends=timezone.localdate())
    audits.audit_return(audits.audit_round(world, title=f"Audit {n}"), world.agencies["school"])


def more_owing(world, n):
    """One more return that is owed and waits for its head, whom a lead asked; its reminder reached nobody."""
    round = first_round(world)
    if not round.rungs.exists():
        ladder.lay_ladder(round)
    school = Agency.objects.live().filter(kind="school").order_by("-name")[n]
    lead = person(f"answers{n}", Role.SCHOOL_LEAD, school, world.partnership)
    row = audits.audit_return(round, school, status="signing")
    shared = {"folder": round.folder, "agency": school, "audit_return": row}
    Signature.objects.create(step="head", name="A head", email=f"head{n}@school.example", asked_by=lead, **shared)
    Reminder.objects.create(rung=round.rungs.first(), nobody=True, at=timezone.now() - timedelta(days=1), **shared)


def more_letters(world, n):
    """One more letter on paper to be made."""
    more_owing(world, n)
    last = first_round(world).rungs.last()
    Reminder.objects.unscoped("the test's own").filter(nobody=True).update(rung=last, nobody=False)


PAGES = [
    ("officer", "audits:audits", more_returns),
    ("school_outside", "audits:audits", more_returns),
    ("school_outside", "reporting:home", more_returns),
    ("officer", "audits:audit_round", more_returns),
    ("officer", "audits:round_returns", more_returns),
    ("officer", "audits:round_standing", more_owing),
    ("officer", "audits:round_remind", more_owing),
    ("officer", "audits:round_letters", more_letters),
]
