"""What follows a request: more time, asked for and given; chasers by hand; what was said by telephone.

Every function writes in its own transaction and raises ValidationError for what people can put right, Stale when
somebody else was quicker. A clock is never edited: another day makes a row that supersedes it (docs/adr/0016).
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import plain
from reviews import clocks, notices
from reviews.flow import EXTENSION
from reviews.locks import hold_review
from reviews.models import AgencyReturn, Contact, Extension, Guest, Review

NOT_OWED = "This return is no longer owed: it was submitted or withdrawn."
MOVED_ON = "More time can no longer be given for this return. Submit what you have, and say what is missing."
SENT = "The report was sent to the Panel, so no more time is given. The return can still come in."
# A guest who has not come in has nothing that a reminder could lead to.
NOT_IN = {
    Guest.Status.NAMED: "{} was not rung yet, so nothing has reached them. Ring them, and record the call-back.",
    Guest.Status.CALLED_BACK: "{} was rung, but not invited yet. Send the invitation first.",
    Guest.Status.INVITED: "{} was invited and has not come in. Send the invitation again, or ring them.",
}
PAST = "This is after {}, the last day to send the review to the Panel. Tick the box below, or enter an earlier day."


@transaction.atomic
def ask_for_more_time(row, *, by, reason, wanted_on) -> Extension:
    """Its author asks for more time. Those who ask for returns here are told; one at a time.

    Raises ValidationError naming `wanted_on` for a day that is past or not later, `reason` without one.
    """
    row = _owed(row)
    if not _running(row):
        raise Stale(MOVED_ON)
    extension = _asked(row, by=by, reason=reason, wanted_on=wanted_on)
    record("extension_asked", by=by, obj=extension, agency=row.agency_id, wanted_on=wanted_on.isoformat())
    notices.tell_extension_asked(extension)
    return extension


@transaction.atomic
def grant(extension, *, by, due_on, answer="", knows_past=False) -> Extension:
    """Give more time, to the day that is entered; the clock gets another date and its author is told by it.

    knows_past: the warning that the day lies after the last day to send the review was read and answered. Raises
    ValidationError naming `due_on`; Stale where it was answered, the return came in, or the report was sent.
    """
    review = _open(extension.row)
    row = _owed(extension.row)
    _must_be_later("due_on", due_on, row)
    last = clocks.last_day(review)
    past = last is not None and due_on > last
    if past and not knows_past:
        raise ValidationError({"due_on": PAST.format(plain(last))})
    extension = EXTENSION.take(
        extension, "grant", by=by, due_on=due_on, answer=answer.strip(), past_sending=past,
        decided_by=by, decided_at=timezone.now(),
    )  # fmt: skip
    if extension.due_before != row.due_on:
        raise Stale("This return is due on another day since more time was asked for. Look at it again.")
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    clocks.extended(row, by=by, reason=extension.reason)
    return extension


@transaction.atomic
def refuse(extension, *, by, answer) -> Extension:
    """Its day stands; the author reads why. Raises ValidationError naming `answer` without a word."""
    row = _owed(extension.row)
    extension = EXTENSION.take(
        extension, "refuse", by=by, answer=answer.strip(), decided_by=by, decided_at=timezone.now()
    )
    notices.tell_extension_refused(extension, row)
    return extension


@transaction.atomic
def extend(row, *, by, due_on, reason, knows_past=False) -> Extension:
    """Give more time without being asked. Raises Stale where the author waits for an answer: that is given instead."""
    _open(row)
    row = _owed(row)
    _must_be_later("due_on", due_on, row)
    extension = _asked(row, by=by, reason=reason, wanted_on=due_on)
    return grant(extension, by=by, due_on=due_on, knows_past=knows_past)


def _asked(row, *, by, reason, wanted_on) -> Extension:
    if not reason.strip():
        raise ValidationError({"reason": "Say why more time is needed."})
    _must_be_later("wanted_on", wanted_on, row)
    try:
        with transaction.atomic():
            return Extension.objects.create(
                folder_id=row.folder_id, row=row, agency_id=row.agency_id, outside=row.agency_id is None,
                author_id=row.author_id, asked_by=by,
                reason=reason.strip(), wanted_on=wanted_on, due_before=row.due_on,
            )  # fmt: skip
    except IntegrityError:
        raise Stale("More time has been asked for already; that request waits for an answer.") from None


def _must_be_later(name, day, row):
    if day < timezone.localdate():
        raise ValidationError({name: "The day cannot lie in the past."})
    if day <= row.due_on:
        raise ValidationError({name: f"Enter a day after {plain(row.due_on)}, on which it is due now."})


def _owed(row) -> AgencyReturn:
    """Locked. One that waits to be signed is owed like one that is being written."""
    row = lock(row)
    if not row.owed:
        raise Stale(NOT_OWED)
    return row


def _running(row) -> bool:
    why = "may its return still be given more time? nothing of it is shown"
    return not Review.objects.unscoped(why).filter(pk=row.review_id, status__in=Review.SETTLED).exists()


def _open(row) -> Review:
    """The review, held before its return. More time is given only while the report was not sent."""
    review = hold_review(row)
    if review.settled:
        raise Stale(SENT)
    return review


@transaction.atomic
def chase(row, *, by) -> Contact:
    """Remind the author now. Once a day, however often it is pressed.

    Raises Stale for one that is no longer owed; ValidationError for a second one on a day, or an author who can no
    longer open the request.
    """
    row, now = _owed(row), timezone.now()
    if row.agency_id is None and not row.open_to_guest:
        raise ValidationError(_not_in_yet(row))
    if not can(row.author, Perm.RETURN_EDIT, row):
        raise ValidationError(
            f"{row.author.name} can no longer open this request, so no reminder was sent. Withdraw it and ask "
            "somebody else."
        )
    try:
        with transaction.atomic():
            contact = Contact.objects.create(
                folder_id=row.folder_id, row=row, kind=Contact.Kind.CHASED, at=now, on=timezone.localdate(now), by=by
            )
    except IntegrityError:
        raise ValidationError(f"{row.author.name} was reminded today already. One reminder a day is sent.") from None
    record("return_chased", by=by, obj=row, agency=row.agency_id)
    notices.tell_chased(row, on=contact.on)
    return contact


def _not_in_yet(row) -> str:
    guest = Guest.objects.unscoped("the request is this one's; the page has asked for it").get(row=row)
    why = NOT_IN.get(guest.status, "The access of {} is shut. Ring them and send a new invitation first.")
    return f"{why.format(guest.name)} No reminder was sent."


@transaction.atomic
def note_call(row, *, by, said, at) -> Contact:
    """What was said by telephone about a return that is owed, and when. Its author is not told.

    Raises ValidationError naming `said` or `at`.
    """
    row = lock(row)
    if not said.strip():
        raise ValidationError({"said": "Enter what was said."})
    if at > timezone.now():
        raise ValidationError({"at": "The call cannot lie in the future."})
    contact = Contact.objects.create(
        folder_id=row.folder_id, row=row, kind=Contact.Kind.TELEPHONE, said=said.strip(), at=at,
        on=timezone.localdate(at), by=by,
    )  # fmt: skip
    record("return_called", by=by, obj=row, agency=row.agency_id, happened_at=at)
    return contact


def follow_author(row):
    """Another author writes the return: what was asked for and answered about its day goes with it."""
    Extension.objects.unscoped("they follow their return").filter(row=row).update(author=row.author)
