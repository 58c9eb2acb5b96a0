"""The sections of a meeting's page: each area of the wing registers its own, in boards.registrations."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """template: drawn on the page of the meeting, which finds `context` there under the name `part`."""

    template: str
    context: dict


@dataclass
class Page:
    """The page of a meeting as its sections are drawn for one reader. The meeting comes with its folder and group;
    held: the powers that `user` holds on it."""

    user: object
    meeting: object
    held: frozenset
    _known: dict = field(default_factory=dict, repr=False)

    def once(self, ask):
        """`ask(user, meeting)`, asked once however many sections want it."""
        if ask not in self._known:
            self._known[ask] = ask(self.user, self.meeting)
        return self._known[ask]


_builders: list[tuple[int, Callable]] = []


def register_section(order: int, build: Callable) -> None:
    """build(page) -> (template, context), or None where there is nothing to show to this person. page: a Page.

    The template begins with an h2; besides `part` it has the page's `meeting` and `can` (power -> True). Orders: 10
    one's own answer, 20 agenda and papers, 30 and above what came of it.
    """
    if (order, build) not in _builders:
        _builders.append((order, build))
        _builders.sort(key=lambda pair: pair[0])


def sections_of(page: Page) -> list[Section]:
    found = (build(page) for _, build in _builders)
    return [Section(*each) for each in found if each is not None]
