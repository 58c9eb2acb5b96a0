"""How long a training holds, and by when it is first taken: the rule or the months that a requirement names.

A rule is data of `partnership.deadlines`; each of its editions holds for what was completed in its days.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from partnership.deadlines import calendars
from partnership.deadlines.periods import add_months, end_of
from partnership.deadlines.registry import editions_of, title_of
from partnership.deadlines.shapes import NoLength, UnknownRule

LONGEST = timedelta(days=366 * 30)  # before today: what was completed earlier is asked for by no period
FOR_EVER = date.max


@dataclass(frozen=True)
class Period:
    """code: of a rule; months: where no rule is named. Neither: it holds for ever."""

    code: str = ""
    months: int | None = None
    known: dict = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self):
        return bool(self.code) or self.months is not None

    def until(self, day: date) -> date:
        """The last day of the period that begins on `day`; FOR_EVER without a period."""
        if day not in self.known:
            self.known[day] = self._until(day)
        return self.known[day]

    def _until(self, day):
        if self.code:
            try:
                edition = self._edition(day)
                return end_of(edition, day, calendars.load(edition.division))[0].due
            except (NoLength, UnknownRule):
                return FOR_EVER
        return FOR_EVER if self.months is None else add_months(day, self.months)

    def _edition(self, day):
        """As `rule_in_force` has it. Of a day before the first edition the first holds, of one after the last the last:
        what was completed then ran out all the same."""
        shipped = [each for each in self._editions() if not each.local]
        now = next((each for each in shipped if each.in_force(day)), None)
        if now is None:
            now = shipped[0] if day < shipped[0].effective_from else shipped[-1]
        local = [each for each in self._editions() if each.local and each.in_force(day)]
        return local[0] if local and now.editable else now

    def _editions(self) -> list:
        if self.code not in self.known:  # read once: a period is asked about many days
            self.known[self.code] = editions_of(self.code)
        return self.known[self.code]

    def reaching(self, day: date, end: date) -> list[tuple[date, date]]:
        """The days (first, last) up to `end` from which this period lasts until `day` or longer, as few spans as there
        are editions: each edition's end moves on with its beginning, so one search finds where it does."""
        found = []
        for first, last in self._spans(end):
            if self.until(last) < day:
                continue
            low, high = first.toordinal(), last.toordinal()
            while low < high:
                middle = (low + high) // 2
                if self.until(date.fromordinal(middle)) >= day:
                    high = middle
                else:
                    low = middle + 1
            found.append((date.fromordinal(low), last))
        return found

    def _spans(self, end):
        first = end - LONGEST
        if not self.code:
            return [(first, end)]
        try:
            starts = {max(first, each.effective_from) for each in self._editions()} | {first}
            over = [each.effective_to for each in self._editions() if each.effective_to]
            starts |= {each + timedelta(days=1) for each in over}
        except UnknownRule:
            return [(first, end)]
        starts = sorted(each for each in starts if first <= each <= end)
        ends = [each - timedelta(days=1) for each in starts[1:]] + [end]
        return list(zip(starts, ends, strict=True))

    def words(self) -> str:
        """'24 months', or the rule by its title; '' without a period."""
        if self.code:
            return title_of(self.code)
        if self.months is None:
            return ""
        return "at once" if self.months == 0 else f"{self.months} month{'' if self.months == 1 else 's'}"


def renewal_of(requirement) -> Period:
    return Period(requirement.renewal_rule, requirement.refresh_months)


def first_of(requirement) -> Period:
    """By when it is taken first, from the first day in post: the requirement's own period, else that of renewing it,
    else at once."""
    own = Period(requirement.first_rule, requirement.first_months)
    return own or renewal_of(requirement) or Period(months=0)
