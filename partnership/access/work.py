"""What somebody owes, and what waits for them: a registry that floors and wings fill, so that home names no wing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from partnership.people.roles import Perm


@dataclass(frozen=True)
class Work:
    """One line of home: what, for which case (a code word), by when, and the address to do it at.

    owed: True for what this person must do, False for what waits for them to read or know. done: what they have
    done and may still read. standing: (words, colour), where the source knows more than the date. first: before
    everything that has a day.
    """

    what: str
    url: str
    case: str = ""
    due_on: date | None = None
    note: str = ""
    owed: bool = True
    done: bool = False
    standing: tuple[str, str] | None = None
    folder_id: UUID | None = None
    perm: Perm | None = None
    first: bool = False


_sources: list[Callable] = []


def register_work(source: Callable) -> None:
    """source(user) -> iterable of Work, by the row rule."""
    if source not in _sources:
        _sources.append(source)


def work_of(user) -> tuple[list, list, list]:
    """(owed, waiting, done) for one person: soonest first, without a date last; what is done as its wing orders it."""
    found = [work for source in _sources for work in source(user)]
    done = [work for work in found if work.done]
    found = [work for work in found if not work.done]
    found.sort(key=lambda work: (not work.first, work.due_on is None, work.due_on or date.max, work.what))
    return [work for work in found if work.owed], [work for work in found if not work.owed], done


_ahead: list[Callable] = []


def register_ahead(source: Callable) -> None:
    """source(user) -> iterable of Work that comes by itself on its day, as meetings do: the few that are next."""
    if source not in _ahead:
        _ahead.append(source)


def ahead_of(user) -> list[Work]:
    """What is ahead of one person, soonest first."""
    return sorted((work for source in _ahead for work in source(user)), key=lambda work: (work.due_on, work.what))
