"""Who was asked by name for a part of a folder and opens that part alone, and what is left where they are barred:
registries that wings fill, for 'People with access'."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Part:
    """One person's part. opens: what they may open, and nothing else. until: in words, when that ends. where: the
    organisation or body for which they do it."""

    user_id: UUID
    name: str
    where: str
    why: str
    opens: str
    until: str
    url: str = ""


_sources: list[Callable] = []


def register_parts(source: Callable) -> None:
    """source(user, folder) -> iterable of Part: those in force today, by the row rule of the reader `user`."""
    if source not in _sources:
        _sources.append(source)


def parts_of(user, folder) -> list[Part]:
    """The parts of a folder that this reader may know of, by name."""
    found = {part for source in _sources for part in source(user, folder)}
    return sorted(found, key=lambda part: (part.name, part.why, part.where))


_left: list[Callable] = []


def register_left(source: Callable) -> None:
    """source(user, folder) -> sentences: what nobody can do any more once `user` is barred from `folder`."""
    if source not in _left:
        _left.append(source)


def left_by(user, folder) -> list[str]:
    return [words for source in _left for words in source(user, folder)]
