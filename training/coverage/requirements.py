"""The training matrix: which role takes which course, when first and when again. It is published, the unit keeps it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import edits
from partnership.access.reach import reach_of
from partnership.deadlines.registry import all_in_force
from partnership.deadlines.shapes import Unit
from partnership.people.roles import Perm
from partnership.trail.services import record
from training.coverage.periods import first_of, renewal_of
from training.models import Requirement

LATER = "For this role and course one begins on {:%-d %B %Y} already. Choose a later day, or end that one first."
BEFORE = "It began on {:%-d %B %Y}: enter a later day."
BOTH = "Choose a rule, or enter months; not both."
LONG = (Unit.MONTHS, Unit.DAYS)


def rule_choices(today=None) -> list[tuple[str, str]]:
    """(code, title) of the rules about training that count in months or days."""
    today = today or timezone.localdate()
    subjects = {rule.subject for rule, _ in all_in_force(today) if rule.code == "dsl_training"}
    return [
        (rule.code, rule.title)
        for rule, holds in all_in_force(today)
        if holds and rule.subject in subjects and rule.unit in LONG and rule.length and not rule.soft
    ]


@transaction.atomic
def add(*, by, starts, role, course, **facts) -> Requirement:
    """A requirement from a day on; one in force for the same role and course ends with it. facts: first_rule,
    first_months, renewal_rule, refresh_months, source. Raises ValidationError, PermissionDenied."""
    _may(by)
    for rule, months in (("first_rule", "first_months"), ("renewal_rule", "refresh_months")):
        if facts.get(rule) and facts.get(months) is not None:
            raise ValidationError({months: BOTH})
    same = list(Requirement.objects.select_for_update().filter(role=role, course=course))
    if later := [each.starts for each in same if each.starts and each.starts >= starts]:
        raise ValidationError({"starts": LATER.format(min(later))})
    for each in same:
        if each.ends is None or each.ends > starts:
            edits.change(each, "requirement_ended", by=by, version=each.version, facts={"ends": starts})
    row = Requirement(role=role, course=course, starts=starts, changed_by=by, **facts)
    row.save(force_insert=True)
    record("requirement_added", by=by, obj=row)
    return row


@transaction.atomic
def end(row, *, by, version, ends) -> Requirement:
    """Let it be asked for no longer from the day `ends`. Raises Stale, ValidationError, PermissionDenied."""
    _may(by)
    if row.starts and ends <= row.starts:
        raise ValidationError({"ends": BEFORE.format(row.starts)})
    return edits.change(row, "requirement_ended", by=by, version=version, facts={"ends": ends})


def worded(row) -> tuple[str, str]:
    """(when it is taken first, when again), in words."""
    return first_of(row).words(), renewal_of(row).words() or "never: it holds for good"


def _may(by) -> None:
    if not reach_of(by).holds(Perm.TRAINING_RUN):
        raise PermissionDenied("requirements")
