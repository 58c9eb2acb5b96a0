"""What a person's own pages show: a registry of those pages, and of the rows that name the person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from partnership.access.reach import reach_of
from partnership.people.roles import Perm
from partnership.ui.parts import SubNavItem


@dataclass(frozen=True)
class Named:
    """A row that names this person: what it is, the case's code word, its address, why they may see it, since when."""

    what: str
    case: str
    url: str
    why: str
    since: datetime | None = None


_sources: list[Callable] = []
_pages: list[tuple] = []


def register_named(source: Callable) -> None:
    """source(user) -> iterable of Named, by the row rule."""
    if source not in _sources:
        _sources.append(source)


def named_rows(user) -> list[Named]:
    return sorted((row for source in _sources for row in source(user)), key=lambda row: (row.case, row.what))


def add_own_page(text, url_name, *, order, perm=Perm.SIGN_IN) -> None:
    """A page of 'Your account', in its own navigation, for those who hold `perm`. Called once from AppConfig.ready."""
    page = (order, text, url_name, perm)
    if page not in _pages:
        _pages.append(page)
        _pages.sort()


def own_pages(user, here) -> list[SubNavItem]:
    """The pages of one's own account. here: the URL name of this one."""
    reach = reach_of(user)
    shown = [(text, name) for _, text, name, perm in _pages if reach.holds(perm)]
    return [SubNavItem(text, reverse(name), active=name == here) for text, name in shown]


def is_own_page(match) -> bool:
    """Whether an address (a ResolverMatch or None) is one of those pages."""
    return match is not None and match.view_name in {name for _, _, name, _ in _pages}
