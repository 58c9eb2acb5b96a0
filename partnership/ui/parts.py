"""What views hand to the components: plain facts, no markup. Texts are escaped when they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.urls import reverse


@dataclass(frozen=True)
class Action:
    """A link beside a row. `about` completes it for people who hear it out of its place: 'Change' + 'the chair'."""

    text: str
    href: str
    about: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a summary list."""

    key: str
    value: object
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Task:
    """One line of a task list. Without `href` it cannot be started yet. `colour` empty means plain text, no tag."""

    title: str
    href: str = ""
    status: str = ""
    colour: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Tile:
    """A number on a home page: the number first, its link second, a note last. `colour` is a status colour."""

    number: int | str
    text: str
    href: str = ""
    note: str = ""
    colour: str = ""


@dataclass(frozen=True)
class TimelineItem:
    """What happened, when (aware datetime or date), by whom, and a sentence more."""

    title: str
    when: datetime | date
    by: str = ""
    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Next:
    """What the reader of a page can do next, as ui/next.html draws it. due_on: the day by which, None without one."""

    what: str
    href: str
    why: str
    due_on: date | None = None


@dataclass(frozen=True)
class SubNavItem:
    """A link of the navigation inside one record. group: of a second line, what that line is called."""

    text: str
    href: str
    active: bool = False
    group: str = ""


def tabs_held(pages, pk, held, *, here) -> list[SubNavItem]:
    """The pages of one record that somebody who holds `held` on it can open.

    pages: (words, URL name that takes `pk`, the power that it takes). here: the URL name of this page.
    """
    return [SubNavItem(text, reverse(name, args=[pk]), name == here) for text, name, perm in pages if perm in held]


@dataclass(frozen=True)
class Progress:
    """Long work: `percent` from 0 to 100, the sentence of where it stands, and the address that shows it again."""

    percent: int
    words: str
    url: str
    finished: bool = False
    failed: bool = False

    @property
    def shown(self):
        return max(0, min(100, int(self.percent)))


@dataclass(frozen=True)
class Clock:
    """A statutory period on a page: 'Working day 9 of 15', its boxes, what is left and which days are not counted.

    `state` is one of running, due today, late, met, met late. `day` is a working day's number and runs past `of` when
    late; `progress` and `standing` are the words for it. Dates are calendar dates.
    """

    title: str
    send: str
    progress: str
    standing: str
    state: str
    day: int
    of: int
    started: date
    due_on: date
    not_counted: str = ""
    done_on: date | None = None
    days_late: int = 0

    @classmethod
    def from_facts(cls, facts, *, title, send):
        """A clock from any object that carries the other facts by these names."""
        names = [field.name for field in fields(cls) if field.name not in {"title", "send"}]
        return cls(title=title, send=send, **{name: getattr(facts, name) for name in names})

    @property
    def colour(self):
        return {"late": "red", "due today": "orange", "met": "green", "met late": "orange"}.get(
            str(self.state), "orange" if self.day * 3 >= self.of * 2 else "blue"
        )

    @property
    def boxes(self):
        """(number, 'past' | 'now' | 'coming') for each working day of the period; ('+3', 'late') for an overrun."""
        done = self.done_on is not None
        boxes = [
            (number, "now" if number == self.day and not done else "past" if number <= self.day else "coming")
            for number in range(1, self.of + 1)
        ]
        return [*boxes, (f"+{self.days_late}", "late")] if self.days_late else boxes

    @property
    def late(self):
        return str(self.state) == "late"

    @property
    def over(self):
        return self.done_on is not None
