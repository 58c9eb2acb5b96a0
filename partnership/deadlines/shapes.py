"""What a rule is made of: the words of data/rules/*.toml, as types. Pure; rules.py counts with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from partnership.deadlines.working_days import ENGLAND_AND_WALES


class UnknownRule(LookupError):
    """No rule has this code, or no edition of it has this name."""


class NoEditionInForce(LookupError):
    """The rule exists, but no edition of it was in force on that day."""


class NoLength(ValueError):
    """Neither law nor the partnership sets a number: a person gives the date."""


class NeedsTime(ValueError):
    """The period runs in hours, so it needs the time at which it began and not only the day."""


class Status(StrEnum):
    LAW = "law"
    GUIDANCE = "guidance"
    LOCAL = "local"


class Unit(StrEnum):
    """How a period is counted. The two kinds of working days differ in the bank holidays that they step over."""

    WORKING_DAYS = "working days"
    UK_WORKING_DAYS = "UK working days"
    DAYS = "days"
    MONTHS = "months"
    HOURS = "hours"


WORKING = (Unit.WORKING_DAYS, Unit.UK_WORKING_DAYS)
ONE = {Unit.WORKING_DAYS: "working day", Unit.DAYS: "day", Unit.MONTHS: "month", Unit.HOURS: "hour"}


class Direction(StrEnum):
    """Whether the period follows its trigger, or must have passed when the trigger comes (a publication)."""

    AFTER = "after"
    BEFORE = "before"


class Level(StrEnum):
    """Who is told: whoever owes it, then the deputy or manager, then the delegated safeguarding partners."""

    OWNER = "owner"
    MANAGER = "manager"
    PARTNERS = "partners"


class Repeats(StrEnum):
    """What begins the next period of a duty that returns."""

    NO = ""
    DONE = "done"  # the day on which this one was done
    YEARLY = "yearly"  # the same date of the next year


@dataclass(frozen=True)
class Milestone:
    """A day on which somebody is told. Exactly one of `day`, `before_due` and `after_due` is a number.

    day: the working day's number, counted from the trigger. before_due, after_due: working days before or after the due
    date; before_due 0 is the due date itself. step: something that a person does and marks as done; else a reminder or
    an escalation. perm: the power of whoever owes it (a value of people.roles.Perm); empty: the deadline's named owner.
    statutory: its email cannot be switched off.
    """

    code: str
    label: str
    day: int | None = None
    before_due: int | None = None
    after_due: int | None = None
    step: bool = False
    level: Level = Level.OWNER
    perm: str = ""
    statutory: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """('day', 7), ('before_due', 1) or ('after_due', 1)."""
        return next((name, number) for name in PLACES if (number := getattr(self, name)) is not None)

    @property
    def when(self) -> str:
        """'working day 7', '1 working day before it is due', 'the due date', '5 working days after it was due'."""
        name, number = self.place
        days = f"{number} working day{'' if number == 1 else 's'}"
        if name == "day":
            return f"working day {number}"
        if name == "after_due":
            return f"{days} after it was due"
        return f"{days} before it is due" if number else "the due date"

    def as_data(self) -> dict:
        """The milestone as a table of the TOML files; defaults are left out."""
        plain = {"code": self.code, "label": self.label, **dict([self.place])}
        if self.step:
            plain["step"] = True
        if self.level is not Level.OWNER:
            plain["level"] = str(self.level)
        if self.perm:
            plain["perm"] = self.perm
        if self.statutory:
            plain["statutory"] = True
        return plain


PLACES = ("day", "before_due", "after_due")


@dataclass(frozen=True)
class Rule:
    """One edition of a period. In force from `effective_from` up to and with `effective_to` (None: still in force).

    length: None where law and guidance set no number, so that a person gives the date. verified: the length and the
    starting point were read in the edition itself or on a page of the body that issued it; `doubt` says what was not.
    ref: its number in the list of duties of docs/deadlines.md. confidence: S sure, P probable, R recalled, U
    unverified, L local. soft: never shown as late. pausable: the period knows a reason that stops the count.
    gap_before: why no edition was in force just before this one. local: the partnership set it (models.LocalEdition).
    opens: the days of each year on which a round begins by itself ("1 April").
    """

    code: str
    title: str
    source: str
    edition: str
    status: Status
    verified: bool
    length: int | None
    unit: Unit
    trigger: str
    day_zero: str
    effective_from: date
    effective_to: date | None = None
    doubt: str = ""
    direction: Direction = Direction.AFTER
    division: str = ENGLAND_AND_WALES
    ref: str = ""
    subject: str = ""
    confidence: str = "S"
    repeats: Repeats = Repeats.NO
    soft: bool = False
    pausable: bool = False
    gap_before: str = ""
    local: bool = False
    opens: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def opening_days(self, year: int) -> list[date]:
        """The days of `year` on which a round begins. Raises ValueError for one that no calendar has."""
        return sorted(datetime.strptime(f"{each} {year}", "%d %B %Y").date() for each in self.opens)  # noqa: DTZ007

    @property
    def editable(self) -> bool:
        """Whether a partnership may set its own: never a number of the law, or of guidance, that was read."""
        return self.status is Status.LOCAL or not self.verified or self.length is None

    @property
    def period(self) -> str:
        """'15 working days', '7 days before', '1 month', 'no number of days is set'."""
        if self.length is None:
            return "no number of days is set"
        if self.unit is Unit.UK_WORKING_DAYS:
            words = f"{self.length} working days (any part of the United Kingdom)"
        else:
            words = f"{self.length} {ONE[self.unit]}{'' if self.length == 1 else 's'}"
        return f"{words} before" if self.direction is Direction.BEFORE else words
