"""Asking somebody outside the directory: named, rung back, invited, come in. docs/adr/0024 says why in that order."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from partnership.access import links
from partnership.access.flow import Stale, lock
from partnership.access.models import Link
from partnership.access.scope import forget_reach
from partnership.directory.accounts import prove_address
from partnership.notify import personal
from partnership.people.models import User
from partnership.people.services import know_guest
from partnership.trail.services import record
from reviews import clocks, notices, returns, whom
from reviews.flow import GUEST
from reviews.guests.codes import is_code
from reviews.guests.ending import of_request, shut
from reviews.locks import hold_review
from reviews.models import AgencyReturn, Guest
from reviews.services import must_be_open

EXPIRES_DAYS = 7
# A second click, or impatience, must not fill somebody's inbox.
AGAIN_MINUTES = 10
# Of a million codes; after that she is rung again.
MOST_WRONG = 5
LETTER = "guest"
CHANGED = "Somebody changed this while you had it open. Read it again."
WHY = "the holder of its link, who acts as the guest"


@transaction.atomic
def ask_outside(
    review, *, by, body, kind, name, post, email, telephone, found_at, due_on, purpose, letter, period=None
) -> Guest:
    """Name whom to ask, and for what. Nothing is sent: she is rung first, on a number from an independent source.

    body, kind: what the directory does not have. found_at: where the number was found. letter: a dict of
    returns.LETTER, the request under section 16H of the Children Act 2004; needed, for there is no sharing agreement.
    period: as returns.ask_agency.
    Raises Stale once the report was sent, ValidationError that names the field.
    """
    if not must_be_open(review).runs:
        raise Stale("The rapid review was not begun, so nobody is asked yet.")
    letter = returns.letter_of(letter)
    if not letter:
        raise ValidationError(
            {"letter_sent_on": "Enter the letter under section 16H: there is no sharing agreement with this body."}
        )
    returns.must_lie_ahead(due_on)
    user = know_guest(email=email, name=name, by=by)
    if whom.is_barred(user, review.folder):
        raise ValidationError({"email": whom.barred_words(name.strip(), review, by=by)})
    try:
        with transaction.atomic():
            row = AgencyReturn.objects.create(
                folder_id=review.folder_id,
                review=review,
                outside=body.strip(),
                outside_author=name.strip(),
                author=user,
                asked_by=by,
                due_on=due_on,
                purpose=purpose,
                case_word=review.folder.reference,
                **(period or {}),
                **letter,
            )
    except IntegrityError:
        raise ValidationError({"email": "This person has been asked for a return in this review already."}) from None
    guest = Guest.objects.create(
        folder_id=review.folder_id, review=review, row=row, user=user, kind=kind, name=name.strip(), post=post.strip(),
        email=email.strip(), telephone=telephone.strip(), found_at=found_at.strip(),
    )  # fmt: skip
    record("outside_asked", by=by, obj=row, guest=guest.pk, basis="letter")
    clocks.ask(row, by=by)
    return guest


@transaction.atomic
def record_call_back(guest, *, by, version: int, number, found_at, called_at, answered_by) -> Guest:
    """She was rung on this number and it is certain who she is; the code of this call was read out to her.

    Whatever was open until then is shut: so a lost phone, a forwarded link and a blocked access begin anew. Raises
    Stale for a version that was not the last, ValidationError for a call before she was named or in the future.
    """
    row, guest = _held(guest)
    must_be_open(row.review)
    if guest.version != version:
        raise Stale(CHANGED)
    if called_at > timezone.now():
        raise ValidationError({"called_at": "The call cannot lie in the future."})
    if called_at < guest.named_at.replace(second=0, microsecond=0):  # people type minutes
        raise ValidationError(
            {"called_at": "The call comes after the request was entered here: it gives them the code."}
        )
    was = guest.status
    guest = GUEST.take(
        guest, "call", by=by, happened_at=called_at, calls=guest.calls + 1, called_number=number.strip(),
        found_at=found_at.strip(), called_at=called_at, answered_by=answered_by.strip(), called_by=by, wrong_codes=0,
        note="", shut_at=None, version=version + 1,
    )  # fmt: skip
    if was in (Guest.Status.INVITED, Guest.Status.JOINED):
        shut(guest, by=by, lost=was == Guest.Status.JOINED)
    return guest


@transaction.atomic
def invite(guest, *, by) -> Guest:
    """Send the invitation: a link that works once, for her address. It says nothing of the case.

    Raises ValidationError where the address or the person can no longer be invited, Stale when it was sent already.
    """
    row, guest = _held(guest)
    review = must_be_open(row.review)
    user = _to_be_invited(guest, review, by)
    link = _link(guest, user, by)
    times = {"invited_at": timezone.now(), "expires_at": link.expires_at, "bounced_at": None}
    guest = GUEST.take(guest, "invite", by=by, version=guest.version + 1, **times)
    personal.write(LETTER, recipient=user, about_id=link.pk)
    clocks.step_done(review, clocks.REQUESTS_OUT, by=by)
    return guest


@transaction.atomic
def send_again(guest, *, by) -> Guest:
    """A new link by a new letter; the old one ends. The code of the last call-back stays good."""
    row, guest = _held(guest)
    review = must_be_open(row.review)
    if guest.status != Guest.Status.INVITED:
        raise Stale("This invitation was used or has ended, so it is not sent again.")
    if guest.wrong_codes >= MOST_WRONG:
        raise ValidationError("Wrong codes were typed. Ring them again first: the next call has a new code.")
    just_now = guest.invited_at > timezone.now() - timedelta(minutes=AGAIN_MINUTES)
    if just_now and not guest.bounced_at:
        raise ValidationError("It was sent a moment ago. Wait ten minutes before it is sent again.")
    user = _to_be_invited(guest, review, by)
    link = _link(guest, user, by)
    guest.invited_at, guest.expires_at, guest.bounced_at = timezone.now(), link.expires_at, None
    guest.version += 1
    guest.save(update_fields=["invited_at", "expires_at", "bounced_at", "version"])
    personal.write(LETTER, recipient=user, about_id=link.pk)
    record("guest_sent_again", by=by, obj=guest)
    return guest


@transaction.atomic
def block(guest, *, by, version: int, note) -> Guest:
    """Shut the access at once, with her sessions. It opens again by another call-back alone."""
    _, guest = _held(guest)
    if guest.version != version:
        raise Stale(CHANGED)
    note = note.strip()
    guest = GUEST.take(guest, "block", by=by, note=note, shut_at=timezone.now(), version=version + 1)
    shut(guest, by=by)
    return guest


def guest_of(link) -> Guest:
    """The invitation behind a link, while it can be taken up; Http404 for any other, as for a link that never was."""
    rows = Guest.objects.unscoped(WHY).select_related("user", "review__folder", "row")
    guest = rows.filter(pk=link.object_id, user_id=link.acts_as_id).first()
    if guest is None or not _may_come_in(guest):
        raise Http404
    return guest


def _may_come_in(guest):
    same = guest.email.lower() == (guest.user.email or "").lower()
    runs = guest.review.runs and not guest.review.settled
    owed = guest.row.status != AgencyReturn.Status.WITHDRAWN
    barred = whom.is_barred(guest.user, guest.review.folder)
    return guest.status == Guest.Status.INVITED and same and runs and owed and not barred


@transaction.atomic
def join(link, *, code, password="") -> Guest | None:
    """Use the link up and let her in to her one request. None for a wrong code, which is counted; the last shuts it.

    password: for somebody who has no sign-in yet. Raises Http404 when the link was used, or the invitation ended, a
    moment ago.
    """
    _held(guest_of(link))
    guest = guest_of(link)  # as it is now that nobody else can change it
    if not is_code(guest, code):
        return _wrong_code(guest)
    links.use_up(link)
    user = User.objects.select_for_update(of=("self",)).get(pk=guest.user_id)
    if user.known_only:
        if not password:
            raise ValidationError({"password1": "Choose a password."})
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        prove_address(user)  # the letter was read there
        record("account_opened", by=guest.called_by, obj=user)
    forget_reach()
    guest = GUEST.take(guest, "join", by=user, joined_at=timezone.now(), version=guest.version + 1)
    row = lock(guest.row)
    row.open_to_guest = True
    row.save(update_fields=["open_to_guest"])
    clocks.given(row, by=user)
    forget_reach()
    notices.tell_guest_in(guest)
    return guest


def _wrong_code(guest):
    guest.wrong_codes += 1
    guest.save(update_fields=["wrong_codes"])
    record("guest_wrong_code", obj=guest, number=guest.wrong_codes)
    if guest.wrong_codes >= MOST_WRONG:
        links.revoke_about(guest.pk, Link.Purpose.GUEST)
        notices.tell_guest_tried(guest)


def _held(guest):
    """(request, guest), locked in that order, the review before them."""
    row = AgencyReturn.objects.unscoped(WHY).get(pk=guest.row_id)
    hold_review(row)
    return row, of_request(row)


def _to_be_invited(guest, review, by) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=guest.user_id)
    if user.closed_at or (user.email or "").lower() != guest.email.lower():
        raise ValidationError("Their address has changed since. Withdraw this request, and ask them by the new one.")
    if whom.is_barred(user, review.folder):
        raise ValidationError(whom.barred_words(guest.name, review, by=by))
    return user


def _link(guest, user, by) -> Link:
    links.revoke_about(guest.pk, Link.Purpose.GUEST)
    return links.make_mailed(Link.Purpose.GUEST, acts_as=user, by=by, object_id=guest.pk, days=EXPIRES_DAYS)
