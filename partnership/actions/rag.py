"""How an action stands: computed from its dates and updates at every reading, never stored.

A rating by hand counts until its last day or until the next update, whichever comes first.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from partnership.actions.models import Action, Outlook
from partnership.deadlines import calendars
from partnership.deadlines.clock import standing_of
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import london_date
from partnership.deadlines.working_days import Calendar, CalendarEnds, add_working_days, working_days_before

UPDATE_DUE, FIRST_WORD = "action_update_due", "action_first_word"
DAYS_OF_A_WEEK, WEEKDAYS, ONE_DAY = 7, 5, timedelta(days=1)
RED, AMBER, GREEN, GREY, BLUE = "red", "amber", "green", "grey", "blue"
OVER_IN_WORDS = {
    Action.Status.DONE: "It is closed.",
    Action.Status.CANCELLED: "It is no longer needed.",
    Action.Status.TAKEN_BACK: "The log that it came in by was taken back.",
}
COLOURS = {RED: "Red", AMBER: "Amber", GREEN: "Green", GREY: "No rating", BLUE: "Closed"}
SIGNS = {RED: "▲", AMBER: "◆", GREEN: "●", GREY: "○", BLUE: "✓"}  # so that nobody needs to see the colour


@dataclass(frozen=True)
class Facts:
    """What the rating is made of. outlook, updated_at: of the newest update. rated: (colour, last day, moment) of the
    newest rating by hand. added_at: since when it is there."""

    status: str
    due_on: date | None
    outlook: str = ""
    updated_at: datetime | None = None
    rated: tuple | None = None
    added_at: datetime | None = None


@dataclass(frozen=True)
class Day:
    """A day, and the days around it that count for ratings: `near`, the last due day that is near on it, `since`, from
    when on an update is fresh enough, and `new`, from when on an action is so new that no word is owed yet.
    calendar: by which lateness is counted, as Home counts it."""

    today: date
    near: date
    since: date
    new: date
    calendar: Calendar = field(compare=False, repr=False)


def day(today: date | None = None) -> Day:
    """Today's, by the partnership's own rules 'action_update_due' and 'action_first_word'.

    Where the bank holidays of those days are not known, weekdays alone are counted: a rating says when to ask, and no
    list may fail for want of it. The deadlines floor raises its alarm about the calendar.
    """
    today = today or timezone.localdate()
    edition, first = rule_in_force(UPDATE_DUE, today), rule_in_force(FIRST_WORD, today)
    calendar = calendars.load(edition.division)
    try:
        near = add_working_days(today, edition.length, calendar).due
        new = working_days_before(today, first.length, calendar).due + ONE_DAY
        return Day(today, near, working_days_before(today, edition.length, calendar).due, new, calendar)
    except CalendarEnds:
        about, few = (timedelta(days=each.length * DAYS_OF_A_WEEK // WEEKDAYS) for each in (edition, first))
        return Day(today, today + about, today - about, today - few + ONE_DAY, calendar)


@dataclass(frozen=True)
class Standing:
    """colour: of COLOURS. why: one short sentence without words of the action. by_hand: whether somebody set it."""

    colour: str
    why: str
    by_hand: bool = False

    @property
    def word(self) -> str:
        return COLOURS[self.colour]

    @property
    def sign(self) -> str:
        return SIGNS[self.colour]


def overdue(facts: Facts, day: Day) -> bool:
    """Whether an action that goes on is past its day. One whose closing waits for approval is not its owner's to do."""
    return facts.status == Action.Status.OPEN and facts.due_on is not None and facts.due_on < day.today


def wants_update(facts: Facts, day: Day) -> bool:
    """Whether the owner owes a word: its day is near or past, and nothing was said lately. One that is new has some
    days, unless its day has passed."""
    if facts.status != Action.Status.OPEN or facts.due_on is None or facts.due_on > day.near:
        return False
    if facts.updated_at is not None:
        return london_date(facts.updated_at) < day.since
    return facts.due_on < day.today or facts.added_at is None or london_date(facts.added_at) < day.new


def standing(facts: Facts, day: Day) -> Standing:
    """The rating of an action on a day."""
    if facts.status in Action.OVER:
        done = facts.status == Action.Status.DONE
        return Standing(BLUE if done else GREY, OVER_IN_WORDS[facts.status])
    if facts.status == Action.Status.PARKED:
        return Standing(GREY, "It is a parked idea.")
    computed = _computed(facts, day)
    if facts.rated:
        colour, until, at = facts.rated
        if day.today <= until and (facts.updated_at is None or facts.updated_at < at):
            return Standing(colour, f"Set by hand; computed it is {computed.word.lower()}.", by_hand=True)
    return computed


def _computed(facts, day):
    if facts.status == Action.Status.TO_APPROVE:
        return Standing(GREEN, "Its closing waits for approval.")
    if overdue(facts, day):
        late = standing_of(facts.due_on, day.today, day.calendar).words
        return Standing(RED, f"{late[0].upper()}{late[1:]}.")
    if facts.outlook == Outlook.OFF_TRACK:
        return Standing(RED, "Its owner says that it is off track.")
    if facts.outlook == Outlook.AT_RISK:
        return Standing(AMBER, "Its owner says that it may be late.")
    if wants_update(facts, day):
        return Standing(AMBER, "Its day is near, and nothing was said lately.")
    return Standing(GREEN, "On track.")


def rated(data) -> tuple | None:
    """(colour, last day, moment) of a rating by hand that came as JSON."""
    if not data:
        return None
    return data["colour"], date.fromisoformat(data["until"]), datetime.fromisoformat(data["at"])
