"""Facts of clocks for pages. Every function takes the user first and shows only what the row rule allows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from django.utils import timezone

from partnership.deadlines import calendars, registry
from partnership.deadlines.clock import ClockFacts, clock_of
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.periods import london_date
from partnership.deadlines.shapes import Direction, Rule
from partnership.deadlines.subjects import title


@dataclass
class DeadlinePage:
    """One clock: how it stands, its milestones, and the dates that it had before, newest first."""

    edition: Rule
    clock: ClockFacts | None
    milestones: list = field(default_factory=list)
    earlier: list = field(default_factory=list)
    replaced_by: Deadline | None = None


def deadline_page(user, row) -> DeadlinePage:
    chain = list(
        Deadline.objects.visible_to(user)
        .filter(subject_kind=row.subject_kind, subject_id=row.subject_id, rule=row.rule)
        .select_related("ended_by")
    )
    by_id = {each.pk: each for each in chain}
    earlier, at = [], row.supersedes_id
    while at in by_id:
        earlier.append(by_id[at])
        at = by_id[at].supersedes_id
    return DeadlinePage(
        edition=registry.edition(row.rule, row.edition),
        clock=facts_of(row),
        milestones=list(Milestone.objects.visible_to(user).filter(deadline=row)),
        earlier=earlier,
        replaced_by=next((each for each in chain if each.supersedes_id == row.pk), None),
    )


def facts_of(row, *, today=None, calendar=None) -> ClockFacts:
    """How a stored clock stands: its own due date, counted with the calendar of now for what is left."""
    edition = replace(registry.edition(row.rule, row.edition), length=row.length)
    started = london_date(row.trigger_at)
    at = row.met_at or timezone.now()
    today = today or timezone.localdate()
    return clock_of(
        edition,
        started=started,
        due_on=row.due_on,
        today=max(today, started) if edition.direction is Direction.AFTER else today,
        calendar=calendar or calendars.load(row.division),
        done_on=row.met_at,
        over=at > row.due_at and london_date(at) == row.due_on,
    )


@dataclass
class Year:
    """One calendar year of met clocks. rules: title -> (on time, late). reasons: [(title, due, met, reason)]."""

    year: int
    rules: list = field(default_factory=list)
    reasons: list = field(default_factory=list)


def timeliness(user) -> list[Year]:
    """Met clocks by the year in which they were due, newest first, of those that `user` may see.

    A soft one is never late, so it is not counted.
    """
    met = Deadline.objects.visible_to(user).filter(status=Deadline.Status.MET, soft=False).order_by("-due_at")
    counted, reasons = defaultdict(lambda: defaultdict(Counter)), defaultdict(list)
    for row in met:
        late = row.met_at > row.due_at
        counted[row.due_on.year][registry.title_of(row.rule)]["late" if late else "on time"] += 1
        if late:
            reasons[row.due_on.year].append((title(row), row.due_on, row.met_at, row.late_reason))
    return [
        Year(year, [(name, each["on time"], each["late"]) for name, each in sorted(rules.items())], reasons[year])
        for year, rules in sorted(counted.items(), reverse=True)
    ]
