"""The risks that somebody owns, for their leaving: another owner is named, or the risk waits for one."""

from functools import partial

from partnership.access.open_work import Held
from partnership.access.rows import can
from partnership.actions.models import Risk
from partnership.actions.risks import services
from partnership.people.models import Membership, User
from partnership.people.roles import Perm

WHY = "a leaving names what its person holds"


def risks_owned(user):
    """Each open risk of theirs. Whoever changes it names another owner; left vacant, it stays with its group."""
    rows = Risk.objects.unscoped(WHY).filter(owner=user, status=Risk.Status.OPEN)
    for row in rows.select_related("agency", "folder").order_by("reference"):
        yield Held(
            key=f"risk:{row.pk}",
            what=f"Owner of risk {row.reference}",
            row=row,
            words=row.what,
            folder_id=row.folder_id,
            agency_id=row.agency_id,
            must_hand_over=False,
            candidates=partial(_owners, row),
            hand_over=partial(_give, row),
            vacate=partial(services.leave_vacant, row),
        )


def _owners(row, by):
    if not can(by, Perm.RISK_EDIT, row):
        return None
    live = Membership.objects.live()
    here = (live.filter(agency=row.agency_id) if row.agency_id else live).values("user_id")
    people = User.objects.filter(is_active=True, closed_at=None, shared_address=False, guest=False, pk__in=here)
    return people.exclude(pk=row.owner_id)


def _give(row, to, *, by):
    services.name_owner(row, by=by, owner=to, agency=row.agency)
