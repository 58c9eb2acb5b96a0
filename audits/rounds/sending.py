"""Sending a round out, as a job: it makes the returns and owes each lead one letter, all in one transaction.

A worker that dies takes everything back with it, and the next begins anew; what was done is not done twice, because
whoever has a return is not asked again. So the same work asks those who came later.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audits.asking import asked_by, progress
from audits.flow import ROUND
from audits.leads import leads
from audits.models import AuditReturn, Round
from audits.rounds.choosing import Asked, whom
from audits.rounds.letters import write_to_leads
from partnership.access.flow import lock
from partnership.deadlines import calendars
from partnership.deadlines.periods import end_of, end_of_day
from partnership.deadlines.registry import rule_in_force
from partnership.jobs.models import Job
from partnership.jobs.services import Refused
from partnership.trail.services import record

SEND = "audit_send"
LATE = "audit_late_joiner"
AT_ONCE = 1000
NOBODY = "Nobody belongs to this round: say whom it asks first."
NOWHERE = "{} of those who are asked belong to no window. Add a window for everybody else first."
OVER = "The deadline of ‘{}’ is over already. Give it a later one before the round is sent."
NO_NEW = "Everybody whom this round asks has a return already."
CLOSED = "The round was closed or discarded meanwhile, so nobody was asked."


def is_being_sent(round) -> bool:
    return job_of(round) is not None


def job_of(round) -> Job | None:
    """The work that sends this round out and has not come to its end."""
    rows = Job.objects.unscoped("whoever may see the round is told that it is being sent")
    return rows.filter(kind=SEND, subject_id=round.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).first()


def must_be_sendable(round) -> list[Asked]:
    """Whom a planned round would ask, or an open one would ask besides. Raises ValidationError where it cannot go."""
    if round.status not in Round.LIVE:
        raise ValidationError(CLOSED)
    new = round.status == Round.Status.OPEN
    found = whom(round, new=new)
    if not found:
        raise ValidationError(NO_NEW if new else NOBODY)
    if not new and (over := sorted({each.window.name for each in found if each.window and _is_over(each.window)})):
        raise ValidationError(OVER.format("’, ‘".join(over)))
    if nowhere := sum(1 for each in found if each.window is None):
        raise ValidationError(NOWHERE.format(nowhere))
    return found


def _is_over(window) -> bool:
    return window.closes_at < timezone.now()


def nothing(subject, *, by, progress):
    """Everything is written in one transaction, so there is nothing to make beforehand."""


def keep(subject, payload, *, by, progress):
    """Open the round, or ask those who came since; the round's id. Refused where it cannot go out as it is."""
    row = lock(subject)
    progress(1, "Looking up who is asked")
    try:
        found = must_be_sendable(row)
    except ValidationError as refused:
        return Refused(row.pk, refused.messages[0])
    late = row.status == Round.Status.OPEN
    if late:
        record("audit_late_asked", by=by, obj=row, count=len(found))
    else:
        row = ROUND.take(row, "open", by=by, opened_at=timezone.now(), data={"count": len(found)})
    ask(row, found, late=late, progress=progress)
    return row.pk


@transaction.atomic
def ask(round, found, *, late, progress=lambda percent, doing="": None) -> int:
    """Make the returns of these, and write to their leads. The round is locked by the caller."""
    now = timezone.now()
    closes = _late_until(now) if late else now
    wanted = _Wanted(round)
    done = 0
    for start in range(0, len(found), AT_ONCE):
        batch = found[start : start + AT_ONCE]
        rows = [_return(round, each, wanted, now, closes, late) for each in batch]
        AuditReturn.objects.bulk_create(rows)
        write_to_leads(round, rows, leads([row.agency_id for row in rows]), at=now)
        done += len(rows)
        progress(1 + 98 * done // len(found), f"{done:,} of {len(found):,} are asked")
    return done


def _return(round, each: Asked, wanted, now: datetime, closes: datetime, late: bool) -> AuditReturn:
    return AuditReturn(
        folder_id=round.pk, round=round, agency=each.agency, window=each.window, **each.snapshot.copied(),
        asked_at=now, late_joiner=late, closes_at=max(each.window.closes_at, closes),
        wanted=wanted.of(each.snapshot.facts),
    )  # fmt: skip


def _late_until(now: datetime) -> datetime:
    """Whoever is asked after the others has some days at least, by the partnership's own rule."""
    rule = rule_in_force(LATE, timezone.localdate(now))
    count, _ = end_of(rule, timezone.localdate(now), calendars.load(rule.division))
    return end_of_day(count.due)


class _Wanted:
    """How many required questions an organisation is asked, counted once for all with the same facts."""

    def __init__(self, round):
        self.asking = asked_by(round.set_version)
        self.names = sorted({name for row in self.asking.wordings for name in row.applies})
        self.known = {}

    def of(self, facts) -> int:
        key = tuple(facts.get(name, "") for name in self.names)
        if key not in self.known:
            self.known[key] = progress(self.asking, facts, {}).wanted
        return self.known[key]
