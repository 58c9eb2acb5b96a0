"""The people of the demo's training: those with an account and many without, what they took, and how many there are."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from partnership.people.models import Agency, Partnership
from training.demo_rows import HEADCOUNTS, OF_EACH, PERSONAL, TAKEN
from training.models import Completion, Course, Headcount, Learner
from training.office import training_of
from training.people.matching import key_of


@dataclass
class Known:
    """own: the learners of the demo's people by their key. others: those without an account, every organisation in
    turn."""

    own: dict
    others: list

    def some(self, many, turn) -> list[Learner]:
        at = turn % len(self.others)
        return [*self.others[at:], *self.others[:at]][:many]


def learners(people, chance) -> Known:
    """Make them, what they took elsewhere, and the numbers that their organisations gave."""
    top = training_of(Partnership.objects.get(slug="sotscp"))
    today = timezone.localdate()
    agencies = {row.slug: row for row in Agency.objects.filter(slug__in=HEADCOUNTS)}
    own = {key: _own(top, agencies[slug], role, people[key]) for key, (slug, role) in PERSONAL.items()}
    others = [
        _other(top, agencies[slug], n, place, list(roles)[n % len(roles)], today)
        for n in range(OF_EACH)
        for place, (slug, roles) in enumerate(HEADCOUNTS.items(), 1)
    ]
    _took(top, [*own.values(), *others], chance, today)
    Headcount.objects.bulk_create(
        Headcount(
            folder=top, agency=agencies[slug], role_id=role, people=many, counted_on=today - timedelta(days=40),
            said_by=people["officer"],
        )
        for slug, roles in HEADCOUNTS.items()
        for role, many in roles.items()
    )  # fmt: skip
    return Known(own, others)


def _own(top, agency, role, user) -> Learner:
    facts = {"name": user.name, "email": user.email, "key": key_of(user.email), "post": user.job_title}
    facts |= {"manager_name": "Demonstration manager", "manager_email": f"manager-of-{agency.slug}@portal.example"}
    row, _ = Learner.objects.unscoped("the demo makes its own").get_or_create(
        agency=agency, user=user, defaults={"folder": top, "role_id": role} | facts
    )
    return row


def _other(top, agency, n, place, role, today) -> Learner:
    """Two of three have an address."""
    number = n * len(HEADCOUNTS) + place
    email = f"practitioner-{number}@portal.example" if number % 3 else ""
    return Learner.objects.create(
        folder=top, agency=agency, name=f"Demonstration practitioner {number}", email=email, key=key_of(email),
        role_id=role, post="Practitioner", began_on=today - timedelta(days=90 + 37 * number),
        manager_name="Demonstration manager", manager_email=f"manager-of-{agency.slug}@portal.example",
    )  # fmt: skip


def _took(top, rows, chance, today):
    """Two of three took each course of their role, some so long ago that it is to be renewed."""
    courses = {row.ref: row for row in Course.objects.exclude(ref="")}
    Completion.objects.bulk_create(
        Completion(
            folder=top, agency=row.agency, learner=row, course=courses[ref], how=how, hours=courses[ref].hours,
            completed_on=today - timedelta(days=chance.randrange(20, 1200)),
            provider=row.agency.name if how == Completion.How.SINGLE_AGENCY else "",
        )
        for row in rows
        for ref, how in TAKEN[row.role_id]
        if chance.random() < 2 / 3
    )  # fmt: skip
