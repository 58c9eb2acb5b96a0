"""How a guest's access shuts: at once, with her sessions; and for good with its request or its review (docs/adr/0024).

Locks go from the review to the request to the guest to the person, everywhere (reviews/locks.py).
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import lock
from partnership.access.models import Link
from partnership.access.scope import forget_reach
from partnership.access.sessions import end_sessions
from partnership.people.models import User
from partnership.trail.services import record
from reviews import clocks
from reviews.flow import GUEST
from reviews.models import AgencyReturn, Guest

WHY = "the service of guests locks and writes its own rows"
CANNOT_COME_IN = (
    "The author is a guest whose access is shut. Ring them, record the call-back and send a new invitation first."
)


def of_request(row) -> Guest | None:
    """The guest of a request whose review is held, locked after it; None for an organisation's."""
    if row.agency_id:
        return None
    lock(row)
    return Guest.objects.unscoped(WHY).select_for_update(of=("self",)).get(row_id=row.pk)


def hold(review) -> list:
    """Lock the requests of a review's guests; whoever ends the review holds that already."""
    rows = AgencyReturn.objects.unscoped(WHY).select_for_update(of=("self",)).filter(review=review, agency=None)
    return list(rows.order_by("pk"))


def must_be_in(row) -> None:
    """Raises ValidationError for a guest's request that she could not open: nothing is sent back to nobody."""
    if row.agency_id is None and not row.open_to_guest:
        raise ValidationError(CANNOT_COME_IN)


@transaction.atomic
def end_of_request(row, *, by) -> None:
    """A request was withdrawn: if it was a guest's, she is let in no more. In its transaction, with the row locked."""
    guest = of_request(row)
    if guest is not None and guest.status != Guest.Status.ENDED:
        _end(guest, by=by)


@transaction.atomic
def end_of(review, *, by) -> int:
    """A review is over: the access of every guest ends, and so do their sessions. Returns how many ended.

    To be called where a review is sent or closed, after `hold` and before the grants of `by` end: PermissionDenied for
    whoever may not ask for returns there. Safe to call twice.
    """
    ended = 0
    for row in hold(review):
        guest = of_request(row)
        if guest.status != Guest.Status.ENDED:
            _end(guest, by=by)
            ended += 1
    return ended


def _end(guest, *, by):
    was_shut = guest.shut_at
    guest = GUEST.take(guest, "end", by=by, shut_at=was_shut or timezone.now(), version=guest.version + 1)
    shut(guest, by=by)
    user = _person(guest)
    others = Guest.objects.unscoped("has this person another invitation? nothing of it is told").filter(user=user)
    if user.guest and not others.exclude(status=Guest.Status.ENDED).exists():
        _close(user, by=by)


def shut(guest, *, by, lost=False) -> None:
    """Nothing of this invitation opens any more: link, request, reminders, sessions. What she wrote stays.

    lost: her phone is lost, so its app goes too, even if another invitation of hers is open. Somebody who belongs to
    the directory by now keeps her sign-in; only the request closes to her.
    """
    links.revoke_about(guest.pk, Link.Purpose.GUEST)
    row = AgencyReturn.objects.unscoped(WHY).select_for_update(of=("self",)).get(pk=guest.row_id)
    if row.open_to_guest:
        row.open_to_guest = False
        row.save(update_fields=["open_to_guest"])
        clocks.given(row, by=by)
    user = _person(guest)
    forget_reach()
    if not user.guest:
        return
    end_sessions(user, by=by)
    elsewhere = AgencyReturn.objects.unscoped("does another invitation stay open?").filter(author=user)
    open_still = elsewhere.filter(open_to_guest=True).exists()
    if lost or not open_still:
        Authenticator.objects.filter(user=user).delete()
    if not open_still:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])


def _close(user, *, by):
    """No invitation of hers is left. Her address is free again: asked anew, she is somebody new."""
    links.revoke_every(user)
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.closed_at = None, timezone.now()
    user.save(update_fields=["email", "closed_at"])
    record("account_closed", by=by, obj=user)


def _person(guest):
    return User.objects.select_for_update(of=("self",)).get(pk=guest.user_id)
