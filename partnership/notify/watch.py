"""Heartbeats and alarms: whether the loops run, and what somebody must look at. By the database's clock."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, InternalError, OperationalError, connection

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


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
    """Open an alarm in the caller's transaction, or bring the open one of this key up to date; True when it is new.

    data: ids, codes and counts only.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_alarm (id, key, what, data, raised_at) VALUES (gen_random_uuid(), %s, %s, %s, now())
            ON CONFLICT (key) WHERE closed_at IS NULL DO UPDATE SET data = excluded.data
            RETURNING xmax = 0
            """,
            [key[:120], what, json.dumps(data, default=str)],
        )
        return cursor.fetchone()[0]


def close_alarm(key: str, by=None) -> bool:
    """Close an open alarm whose cause is gone; True when there was one. by: the person who saw to it, if one did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_alarm SET closed_at = now(), closed_by_id = %s WHERE key = %s AND closed_at IS NULL",
            [by and by.pk, key[:120]],
        )
        return cursor.rowcount == 1


def beat(name: str, *, lag_seconds: float = 0) -> None:
    """Say that loop `name` has come to its end. lag_seconds: how far behind its work was."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_heartbeat (name, last_ok_at, lag_seconds) VALUES (%s, now(), %s)
            ON CONFLICT (name) DO UPDATE SET last_ok_at = excluded.last_ok_at, lag_seconds = excluded.lag_seconds
            """,
            [name, lag_seconds],
        )


def has_beaten(name: str, *, within: float) -> bool:
    """Whether loop `name` came to its end within so many seconds. It writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM notify_heartbeat WHERE name = %s AND last_ok_at > now() - make_interval(secs => %s)",
            [name, within],
        )
        return cursor.fetchone() is not None


@dataclass(frozen=True)
class Loop:
    """A loop that is expected to beat. minutes: older is too old. banner: then operators see it where `sweep_banner`
    stands: on home, on what is due, and on their own page."""

    name: str
    title: str
    minutes: int
    banner: bool


_loops: dict[str, Loop] = {}


def expect_heartbeat(name: str, title: str, *, minutes: int = 10, banner: bool = False) -> None:
    """Called once from an AppConfig.ready. title: what stands still when it does not beat, as a sentence's subject."""
    _loops[name] = Loop(name, title, minutes, banner)


def expected_loops() -> list[Loop]:
    return list(_loops.values())


def stale() -> list[Loop]:
    """The expected loops that have not come to their end in time. One query.

    One that never did is given its minutes from the portal's first event on: a portal that was just set up is in order.
    """
    loops = list(_loops.values())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT wanted.name FROM unnest(%s::text[], %s::int[]) AS wanted (name, minutes)
            LEFT JOIN notify_heartbeat beat ON beat.name = wanted.name
            WHERE COALESCE(beat.last_ok_at, (SELECT recorded_at FROM trail_event ORDER BY id LIMIT 1))
                < now() - make_interval(mins => wanted.minutes)
            """,
            [[loop.name for loop in loops], [loop.minutes for loop in loops]],
        )
        old = {name for (name,) in cursor.fetchall()}
    return [loop for loop in loops if loop.name in old]
