"""The clocks that a person owes by name, for their leaving: those that no other record carries."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError

from partnership.access.open_work import Held
from partnership.access.rows import can, holders
from partnership.deadlines import services
from partnership.deadlines.models import Deadline
from partnership.deadlines.registry import title_of
from partnership.people.models import Membership, User
from partnership.people.roles import Perm


def owned_by(user):
    """A clock that a record carries (a return) goes with the record. A sealed folder's clock is told without words."""
    rows = Deadline.objects.unscoped("a leaving names what its person owes, without a word of a case")
    rows = rows.filter(owner=user, status__in=Deadline.RUNNING, subject_kind=Deadline._meta.label_lower)
    for row in rows.select_related("folder").order_by("due_at", "id"):
        yield Held(
            key=f"deadline:{row.pk}",
            what="A date in a sealed folder" if row.folder.sealed else f"A date: {row.what or title_of(row.rule)}",
            due_on=row.due_on,
            folder_id=row.folder_id,
            agency_id=row.agency_id,
            candidates=partial(_candidates, row),
            hand_over=partial(_hand_over, row),
            vacate=partial(_vacate, row),
            may_vacate=partial(can, perm=Perm.DEADLINE_MANAGE, obj=row),
            vacant="Leave it to whoever the rule names",
            who_can=partial(holders, row.folder, Perm.DEADLINE_MANAGE),
        )


def _candidates(row, by):
    if not can(by, Perm.DEADLINE_MANAGE, row):
        return None
    if row.agency_id:  # a named owner sees it by belonging to this agency
        people = User.objects.filter(is_active=True, pk__in=_members(row.agency_id))
    else:
        people = holders(row.folder, Perm.DEADLINE_VIEW)
    return people.exclude(pk=row.owner_id)


def _members(agency_id):
    return Membership.objects.live().filter(agency_id=agency_id).values("user_id")


def _hand_over(row, to, *, by):
    people = _candidates(row, by)
    if people is None:
        raise PermissionDenied
    if not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} could not see this date. Choose somebody else.")
    services.give(row, by=by, owner=to)


def _vacate(row, *, by):
    services.give(row, by=by, owner=None)
