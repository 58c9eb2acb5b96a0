"""Who holds what on many folders at once: `holders` for a whole batch, in six queries however many folders.

The sweep tells the people of fifty clocks in one transaction; asking `holders` fifty times would be most of its work.
tests/access/test_agreement.py proves that the two say the same.
"""

from collections import defaultdict

from partnership.access.models import OPEN_BY_AGENCY, ROLE_PREFIX, Conflict, Folder, FolderGrant
from partnership.people.models import Membership, User
from partnership.people.roles import POWERS, Role, roles_with


def holders_of(folders, perms) -> dict:
    """(folder id, perm) -> frozenset of the ids of active users who hold `perm` there, bars aside.

    folders: Folder rows. perms: Perms. Every pair is a key, with an empty set where nobody is left.
    """
    folders, perms = list(folders), list(perms)
    above = {pk for folder in folders for pk in folder.path}
    roles = {role for perm in perms for role in roles_with(perm)}
    granted, barred = _granted(above, roles), _barred(above)
    wide, by_agency = _members(folders, roles)
    opened = _agencies_that_open(folders)
    here = _still_here({user for rows in (*granted.values(), *wide.values(), *by_agency.values()) for user, _ in rows})
    found = {}
    for folder in folders:
        out = set().union(*(barred[pk] for pk in folder.path))
        pairs = {(user, role) for pk in folder.path for user, role in _on(granted[pk], folder)}
        if not folder.sealed:
            pairs |= wide[folder.partnership_id]
            pairs |= {pair for pk in folder.path for agency in opened[pk] for pair in by_agency[agency]}
        for perm in perms:
            held = {user for user, role in pairs if perm in POWERS[role]}
            found[folder.pk, perm] = frozenset((held & here) - out)
    return found


def _on(rows, folder):
    """A grant on an open folder does not reach a sealed one below it."""
    return ((user, role) for (user, role), sealed in rows.items() if sealed or not folder.sealed)


def _granted(above, roles):
    found = defaultdict(dict)
    rows = FolderGrant.objects.live().filter(
        content_object_id__in=above, permission__codename__in=[ROLE_PREFIX + role for role in roles]
    )
    for pk, user, codename, sealed in rows.values_list(
        "content_object_id", "user_id", "permission__codename", "content_object__sealed"
    ):
        found[pk][user, Role(codename.removeprefix(ROLE_PREFIX))] = sealed
    return found


def _barred(above):
    found = defaultdict(set)
    for pk, user in Conflict.objects.live().filter(folder_id__in=above).values_list("folder_id", "user_id"):
        found[pk].add(user)
    return found


def _members(folders, roles):
    wide, by_agency = defaultdict(set), defaultdict(set)
    if all(folder.sealed for folder in folders):
        return wide, by_agency
    rows = Membership.objects.live().filter(role__in=roles)
    for user, role, partnership, agency in rows.values_list("user_id", "role", "partnership_id", "agency_id"):
        (by_agency[agency] if agency else wide[partnership]).add((user, Role(role)))
    return wide, by_agency


def _agencies_that_open(folders):
    found = defaultdict(set)
    above = {pk for folder in folders if not folder.sealed for pk in folder.path}
    if above:
        through = Folder.agencies.through.objects.filter(folder_id__in=above, folder__kind__in=OPEN_BY_AGENCY)
        for pk, agency in through.values_list("folder_id", "agency_id"):
            found[pk].add(agency)
    return found


def _still_here(users):
    """Of these, who has an active account and belongs somewhere today."""
    belongs = Membership.objects.live().values("user_id")
    return set(User.objects.filter(pk__in=users, is_active=True).filter(pk__in=belongs).values_list("pk", flat=True))
