"""`tell`: the one way by which anybody is told anything. In the caller's transaction, once a key and person."""

import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from partnership.celery import send_soon
from partnership.notify.kinds import NoticeKind, kind_of
from partnership.notify.models import Notice
from partnership.notify.watch import raise_alarm

# An email waits this long for others to the same person: whoever comes back to fifty due dates gets one.
GATHER_SECONDS = 15
_CODE = re.compile(r"[\w:.+/-]{0,80}")


@dataclass(frozen=True)
class Told:
    """One thing for one person. key: the same for the same thing for ever, at most 200 characters.

    data: ids, codes and dates; ValueError for anything that could be words.
    """

    key: str
    recipient_id: uuid.UUID
    subject_id: uuid.UUID
    folder_id: uuid.UUID | None = None
    data: dict = field(default_factory=dict)


_also: list = []


def register_also(hook) -> None:
    """hook(kind, told) -> more Told: others who are told the same, by the same key (who covers for a reader)."""
    if hook not in _also:
        _also.append(hook)


def tell(kind_code: str, told: Iterable[Told]) -> int:
    """Tell people, and owe them their emails, in the caller's transaction. Returns how many notices were new.

    A person who was told this key before is not told again. Four statements whatever the number. Somebody who has no
    address, no active account or no account at all raises an alarm: never silence. Raises KeyError for a kind that
    is not registered.
    """
    kind, told = kind_of(kind_code), list(told)
    if told:
        own = {(each.key, each.recipient_id) for each in told}
        told += [
            each for hook in _also for each in hook(kind, told) if (each.key, each.recipient_id) not in own
        ]  # fmt: skip
    # Two who tell the same keys at once wait for each other in one order.
    rows = sorted(
        {(each.key, each.recipient_id): each for each in told}.values(), key=lambda t: (t.key, str(t.recipient_id))
    )
    if not rows:
        return 0
    with transaction.atomic(savepoint=False):
        people = _people(kind, {each.recipient_id for each in rows})
        for gone in {each.recipient_id for each in rows} - set(people):
            raise_alarm(f"recipient_gone:{gone}", "recipient_gone", recipient=gone, kind=kind.code)
        rows = [each for each in rows if each.recipient_id in people]
        mails = _mails(kind, people)
        new = _insert_notices(kind, rows, people, mails)
        made = {recipient for recipient in new if recipient in mails and mails[recipient].fresh}
        _insert_outgoing(kind, {recipient: mails[recipient].id for recipient in made})
        for recipient in new:
            if people[recipient] == Notice.ByMail.UNREACHABLE:
                raise_alarm(f"unreachable:{recipient}", "recipient_unreachable", recipient=recipient, kind=kind.code)
        if made and nudge not in [waiting for _, waiting, *_ in connection.run_on_commit]:
            transaction.on_commit(nudge)
    return sum(new.values())


def nudge() -> None:
    """Wake a relay for when the emails have gathered; after a minute beat has woken one."""
    from partnership.notify.tasks import relay

    send_soon(relay, countdown=GATHER_SECONDS + 1, expires=55)


@dataclass(frozen=True)
class _Mail:
    id: uuid.UUID
    fresh: bool


def _people(kind: NoticeKind, ids) -> dict:
    """recipient id -> how the mail reaches them (Notice.ByMail), for those who exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person.id, person.is_active AND person.email <> '', chosen.email
            FROM people_user person
            LEFT JOIN notify_preference chosen ON chosen.user_id = person.id AND chosen.kind = %s
            WHERE person.id = ANY(%s::uuid[])
            """,
            [kind.code, list(ids)],
        )
        found = cursor.fetchall()
    ways = {"now": Notice.ByMail.NOW, "digest": Notice.ByMail.DIGEST, "none": Notice.ByMail.OFF}
    return {pk: ways[kind.way(chosen)] if there else Notice.ByMail.UNREACHABLE for pk, there, chosen in found}


def _mails(kind, people) -> dict:
    """recipient id -> the email that a notice for them goes with: one that waits untried, or one to be made.

    The share lock keeps the relay (FOR UPDATE SKIP LOCKED) from sending a waiting one before our notices are in it.
    """
    at_once = [pk for pk, way in people.items() if way == Notice.ByMail.NOW]
    if not at_once:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT recipient_id, id FROM notify_outgoing
            WHERE state = 'queued' AND attempts = 0 AND apart AND priority = %s AND recipient_id = ANY(%s::uuid[])
            FOR SHARE SKIP LOCKED
            """,
            [kind.priority, at_once],
        )
        waiting = dict(cursor.fetchall())
    return {pk: _Mail(waiting.get(pk) or uuid.uuid4(), pk not in waiting) for pk in at_once}


def _insert_notices(kind, rows, people, mails) -> dict:
    """recipient id -> how many of their notices were new. The email's key is checked when the transaction ends."""
    columns = [
        [each.key for each in rows],
        [each.recipient_id for each in rows],
        [each.folder_id for each in rows],
        [each.subject_id for each in rows],
        [json.dumps({name: _code(value) for name, value in each.data.items()}) for each in rows],
        [str(people[each.recipient_id]) for each in rows],
        [mails[each.recipient_id].id if each.recipient_id in mails else None for each in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_notice
                (id, kind, key, recipient_id, folder_id, subject_id, data, by_mail, outgoing_id, created_at)
            SELECT gen_random_uuid(), %s, key, recipient, folder, subject, data::jsonb, by_mail, outgoing, now()
            FROM unnest(%s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[])
                AS told (key, recipient, folder, subject, data, by_mail, outgoing)
            ON CONFLICT (key, recipient_id) DO NOTHING
            RETURNING recipient_id
            """,
            [kind.code, *columns],
        )
        new: dict = {}
        for (recipient,) in cursor.fetchall():
            new[recipient] = new.get(recipient, 0) + 1
    return new


def _insert_outgoing(kind, made) -> None:
    """made: recipient id -> the id of the email that is now owed to them."""
    if not made:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_outgoing
                (id, key, recipient_id, template, priority, apart, state, attempts,
                 next_attempt_at, provider_ref, last_error, possible_duplicate, created_at)
            SELECT id, 'now:' || id, recipient, 'now', %s, true, 'queued', 0,
                   now() + make_interval(secs => %s), id::text, '', false, now()
            FROM unnest(%s::uuid[], %s::uuid[]) AS made (id, recipient)
            """,
            [kind.priority, GATHER_SECONDS, list(made.values()), list(made)],
        )


def _code(value):
    """An id, a code, a number or a date as JSON keeps it; ValueError for what could be words of a case."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_code(each) for each in value]
    text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
    if not _CODE.fullmatch(text):
        raise ValueError("a notice keeps ids, codes and dates, no words")
    return text
