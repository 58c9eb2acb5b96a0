"""How a case ends: a review is closed and reopened, and the council withdraws its notification or notifies again.

Every function writes in its own transaction and raises Stale when somebody was quicker, PermissionDenied for whoever
may not, and ValidationError for what people can put right.
"""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnership.access.ending import let_out, who_stays
from partnership.access.flow import Stale, lock
from partnership.access.rows import holders
from partnership.deadlines.rules import london_date
from partnership.people.roles import Perm
from partnership.trail.services import record
from reviews import clocks, notices, returns, sending
from reviews.flow import REVIEW
from reviews.guests import ending as guests
from reviews.models import AgencyReturn, Closing, Notification, NotificationWithdrawal, Review
from reviews.services import edition_of, must_be_countable

CLOSED = "The review was closed."
CHANGED = "Somebody came in, or a return did, while you were reading. Read again what follows, then close it."


def owed(review) -> list[AgencyReturn]:
    """The returns that are still asked of somebody; the caller's page has asked for the review."""
    rows = AgencyReturn.objects.unscoped("the page has asked for the review that ends").filter(review=review)
    return list(rows.filter(status__in=AgencyReturn.OWED).select_related("agency", "author"))


def hold_owed(review) -> None:
    """Lock what is still asked, after the review (reviews/locks.py).

    Those of guests too, whatever their standing: their access ends with the review.
    """
    rows = AgencyReturn.objects.unscoped("the page has asked for the review that ends").filter(review=review)
    rows = rows.filter(Q(status__in=AgencyReturn.OWED) | Q(agency=None))
    list(rows.select_for_update(of=("self",)).order_by("pk"))


def what_follows(review) -> str:
    """A digest of whose access ends and which returns are withdrawn: the page that was read says the same, or not."""
    staying = who_stays(review.folder)
    ids = sorted(str(row.pk) for row in (*staying.ends, *staying.kept, *owed(review)))
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()


def end_what_others_hold(review, *, by, reason) -> None:
    """A case is over: nothing is asked of anybody any more, no clock of it runs, and everybody is let out but those who
    let people in (and a second holder where a sealed folder would have one alone). Those concerned are told.

    This is the one place for it. Guests are let out before the grants of whoever ends it are.
    """
    for row in owed(review):
        returns.withdraw(row, by=by, note=reason)
    guests.end_of(review, by=by)
    clocks.end_all(review.folder, by=by, reason=reason)
    inside = _inside(review)
    let_out(review.folder, by=by)
    notices.tell_let_out(review, inside - _inside(review))


def _inside(review) -> set:
    return set(holders(review.folder, Perm.REVIEW_VIEW).values_list("pk", flat=True))


@transaction.atomic
def close(review, *, by, seen, note="") -> Closing:
    """Close a review that was sent, or whose notification was withdrawn.

    seen: `what_follows` as the page said it. Raises Stale where something else would follow now.
    """
    was = lock(review).status
    hold_owed(review)
    if was in (Review.Status.SENT, Review.Status.WITHDRAWN) and seen != what_follows(review):
        raise Stale(CHANGED)
    review = REVIEW.take(review, "finish", by=by)
    row = Closing.objects.create(folder_id=review.folder_id, review=review, was=was, note=note.strip(), closed_by=by)
    end_what_others_hold(review, by=by, reason=CLOSED)
    notices.tell_closed(row, but=by)
    return row


