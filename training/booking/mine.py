"""'My training': whoever keeps something of a person's own adds a section to the page."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """title: its heading. template: what draws it, given `section`. found: what that template reads. order: from 0 (the
    bookings) upwards."""

    title: str
    template: str
    found: dict = field(default_factory=dict)
    order: int = 50


_sources: list[Callable] = []


def register_section(source: Callable) -> None:
    """source(user) -> a Section, or None where there is nothing to show; by the row rule, in a few questions whatever
    the number of rows. Called once from an AppConfig.ready."""
    if source not in _sources:
        _sources.append(source)


def sections_of(user) -> list[Section]:
    found = [section for source in _sources if (section := source(user)) is not None]
    return sorted(found, key=lambda section: section.order)
