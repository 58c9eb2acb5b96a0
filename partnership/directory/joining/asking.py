"""One click to ask: who holds a duty here, and will its holder join. Nobody is asked twice within a week."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.directory.joining import duties, rules, services
from partnership.directory.leads import leads_of
from partnership.directory.models import DutyAsk, Invitation
from partnership.notify.telling import Told, tell
from partnership.people.models import ContactPoint, DutyKind, NamedDuty, User
from partnership.people.roles import Role
from partnership.people.services import know_person
from partnership.trail.services import record
from partnership.ui.dates import plain

AGAIN_DAYS = 7
WITHOUT_HOLDER = "duty_without_holder"
WHY = "was this person asked within the week?"


@dataclass(frozen=True)
class Asked:
    """What came of asking. told: how many leads were told. invited: the invitation that went to the school's office."""

    told: int = 0
    invited: Invitation | None = None


class NobodyToAsk(ValidationError):
    """Nobody there can sign in, and no office can be invited: somebody is to be invited by name."""


@dataclass(frozen=True)
class Plan:
    """Who would get what, said before anybody is asked.

    leads: who would be told. holders: the NamedDuty rows there whose holder has no sign-in and can be invited by name.
    office: the address that would get an invitation to the duty, as `role`. why_not: why nobody is asked, in words.
    """

    leads: list = field(default_factory=list)
    holders: list = field(default_factory=list)
    office: str = ""
    role: Role | None = None
    why_not: str = ""


def plan_of(agency, kind) -> Plan:
    """What `ask_for_holder` would do now. Writes nothing."""
    if why_not := _why_not(agency, kind):
        return Plan(why_not=why_not)
    if leads := _leads(agency):
        return Plan(leads=leads)
    holders = [each for each in _named_holders(agency) if each.kind not in rules.OF_THE_PARTNERSHIP]
    try:
        return Plan(holders=holders, office=_office(agency), role=_role_of_office(agency, kind))
    except NobodyToAsk as error:
        return Plan(holders=holders, why_not=error.messages[0])


@transaction.atomic
def ask_for_holder(agency, *, by, kind) -> Asked:
    """Ask an organisation's leads who holds a duty; where nobody there can sign in, invite a school's office to it.

    ValidationError, in words for whoever clicked: asked within a week, nobody to ask, a duty of the partnership's own.
    """
    agency = lock(agency)
    kind = DutyKind(kind)
    if why_not := _why_not(agency, kind):
        raise ValidationError(why_not)
    if leads := _leads(agency):
        ask = DutyAsk.objects.create(agency=agency, kind=kind, asked_by=by)
        told = [Told(f"duty_asked:{ask.pk}", lead.pk, agency.pk, None, {"duty": str(kind)}) for lead in leads]
        tell(WITHOUT_HOLDER, told)
        record("duty_holder_asked", by=by, obj=agency, kind=str(kind))
        return Asked(told=len(leads))
    invited = _invite_the_office(agency, kind, by)
    DutyAsk.objects.create(agency=agency, kind=kind, asked_by=by)
    record("duty_holder_asked", by=by, obj=agency, kind=str(kind))
    return Asked(invited=invited)


def _why_not(agency, kind) -> str:
    if rules.has_ended(agency):
        return "This organisation has ended, so nobody is asked."
    if kind in rules.OF_THE_PARTNERSHIP:
        return "Who holds this duty is for the partnership to say, not for the organisation’s lead: name it yourself."
    if last := last_asked(agency, kind):
        return f"They were asked on {plain(timezone.localtime(last.asked_at))}. Give them a week."
    return ""


def _leads(agency) -> list[User]:
    return list(User.objects.filter(pk__in=leads_of([agency.pk]).get(agency.pk, ())).order_by("name", "pk"))


def _named_holders(agency):
    """Its duties whose holder has no sign-in; who leads safeguarding first."""
    rows = NamedDuty.objects.live().filter(agency=agency, holder__is_active=False, holder__closed_at=None)
    return sorted(rows.select_related("agency", "holder"), key=lambda each: (each.kind != DutyKind.DSL, each.kind))


