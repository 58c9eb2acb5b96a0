"""Who holds what on many folders at once: `holders` for a whole batch, in six queries however many folders.

The sweep tells the people of fifty clocks in one transaction; asking `holders` fifty times would be most of its work.
`rows_of_named` asks the same of the person whom a row names. tests/access/test_agreement.py proves that both say what
the row rule says.
"""

from collections import defaultdict

from partnership.access.models import OPEN_BY_AGENCY, ROLE_PREFIX, Conflict, Folder, FolderGrant
from partnership.access.owing import owing
from partnership.people.models import Membership, User
from partnership.people.roles import (
    AFTER_ONES_OWN,
    NOT_BY_FOLDER,
    POWERS,
    RESTING_PERMS,
    Role,
    roles_with,
    waits,
)


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
    owed = owing(above) if AFTER_ONES_OWN & set(perms) else set()
    here = _places_of({user for rows in (*granted.values(), *wide.values(), *by_agency.values()) for user, _ in rows})
    found = {}
    for folder in folders:
        out = set().union(*(barred[pk] for pk in folder.path))
        given = {(user, role, pk) for pk in folder.path for user, role in _on(granted[pk], folder)}
        pairs = {(user, role) for user, role, _ in given}
        after = {(user, role) for user, role, pk in given if not ((user, pk) in owed and waits(role))}
        if not folder.sealed:
            pairs |= wide[folder.partnership_id]
            after |= wide[folder.partnership_id]
        through = set()
        if not folder.sealed:
            through = {pair for pk in folder.path for agency in opened[pk] for pair in by_agency[agency]}
        for perm in perms:
            all_pairs = after if perm in AFTER_ONES_OWN else pairs
            all_pairs = all_pairs if perm in NOT_BY_FOLDER else all_pairs | through
            held = {user for user, role in all_pairs if perm in POWERS[role] and here.counts(user, perm)}
            found[folder.pk, perm] = frozenset(held - out)
    return found


def rows_of_named(rows, path, perm, held) -> set:
    """The ids of those rows that the person at `path` ("owner") may use for `perm` today; three queries.

    rows: of one model, with their folders loaded. held: what `holders_of` said of these folders and `perm`.
    """
    rows = [row for row in rows if getattr(row, f"{path}_id")]
    gifts = [gift for gift in type(rows[0]).access.person.get(path, ()) if perm in gift.perms] if rows else ()
    barred = _barred({pk for row in rows for pk in row.folder.path})
    people = {getattr(row, f"{path}_id") for row in rows}
    places, active = _places_of(people), _active(people, perm)
    found = set()
    for row in rows:
        person = getattr(row, f"{path}_id")
        named = person in active and not any(person in barred[pk] for pk in row.folder.path)
        if person in held[row.folder_id, perm] or (
            named and any(_gives(gift, row, places.of[person], active[person]) for gift in gifts)
        ):
            found.add(row.pk)
    return found


def _gives(gift, row, places, guest) -> bool:
    there = not gift.agency or getattr(row, f"{gift.agency}_id") in places - {None}
    there = there and (guest or not gift.guest)
    return there and all(getattr(row, name) in values for name, values in gift.where.items())


def _active(people, perm) -> dict:
    """id -> whether a guest, of those of `people` (ids) who may sign in and from whom `perm` does not rest."""
    rows = User.objects.filter(pk__in=people, is_active=True)
    if perm in RESTING_PERMS:
        rows = rows.filter(suspended_at=None)
    return dict(rows.values_list("pk", "guest"))


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


class Places:
    """Where those with an active account belong today. of: user id -> agencies (None: the partnership itself)."""

    def __init__(self):
        self.of, self.suspended = defaultdict(set), set()

    def counts(self, user, perm) -> bool:
        """Whether what gives `perm` to this person counts: somebody who belongs somewhere, suspended from no case."""
        return user in self.of and not (user in self.suspended and perm in RESTING_PERMS)


def _places_of(users) -> Places:
    found = Places()
    rows = Membership.objects.live().filter(user_id__in=users, user__is_active=True).order_by()
    for user, agency, suspended_at in rows.values_list("user_id", "agency_id", "user__suspended_at"):
        found.of[user].add(agency)
        if suspended_at:
            found.suspended.add(user)
    return found
