"""What one request knows: whose it is, the reach resolved once, and the guarded rows that were shown.

Nothing here outlives a request. Outside a request (tasks, commands, tests) reach is resolved at each question.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Scope:
    reach: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    memo: dict = field(default_factory=dict)  # what an app above looks up once a request, by a key of its own
    about: object = None  # the row that this page is about
    afterwards: list = field(default_factory=list)  # what a page that only reads writes down of itself, as calls
    quiet: bool = False  # progress polls: neither logged nor touching the session


_current: ContextVar[Scope | None] = ContextVar("partnership_access_scope", default=None)


def current() -> Scope | None:
    return _current.get()


@contextmanager
def entered():
    """Inside, guarded rows can be fetched only through the row rule."""
    token = _current.set(Scope())
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@contextmanager
def outside():
    """Inside, the portal acts for itself: the middleware's own look-ups. Never around a view."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def show_folders(ids) -> None:
    """A page names these folders, though it fetched none of their logged rows: its reading says so all the same."""
    if (scope := current()) and ids:
        scope.shown.setdefault("access.folder", {}).update({pk: pk for pk in ids})


def forget_reach():
    """Called by the writers of grants, bars and memberships: the next question is answered afresh."""
    if scope := current():
        scope.reach.clear()
