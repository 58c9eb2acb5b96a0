"""What somebody holds of actions and plans, for their leaving: each live action gets another owner."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from partnership.access.models import Conflict
from partnership.access.open_work import Held
from partnership.access.rows import holders, powers
from partnership.actions import services
from partnership.actions.models import Action
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, roles_with

WHY = "a leaving names what its person holds"


def actions_owned(user):
    """Each must have another owner: its organisation's lead, or who manages it, gives it on, read or unread.

    It is named by its reference; its words are for whoever may see it. A whole with parts that go on is answered for
    by them.
    """
    parts = Action.objects.unscoped(WHY).filter(parent=OuterRef("pk"), status__in=Action.LIVE)
    rows = Action.objects.unscoped(WHY).filter(~Exists(parts), owner=user, status__in=Action.LIVE)
    rows = list(rows.select_related("agency", "folder").order_by("due_on", "reference"))
    given = _Given(rows)
    for row in rows:
        yield Held(
            key=f"action:{row.pk}",
            what=f"Action {row.reference}",
            row=row,
            words="" if row.sensitive else row.what,
            due_on=row.due_on,
            folder_id=row.folder_id,
            agency_id=row.agency_id,
            candidates=partial(_owners, row, given),
            hand_over=partial(_give, row),
            vacate=partial(_vacate, row, given),
            may_vacate=partial(_gives, row, given),
            vacant="Nobody yet: its organisation’s lead gives it on, or the business unit",
            who_can=partial(given.who_gives, row),
            invite_helps=row.agency_id is not None,
        )


class _Given:
    """Which of these actions somebody may give on: asked once a person for all of them; and who else may."""

    def __init__(self, rows):
        self.rows, self.by, self.who = rows, {}, {}

    def who_gives(self, row):
        """The same question for all actions of one folder and organisation, so that it is asked once."""
        key = row.folder_id, row.agency_id
        if key not in self.who:
            self.who[key] = _who_gives(row)
        return self.who[key]

    def __call__(self, by):
        if by.pk not in self.by:
            managed = {pk for pk, held in powers(by, self.rows).items() if Perm.ACTION_MANAGE in held}
            self.by[by.pk] = managed | services.given_by(by, self.rows)
        return self.by[by.pk]


def _owners(row, given, by):
    """The people of its organisation; of an action of no organisation, those of the partnership itself. Who of them is
    barred is not told: the action is then simply not seen by them, and is found as one that nobody answers for."""
    if not _gives(row, given, by):
        return None
    here = Membership.objects.live().filter(agency=row.agency_id).values("user_id")
    people = User.objects.filter(is_active=True, closed_at=None, shared_address=False, guest=False, pk__in=here)
    return people.exclude(pk=row.owner_id)


def _gives(row, given, by) -> bool:
    return row.pk in given(by)


def _vacate(row, given, *, by):
    if by is None or not _gives(row, given, by):
        raise PermissionDenied("action.give")
    services.leave_to_nobody(row, by=by)


def _give(row, to, *, by):
    services.give(row, by=by, owner=to, agency=row.agency)


def _who_gives(row):
    leads = Membership.objects.live().filter(agency=row.agency_id, role__in=roles_with(Perm.COLLEAGUES))
    managing = holders(row.folder, Perm.ACTION_MANAGE).values("pk")
    found = Q(pk__in=managing)
    if row.agency_id:
        found |= Q(pk__in=leads.values("user_id"))
    barred = Conflict.objects.live().filter(folder_id__in=row.folder.path).values("user_id")
    people = User.objects.filter(found, is_active=True).exclude(pk=row.owner_id).exclude(pk__in=barred)
    return people.order_by("name")
