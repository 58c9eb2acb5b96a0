"""What every end of a role shares, by a leaving or alone: by whose word, who must stay, when the account closes."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.access import links
from partnership.access.models import FolderGrant
from partnership.access.reach import reach_of
from partnership.access.scope import forget_reach
from partnership.access.services import revoke
from partnership.directory.joining.services import end_open_of
from partnership.directory.leads import unit_goes_on
from partnership.directory.rules import runs_on_after
from partnership.people.models import Membership, User
from partnership.people.roles import POWERS, Perm, Role, is_case_role
from partnership.people.services import end_membership
from partnership.trail.services import record

LAST = "This is the last person who looks after accounts: give somebody else that role first."


def may_end(by, roles) -> bool:
    """Whether `by` may end these memberships: a role that opens cases is the business unit's matter, not a lead's.

    by None: the portal itself.
    """
    return by is None or reach_of(by).holds_wide(Perm.PEOPLE_APPROVE) or not any(is_case_role(r.role) for r in roles)


def with_case_roles(people) -> set:
    """Whose leaving no lead finishes: those of `people` (ids) who have a role that opens cases. One query."""
    codes = [str(role) for role in POWERS if is_case_role(role)]
    rows = Membership.objects.filter(runs_on_after(timezone.localdate()), user__in=people, role__in=codes)
    return set(rows.values_list("user_id", flat=True))


def leavings_of_the_unit(by, rows) -> set:
    """(user id, organisation id) of those of `rows` (memberships) whose leaving there `by` may not begin. One query."""
    if reach_of(by).holds_wide(Perm.PEOPLE_APPROVE):
        return set()
    codes = [str(role) for role in POWERS if is_case_role(role)]
    here = Membership.objects.live().filter(user__in={row.user_id for row in rows}, role__in=codes)
    return set(here.values_list("user_id", "agency_id"))


def end_roles(rows, *, by, ends) -> None:
    """End memberships from `ends` on, in the caller's transaction and locked.

    Raises ValidationError where nobody would look after accounts then, or on a later day that is known already.
    """
    ended = [row for row in rows if row.ends is None or row.ends > ends]
    for row in ended:
        end_membership(row, by=by, ends=ends)
    forget_reach()
    of_the_unit = any(row.agency_id is None and Perm.PEOPLE_APPROVE in POWERS[Role(row.role)] for row in ended)
    if of_the_unit and not unit_goes_on(max(ends, timezone.localdate())):
        raise ValidationError(LAST)


def has_role(user) -> bool:
    """Whether a role of this person goes on or is still to come."""
    return Membership.objects.filter(runs_on_after(timezone.localdate()), user=user).exists()


def close_account(user, *, by) -> None:
    """No role is left: nobody signs in by this account any more. The name stays where it stood.

    Raises ValidationError where a sealed folder would be left with too few people.
    """
    links.revoke_every(user)
    for grant in FolderGrant.objects.live().filter(user=user):
        revoke(grant, by=by)
    end_open_of(user, by=by)
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.closed_at:
        return
    person.is_active, person.closed_at = False, timezone.now()
    person.set_unusable_password()
    person.save(update_fields=["is_active", "closed_at", "password"])
    record("account_closed", by=by, obj=person)