def _office(agency) -> str:
    """The address of a school's office that can be invited. Raises NobodyToAsk."""
    address = office_address(agency)
    if not rules.is_school(agency) or not address:
        raise NobodyToAsk(
            f"Nobody at {agency.name} can sign in, and the directory has no office address to invite a school by. "
            "Invite its lead by name."
        )
    known = User.objects.filter(email__iexact=address).first()
    if known and not known.shared_address:
        raise NobodyToAsk("The office address is a person’s own in the directory. Invite that person by name.")
    if known and known.is_active:
        raise NobodyToAsk(
            f"The office of {agency.name} signs in already and looks after nobody’s access. Invite its lead by name."
        )
    return address


def _role_of_office(agency, kind) -> Role:
    """An address that several people read looks after the school's people only where its very lead is sought."""
    return rules.lead_role_of(agency) if kind == DutyKind.DSL else Role.AGENCY_STAFF


def _invite_the_office(agency, kind, by):
    user = know_person(name=office_name(agency), email=_office(agency), shared_address=True, by=by)
    duty = duties.vacancy(agency, kind, by=by)
    return services.invite(
        by=by, user=user, agency=agency, role=_role_of_office(agency, kind), duty=duty, shared=True
    )  # fmt: skip


@transaction.atomic
def invite_holder(duty, *, by, email="", role) -> Invitation:
    """Invite a duty's holder who has no sign-in. ValidationError where there is none, or within a week."""
    duty = lock(duty)
    holder = duty.holder
    if holder is None:
        raise ValidationError("Nobody is named for this duty. Name its holder first.")
    if holder.is_active or holder.closed_at:
        raise ValidationError(f"{holder.name} has an account already.")
    recent = Invitation.objects.unscoped(WHY).filter(
        user=holder, agency=duty.agency, sent_at__gt=timezone.now() - timedelta(days=AGAIN_DAYS)
    )
    if found := recent.filter(withdrawn_at=None, refused_at=None).first():
        day = plain(timezone.localtime(found.sent_at))
        raise ValidationError(f"{holder.name} was invited on {day}. Give them a week.")
    if not email and not holder.email:
        raise ValidationError({"email": "Enter the email address of the person who holds the duty."})
    return services.invite(
        by=by, user=holder, email=email, name=holder.name, post=holder.job_title or duty.post, agency=duty.agency,
        role=role, duty=duty, shared=holder.shared_address,
    )  # fmt: skip


def last_asked(agency, kind):
    """The DutyAsk of the last week, or None."""
    since = timezone.now() - timedelta(days=AGAIN_DAYS)
    return DutyAsk.objects.filter(agency=agency, kind=kind, asked_at__gt=since).first()


def asked_since_a_week(agency_ids) -> dict:
    """(agency id, duty code) -> when it was asked last, within a week; one query for a whole report."""
    since = timezone.now() - timedelta(days=AGAIN_DAYS)
    rows = DutyAsk.objects.filter(agency__in=list(agency_ids), asked_at__gt=since).order_by("asked_at")
    return {(row.agency_id, row.kind): row.asked_at for row in rows}


def office_address(agency) -> str:
    """The known address of an organisation's office; its safeguarding team's where it has no other."""
    rows = ContactPoint.objects.live().filter(agency=agency, purpose__in=("office", "safeguarding")).exclude(email="")
    return rows.order_by("purpose", "pk").values_list("email", flat=True).first() or ""


def office_name(agency) -> str:
    return f"The office of {agency.name}"[:200]


def still_vacant(notices) -> set:
    """The pks of notices whose duty has no holder yet."""
    held = set(
        NamedDuty.objects.live()
        .filter(agency__in={notice.subject_id for notice in notices}, holder__isnull=False)
        .values_list("agency_id", "kind")
    )
    return {notice.pk for notice in notices if (notice.subject_id, notice.data.get("duty")) not in held}
