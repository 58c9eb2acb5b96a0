"""Another date for an action: asked for by its owner, or set by who manages it. The first date is kept."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.edits import stamp
from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.actions import telling
from partnership.actions.flow import DATE_CHANGE
from partnership.actions.models import Action, DateChange
from partnership.actions.services import CHANGED, WHY, must_go_on
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import clock_time, plain

D = DateChange.Status
ASKED = "Another date is asked for already. It is decided before a new one is asked for."


@transaction.atomic
def ask_date(row, *, by, wanted: date, reason: str) -> DateChange:
    """Its owner asks for another date. Raises ValidationError without a reason, for a past day, for the day that it
    has, and while one is asked for already; Stale once the action does not go on."""
    row = lock(row)
    if not can(by, Perm.ACTION_ANSWER, row):
        raise PermissionDenied("action.ask_date")
    must_go_on(row)
    if row.status != Action.Status.OPEN:
        raise Stale("Its closing waits for approval, so it needs no other date.")
    _possible(row, wanted, reason)
    try:
        with transaction.atomic():
            asked = DateChange.objects.create(
                folder_id=row.folder_id, action=row, was=row.due_on, wanted=wanted, reason=reason.strip(), asked_by=by
            )
    except IntegrityError as error:
        raise ValidationError(ASKED) from error
    record("action_date_asked", by=by, obj=row, change=asked.pk)
    telling.ask_to_decide(asked, row, by=by)
    return asked


def _possible(row, wanted, reason):
    if wanted == row.due_on:
        raise ValidationError({"wanted": "That is the day it has already."})
    if wanted < timezone.localdate():
        raise ValidationError({"wanted": "Choose today or a later day."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why the date changes."})


def _not_ones_own(row, asked, by):
    if by.pk in (row.owner_id, asked.asked_by_id):
        raise ValidationError("Somebody else decides about the date of an action that you own or asked for.")


def decided(asked) -> str:
    """Who decided about a date that was asked for, and when: a second decider reads it."""
    at = timezone.localtime(asked.decided_at)
    who = asked.decided_by.name if asked.decided_by else "Somebody"
    did = "ended the request" if asked.status == D.WITHDRAWN else "decided this"
    return f"{who} {did} on {plain(at)} at {clock_time(at)}."


def _must_wait(asked):
    asked.refresh_from_db(fields=["status", "decided_by", "decided_at"])
    if asked.status != D.WAITING:
        raise Stale(decided(asked))


@transaction.atomic
def grant(asked, *, by, wanted: date | None = None, answer: str = "") -> Action:
    """Give the date that was asked for, or another one. Nobody gives a date to themselves. Raises Stale where it was
    decided already."""
    row = lock(asked.action)
    _not_ones_own(row, asked, by)
    _must_wait(asked)
    wanted = wanted or asked.wanted
    _possible(row, wanted, asked.reason)
    DATE_CHANGE.take(
        asked, "grant", by=by, wanted=wanted, answer=answer.strip(), decided_by=by, decided_at=timezone.now()
    )
    telling.tell_date_said(asked, row, by=by)
    return _set(row, wanted, by)


@transaction.atomic
def refuse(asked, *, by, answer: str) -> DateChange:
    """The date stays; its owner reads why. Raises as `grant`."""
    row = lock(asked.action)
    _not_ones_own(row, asked, by)
    _must_wait(asked)
    asked = DATE_CHANGE.take(asked, "refuse", by=by, answer=answer.strip(), decided_by=by, decided_at=timezone.now())
    telling.tell_date_said(asked, row, by=by)
    return asked


@transaction.atomic
def withdraw(asked, *, by) -> DateChange:
    """Its owner asks for it no longer. Raises Stale once it was decided."""
    lock(asked.action)
    return DATE_CHANGE.take(asked, "withdraw", by=by, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def set_due(row, *, by, due_on: date, reason: str, version: int) -> Action:
    """Who manages it sets another date, with a reason; a date that was asked for ends with it. Raises Stale."""
    row = lock(row)
    if not can(by, Perm.ACTION_MANAGE, row):
        raise PermissionDenied("action.set_due")
    if row.version != version:
        raise Stale(CHANGED)
    must_go_on(row)
    if row.owner_id == by.pk:
        raise ValidationError("You own this action: ask for another date, and somebody else decides.")
    _possible(row, due_on, reason)
    end_asking(row, "lapse", by=by)
    set_at_once = _given(row, was=row.due_on, wanted=due_on, reason=reason.strip(), by=by)
    telling.tell_date_said(set_at_once, row, by=by)
    return _set(row, due_on, by)


def _given(row, *, by, **facts) -> DateChange:
    change = DateChange.objects.create(folder_id=row.folder_id, action=row, asked_by=by, **facts)
    return DATE_CHANGE.take(change, "grant", by=by, decided_by=by, decided_at=timezone.now())


def last_day_of(row) -> date | None:
    """The day that an action had last, also one that was parked since; None for one that never had any."""
    given = DateChange.objects.unscoped(WHY).filter(action=row, status=D.GRANTED).order_by("-decided_at", "-id")
    return row.due_on or given.values_list("wanted", flat=True).first() or row.first_due_on


def record_move(row, *, was, reason, by) -> None:
    """What came back with another day than it had: the move is kept like any other, and counts as a slip if later."""
    if was is not None and was != row.due_on:
        _given(row, was=was, wanted=row.due_on, reason=reason[:1000], by=by)


def _set(row, due_on, by):
    row.due_on = due_on
    return stamp(row, by, "due_on")


def end_asking(row, step, *, by) -> None:
    """A date that waits is asked for no longer, by its owner ("withdraw") or with the action ("lapse")."""
    for asked in DateChange.objects.unscoped(WHY).filter(action=row, status=D.WAITING):
        DATE_CHANGE.take(asked, step, by=by, decided_by=by, decided_at=timezone.now())
