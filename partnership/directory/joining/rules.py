"""Who may invite whom, when a second person must agree, and what makes an inviter look twice."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from partnership.access.reach import reach_of
from partnership.directory.models import Invitation
from partnership.directory.rules import OF_A_PARTNER, OF_THE_WHOLE
from partnership.people.models import AgencyKind, ContactPoint, DutyKind, Membership, NamedDuty, User
from partnership.people.roles import (
    AGENCY_ROLES,
    WIDE_ROLES,
    Perm,
    Role,
    givable,
    is_case_role,
    speaks_for_a_partner,
)
from partnership.people.services import role_belongs

# Duties of the partnership itself: its own unit says who holds them, no organisation's lead.
OF_THE_PARTNERSHIP = OF_THE_WHOLE | OF_A_PARTNER
# Only a school has them.
OF_SCHOOLS = frozenset({DutyKind.HEADTEACHER, DutyKind.CHAIR_OF_GOVERNORS})
ENDED = "This organisation has ended. Nobody joins it any more."
CLOSED = "The account of this person was closed."


def duties_to_name(agency) -> list:
    """The duties that an organisation's own lead may name, as choices."""
    never = OF_THE_PARTNERSHIP if is_school(agency) else OF_THE_PARTNERSHIP | OF_SCHOOLS
    return [choice for choice in DutyKind.choices if choice[0] not in never]


def roles_to_give(user, agency) -> list:
    """The roles that `user` may give at `agency` (None: of the whole partnership) today.

    By an invitation as well as to somebody who has an account; whether a second person must agree is another question.
    """
    reach = reach_of(user)
    if not reach.holds(Perm.COLLEAGUES):  # it rests while a change of the account waits
        return []
    held = [role for role, _ in reach.wide]
    if agency is not None:
        held += [role for role, where, _ in reach.agency if where == agency.pk]
    fits = AGENCY_ROLES if agency is not None else WIDE_ROLES
    partner = agency is not None and bool(agency.partner_seat)
    return [role for role in givable(held) if role in fits and (partner or not speaks_for_a_partner(role))]


def may_keep(user, agency) -> bool:
    """Whether `user` keeps who belongs to `agency`: its lead, and the unit."""
    reach = reach_of(user)
    return reach.holds_wide(Perm.COLLEAGUES) or (reach.active and agency.pk in reach.agencies(Perm.COLLEAGUES))


def keeps_everybody(user) -> bool:
    """The business unit; the portal itself (None) too."""
    return user is None or reach_of(user).holds_wide(Perm.COLLEAGUES)


def role_fits(by, agency, role) -> None:
    """ValidationError for a role that `by` may not give there. by None: the portal itself (a school's claim)."""
    if role not in (AGENCY_ROLES if agency is not None else WIDE_ROLES):
        raise ValidationError({"role": "This role does not belong there."})
    role_belongs(role, agency)
    if by is not None and role not in roles_to_give(by, agency):
        raise ValidationError({"role": "You cannot give this role here. Ask the business unit."})


def shared_fits(agency, role) -> None:
    """An office's address stands for a school only, and opens no case."""
    if agency is None or agency.kind != AgencyKind.SCHOOL:
        raise ValidationError({"email": "Only a school may use the address of its office. Enter the person’s own."})
    if is_case_role(role):
        raise ValidationError({"role": "The address of an office cannot have a role that opens cases."})


def why_approval(agency, role, user) -> str:
    """The code of why a second person must agree (Invitation.Why), or ''."""
    if is_case_role(role) or role in WIDE_ROLES:
        return Invitation.Why.CASE
    if agency is not None and not colleagues_of(agency).exclude(user=user).exists():
        return Invitation.Why.FIRST
    return ""


def colleagues_of(agency):
    """Memberships of today at an organisation, of people who can sign in."""
    return Membership.objects.live().filter(agency=agency, user__is_active=True)


def belongs_elsewhere(user, agency) -> bool:
    """Whether somebody without a sign-in is known to another organisation too: then its word counts as well."""
    elsewhere = ~Q(agency=agency)
    return (
        Membership.objects.filter(elsewhere, user=user).exists()
        or NamedDuty.objects.filter(elsewhere, holder=user).exists()
        or Invitation.objects.unscoped("is this person anybody else's?").filter(elsewhere, user=user).exists()
    )


def unlike_the_others(agency, email) -> str:
    """The usual domain of an organisation's addresses, where `email` has another; '' where there is nothing to say."""
    if agency is None:
        return ""
    people = User.objects.filter(pk__in=colleagues_of(agency).values("user_id"), email__isnull=False)
    known = people.values_list("email", flat=True)
    contacts = ContactPoint.objects.live().filter(agency=agency).exclude(email="").values_list("email", flat=True)
    domains = {domain_of(each) for each in (*known, *contacts)}
    return "" if not domains or domain_of(email) in domains else sorted(domains)[0]


def domain_of(email) -> str:
    return email.rpartition("@")[2].lower()


def has_ended(agency) -> bool:
    return bool(agency is not None and agency.ends and agency.ends <= timezone.localdate())


def why_over(agency, user) -> str:
    """Why nobody takes up an invitation there any more, in words; '' while somebody can."""
    if user.closed_at:
        return CLOSED
    return ENDED if has_ended(agency) else ""


def is_school(agency) -> bool:
    return agency is not None and agency.kind == AgencyKind.SCHOOL


def lead_role_of(agency) -> Role:
    return Role.SCHOOL_LEAD if is_school(agency) else Role.AGENCY_LEAD


def role_for(duty) -> Role:
    """The role that is proposed to the holder of a duty: the lead's to who leads safeguarding at a school."""
    leads = is_school(duty.agency) and duty.kind in (DutyKind.DSL, DutyKind.DEPUTY_DSL)
    return lead_role_of(duty.agency) if leads else Role.AGENCY_STAFF
