"""Letters of their own: to one person, about one row, also to somebody who may not sign in yet (an invitation).

Everybody else is told by `telling.tell`, whose emails say nothing but that something waits. A letter here has words and
a link; neither is stored: they are made when it is sent, from the row that `about_id` names. It may carry an invitation
for the reader's own calendar.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from partnership.notify.models import BULK, PROMPT, Outgoing
from partnership.notify.telling import nudge

INVITATION = "invitation"
TO = "to"
SUBJECT = "own_subject"
State = Outgoing.State


@dataclass(frozen=True)
class Invitation:
    """What a calendar takes from a letter. method: REQUEST or CANCEL (RFC 5546). data: the iCalendar, as bytes."""

    method: str
    data: bytes


@dataclass(frozen=True)
class LetterKind:
    """code: stored, at most 20 characters; its words stand in templates/notify/mail/<code>.txt.

    subject: the same for every letter of the kind. words(outgoing) -> what the template is given, or None for a letter
    that is no longer wanted (withdrawn, accepted, expired): it is cancelled, and that is no fault. An `Invitation`
    among them, as INVITATION, goes along where the sender carries one (`senders.carries_invitations`). A text among
    them, as SUBJECT, stands in the place of `subject`: never a word of a case, because subjects are read on locked
    screens. elsewhere: it goes to an address that is nobody's account, which its words name as TO; its recipient is
    whoever had it written.
    """

    code: str
    subject: str
    words: Callable
    elsewhere: bool = False


_letters: dict[str, LetterKind] = {}


def register_letter(kind: LetterKind) -> None:
    """Called once from an AppConfig.ready. Raises ValueError for a code that is too long or taken."""
    if len(kind.code) > 20 or kind.code in ("now", "digest") or _letters.get(kind.code, kind) != kind:
        raise ValueError(f"letter kind {kind.code!r} is too long or taken")
    _letters[kind.code] = kind


def letter_kind(code: str) -> LetterKind | None:
    return _letters.get(code)


def turn_of(outgoing) -> str:
    """The turn that a letter was written for."""
    return outgoing.key.removeprefix(_key(outgoing.template, outgoing.about_id, "")).removeprefix(":")


def _key(code, about_id, turn) -> str:
    return ":".join(filter(None, (code, str(about_id), str(turn))))


@dataclass(frozen=True)
class Written:
    """One letter that is owed, as `write` takes it. recipient_id: of somebody with an address."""

    recipient_id: UUID
    about_id: UUID
    turn: str = ""


def write(code: str, *, recipient, about_id, turn="") -> bool:
    """Owe `recipient` one letter about a row, in the caller's transaction; True when it was not owed before.

    Once for each kind, row and turn, whatever is called twice: to write again, make a new row (a new link) or name
    another turn. Raises KeyError for a kind that is not registered, ValueError for somebody without an address.
    """
    if not (recipient.email or _letters[code].elsewhere):
        raise ValueError("a letter needs an address")
    return _owe(_letters[code], [Written(recipient.pk, about_id, turn)], PROMPT) == 1


def write_all(code: str, letters: Iterable[Written]) -> int:
    """The same of many at once, which leave after everything else; how many were not owed before. One statement."""
    return _owe(_letters[code], list(letters), BULK)


def _owe(kind, letters, priority) -> int:
    if not letters:
        return 0
    rows = {_key(kind.code, each.about_id, each.turn): each for each in letters}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_outgoing
                (id, key, recipient_id, template, about_id, priority, apart, state, attempts,
                 next_attempt_at, provider_ref, last_error, possible_duplicate, created_at)
            SELECT id, key, recipient, %s, about, %s, false, 'queued', 0, now(), id::text, '', false, now()
            FROM (SELECT gen_random_uuid() AS id, * FROM unnest(%s::text[], %s::uuid[], %s::uuid[])
                  AS letters (key, recipient, about)) made
            ON CONFLICT (key) DO NOTHING
            """,
            [
                kind.code,
                priority,
                list(rows),
                [each.recipient_id for each in rows.values()],
                [each.about_id for each in rows.values()],
            ],
        )
        new = cursor.rowcount
    if new and nudge not in [waiting for _, waiting, *_ in connection.run_on_commit]:
        transaction.on_commit(nudge)
    return new


def written_before(*codes, about_id, but=None) -> list[Outgoing]:
    """The letters of these kinds about this row that have left, or are leaving. but: the one that is being written."""
    left = (State.LEASED, State.ACCEPTED, State.DELIVERED, State.BOUNCED)
    rows = Outgoing.objects.filter(template__in=codes, about_id=about_id, state__in=left)
    return list(rows.exclude(pk=but and but.pk))
