"""Giving somebody who has an account another role. One on cases, or of the whole partnership, needs a second person."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.open_work import open_work_of
from partnership.access.rows import can
from partnership.access.scope import forget_reach
from partnership.access.sessions import end_sessions
from partnership.directory.joining.rules import roles_to_give
from partnership.directory.leaving import notices
from partnership.directory.leaving.ending import close_account, end_roles, has_role, may_end
from partnership.directory.models import AccountRequest
from partnership.directory.requests import services
from partnership.directory.requests.kinds import ROLE, Kind, register
from partnership.directory.rules import runs_on_after
from partnership.people.models import Agency, Membership, Partnership
from partnership.people.roles import LABELS, WIDE_ROLES, Perm, Role, is_case_role, speaks_for_a_partner
from partnership.people.services import NO_PARTNER, join, role_belongs

NOT_YOURS = "You cannot give yourself a role. Somebody else asks for it."


def needs_two(role) -> bool:
    """Whether a role takes effect only after a second person's approval."""
    return Role(role) in WIDE_ROLES or is_case_role(role)


@transaction.atomic
def ask_for_role(user, role, agency=None, *, by):
    """Give `user` a role at `agency` (None: for the whole partnership), or ask for it.

    Returns the Membership, or the AccountRequest where a second person must approve. Raises PermissionDenied for a
    role that `by` may not ask for, ValidationError where it cannot be.
    """
    role = Role(role)
    if by.pk == user.pk:
        raise PermissionDenied(NOT_YOURS)
    role_belongs(role, agency)
    if role not in roles_to_give(by, agency):
        raise PermissionDenied(f"{by.pk} may not ask for this role here")
    user, _ = services.lock_people(user)
    if not user.is_active:
        raise ValidationError("This person has no sign-in yet. Invite them, with the role.")
    if _holds(user, role, agency):
        raise ValidationError({"role": f"{user.name} has this role already."})
    if needs_two(role):
        said = {"role": str(role), "agency": str(agency.pk) if agency else None}
        return services.open_request(ROLE, user=user, by=by, agency=agency, said=said)
    membership = join(user, role=role, partnership=Partnership.objects.get(), agency=agency, by=by)
    forget_reach()
    return membership


def _holds(user, role, agency):
    today = timezone.localdate()
    return Membership.objects.on(today).filter(user=user, role=str(role), agency=agency, ends=None).exists()


@transaction.atomic
def end_role(membership, *, ends, by) -> Membership:
    """End a role. ends: the first day that it is no longer held. Sessions end at once where that day has come.

    Where no role is left, the account is closed and its access to folders ends, as by a leaving. Raises
    PermissionDenied, or ValidationError where the day does not fit, or where somebody must take over first.
    """
    services.lock_people(membership.user)
    row = Membership.objects.select_for_update(of=("self",)).select_related("user", "agency").get(pk=membership.pk)
    if row.user_id == by.pk or not can(by, Perm.COLLEAGUES, row) or not may_end(by, [row]):
        raise PermissionDenied("this role is not theirs to end")
    user, about = row.user, row.pk
    _nothing_is_left_lying(row)
    if row.ends is not None and row.ends <= ends:
        raise ValidationError({"ends": "The role ends by then already."})
    if row.starts and ends < row.starts:
        raise ValidationError({"ends": "The last day must not be before the first day."})
    _the_last_goes_by_a_leaving(row, ends)
    end_roles([row], by=by, ends=ends)
    if ends <= timezone.localdate():
        if not has_role(user):
            folders = notices.folders_of(user)
            close_account(user, by=by)
            notices.tell_of_access_that_ended(user, folders, by=by, about=about)
        end_sessions(user, by=by)
    return row


def _the_last_goes_by_a_leaving(row, ends):
    """On a later day nobody would close the account, nor end what it was let in to: the sweep does so for a leaving."""
    others = Membership.objects.filter(runs_on_after(ends), user=row.user_id).exclude(pk=row.pk)
    known = list(others.values_list("ends", flat=True))
    if None in known or (not known and ends <= timezone.localdate()):
        return
    raise ValidationError(
        "No role of theirs goes on after that. Go back to the person’s page and choose ‘Leaves’: it ends all that they "
        "hold on that day."
    )


def _nothing_is_left_lying(row):
    """Where somebody must take over, the last role at an organisation ends by a leaving, which asks who."""
    others = Membership.objects.live().filter(user=row.user_id).exclude(pk=row.pk)
    if others.filter(agency=row.agency_id).exists():
        return
    everything = not others.exists()
    for held in open_work_of(row.user):
        if held.must_hand_over and (everything or held.agency_id == row.agency_id):
            raise ValidationError(
                "This is their last role here, and somebody must take over what they hold first. Go back to the "
                "person’s page and choose ‘Leaves’: it asks who."
            )


def role_of(request) -> Role:
    return Role(request.said["role"])


def describe(request):
    where = request.agency.name if request.agency_id else "The whole partnership"
    return [("Role", LABELS[role_of(request)]), ("Where", where)]


def carry_out(request, by):
    join(request.user, role=role_of(request), partnership=Partnership.objects.get(), agency=request.agency, by=by)
    forget_reach()


def refuses(request: AccountRequest) -> str:
    if request.agency_id and not Agency.objects.live().filter(pk=request.agency_id).exists():
        return "This organisation has ended, so nobody can be given a role there."
    if speaks_for_a_partner(role_of(request)) and request.agency_id and not request.agency.partner_seat:
        return NO_PARTNER
    return ""


register(
    Kind(
        code=ROLE,
        title="A new role",
        asks="Should this person have the role, and do their organisation and the business manager know of it? Find "
        "out from somebody other than the one who asked.",
        describe=describe,
        carry_out=carry_out,
        refuses=refuses,
        suspends=lambda request: is_case_role(role_of(request)),
        said_yes="The role is given from now on.",
    )
)
