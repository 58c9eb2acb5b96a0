"""The sections of a meeting's page: each area of the wing registers its own, in boards.registrations."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """template: drawn on the page of the meeting, which finds `context` there under the name `part`."""

    template: str
    context: dict


_builders: list[tuple[int, Callable]] = []


def register_section(order: int, build: Callable) -> None:
    """build(user, meeting, held) -> (template, context), or None where there is nothing to show to this person.

    held: the powers that `user` holds on the meeting; the meeting comes with its folder and group. The template begins
    with an h2; besides `part` it has the page's `meeting` and `can` (power -> True). Orders: 10 one's own answer, 20
    agenda and papers, 30 and above what came of it.
    """
    if (order, build) not in _builders:
        _builders.append((order, build))
        _builders.sort(key=lambda pair: pair[0])


def sections_of(user, meeting, held) -> list[Section]:
    found = (build(user, meeting, held) for _, build in _builders)
    return [Section(*each) for each in found if each is not None]
