"""The reconciler: proves in SQL that nothing was lost between the loops. What it finds is an alarm, never a repair."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from partnership.notify.digest import last_due
from partnership.notify.watch import beat, close_alarm, database_now, has_beaten, raise_alarm, register_alarm, stale

log = logging.getLogger(__name__)
SHOWN = 20
PREFIX = "invariant:"


@dataclass(frozen=True)
class Invariant:
    """Something that must always hold. sql: returns the ids of the rows that break it, in one column."""

    code: str
    sentence: str
    sql: str
    parameters: Callable


_invariants: dict[str, Invariant] = {}


def register_invariant(code: str, sentence: str, sql: str, *, advice: str = "", parameters: Callable = list) -> None:
    """Called once from an AppConfig.ready. sentence: what is wrong, for the operator. parameters() -> the SQL's."""
    _invariants[code] = Invariant(code, sentence, sql, parameters)
    register_alarm(PREFIX + code, sentence, advice or "Tell whoever looks after the portal, with the ids shown.")


def reconcile() -> dict[str, int]:
    """Try every invariant and the heartbeats; raise and close alarms. Returns code -> how many rows broke it.

    A check that cannot be run is an alarm too, and counts as one.
    """
    found = {}
    for invariant in _invariants.values():
        with transaction.atomic(durable=True):
            found[invariant.code] = _check(invariant)
    with transaction.atomic(durable=True):
        beat("reconcile")
        found["heartbeats"] = _check_heartbeats()
    return found


def reconcile_when_due() -> dict[str, int]:
    """The same, once an hour however often it is asked for: beat forgets its intervals when it is restarted."""
    return {} if has_beaten("reconcile", within=3600) else reconcile()


def _check(invariant) -> int:
    key = PREFIX + invariant.code
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            cursor.execute(
                f"SELECT count(*), (array_agg(id::text))[1:{SHOWN}] FROM ({invariant.sql}) AS broken (id)",  # noqa: S608
                invariant.parameters(),
            )
            count, ids = cursor.fetchone()
    except Exception as error:  # a check that asks a calendar or the database in vain must not end the others
        if not connection.is_usable():
            raise
        log.error("invariant %s could not be checked: %s", invariant.code, type(error).__name__)
        raise_alarm(f"unchecked:{invariant.code}", "invariant_unchecked", invariant=invariant.code)
        return 1
    close_alarm(f"unchecked:{invariant.code}")
    if count:
        raise_alarm(key, key, count=count, ids=ids)
    else:
        close_alarm(key)
    return count


def _check_heartbeats() -> int:
    old = stale()
    if old:
        raise_alarm("heartbeats", "heartbeats", loops=[loop.name for loop in old])
    else:
        close_alarm("heartbeats")
    return len(old)


def register_ours() -> None:
    """The invariants of notices and the outbox."""
    states = "('queued', 'leased', 'accepted', 'delivered', 'bounced', 'dead', 'cancelled')"
    for code, sentence, sql in (
        (
            "notice_without_mail",
            "A notice that should have left at once belongs to no email",
            "SELECT id FROM notify_notice WHERE by_mail = 'now' AND outgoing_id IS NULL",
        ),
        (
            "notice_left_behind",
            "A notice belongs to an email that was merged into another one",
            "SELECT notice.id FROM notify_notice notice JOIN notify_outgoing mail ON mail.id = notice.outgoing_id"
            " WHERE mail.last_error = 'merged'",
        ),
        (
            "notice_after_mail",
            "A notice was put into an email that had left already",
            "SELECT notice.id FROM notify_notice notice JOIN notify_outgoing mail ON mail.id = notice.outgoing_id"
            " WHERE mail.state IN ('accepted', 'delivered') AND notice.created_at > mail.accepted_at",
        ),
        (
            "mail_without_notice",
            "An email is owed about nothing",
            "SELECT mail.id FROM notify_outgoing mail WHERE mail.state IN ('queued', 'leased')"
            " AND mail.about_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM notify_notice notice WHERE notice.outgoing_id = mail.id)",
        ),
        (
            "lease_too_old",
            "An email has been ‘being sent’ for more than a quarter of an hour",
            "SELECT id FROM notify_outgoing WHERE state = 'leased' AND lease_until < now() - interval '15 minutes'"
            " AND NOT EXISTS (SELECT 1 FROM notify_hold WHERE released_at IS NULL)",
        ),
        (
            "state_unread",
            "An email is in a state that no loop looks at",
            f"SELECT id FROM notify_outgoing WHERE state NOT IN {states}"  # noqa: S608
            " OR (state = 'queued' AND next_attempt_at > now() + interval '1 day')"
            " OR (state = 'accepted' AND accepted_at IS NULL)",
        ),
        (
            "dead_unseen",
            "An email that could not be sent has waited a day for somebody to decide",
            "SELECT id FROM notify_outgoing WHERE state IN ('dead', 'bounced') AND looked_at IS NULL"
            " AND COALESCE(accepted_at, first_tried_at, created_at) < now() - interval '1 day'",
        ),
        (
            "hold_too_long",
            "Sending has been held for more than a day",
            "SELECT id FROM notify_hold WHERE released_at IS NULL AND since < now() - interval '1 day'",
        ),
    ):
        register_invariant(code, sentence, sql)
    register_invariant(
        "digest_not_made",
        "A notice waits for a digest that should have left",
        "SELECT id FROM notify_notice WHERE by_mail = 'digest' AND outgoing_id IS NULL AND read_at IS NULL"
        " AND created_at < %s AND now() > %s + interval '30 minutes'",
        parameters=lambda: [last_due(database_now())] * 2,
    )
