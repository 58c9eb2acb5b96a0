"""Files of a case before its review: what a referrer attaches, and the copy of the council's notification.

They lie in the case's folder for its people, quarantined until they were checked (docs/documents.md). What a referrer
attached herself she keeps; nothing else of the folder opens to her.
"""

from django.db import transaction

from partnership.access.flow import Stale, lock
from partnership.documents.models import Document, Marking, Version
from partnership.documents.reads import files
from partnership.documents.refusals import reason_of
from partnership.documents.services import take
from reviews.models import Referral

OF_REFERRAL, OF_NOTIFICATION = "referral_file", "notification_copy"
COPY = "Copy of the council’s notification"


@transaction.atomic
def attach(referral, *, by, upload_file, title="") -> Version:
    """Attach a file to a referral: its referrer, or those who decide about it. Raises ValidationError naming `file`.

    Raises Stale for a referral that was taken back or not taken on.
    """
    referral = lock(referral)
    if referral.status not in (Referral.Status.WAITING, Referral.Status.TAKEN):
        raise Stale("This referral is no longer before the partnership, so nothing can be attached to it.")
    own = {"shown_to": by, "shown_at": referral.agency} if by.pk == referral.referrer_id else {}
    return take(
        upload_file, folder=referral.folder, title=title, marking=Marking.SENSITIVE, by=by, kind=OF_REFERRAL, **own
    )


@transaction.atomic
def attach_copy(review, *, by, upload_file) -> Version | None:
    """File the council's notification as it came; another one is its next version. Nothing for no file."""
    if not upload_file:
        return None
    copies = Document.objects.unscoped("the page has asked for the review")
    document = copies.filter(folder_id=review.folder_id, kind=OF_NOTIFICATION).first()
    return take(
        upload_file, folder=review.folder, title=COPY, marking=Marking.SENSITIVE, by=by, kind=OF_NOTIFICATION,
        document=document,
    )  # fmt: skip


def newest_reason(user, folder_id):
    """Why the copy of the notification that was filed last was refused, '' where it was not: a query of one value."""
    copies = Version.objects.visible_to(user).filter(folder_id=folder_id, document__kind=OF_NOTIFICATION)
    return copies.order_by("-number").values_list("reason", flat=True)[:1]


def copy_refused(reason) -> str:
    """The sentence of what `newest_reason` found; empty where the copy was kept or there is none."""
    return f"The copy of the council’s notification was not kept. {reason_of(reason)}" if reason else ""


def files_of(user, folder_id, kind) -> list:
    """The files of this kind in a case's folder that `user` may see: documents.reads.File."""
    documents = Document.objects.visible_to(user).filter(folder_id=folder_id, kind=kind)
    return files(user, documents=list(documents.values_list("pk", flat=True)))
