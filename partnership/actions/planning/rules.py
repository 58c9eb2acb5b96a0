"""When a duty is due: by its rule of the deadlines where it has one, else by its own period. Pure but for the registry.

No length stands here: a duty with a rule takes it from the edition in force (partnership/deadlines/data/rules).
"""

from dataclasses import dataclass
from datetime import date

from partnership.actions.models import Duty
from partnership.deadlines.periods import add_months
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import NoEditionInForce, Repeats, Rule, Unit, UnknownRule, editions

MONTHS_OF_A_YEAR = 12
RULE_GONE = "its rule is no longer shipped"
FIRST_MONTH = 4  # the partnership's year runs from 1 April: the yearly report is for that year (rule D21)


def year_of(day: date) -> int:
    """The year in which the partnership's year begins that holds `day`: 2026 for 31 March 2027."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """1 April of a year."""
    return date(year, FIRST_MONTH, 1)


def quarter_of(day: date) -> int:
    """1 to 4: the quarter of the partnership's year."""
    return (day.month - FIRST_MONTH) % MONTHS_OF_A_YEAR // 3 + 1


def words_of_year(year: int) -> str:
    """'2026/27'."""
    return f"{year}/{(year + 1) % 100:02}"


def rule_of(code: str, on: date) -> Rule | None:
    """The edition of a rule that holds on a day, its last one where none does; None for a code that is unknown."""
    if not code:
        return None
    try:
        return rule_in_force(code, on)
    except NoEditionInForce:
        return editions(code)[-1]
    except UnknownRule:
        return None


@dataclass(frozen=True)
class Timing:
    """How a duty returns: `months` between two due days (None: it has none), and the words for it."""

    months: int | None
    words: str


def timing_of(duty: Duty, rule: Rule | None) -> Timing:
    """How a duty returns, by its rule where that says so."""
    if duty.every in (Duty.Every.STANDING, Duty.Every.TERM, Duty.Every.ONCE):
        return Timing(None, duty.get_every_display())
    if duty.every == Duty.Every.EVENT:
        return Timing(None, "when something happens" if rule is None or rule.length is None else rule.period)
    if rule is None and duty.amount is None:
        return Timing(None, RULE_GONE)
    if rule is None:
        step = duty.amount * (MONTHS_OF_A_YEAR if duty.every == Duty.Every.YEARS else 1)
    elif rule.repeats is Repeats.YEARLY:
        step = MONTHS_OF_A_YEAR
    else:
        step = rule.length if rule.unit is Unit.MONTHS else None
    return Timing(step, every_words(step) if step else "no period is set")


def every_words(months: int) -> str:
    """'Every year', 'every 2 years', 'every 6 months'."""
    if months % MONTHS_OF_A_YEAR == 0:
        years = months // MONTHS_OF_A_YEAR
        return "every year" if years == 1 else f"every {years} years"
    return "every month" if months == 1 else f"every {months} months"


def occurrences(duty: Duty, rule: Rule | None, first: date, last: date) -> list[date]:
    """The due days of a duty from `first` to `last`, both included, that its anchor leads to; none without one.

    Counted from the anchor itself each time, so that 31 January and one month stays at the months' ends. Days on which
    the duty was not yet, or no longer, in force are left out.
    """
    if duty.anchor is None:
        return []
    months = timing_of(duty, rule).months
    if months is None:
        found = [duty.anchor]
    else:
        apart = (first.year - duty.anchor.year) * MONTHS_OF_A_YEAR + first.month - duty.anchor.month
        start = max(0, apart // months - 1)
        count = ((last.year - first.year) * MONTHS_OF_A_YEAR + last.month - first.month) // months + 3
        found = [day for n in range(count) if (day := _months_on(duty.anchor, months * (start + n)))]
    in_force = (day for day in found if (not duty.starts or day >= duty.starts) and (not duty.ends or day < duty.ends))
    return [day for day in in_force if first <= day <= last]


def _months_on(day: date, months: int) -> date | None:
    """The day so many months later; None beyond the years that can be counted."""
    try:
        return add_months(day, months)
    except OverflowError:
        return None


def next_due(duty: Duty, rule: Rule | None, today: date) -> date | None:
    """The first due day from today on; of one without a period that is past, the day that it was due."""
    months = timing_of(duty, rule).months
    if months is None:
        return duty.anchor
    ahead = _months_on(max(today, duty.anchor), months) or date.max if duty.anchor else today
    return next(iter(occurrences(duty, rule, today, ahead)), None)
