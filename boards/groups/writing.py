"""What every write to a group shares: who may, what is held, whose change it was."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from boards.models import Group
from partnership.access.reach import reach_of
from partnership.people.roles import Perm


def must_keep(by):
    """Raises PermissionDenied for who does not keep the groups. by None: the portal."""
    if by is not None and not reach_of(by).holds_wide(Perm.GROUP_EDIT):
        raise PermissionDenied("group.edit")


def holding(group) -> Group:
    """The locked group: whoever writes to it or to what hangs on it holds it."""
    return Group.objects.select_for_update(of=("self",)).select_related("folder").get(pk=group.pk)


def put(row, facts) -> list:
    """Set what differs; the names of those fields."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


def save(row, by, *, counted=False):
    """counted: the row was there before, so its version rises."""
    row.version += counted
    row.changed_by, row.changed_at, row._history_user = by, timezone.now(), by
    row.full_clean(exclude=["changed_by"])  # nobody changed what the portal loaded
    row.save()
