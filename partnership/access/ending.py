"""When a case ends, everybody is let out but those who let people in (house.md 2.9)."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from partnership.access.flow import lock
from partnership.access.models import FolderGrant
from partnership.access.rows import holders
from partnership.access.scope import forget_reach
from partnership.people.roles import POWERS, Perm
from partnership.trail.services import record

TWO = 2


@dataclass
class Staying:
    """The grants of a folder that is to end. stays: of those who let people in. kept: of others, because a sealed
    folder keeps two people. ends: all other grants in force, those for an emergency too.

    inside: the ids of those who can open the folder today. A page names nobody else: who is barred is not for all.
    """

    stays: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    ends: list = field(default_factory=list)
    inside: set = field(default_factory=set)

    @property
    def keeping(self):
        return [row for row in self.stays if row.user_id in self.inside]

    @property
    def losing(self):
        return [row for row in self.ends if row.user_id in self.inside]


def who_stays(folder) -> Staying:
    """Who would keep this folder if it ended now; the caller's page has asked for it. Two queries."""
    rows = FolderGrant.objects.live().filter(content_object=folder).select_related("user", "permission")
    return _sorted(folder, rows.order_by("user__name", "starts", "id"))


def _sorted(folder, rows) -> Staying:
    found = Staying(inside=set(holders(folder, Perm.FOLDER_VIEW).values_list("pk", flat=True)))
    for row in rows:
        leads = not row.emergency and Perm.FOLDER_GRANT in POWERS[row.role]
        (found.stays if leads else found.ends).append(row)
    if not folder.sealed:
        return found
    people = {row.user_id for row in found.keeping}
    # First whoever worked on it, then whoever has been on it longest.
    others = sorted(found.ends, key=lambda row: (Perm.REVIEW_MANAGE not in POWERS[row.role], row.starts, str(row.pk)))
    for row in others:
        if len(people) < TWO and not row.emergency and row.user_id in found.inside - people:
            people.add(row.user_id)
            found.kept.append(row)
    found.ends = [row for row in found.ends if row not in found.kept]
    return found


@transaction.atomic
def let_out(folder, *, by) -> list[FolderGrant]:
    """End every grant that does not stay (`who_stays`), each with its event. Returns those that were ended."""
    rows = FolderGrant.objects.live().filter(content_object=folder).select_related("permission")
    # In the order of services.revoke: a grant before its folder.
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    folder = lock(folder)
    now = timezone.now()
    ended = _sorted(folder, rows).ends
    for row in ended:
        row.ends = now
        row.save(update_fields=["ends"])
        record("access_ended", by=by, obj=folder, user=row.user_id, role=str(row.role), grant=row.pk)
    forget_reach()
    return ended
