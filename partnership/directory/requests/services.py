"""Every write about a request. Two people stand behind what is carried out; each step is checked in the database's own
row, locked, at the moment that it is taken."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.models import Link
from partnership.access.scope import forget_reach
from partnership.directory.models import AccountRequest
from partnership.directory.models.requests import WAITING
from partnership.directory.requests import kinds, notices
from partnership.directory.requests.flow import REQUEST
from partnership.directory.requests.rules import why_not_approve, why_not_check, why_not_refuse
from partnership.people.models import User
from partnership.trail.services import record

READ_AGAIN = "This request was changed while you had it open. Read it again before you go on."
CLOSED = "This account is closed, so nothing can be asked about it."
GUEST = "Whoever asked you for the return sees to this. Ring them, on a number that you know."


@transaction.atomic
def open_request(kind_code, *, user, by=None, other=None, agency=None, said=None) -> AccountRequest:
    """Ask for something about the account of `user`. by None: asked without being signed in, or by the portal itself.

    One request of a kind waits at a time (several roles may): asked again for the same, it is the one that waits; by
    the person for something else, it begins anew. Raises ValidationError where it cannot be asked.
    """
    user, other = lock_people(user, other)
    if user.closed_at:
        raise ValidationError(CLOSED)
    if user.guest:
        raise ValidationError(GUEST)
    said = said or {}
    row = _waiting(kind_code, user, said)
    if row is not None:
        return _asked_again(row, by=by, other=other, said=said)
    row = AccountRequest.objects.create(kind=kind_code, user=user, other=other, agency=agency, said=said, opened_by=by)
    record("request_opened", by=by, obj=row, kind=kind_code, user=user.pk)
    _begin(row)
    notices.tell_opened(row)
    return row


def _begin(row):
    kind = kinds.kind_of(row)
    kind.begin(row)
    if kind.suspends(row):
        suspend(row.user)


def _waiting(kind_code, user, said):
    rows = _rows().filter(kind=kind_code, user=user, status__in=WAITING)
    return rows.filter(said=said).first() if kind_code == kinds.ROLE else rows.first()


def _asked_again(row, *, by, other, said):
    if by is None or (row.other_id, row.said) == (getattr(other, "pk", None), said):
        return row
    if by.pk != row.user_id:
        raise ValidationError("A request of this kind waits already. Decide it first, then ask anew.")
    again = {"other": other, "said": said, "opened_by": by, "checked_by": None, "checked_at": None}
    row = REQUEST.take(row, "ask_again", by=by, version=row.version + 1, checked_how="", checked_note="", **again)
    _begin(row)
    notices.tell_opened(row)
    return row


@transaction.atomic
def check(row, *, by, version, how, note) -> AccountRequest:
    """Record how somebody made sure who it is. Raises Stale, PermissionDenied, ValidationError."""
    row = _fresh(row, version)
    _only_two(row)
    _allowed(why_not_check(row, by))
    row = _step(row, "check", by, checked_by=by, checked_at=timezone.now(), checked_how=how, checked_note=note.strip())
    notices.tell_second(row)
    return row


@transaction.atomic
def approve(row, *, by, version) -> AccountRequest:
    """Carry it out, as the second person. Raises Stale, PermissionDenied, ValidationError."""
    row = _fresh(row, version)
    _only_two(row)
    _allowed(why_not_approve(row, by))
    kind = kinds.kind_of(row)
    if row.user.closed_at:
        raise ValidationError(CLOSED)
    if why := kind.refuses(row):
        raise ValidationError(why)
    row = _step(row, "approve", by, decided_by=by, decided_at=timezone.now())
    kind.carry_out(row, by)
    _let_rest_end(row.user)
    notices.tell_subject(row)
    return row


@transaction.atomic
def settle(row, *, by, version) -> AccountRequest:
    """Close a request that one person settles. Raises Stale, PermissionDenied."""
    row = _fresh(row, version)
    if kinds.kind_of(row).two:
        raise PermissionDenied("this kind needs two people")
    _allowed(why_not_approve(row, by))
    return _step(row, "settle", by, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def refuse(row, *, by, version, reason) -> AccountRequest:
    """Say no: all is as it was before it was asked. Raises Stale, PermissionDenied, ValidationError."""
    row = _fresh(row, version)
    _allowed(why_not_refuse(row, by))
    row = _step(row, "refuse", by, decided_by=by, decided_at=timezone.now(), reason=reason.strip())
    _let_rest_end(row.user)
    notices.tell_subject(row)
    return row


@transaction.atomic
def withdraw(row, *, by) -> AccountRequest:
    """The person takes it back: all is as it was. Raises Stale, PermissionDenied for anybody else."""
    lock_people(row.user, row.other)
    row = lock(row)
    if by.pk != row.user_id:
        raise PermissionDenied("only the person it is about withdraws a request")
    row = _step(row, "withdraw", by, decided_by=by, decided_at=timezone.now())
    _let_rest_end(row.user)
    return row


# --- what the steps share ---------------------------------------------------------------------------------------------


def lock_people(user, other=None):
    """The fresh rows of one or two people, locked in one order; everything about an account waits for its row."""
    ids = [each.pk for each in (user, other) if each is not None]
    found = {row.pk: row for row in User.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    return found[user.pk], None if other is None else found[other.pk]


def _fresh(row, version):
    """The row as it is now, locked with its people; Stale where it is no longer what was read."""
    user, other = lock_people(row.user, row.other)
    row = lock(row)
    if row.version != version:
        raise Stale(READ_AGAIN)
    row.user, row.other = user, other
    return row


def _step(row, code, by, **fields):
    user, other = row.user, row.other
    row = REQUEST.take(row, code, by=by, version=row.version + 1, **fields)
    row.user, row.other = user, other
    return row


def _allowed(why_not):
    if why_not:
        raise PermissionDenied(why_not)


def _only_two(row):
    if not kinds.kind_of(row).two:
        raise PermissionDenied("this kind is settled by one person")


def _rows():
    return AccountRequest.objects.unscoped("a service looks for what waits about one person")


def approved_addresses(user):
    return _rows().filter(user=user, kind=kinds.ADDRESS, status=AccountRequest.Status.DONE)


def suspend(user) -> None:
    """From now until it is decided, no grant and no role on cases counts for this person."""
    if user.suspended_at is None:
        user.suspended_at = timezone.now()
        user.save(update_fields=["suspended_at"])
        links.revoke_all(user, Link.Purpose.ACTIONS)
        record("account_suspended", obj=user)
        forget_reach()


def _let_rest_end(user) -> None:
    """Cases are open to this person again, unless another request still waits that closes them."""
    waiting = _rows().filter(user=user, status__in=WAITING)
    if user.suspended_at is not None and not any(kinds.kind_of(row).suspends(row) for row in waiting):
        user.suspended_at = None
        user.save(update_fields=["suspended_at"])
        record("account_resumed", obj=user)
        forget_reach()


def close_waiting(user, *, but, by) -> int:
    """Refuse what else waits about a record that is closed. Returns how many."""
    rows = list(_rows().filter(user=user, status__in=WAITING).exclude(pk=but.pk))
    for row in rows:
        reason = "The record was closed: it was a second one of the same person."
        REQUEST.take(
            lock(row), "refuse", by=by, version=row.version + 1, decided_by=by, decided_at=timezone.now(), reason=reason
        )
    return len(rows)
