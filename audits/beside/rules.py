"""By when evidence is to be renewed: a rule of the deadlines (data/rules/92_audits.toml)."""

from datetime import date

from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due

RENEWED = "evidence_renewed"
A_YEAR = 365  # days: a later deadline is a slip of the pen


def soon_until(day: date) -> date:
    """The last of the days that are soon, seen from `day`."""
    edition = rule_in_force(RENEWED, day)
    return due(edition, day, calendars.load(edition.division)).due_on
