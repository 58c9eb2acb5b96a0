"""Where the bytes lie: Django's storage "documents", a local folder or an S3-compatible bucket (settings.STORAGES)."""

import os
import re
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


class Unreachable(OSError):
    """The storage does not answer: nobody's file is at fault."""


class LocalStorage(FileSystemStorage):
    """DOCUMENT_ROOT: files 0600 in folders 0700, written once, on the disk before `save` returns; no address."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self):
        return str(settings.DOCUMENT_ROOT)

    @property
    def location(self):
        return os.path.abspath(self.base_location)

    def url(self, name):
        raise ValueError("documents have no address: they are given out by their view")

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return name


def documents():
    return storages["documents"]


def new_key() -> str:
    """A random key: it is neither the id of a row nor the name of a file."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def put(key, file) -> None:
    """Write a file (bytes or a Django File) under a new key. Raises RuntimeError where the key was taken."""
    content = ContentFile(file) if isinstance(file, bytes) else file
    if documents().save(key, content) != key:
        raise RuntimeError("a random key was taken already")


def get(key) -> bytes:
    """Raises FileNotFoundError where there is none, Unreachable where the storage does not answer."""
    try:
        with documents().open(key, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise
    except Exception as error:  # a bucket's library has exceptions of its own
        raise Unreachable(type(error).__name__) from error


def forget(key) -> None:
    """Safe to call twice."""
    if key:
        documents().delete(key)


def all_keys():
    """(key, when it was written) of every file that there is; what lies beside them (`incoming`) is not ours."""
    storage = documents()
    try:
        folders, _ = storage.listdir("")
    except FileNotFoundError:  # nothing was ever kept
        return
    for folder in folders:
        if not re.fullmatch(r"[0-9a-f]{2}", folder):
            continue
        for name in storage.listdir(folder)[1]:
            key = f"{folder}/{name}"
            if not KEY.fullmatch(key):
                continue
            try:
                yield key, storage.get_modified_time(key)
            except FileNotFoundError:  # deleted meanwhile
                continue
