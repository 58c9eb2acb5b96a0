"""Clocks for tests: a folder, its people, and a rule's clock that began some working days ago."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import Folder, FolderKind
from partnership.deadlines import services
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.periods import LONDON
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.notify.models import Notice
from partnership.people.models import Agency, DutyKind, NamedDuty, PartnerSeat, Partnership, User
from partnership.people.roles import Role
from tests.world import person


@dataclass
class Case:
    """A sealed folder with a lead, an officer and a signatory on its list."""

    folder: Folder
    people: dict[str, User] = field(default_factory=dict)

    def clock(self, code=RAPID_REVIEW, trigger=None, **how) -> Deadline:
        return services.start(
            code, by=self.people["lead"], folder=self.folder, trigger=trigger or timezone.now(), **how
        )


def make_case() -> Case:
    partnership = Partnership.objects.get()
    lead = person("lead", Role.BUSINESS_UNIT)
    folder = access.open_folder(
        kind=FolderKind.REVIEW, title="Rapid review", partnership=partnership, by=lead, sealed=True
    )
    access._let_in(folder, lead, Role.CASE_LEAD, by=None, reason="Opened the folder")
    case = Case(folder, {"lead": lead})
    for name, role in (("officer", Role.CASE_OFFICER), ("signatory", Role.SIGNATORY)):
        case.people[name] = person(name, Role.BUSINESS_UNIT)
        if role == Role.SIGNATORY:
            council = Agency.objects.filter(partner_seat=PartnerSeat.LOCAL_AUTHORITY).first()
            NamedDuty.objects.create(agency=council, kind=DutyKind.DELEGATED_PARTNER, holder=case.people[name])
        access.grant(folder, case.people[name], role, by=lead, reason="On the case")
    case.people["manager_outside"] = person("manager_outside", Role.BUSINESS_MANAGER)
    return case


def milestones(deadline) -> dict[str, Milestone]:
    return {each.code: each for each in Milestone.objects.filter(deadline=deadline)}


def due_now(deadline, code, ago=timedelta(minutes=1)):
    """As if the milestone's moment had come `ago`."""
    Milestone.objects.filter(deadline=deadline, code=code).update(fire_at=timezone.now() - ago)


def told_of(deadline) -> set:
    """(name of the person, code of the milestone) of every notice about a milestone of this clock."""
    codes = {f"milestone:{each.pk}": each.code for each in Milestone.objects.filter(deadline=deadline)}
    rows = Notice.objects.filter(subject_id=deadline.pk, key__in=codes).select_related("recipient")
    return {(row.recipient.name.lower().replace(" ", "_"), codes[row.key]) for row in rows}


def london(*parts) -> datetime:
    return datetime(*parts, tzinfo=LONDON)
