"""What a person's own pages show: a registry of those pages, and of the rows that name the person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

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


def add_own_page(text, url_name, *, order) -> None:
    """A page of 'Your account', in its own navigation. Called once from an AppConfig.ready."""
    page = (order, text, url_name)
    if page not in _pages:
        _pages.append(page)
        _pages.sort()


def own_pages(here) -> list[SubNavItem]:
    """The pages of one's own account. here: the URL name of this one."""
    return [SubNavItem(text, reverse(name), active=name == here) for _, text, name in _pages]


def is_own_page(match) -> bool:
    """Whether an address (a ResolverMatch or None) is one of those pages."""
    return match is not None and match.view_name in {name for _, _, name in _pages}
