"""What a person sponsors or owns by name in the planning, for their leaving: priorities, duties, workplan items."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone

from partnership.access import edits
from partnership.access.flow import lock
from partnership.access.open_work import Held
from partnership.access.reach import reach_of
from partnership.access.rows import can, holders
from partnership.actions.models import Duty, Priority, WorkItem
from partnership.actions.planning import reads
from partnership.actions.planning.work import GOES_ON
from partnership.people.models import Membership, User
from partnership.people.roles import Perm, roles_with


def owned_by(user):
    """What ended with its plan or its year, or is done, stays as it was: it says who had it then."""
    today = timezone.localdate()
    live = Q(plan__ends=None) | Q(plan__ends__gt=today)
    for row in Priority.objects.filter(live, sponsor=user, ended_on=None).order_by("title"):
        yield _of_the_plan(row, "sponsor", f"The sponsorship of a priority: {row.title}")
    for row in Duty.objects.filter(Q(ends=None) | Q(ends__gt=today), owner=user).order_by("title"):
        yield _of_the_plan(row, "owner", f"A duty of the partnership: {row.title}")
    rows = WorkItem.objects.unscoped("a leaving names what its person owns in the workplans of open groups")
    rows = rows.filter(owner=user, status__in=GOES_ON, workplan__ends__gt=today)
    for row in rows.select_related("folder").order_by("title"):
        yield Held(
            key=f"workitem:{row.pk}",
            what="A workplan item",
            row=row,
            words=row.title,
            folder_id=row.folder_id,
            candidates=partial(_of_the_group, row),
            hand_over=partial(_hand_over, row, "owner", _of_the_group),
            vacate=partial(_vacate, row, "owner"),
            may_vacate=partial(can, perm=Perm.WORKPLAN_EDIT, obj=row),
            who_can=partial(holders, row.folder, Perm.WORKPLAN_EDIT),
        )


def _of_the_plan(row, name, what):
    return Held(
        key=f"{row._meta.model_name}:{row.pk}",
        what=what,
        candidates=partial(_carriers, row),
        hand_over=partial(_hand_over, row, name, _carriers),
        vacate=partial(_vacate, row, name),
        may_vacate=_keeps_the_plan,
        who_can=_keepers,
    )


def _keeps_the_plan(by) -> bool:
    return reach_of(by).holds(Perm.PLAN_EDIT)


def _keepers():
    rows = Membership.objects.live().filter(role__in=roles_with(Perm.PLAN_EDIT))
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id")).order_by("name")


def _carriers(row, by):
    return User.objects.filter(pk__in=reads.carriers()).order_by("name") if _keeps_the_plan(by) else None


def _of_the_group(row, by):
    if not can(by, Perm.WORKPLAN_EDIT, row):
        return None
    return holders(row.folder, Perm.WORKPLAN_VIEW).exclude(pk=row.owner_id)


def _hand_over(row, name, candidates, to, *, by):
    people = candidates(row, by)
    if people is None:
        raise PermissionDenied
    if not people.filter(pk=to.pk).exists():
        raise ValidationError(f"{to.name} cannot take this on. Choose somebody else.")
    _set(row, name, to, by)


def _vacate(row, name, *, by):
    _set(row, name, None, by)


def _set(row, name, user, by):
    fresh = lock(row)
    verb = f"{row._meta.model_name}_given"
    edits.change(fresh, verb, by=by, version=fresh.version, facts={name: user}, user=user and user.pk)
