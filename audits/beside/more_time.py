"""More time for a return: asked for by its lead, given or not by the business unit, or given unasked.

The day that is given is the return's own deadline until its end in London. A deadline shuts nothing:
what is asked here is from when the return counts as late, and when its reminders begin.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audits.beside import notices
from audits.beside.rules import A_YEAR
from audits.flow import EXTENSION
from audits.models import AuditReturn, Extension, Round
from partnership.access.flow import Stale, lock
from partnership.deadlines.periods import end_of_day
from partnership.trail.services import record
from partnership.ui.dates import plain

WHY = "the page has asked for its return"
PEOPLE = ("folder", "agency", "audit_return", "asked_by", "decided_by")  # given by the service itself


def why_not(row) -> str:
    """Why no time is given for a return, in a sentence; '' while it owes one."""
    if row.status == AuditReturn.Status.SUBMITTED:
        return f"This return was submitted on {plain(timezone.localtime(row.submitted_at))}. Nothing is due any more."
    if row.status == AuditReturn.Status.EXCUSED:
        return "This organisation owes no return any more. Nothing is due."
    if row.round.status == Round.Status.CLOSED:
        return "This round was closed, so no time is given any more."
    if row.round.status == Round.Status.PLANNED:
        return "This round has not begun, so there is no time to give yet."
    return ""


def waiting_of(row) -> Extension | None:
    return Extension.objects.unscoped(WHY).filter(audit_return=row, outcome=Extension.Outcome.WAITING).first()


@transaction.atomic
def ask(row, *, by, reason, wanted_on) -> Extension:
    """Ask for more time until the end of a day. The day stands until the unit has answered.

    Raises Stale where nothing is due, ValidationError for a wish that waits already, or a day that gives no more time.
    """
    row = _owed(row)
    if waits := waiting_of(row):
        who, when = waits.asked_by.name if waits.asked_by else "Somebody", plain(timezone.localtime(waits.asked_at))
        raise ValidationError(
            f"{who} asked for more time on {when}, until {plain(waits.wanted_on)}. It waits for an answer."
        )
    _fits(row, "wanted_on", wanted_on)
    made = Extension(
        folder_id=row.folder_id,
        agency_id=row.agency_id,
        audit_return=row,
        reason=reason,
        wanted_on=wanted_on,
        asked_by=by,
    )
    made.clean_fields(exclude=PEOPLE)
    made.save(force_insert=True)
    record("more_time_asked", by=by, obj=made, wanted_on=wanted_on)
    return made


@transaction.atomic
def give(extension, *, by, given_on, words="") -> Extension:
    """Give more time to who asked, who is told. Raises Stale where it was answered, or the return came, meanwhile."""
    row = _owed(extension.audit_return)
    _fits(row, "given_on", given_on)
    made = EXTENSION.take(
        extension, "give", by=by, given_on=given_on, words=words, decided_by=by, decided_at=timezone.now(),
        data={"given_on": given_on},
    )  # fmt: skip
    _set(row, given_on)
    notices.tell_answered(made)
    return made


@transaction.atomic
def refuse(extension, *, by, words) -> Extension:
    """Give no more time, and say why. Raises Stale where it was answered meanwhile."""
    made = EXTENSION.take(extension, "refuse", by=by, words=words, decided_by=by, decided_at=timezone.now())
    notices.tell_answered(made)
    return made


@transaction.atomic
def end_waiting(returns, *, by) -> None:
    """What waits for an answer where nothing is due any more ends by itself: after a return was submitted or excused,
    or its round was closed. returns: a queryset; by: whoever did that."""
    rows = Extension.objects.unscoped(WHY).filter(audit_return__in=returns, outcome=Extension.Outcome.WAITING)
    for each in rows.select_related("audit_return__round"):
        EXTENSION.take(each, "end", by=by, words=why_not(each.audit_return), decided_at=timezone.now())


@transaction.atomic
def give_unasked(row, *, by, given_on, words) -> Extension:
    """Give more time without being asked; the organisation's leads are told. Where somebody asked, that is answered
    instead: ValidationError."""
    row = _owed(row)
    if waiting_of(row):
        raise ValidationError("This organisation has asked for more time. Answer that instead.")
    _fits(row, "given_on", given_on)
    facts = {"reason": words, "words": words, "wanted_on": given_on, "given_on": given_on}
    made = Extension(
        folder_id=row.folder_id, agency_id=row.agency_id, audit_return=row, outcome=Extension.Outcome.GIVEN,
        decided_by=by, decided_at=timezone.now(), **facts,
    )  # fmt: skip
    made.clean_fields(exclude=PEOPLE)
    made.save(force_insert=True)
    record("more_time_given", by=by, obj=made, given_on=given_on)
    _set(row, given_on)
    notices.tell_answered(made)
    return made


def _owed(row) -> AuditReturn:
    row = lock(row)
    if why := why_not(row):
        raise Stale(why)
    return row


def _fits(row, name, day):
    today, now = timezone.localdate(), timezone.localdate(row.closes_at)
    if day <= today:
        raise ValidationError({name: "The day must be after today."})
    if day > today + timedelta(days=A_YEAR):
        raise ValidationError({name: "The day must be within a year from today."})
    if day <= now:
        raise ValidationError({name: f"The return is due on {plain(now)} as it is. Enter a later day."})


def _set(row, day):
    row.closes_at = end_of_day(day)
    row.save(update_fields=["closes_at"])
