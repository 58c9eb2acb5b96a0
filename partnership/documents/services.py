"""Keeping files: a row first, its bytes second, checked by their hash whenever they are read (docs/documents.md)."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from partnership.access.flow import lock
from partnership.celery import send_soon
from partnership.documents import storage
from partnership.documents.contents.kinds import check_size, kind_of
from partnership.documents.models import Document, Marking, State, Version
from partnership.documents.names import clean_name, title_of
from partnership.documents.refusals import Refused, reason_of
from partnership.trail.models import new_id
from partnership.trail.services import record

GIVEN = (State.CLEAN, State.QUARANTINED)
WAITING = "Being checked. This takes a moment; it can be downloaded when the check has found nothing."
WITHDRAWN = (
    "Withdrawn: a later check found a virus in this file. Do not open copies that you have. Ask your IT department."
)


class Damaged(RuntimeError):
    """The file is missing or its bytes are not those that were kept."""


class NotReady(RuntimeError):
    """The file has not been found clean, or is so no longer: it is given to nobody."""


@transaction.atomic
def take(
    upload_file,
    *,
    folder,
    title="",
    marking,
    by,
    document=None,
    shown_to=None,
    shown_at=None,
    kind="",
    goes_out=False,
    apart=False,
) -> Version:
    """Take a person's upload into quarantine and have it checked (the page has asked for her power on the folder).

    upload_file: Django's UploadedFile. title: empty for the file's name. document: one of the folder, whose next
    version it is. shown_to, shown_at: somebody without the folder who keeps her own file, and the organisation for
    which she uploads it. kind: for hooks.py. goes_out, apart: see Document. The same file, sent twice by one person, is
    one version under the higher of the two markings. Raises ValidationError naming `file` for what can be told at once.
    """
    if bool(shown_to) != bool(shown_at):
        raise ValueError("say for which organisation somebody keeps a file")
    name = clean_name(upload_file.name or "")
    try:
        content_type = kind_of(name).content_type
        check_size(upload_file.size)
    except Refused as refused:
        raise ValidationError({"file": str(reason_of(refused.code))}) from None
    digest = _digest(upload_file)
    title = (title or title_of(name))[:200]
    _one_at_a_time(folder, digest)
    if again := _the_same(digest, folder, title, by, document, shown_to, kind, apart):
        if marking == Marking.SENSITIVE:
            mark_sensitive([again.document_id])
            again.document.marking = marking
        return again
    if document is None:
        document = Document.objects.create(
            folder=folder, title=title, marking=marking, kind=kind, goes_out=goes_out, apart=apart,
            shown_to=shown_to, shown_at=shown_at,
        )  # fmt: skip
    version = _next_version(
        document, folder, name=name, content_type=content_type, sha256=digest, received_sha256=digest,
        size=upload_file.size, made_by=by, look_at=timezone.now(),
    )  # fmt: skip
    record("file_taken", by=by, obj=version, number=version.number, sha256=digest)
    upload_file.seek(0)
    storage.put(version.key, upload_file)
    transaction.on_commit(lambda: nudge(version.pk))
    return version


def mark_sensitive(ids) -> None:
    """These documents are OFFICIAL-SENSITIVE from now on. The portal itself lowers no marking."""
    rows = Document.objects.unscoped("its caller let them through").filter(pk__in=ids)
    rows.exclude(marking=Marking.SENSITIVE).update(marking=Marking.SENSITIVE)


@transaction.atomic
def keep(
    content: bytes,
    *,
    folder,
    title,
    name,
    content_type,
    marking,
    by,
    document=None,
    goes_out=None,
    kind="",
    apart=False,
    shown_at=None,
) -> Version:
    """Keep bytes that the portal made itself, as a new document or as the next version of `document`: clean at once.

    goes_out: see Document; None leaves that of an older document as it is. kind, apart, shown_at: of a new document.
    """
    if document is None:
        document = Document.objects.create(
            folder=folder, title=title, marking=marking, goes_out=bool(goes_out), kind=kind, apart=apart,
            shown_at=shown_at,
        )  # fmt: skip
    elif goes_out is not None and document.goes_out != goes_out:
        document.goes_out = goes_out
        document.save(update_fields=["goes_out"])
    digest = sha256(content)
    version = _next_version(
        document, folder, name=clean_name(name), content_type=content_type, sha256=digest, size=len(content),
        made_by=by, state=State.CLEAN,
    )  # fmt: skip
    record("document_kept", by=by, obj=version, number=version.number, sha256=version.sha256)
    storage.put(version.key, content)
    return version


@transaction.atomic
def dispose(versions) -> None:
    """Take these versions (a queryset) away, row and bytes, and documents that have none left. The caller records it.

    Raises ProtectedError for one that another row needs. The bytes go once the transaction stands; what a crash leaves
    is found by the reaper.
    """
    found = list(versions.values_list("pk", "document_id", "key"))
    Version.objects.unscoped("its caller disposes of it").filter(pk__in=[pk for pk, _, _ in found]).delete()
    empty = Document.objects.unscoped("those without a version").filter(pk__in={pk for _, pk, _ in found})
    empty.filter(versions=None).delete()
    keys = [key for _, _, key in found]
    transaction.on_commit(lambda: [storage.forget(key) for key in keys])


@transaction.atomic
def show_to(document, *, user, agency, by):
    """Give a document that somebody without the folder keeps to another person of it (a return with a new author)."""
    document = lock(document)
    document.shown_to, document.shown_at = user, agency
    document.save(update_fields=["shown_to", "shown_at"])
    versions = Version.objects.unscoped("all versions follow their document").filter(document=document)
    versions.update(shown_to=user, shown_at=agency)
    record("file_shown_to", by=by, obj=document, user=user and user.pk)
    return document


def state(version) -> str:
    """Where the file stands, in a sentence or two: what is wrong with it, and what to do."""
    if version.state == State.CLEAN:
        return "Ready to download."
    if version.state == State.QUARANTINED:
        return WAITING
    if version.state == State.WITHDRAWN:
        return WITHDRAWN
    return f"Not kept. {reason_of(version.reason)}"


def read(version) -> bytes:
    """The bytes of a clean version. Raises NotReady, Damaged when they are not what was kept."""
    if version.state != State.CLEAN:
        raise NotReady(version.state)
    try:
        return bytes_of(version)
    except OSError as error:
        raise Damaged("the file cannot be read") from error


def bytes_of(version) -> bytes:
    """The bytes in whatever state, for the check alone. Raises Damaged, OSError when the storage does not answer."""
    if not version.key:
        raise Damaged("the file is gone")
    try:
        content = storage.get(version.key)
    except FileNotFoundError as error:
        raise Damaged("the file is missing") from error
    if sha256(content) != version.sha256:
        raise Damaged("the file has changed since it was kept")
    return content


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def nudge(version_id):
    """Tell a worker; where none hears it, the sweep finds the row."""
    from partnership.documents.tasks import check

    send_soon(check, str(version_id))


def _next_version(document, folder, **facts) -> Version:
    document = lock(document)
    if document.folder_id != folder.pk:
        raise ValueError("the document belongs to another folder")
    versions = Version.objects.unscoped("the next number").filter(document=document)
    version = Version(
        id=new_id(), folder=folder, document=document, key=storage.new_key(),
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        shown_to_id=document.shown_to_id, shown_at_id=document.shown_at_id, apart=document.apart, **facts,
    )  # fmt: skip
    version.save(force_insert=True)
    return version


def _digest(upload_file) -> str:
    digest = hashlib.sha256()
    upload_file.seek(0)
    for chunk in upload_file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _one_at_a_time(folder, digest):
    """Two who send the same file to the same folder wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{folder.pk} {digest}"])


def _the_same(digest, folder, title, by, document, shown_to, kind, apart):
    """This file, sent twice by the same person to the same place: the newest version of its document, or None."""
    found = Version.objects.unscoped("the sender's own file").filter(
        folder=folder, received_sha256=digest, made_by=by, shown_to=shown_to, state__in=GIVEN
    )
    # What is kept apart for one purpose is not the same as what lies in the folder.
    alike = {"document__title": title, "document__kind": kind, "document__apart": apart}
    found = found.filter(document=document) if document else found.filter(**alike)
    version = found.select_related("document").order_by("-made_at").first()
    newer = Version.objects.unscoped("is it still the newest?")
    if version and not newer.filter(document_id=version.document_id, number__gt=version.number).exists():
        return version
    return None
