"""Heartbeats and alarms: whether the loops run, and what somebody must look at. By the database's clock."""

import json
from dataclasses import dataclass

from django.db import connection

STALE_MINUTES = 10


@dataclass(frozen=True)
class Sort:
    """A sort of alarm in plain words. title: what is wrong. advice: what to do about it."""

    title: str
    advice: str


_sorts: dict[str, Sort] = {}


def register_alarm(what: str, title: str, advice: str) -> None:
    """Called once from an AppConfig.ready; `what` is the code that is stored."""
    _sorts[what] = Sort(title, advice)


def sort_of(what: str) -> Sort:
    return _sorts.get(what, Sort(what.replace("_", " ").capitalize(), "Look at the log of that time."))


def raise_alarm(key: str, what: str, **data) -> bool:
    """Open an alarm in the caller's transaction, once a key while it is open; True when it is new.

    data: ids and codes only.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_alarm (id, key, what, data, raised_at) VALUES (gen_random_uuid(), %s, %s, %s, now())
            ON CONFLICT (key) WHERE closed_at IS NULL DO NOTHING
            """,
            [key[:120], what, json.dumps(data, default=str)],
        )
        return cursor.rowcount == 1


def close_alarm(key: str) -> bool:
    """Close an open alarm whose cause is gone; True when there was one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_alarm SET closed_at = now() WHERE key = %s AND closed_at IS NULL", [key[:120]])
        return cursor.rowcount == 1


def beat(name: str, *, lag_seconds: float = 0, **detail) -> None:
    """Say that loop `name` has come to its end. lag_seconds: how far behind its work was. detail: counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_heartbeat (name, last_ok_at, lag_seconds, detail) VALUES (%s, now(), %s, %s)
            ON CONFLICT (name) DO UPDATE
            SET last_ok_at = excluded.last_ok_at, lag_seconds = excluded.lag_seconds, detail = excluded.detail
            """,
            [name, lag_seconds, json.dumps(detail, default=str)],
        )


def stale(names=("sweep", "relay")) -> list[str]:
    """Those of `names` that have not come to their end for ten minutes, or never; in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT wanted.name FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (name, place)
            LEFT JOIN notify_heartbeat beat ON beat.name = wanted.name
            WHERE beat.name IS NULL OR beat.last_ok_at < now() - make_interval(mins => %s)
            ORDER BY wanted.place
            """,
            [list(names), STALE_MINUTES],
        )
        return [name for (name,) in cursor.fetchall()]
