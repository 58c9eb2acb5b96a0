"""Uploaded files between their upload and their reading: for their owner's eyes alone, outside whatever is served.

A file is written under its batch's id with mode 0600, deleted by the reading when it ends, and by the sweep after an
hour whatever happened.
"""

import hashlib
import os
import time
import unicodedata
from pathlib import Path

from django.conf import settings

from partnership.documents.tables import limits
from partnership.documents.tables.limits import Unreadable

KEPT_SECONDS = 3600


def place() -> Path:
    folder = settings.DOCUMENT_ROOT / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(batch_id) -> Path:
    return place() / f"{batch_id}"


def store(chunks, batch_id) -> tuple:
    """Write a file; returns (its SHA-256, its size). Raises Unreadable where it is empty or too large."""
    path, digest, size = path_of(batch_id), hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limits.FILE_BYTES:
                    raise Unreadable(limits.TOO_LARGE)
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def forget(batch_id) -> None:
    path_of(batch_id).unlink(missing_ok=True)


def sweep() -> int:
    """Delete what no reading has deleted. Returns how many."""
    gone, limit = 0, time.time() - KEPT_SECONDS
    for path in place().iterdir():
        try:
            if path.stat().st_mtime < limit:
                path.unlink()
                gone += 1
        except FileNotFoundError:
            continue
    return gone


def shown_name(name: str) -> str:
    """A file's name as it may be shown: its last part, without what cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C")[:200] or "file"