@transaction.atomic
def reopen(review, *, by, reason) -> Review:
    """Reopen a closed review: it stands as it stood before. Nobody is let in again by it.

    The days in which the Panel may answer run on where it has not answered yet.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is reopened."})
    closed = Closing.objects.unscoped("the page has asked for its review").filter(review=review, reopened_at=None)
    row = closed.select_for_update().first()
    withdrawn = row is not None and row.was == Review.Status.WITHDRAWN
    review = REVIEW.take(review, "reopen_withdrawn" if withdrawn else "reopen", by=by)
    row.reopened_by, row.reopened_at, row.reopened_why = by, timezone.now(), reason.strip()
    row.save(update_fields=["reopened_by", "reopened_at", "reopened_why"])
    if not withdrawn:
        sending.wait_for_the_panel(review, by=by)
    notices.tell_reopened(row, but=by)
    return review


@transaction.atomic
def withdraw_notification(review, *, by, withdrawn_on, reason, withdrawn_by, panel_told_on) -> NotificationWithdrawal:
    """The council withdraws its notification: its periods end, requests that are out are withdrawn, the case stays
    readable for its people.

    withdrawn_by: by post. Raises ValidationError naming the field for a day that cannot be.
    """
    lock(review)
    hold_owed(review)
    notice = lock(Notification.objects.unscoped("the page has asked for its review").get(review=review))
    _must_be_days(withdrawn_on, panel_told_on, notice)
    review = REVIEW.take(review, "withdraw", by=by)
    why = f"The council withdrew its notification on {withdrawn_on:%-d %B %Y}: {reason.strip()}"
    for asked in owed(review):
        returns.withdraw(asked, by=by, note="The council withdrew its notification.")
    late_reason = clocks.notification_withdrawn(review, by=by, reason=why)
    row = NotificationWithdrawal.objects.create(
        folder_id=review.folder_id, review=review, withdrawn_on=withdrawn_on, reason=reason.strip(),
        withdrawn_by=withdrawn_by.strip(), panel_told_on=panel_told_on, aware_at=notice.aware_at,
        sent_at=notice.sent_at, panel_reference=notice.panel_reference, late_reason=late_reason, recorded_by=by,
    )  # fmt: skip
    notices.tell_withdrawn(row, but=by)
    return row


def _must_be_days(withdrawn_on, panel_told_on, notice):
    today = timezone.localdate()
    if withdrawn_on < london_date(notice.sent_at):
        raise ValidationError({"withdrawn_on": "It cannot have been withdrawn before it was sent."})
    if panel_told_on < withdrawn_on:
        raise ValidationError({"panel_told_on": "The Panel cannot have been told before it was withdrawn."})
    for name, day in (("withdrawn_on", withdrawn_on), ("panel_told_on", panel_told_on)):
        if day > today:
            raise ValidationError({name: "This day lies in the future: record it once it has happened."})


@transaction.atomic
def notify_again(review, *, by, aware_at, sent_at, panel_reference="", late_reason="") -> Review:
    """A new notification takes a withdrawn case up again: both periods are counted anew, from its own times.

    What was asked of agencies is not asked again by itself. Raises ValidationError for times that cannot be, and naming
    `late_reason` where the notification was late and nobody says why.
    """
    must_be_countable({"aware_at": aware_at, "sent_at": sent_at})
    rows = NotificationWithdrawal.objects.unscoped("the page has asked for its review").filter(review=review)
    last = rows.select_for_update().filter(notified_again_at=None).first()
    if last is not None and sent_at <= last.sent_at:
        raise ValidationError({"sent_at": "This is the time of the notification that was withdrawn, or earlier."})
    if last is not None and london_date(sent_at) < last.withdrawn_on:
        raise ValidationError({"sent_at": "The last notification had not been withdrawn by then."})
    on = london_date(sent_at)
    review = REVIEW.take(review, "renotify", by=by, happened_at=sent_at, notified_on=on, edition=edition_of(on))
    last.notified_again_at = timezone.now()
    last.save(update_fields=["notified_again_at"])
    notice = lock(Notification.objects.unscoped("the page has asked for its review").get(review=review))
    notice.aware_at, notice.sent_at, notice.panel_reference = aware_at, sent_at, panel_reference.strip()
    notice.version += 1
    notice.save(update_fields=["aware_at", "sent_at", "panel_reference", "version"])
    clocks.notified(review, by=by, aware_at=aware_at, sent_at=sent_at, late_reason=late_reason)
    clocks.begin(review, by=by, sent_at=sent_at)
    record("notified_again", by=by, obj=notice, happened_at=sent_at)
    return review
