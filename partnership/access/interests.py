"""What speaks against letting somebody into a case, or for thinking twice: a registry that wings fill.

A conflict of interest that was declared bars (access.models.Conflict). These are facts of the directory and of the
case: they are said to whoever lets people in, before she does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from partnership.people.roles import FOLDER_ROLES, Role


@dataclass(frozen=True)
class Interest:
    """words: a whole sentence about one person. roles: the folder roles for which it matters. shuts: which it shuts."""

    words: str
    roles: frozenset = frozenset(FOLDER_ROLES)
    shuts: frozenset = frozenset()


_sources: list[Callable] = []


def register_interests(source: Callable) -> None:
    """source(folder, users) -> {user id: [Interest]}, for all of `users` (User rows) at once."""
    if source not in _sources:
        _sources.append(source)


def interests_of(folder, users: Iterable) -> dict:
    """user id -> its Interests on this folder. For those who let people in: the caller's page has asked for it."""
    users, found = list(users), {}
    for source in _sources if users else ():
        for user, interests in source(folder, users).items():
            found.setdefault(user, []).extend(interests)
    return found


def said_of(folder, user, role) -> list[Interest]:
    """What is to be known before this person is given this role here."""
    role = Role(role)
    return [each for each in interests_of(folder, [user]).get(user.pk, ()) if role in each.roles]
