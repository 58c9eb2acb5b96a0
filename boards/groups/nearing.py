"""What is marked some time ahead: how long before its day, by the partnership's own rules."""

from datetime import date

from django.utils import timezone

from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.shapes import NoEditionInForce, NoLength
from partnership.deadlines.working_days import CalendarEnds

HAND_OVER, REVIEW, TASK_ENDS = "chair_hand_over_told", "terms_review_near", "task_group_end_near"
OVERDUE, NEAR = "overdue", "near"


class Nearing:
    """One of these rules as it is today; asked for any number of days without another question."""

    def __init__(self, code, today: date | None = None):
        self.today = today or timezone.localdate()
        try:
            self.rule = rule_in_force(code, self.today)
            self.calendar = calendars.load(self.rule.division)
        except NoEditionInForce:
            self.rule = None

    def of(self, day: date | None) -> str:
        """OVERDUE once the day is over, NEAR in the time before it, '' otherwise and without a day."""
        if day is None:
            return ""
        if day < self.today:
            return OVERDUE
        return NEAR if self._begins(day) <= self.today else ""

    def _begins(self, day):
        if self.rule is None:
            return day
        try:
            return end_of(self.rule, day, self.calendar)[0].due
        except (NoLength, CalendarEnds):
            return day
