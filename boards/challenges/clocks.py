"""The clock of each stage of a challenge (statutory.md D64): its days are rules that the partnership sets itself."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from boards.models import Challenge
from partnership.deadlines import calendars, registry, rules, services
from partnership.deadlines.models import Deadline
from partnership.deadlines.reads import facts_of

STAGE, URGENT = "challenge_stage_", "challenge_urgent"
CODES = tuple(code for code in rules.CODES if code.startswith(STAGE))
WHY = "the page has asked for the challenge, and the day of a stage is said to whoever reads it"


@dataclass(frozen=True)
class Stage:
    """number: from 1. level: whose it is ("line managers"). rule: the code of its period."""

    number: int
    level: str
    rule: str


def stages() -> list[Stage]:
    """The stages as the rules have them, in order."""
    return [
        Stage(number, registry.title_of(code).partition(": ")[2], code)
        for number, code in enumerate(sorted(CODES), start=1)
    ]


LAST = len(CODES)  # the safeguarding partners or the Executive, whose decision is final


def level_of(number) -> str:
    return stages()[number - 1].level


def begin(row, *, by) -> None:
    """The days of the stage that was reached are counted; for immediate danger none are: it waits for no stage."""
    if row.urgency == Challenge.Urgency.IMMEDIATE:
        return
    code = URGENT if row.urgency == Challenge.Urgency.DAY else f"{STAGE}{row.stage}"
    services.start(
        code, by=by, folder=row.folder, subject=row, trigger=timezone.now(), owner=row.answerer, agency=row.challenged
    )


def _running(row) -> list:
    rows = Deadline.objects.unscoped(WHY).filter(subject_kind=row._meta.label_lower, subject_id=row.pk)
    return list(rows.filter(status__in=Deadline.RUNNING))


def is_late(row) -> bool:
    """Whether an answer now needs a reason."""
    return any(services.is_late(clock, timezone.now()) for clock in _running(row))


def has_time_left(row) -> bool:
    """Whether a standard challenge waits for an answer that is not late yet: an urgent one may leave stages out."""
    waits = row.urgency == Challenge.Urgency.STANDARD and row.status == Challenge.Status.OPEN
    return waits and bool(_running(row)) and not is_late(row)


def answered(row, *, by, late_reason) -> None:
    """Raises ValidationError naming `late_reason` for a late answer without one."""
    for clock in _running(row):
        services.meet(clock, by=by, late_reason=late_reason)


def ended(row, *, by, reason) -> None:
    for clock in _running(row):
        services.cancel(clock, by=by, reason=reason)


def given(row, *, by) -> None:
    """Another person answers: the days are theirs."""
    for clock in _running(row):
        services.give(clock, by=by, owner=row.answerer)


@dataclass(frozen=True)
class Due:
    """By when a stage is answered. at: the moment, for one that is counted in hours; else None."""

    on: date
    at: datetime | None
    standing: str
    late: bool


def due_of(ids) -> dict:
    """challenge id -> Due, of those that wait for an answer; two queries however many."""
    rows = Deadline.objects.unscoped(WHY).filter(
        subject_kind=Challenge._meta.label_lower, subject_id__in=ids, status__in=Deadline.RUNNING
    )
    rows, found, known = list(rows), {}, {}
    for row in rows:
        known[row.division] = known.get(row.division) or calendars.load(row.division)
        facts = facts_of(row, calendar=known[row.division])
        at = row.due_at if row.by_the_hour else None
        found[row.subject_id] = Due(row.due_on, at, facts.standing, services.is_late(row, timezone.now()))
    return found
