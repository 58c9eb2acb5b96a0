"""Every write of reminders. A return is locked before it is looked at, so that two workers, two clicks, or a click and
a submission in the same moment, send nothing twice and nothing to whoever owes nothing. by None: the portal, by its
day.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audits.chasing import letters, reach, states, turns
from audits.models import AuditReturn, Reminder, Round, Rung
from partnership.access.flow import lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record_each

WHY = "the service locks the returns of a round that its caller runs"
AT_ONCE = 100  # returns in one transaction of the sweep
MOST = 1000  # returns by one click
NOT_OPEN = "Nobody is reminded: this round is not open."
TOO_MANY = "Choose fewer by the filters, one area or one phase: {:,} are reminded at once, and these are {:,}."


@dataclass
class Outcome:
    """went: reminders that were owed. letters: how many of them are letters on paper. nobody: returns with nobody to
    write to. changed: (organisation, why it got nothing) of those that had changed since they were shown."""

    went: list = field(default_factory=list)
    nobody: list = field(default_factory=list)
    changed: list = field(default_factory=list)

    @property
    def letters(self) -> int:
        return sum(1 for each in self.went if each.rung.to == Rung.To.LETTER)


def remind(round: Round, shown: dict, *, by) -> Outcome:
    """Send each of these returns the rung that was shown for it, if it is still its turn. shown: return id -> the place
    of its rung. Whoever submitted, was excused or was reminded meanwhile gets nothing and is named. Raises
    PermissionDenied, ValidationError."""
    if not can(by, Perm.AUDIT_RUN, round):
        raise PermissionDenied("audit_round.remind")
    if len(shown) > MOST:
        raise ValidationError(TOO_MANY.format(MOST, len(shown)))
    if round.status != Round.Status.OPEN:
        raise ValidationError(NOT_OPEN)
    today, changed = timezone.localdate(), []

    def choose(row, had, rungs):
        rung = turns.following(rungs, row.closes_at, had, today)
        why = why_not(row, had, rung, today)
        if not why and rung.position != shown[row.pk]:
            why = f"the next reminder is ‘{rung.name}’ now"
        if why:
            changed.append((row.agency.name, why))
        return None if why else rung

    outcome = _send(round, list(shown), choose, by=by, today=today)
    outcome.changed = changed
    return outcome


def why_not(row, had, rung, today) -> str:
    """Why a return gets no reminder by hand now, in words that fit one or many; '' where it gets one."""
    if not letters.is_owed(row):
        return {
            AuditReturn.Status.SUBMITTED: "submitted",
            AuditReturn.Status.EXCUSED: "owing no return",
        }.get(row.status, "the round is not open")
    if had.waits:
        return "more time was asked for: answer that first"
    if had.had_one_on(today):
        return "reminded today already"
    if rung and rung.days > 0 and today <= timezone.localdate(row.closes_at):
        return "the next reminder says that the day is over, and it is not over yet"
    return "" if rung else "every reminder was sent: ring them"


def by_its_day(round: Round, ids, *, today) -> Outcome:
    """Send these returns of an open round the rung whose day has come. Whoever was reminded today, or waits for an
    answer to a wish for more time, is left for another day."""

    def choose(row, had, rungs):
        if not letters.is_owed(row) or had.waits or had.had_one_on(today):
            return None
        return turns.due(rungs, row.closes_at, had, today)

    return _send(round, ids, choose, by=None, today=today)


@transaction.atomic
def _send(round, ids, choose: Callable, *, by, today) -> Outcome:
    """choose(return, Had, rungs) -> the rung that it gets, or None. While it runs the round is not closed, and no rung
    of it changed."""
    lock(round)
    rungs = list(Rung.objects.filter(round=round).order_by("position"))
    rows = AuditReturn.objects.unscoped(WHY).filter(round=round, pk__in=ids)
    locked = rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    locked = list(locked)  # what is read from here on is what stood when the lock was had
    rows = states.with_marks(AuditReturn.objects.unscoped(WHY).filter(pk__in=locked)).select_related("agency", "round")
    reminders, chosen = states.reminders_of(locked), []
    for row in rows.order_by("agency__name", "pk"):
        if rung := choose(row, states.had(row, reminders[row.pk]), rungs):
            chosen.append((row, rung, reminders[row.pk]))
    return _owe(chosen, by=by, today=today)


def _owe(chosen, *, by, today) -> Outcome:
    found = {}
    for to in Rung.To:
        found |= reach.reach_of([row for row, rung, _ in chosen if rung.to == to], to)
    outcome, new, found_somebody, told, emails = Outcome(), [], [], [], []
    for row, rung, before in chosen:
        whom = found[row.pk]
        people = reach.recipients(whom, row.agency)
        nobody = not (people or whom.by_link) and rung.to != Rung.To.LETTER
        again = next((each for each in before if each.nobody and each.rung_id == rung.pk), None)
        if nobody:
            outcome.nobody.append(row)
            if again is not None:  # it is on record already
                continue
        reminder = again or Reminder(folder_id=row.folder_id, agency=row.agency, audit_return=row, rung=rung)
        reminder.by, reminder.at, reminder.nobody = by, timezone.now(), nobody
        reminder.to = "" if nobody else whom.words or letters.ON_PAPER
        reminder.words = letters.words_of(rung, row, whom, today)
        (found_somebody if again else new).append(reminder)
        told.append((reminder, {"rung": rung.position, "people": len(people) + whom.by_link}))
        if not nobody:
            outcome.went.append(reminder)
            emails.append((reminder, people, whom.turn if whom.by_link else None))
    Reminder.objects.bulk_create(new)
    Reminder.objects.bulk_update(found_somebody, ["by", "at", "nobody", "to", "words"])
    letters.owe(emails, by=by)
    went = {each.pk for each in outcome.went}
    record_each("return_reminded", by=by, objects=[pair for pair in told if pair[0].pk in went])
    record_each("return_reached_nobody", by=by, objects=[pair for pair in told if pair[0].pk not in went])
    return outcome
