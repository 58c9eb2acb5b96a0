"""Sealing what may name a child: identifiers, kept forms. Keys: IDENTITY_KEYS, newest first; older ones still open."""

import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(RuntimeError):
    """The key that sealed this record is not among IDENTITY_KEYS, or the record was moved or altered."""


@lru_cache(maxsize=4)
def _keys(configured: tuple) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in configured])


def seal(row_id, facts: dict) -> bytes:
    """Encrypt the facts of row `row_id`. The id goes inside: a ciphertext moved to another row does not open."""
    text = json.dumps({"id": str(row_id), "facts": facts}, ensure_ascii=False)
    return _keys(tuple(settings.IDENTITY_KEYS)).encrypt(text.encode())


def unseal(row_id, sealed: bytes) -> dict:
    """The facts again. Raises CannotOpen."""
    try:
        inside = json.loads(_keys(tuple(settings.IDENTITY_KEYS)).decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise CannotOpen("no key opens this sealed record") from error
    if inside["id"] != str(row_id):
        raise CannotOpen("this sealed record was moved from another row")
    return inside["facts"]
