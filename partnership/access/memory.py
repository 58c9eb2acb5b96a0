"""Django's cache as rows of the database: what signing in counts outlives a flush of the broker (docs/adr/0013).

Values are JSON, never pickles: whoever can write them cannot make them run. Keys are keyed hashes: they would name
addresses of people and of their machines.
"""

import json
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac


class Memory(BaseCache):
    """The backend of CACHES: few, small, short-lived values. Not for pages or anything that could be computed again."""

    def __init__(self, location, params):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Remember `value` where nothing live stands under `key`. True for whoever was first, whatever the crowd."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO access_remembered (key, value, expires_at) VALUES (%s, %s::jsonb, %s)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
                WHERE access_remembered.expires_at <= %s
                """,
                [self._hash(key, version), json.dumps(value), self._expiry(timeout), timezone.now()],
            )
            return cursor.rowcount == 1

    def get(self, key, default=None, version=None):
        row = _live().filter(key=self._hash(key, version)).values_list("value", flat=True).first()
        return default if row is None else row

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        _rows().bulk_create(
            [_rows().model(key=self._hash(key, version), value=value, expires_at=self._expiry(timeout))],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "expires_at"],
        )

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return bool(_live().filter(key=self._hash(key, version)).update(expires_at=self._expiry(timeout)))

    def delete(self, key, version=None):
        return bool(_rows().filter(key=self._hash(key, version)).delete()[0])

    def clear(self):
        _rows().all().delete()

    def _hash(self, key, version):
        plain = self.make_key(key, version=version)
        return salted_hmac("partnership.memory", plain, algorithm="sha256").hexdigest()

    def _expiry(self, timeout):
        moment = self.get_backend_timeout(timeout)
        return None if moment is None else datetime.fromtimestamp(moment, tz=UTC)


def _rows():
    # The settings name this module before the models can be imported.
    from partnership.access.models import Remembered

    return Remembered.objects


def _live():
    return _rows().filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def dispose() -> int:
    """Delete what has expired. Returns how many rows."""
    return _rows().filter(expires_at__lte=timezone.now()).delete()[0]
