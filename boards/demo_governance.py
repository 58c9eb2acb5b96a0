"""Demo material of how groups work: a quorum, terms of reference near their review, a chair that goes round."""

from datetime import timedelta

from django.utils import timezone

from boards.groups import governance
from boards.models import Group, Quorum, Rotation, Terms
from partnership.deadlines.periods import add_months
from partnership.people.models import Agency
from partnership.trail.then import then

PARTNERS = ("sotcc", "sot-staffs-icb", "staffs-police")
INVENTED = "Demonstration: invented terms of reference"
AGO = timedelta(days=150)
WORDS = "\n\n".join(
    (
        "Purpose: to lead the arrangements by which the partners safeguard children together.",
        "Members: the lead and the delegated safeguarding partners, and a senior leader of the education sector. The "
        "independent scrutineer advises.",
        "Decisions: by agreement of the three partners, each by a member or deputy. What they do not agree on goes to "
        "the lead safeguarding partners.",
        "Meetings: every six weeks. Papers come out five working days before.",
    )
)


def fill_governance(people) -> None:
    """Once: a group that has a rule already keeps it. people: the demo's users by key."""
    by, today = people["manager"], timezone.localdate()
    groups = {row.ref: row for row in Group.objects.filter(ref__in=("exec", "quality")).select_related("folder")}
    agencies = [Agency.objects.get(slug=slug) for slug in PARTNERS]
    with then(timezone.now() - AGO):
        if "exec" in groups:
            _executive(groups["exec"], agencies, by=by, today=today)
        if "quality" in groups and not Rotation.objects.filter(group=groups["quality"]).exists():
            began = add_months(today.replace(day=1), -5)
            governance.set_rotation(
                groups["quality"], by=by, version=0, starts=began, order=agencies, every_months=6, source=INVENTED
            )


def _executive(group, agencies, *, by, today):
    began = timezone.localdate()
    if not Quorum.objects.filter(group=group).exists():
        governance.set_quorum(group, by=by, version=0, starts=began, all_of=agencies, source=INVENTED)
    if not Terms.objects.filter(group=group).exists():
        governance.add_terms(
            group, by=by, words=WORDS, in_force_from=began, review_on=today + timedelta(days=40),
            approved_words="The Executive, at its first meeting (invented)",
        )  # fmt: skip
