"""What somebody holds on groups, for their leaving: each seat is handed over, or stays and waits for somebody."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone

from boards.groups import services
from boards.models import Seat
from partnership.access.open_work import Held
from partnership.access.rows import can
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, roles_with
from partnership.people.services import near_cases


def seats_of(user):
    today = timezone.localdate()
    rows = Seat.objects.filter(Q(ends=None) | Q(ends__gt=today), user=user).select_related("group__folder", "agency")
    for row in rows.order_by("group__folder__title", "id"):
        deputy = "Deputy: " if row.deputy_for_id else ""
        yield Held(
            key=f"seat:{row.pk}",
            what=f"{deputy}{row.get_role_display()} of {row.group.name}"[:200],
            agency_id=row.agency_id,
            candidates=partial(_candidates, row),
            hand_over=partial(_hand_over, row),
            vacate=partial(_vacate, row),
            may_vacate=partial(_may, row=row),
            vacant="The deputy’s seat ends" if row.deputy_for_id else "The seat stays, vacant",
            who_can=_who_decides,
            invite_helps=row.agency_id is not None,
        )


def _may(by, row):
    return can(by, Perm.GROUP_EDIT, row.group)


def _who_decides():
    """The business unit, who keep the groups."""
    unit = Membership.objects.live().filter(role__in=roles_with(Perm.GROUP_EDIT), agency=None)
    return User.objects.filter(is_active=True, pk__in=unit.values("user_id")).order_by("name")


def _candidates(row, by):
    """The people of the seat's organisation; everybody of the partnership for a seat that names none."""
    if not _may(by, row):
        return None
    here = Membership.objects.live().filter(**({"agency": row.agency_id} if row.agency_id else {}))
    people = User.objects.filter(is_active=True, shared_address=False, pk__in=here.values("user_id"))
    return near_cases(people).exclude(pk__in=[row.user_id, by.pk])


def _hand_over(row, to, *, by):
    people = _candidates(row, by)
    if people is None:
        raise PermissionDenied("seat.hand_over")
    if not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} cannot take this seat. Choose somebody else of its organisation.")
    services.give_seat(row, by=by, user=to)


def _vacate(row, *, by):
    if not _may(by, row):
        raise PermissionDenied("seat.vacate")
    services.end_seat(row, by=by, ends=timezone.localdate())
