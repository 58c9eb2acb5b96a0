"""How somebody stands to a requirement: what they completed, until when it holds, by when something is due. Pure."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from training import rules
from training.coverage.periods import FOR_EVER, Period, first_of, renewal_of
from training.models import Requirement

TRAINED, NEW, OVERDUE = "trained", "new", "overdue"


@dataclass(frozen=True)
class Standing:
    """state: TRAINED (holds today), NEW (in post for less than the first period) or OVERDUE (ran out, or there is no
    record). last: the day on which it was last completed. due_on: the last day, None where there is none. soon: due
    within the days of the rule D120."""

    requirement: Requirement
    state: str
    last: date | None
    due_on: date | None
    soon: bool

    @property
    def words(self) -> str:
        if self.state == OVERDUE:
            return "Overdue" if self.last else "No record"
        return "Falls due" if self.soon else "In date" if self.state == TRAINED else "New in post"

    @property
    def colour(self) -> str:
        return {"Overdue": "red", "No record": "red", "Falls due": "yellow", "In date": "green"}.get(self.words, "grey")


@dataclass(frozen=True)
class Measure:
    """A requirement with its two periods, and the two days that it is measured by."""

    requirement: Requirement
    today: date
    soon: date
    renewal: Period
    first: Period

    def of(self, began_on, last) -> Standing:
        """last: the day on which the course was last completed; what was completed before that counts no longer."""
        until = self.renewal.until(last) if last else None
        if until and until >= self.today:
            return self._said(TRAINED, last, until)
        begun = self.first.until(began_on) if began_on else None
        if begun and begun >= self.today:
            return self._said(NEW, last, begun)
        return Standing(self.requirement, OVERDUE, last, until if last else begun, soon=False)

    def _said(self, state, last, until):
        known = None if until == FOR_EVER else until
        return Standing(self.requirement, state, last, known, known is not None and until <= self.soon)


def measures(today=None) -> dict:
    """role code -> its measures, of the requirements that hold on a day (today); one query."""
    found: dict = {}
    today = today or timezone.localdate()
    soon = rules.day_of(rules.DUE_SOON, today)
    rows = Requirement.objects.on(today).select_related("course", "role")
    for row in rows.order_by("role__position", "role__name", "course__title", "pk"):
        found.setdefault(row.role_id, []).append(Measure(row, today, soon, renewal_of(row), first_of(row)))
    return found
