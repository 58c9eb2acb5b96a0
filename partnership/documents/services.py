"""Keeping files: written once, found by their row, checked by their hash."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from partnership.access.flow import lock
from partnership.documents.models import Document, Version
from partnership.trail.models import new_id
from partnership.trail.services import record


class Damaged(RuntimeError):
    """The file is missing or its bytes are not those that were kept."""


@transaction.atomic
def keep(content: bytes, *, folder, title, name, content_type, marking, by, document=None) -> Version:
    """Keep bytes as a new document, or as the next version of `document`. Returns the Version with its SHA-256."""
    if document is None:
        document = Document.objects.create(folder=folder, title=title, marking=marking)
    else:
        document = lock(document)
    versions = Version.objects.unscoped("the next number").filter(document=document)
    version = Version(
        id=new_id(),
        folder=folder,
        document=document,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        name=name,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        made_by=by,
    )
    _write(path_of(version), content)
    version.save(force_insert=True)
    record("document_kept", by=by, obj=version, number=version.number, sha256=version.sha256)
    return version


def read(version) -> bytes:
    """The bytes of a version. Raises Damaged when they are not what was kept."""
    try:
        content = path_of(version).read_bytes()
    except OSError as error:
        raise Damaged("the file is missing") from error
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise Damaged("the file has changed since it was kept")
    return content


def path_of(version) -> Path:
    key = version.pk.hex
    return Path(settings.DOCUMENT_ROOT) / key[:2] / key


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
