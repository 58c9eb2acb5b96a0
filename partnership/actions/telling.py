"""Who is told of what happens to an action, in the transaction of the deed. Nothing here leaves as an email of its own:
all of it waits for the morning's one digest (docs/notify.md). What is told is in partnership.actions.notices."""

from collections import defaultdict

from partnership.access.holding import holders_of
from partnership.access.models import ROLE_PREFIX, FolderGrant
from partnership.notify.telling import Told, tell
from partnership.notify.watch import raise_alarm
from partnership.people.models import Membership
from partnership.people.roles import Perm, roles_with

GIVEN, SENT_BACK, REOPENED, ENDED = "action_given", "action_sent_back", "action_reopened", "action_ended"
TO_APPROVE, DATE_ASKED, DATE_SAID = "action_to_approve", "action_date_asked", "action_date_said"
ORPHANED, BY_LINK, DUE = "action_orphaned", "action_by_link", "actions_due"


def tell_owner(code, row, *, by) -> None:
    """Tell the owner what became of the action, where somebody else did it. The same deed is told once."""
    tell_owners(code, [row], by=by)


def tell_owners(code, rows, *, by) -> None:
    """The same of many actions, in as few questions."""
    rows = [row for row in rows if row.owner_id and (by is None or by.pk != row.owner_id)]
    tell(code, [Told(f"{code}:{row.pk}:{row.version}", row.owner_id, row.pk, row.folder_id) for row in rows])


def tell_date_said(asked, row, *, by) -> None:
    """The owner reads whether another date was given, refused or set."""
    if row.owner_id and row.owner_id != by.pk:
        data = {"change": asked.pk}
        tell(DATE_SAID, [Told(f"{DATE_SAID}:{asked.pk}", row.owner_id, row.pk, row.folder_id, data)])


def ask_to_approve(row, *, by) -> None:
    """Those who decide whether it is closed. Nobody decides about their own."""
    people = deciders(row, Perm.ACTION_APPROVE, but={row.owner_id, by.pk})
    tell(TO_APPROVE, [Told(f"{TO_APPROVE}:{row.pk}:{row.version}", each, row.pk, row.folder_id) for each in people])


def ask_to_decide(asked, row, *, by) -> None:
    """Those who decide about another date."""
    people = deciders(row, Perm.ACTION_MANAGE, but={row.owner_id, by.pk})
    data = {"change": asked.pk}
    tell(DATE_ASKED, [Told(f"{DATE_ASKED}:{asked.pk}", each, row.pk, row.folder_id, data) for each in people])


def deciders(row, perm, *, but) -> set:
    """The ids of those who decide about one row, as `deciders_of` says."""
    return deciders_of([(row.folder, but)], perm)[0]


def deciders_of(asked, perm) -> list[set]:
    """For each of `asked` the ids of those who decide, nearest first: who holds `perm` by the folder's own list (its
    chair, its case leads); where nobody of them is left, whoever else holds it there. The one answer for notices and
    for Home; seven queries however many are asked about.

    asked: (the folder of a row, the ids of those who do not decide about that row because it is their own).
    """
    folders = {folder.pk: folder for folder, _ in asked}
    held, listed = holders_of(folders.values(), [perm]), defaultdict(set)
    grants = FolderGrant.objects.live().filter(
        content_object_id__in={pk for folder in folders.values() for pk in folder.path},
        permission__codename__in=[ROLE_PREFIX + role for role in roles_with(perm)],
    )
    for pk, user in grants.values_list("content_object_id", "user_id"):
        listed[pk].add(user)
    found = []
    for folder, but in asked:
        people = set(held[folder.pk, perm]) - but
        near = set().union(*(listed[pk] for pk in folder.path))
        found.append(people & near or people)
    return found


def tell_by_link(row, link) -> None:
    """The owner learns in the portal that the link of a reminder was used: a mailbox is not private."""
    tell(BY_LINK, [Told(f"{BY_LINK}:{link.pk}:{row.pk}", row.owner_id, row.pk, row.folder_id)])


def tell_orphaned(rows) -> int:
    """Who manages these actions, and the leads of their organisation, are told once that nobody answers for them.

    rows: of `orphans.orphaned`, with their folders. Where nobody is left to tell there is an alarm. Returns how many
    notices were new.
    """
    held = holders_of({row.folder_id: row.folder for row in rows}.values(), [Perm.ACTION_MANAGE])
    leads = _leads({row.agency_id for row in rows if row.agency_id and not row.folder.sealed})
    told = []
    for row in rows:
        people = held[row.folder_id, Perm.ACTION_MANAGE] | (set() if row.folder.sealed else leads[row.agency_id])
        if not people:
            raise_alarm(f"{ORPHANED}:{row.pk}", ORPHANED, action=row.pk)
        key, data = orphan_key(row), {"why": row.orphaned}
        told += [Told(key, each, row.pk, row.folder_id, data) for each in people - {row.owner_id}]
    return tell(ORPHANED, told)


def orphan_key(row) -> str:
    """Another owner or organisation who goes is told anew. The invariant of registrations builds the same in SQL."""
    return f"{ORPHANED}:{row.pk}:{row.owner_id or ''}:{row.agency_id or ''}"


def _leads(agencies) -> dict:
    found = {pk: set() for pk in (*agencies, None)}
    rows = Membership.objects.live().filter(
        agency__in=agencies, user__is_active=True, user__suspended_at=None, role__in=roles_with(Perm.ACTION_GIVE)
    )
    for agency, user in rows.values_list("agency_id", "user_id"):
        found[agency].add(user)
    return found
