"""The PDF beside an Office file: asked for when the file is clean, made by a worker, found again by the sweep.

Its state is a row: a worker that is killed leaves a lease, and three that were killed or failed leave the file without
a PDF. The original stays as it came, and can be downloaded.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from partnership.celery import send_soon
from partnership.documents import converting, services
from partnership.documents.models import Document, Rendition, State
from partnership.documents.names import title_of
from partnership.notify.watch import beat, has_beaten
from partnership.trail.services import record

log = logging.getLogger(__name__)
KIND = "rendition"
LEASE = timedelta(minutes=11)  # above CELERY_TASK_TIME_LIMIT, as the lease of the check
LATER = timedelta(minutes=10)
MOST_ATTEMPTS = 3
AT_ONCE = 10
CONVERTER, KNOWN_FOR = "converter", 3 * 3600  # seconds: a worker proves hourly that it can convert
HELD_BACK = "It was made from a file that was withdrawn."


def can_convert() -> bool:
    """Whether a worker has proved of late that it can convert; the web process need not be able to."""
    return has_beaten(CONVERTER, within=KNOWN_FOR)


def prove() -> bool:
    """In a worker: say whether this machine converts."""
    try:
        converting.found()
    except converting.Unavailable as why:
        log.info("no Office file is converted here: %s", why)
        return False
    beat(CONVERTER)
    return True


def ask(version) -> None:
    """Have the PDF of a clean version made, where it is an Office file; in the transaction that makes it clean."""
    if not converting.wants_pdf(version.name):
        return
    row = Rendition.objects.create(original=version, folder_id=version.folder_id, look_at=timezone.now())
    transaction.on_commit(lambda: nudge(row.pk))


def nudge(pk) -> None:
    from partnership.documents.tasks import convert

    send_soon(convert, str(pk))


def sweep() -> int:
    """Nudge what a lost message or a dead worker left: each has a task and its time limit to itself. Returns how
    many."""
    rows = Rendition.objects.unscoped("the sweep sees all").filter(look_at__lte=timezone.now())
    ids = list(rows.order_by("look_at").values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        nudge(pk)
    return len(ids)


def make(pk) -> bool:
    """Claim one, convert, keep. Whether it is settled; one that is another worker's or done is left alone."""
    now = timezone.now()
    rows = Rendition.objects.unscoped("a worker works for the portal").filter(pk=pk)
    if not rows.filter(look_at__lte=now).update(look_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    row = rows.select_related("original__document", "original__folder").get()
    if row.original.state != State.CLEAN:
        return _settle(rows, problem="lost")
    if row.attempts > MOST_ATTEMPTS:
        return _settle(rows, problem="no_pdf")
    try:
        content = converting.to_pdf(row.original.name, services.read(row.original))
    except converting.Failed as failed:
        log.warning("version %s was not converted: %s", row.original_id, failed.code)
        return _settle(rows, problem=failed.code)
    except (converting.Unavailable, services.Damaged, OSError) as why:
        log.warning("version %s waits for its PDF: %s", row.original_id, why)
        rows.update(look_at=now + LATER, attempts=F("attempts") - 1)
        return False
    return _keep(rows, row, content)


def _settle(rows, *, problem) -> bool:
    return bool(rows.update(look_at=None, problem=problem))


@transaction.atomic
def _keep(rows, row, content) -> bool:
    fresh = rows.select_for_update(of=("self",)).get()
    if fresh.look_at is None:  # another worker was quicker
        return False
    original = row.original
    earlier = Document.objects.unscoped("the PDFs of the earlier versions").filter(
        versions__rendition_of__original__document=original.document_id
    )
    made = services.keep(
        content, folder=original.folder, title=original.document.title, name=f"{title_of(original.name)}.pdf",
        content_type="application/pdf", marking=original.document.marking, by=None, document=earlier.first(), kind=KIND,
    )  # fmt: skip
    fresh.made, fresh.look_at = made, None
    fresh.save(update_fields=["made", "look_at"])
    record("file_converted", obj=original, made=made.pk)
    return True


def of_withdrawn(user, versions) -> set:
    """Ids of those of these versions that were made from a file that is clean no longer (documents.hooks.hold_back)."""
    rows = Rendition.objects.unscoped("of files that this person may see").filter(
        made__in=[each.pk for each in versions]
    )
    return set(rows.exclude(original__state=State.CLEAN).values_list("made_id", flat=True))
