"""The relay: claims what is owed with a lease and a token, sends it, and says so only while the token is its own.

Why it is so, and what it survives: docs/adr/0014. Every moment is the database's; every claim is durable before a byte
leaves. Recorded once, sent at least once; once only where the sender can be asked before anything is sent again.
"""

import logging
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from partnership.notify import senders
from partnership.notify.failpoints import reached
from partnership.notify.kinds import bounced_hooks
from partnership.notify.letters import BadAddress, NoLongerWanted, compose
from partnership.notify.models import Attempt, Outgoing
from partnership.notify.senders import NotSent, Sender, SenderDown
from partnership.notify.watch import DATABASE_AWAY, beat, close_alarm, has_beaten, raise_alarm

log = logging.getLogger(__name__)

LEASE_SECONDS = 300
# Nothing is sent later than this after its claim: the slowest sending must end before the lease does.
LAST_MOMENT = LEASE_SECONDS - senders.ANSWERS_A_LETTER * senders.TIMEOUT_SECONDS - 5
GIVE_UP_HOURS = 12
MOST_LOST = 4  # a letter whose sender died this often probably kills it
STUCK_MINUTES = 15
BEAT_SECONDS = 20
LOST_LEASE, SENDER_DOWN = "lost lease", "sender down"

Outcome, State = Attempt.Outcome, Outgoing.State

CLAIM = """
WITH expired AS MATERIALIZED (
    SELECT id, state FROM notify_outgoing
    WHERE state = 'leased' AND lease_until < now()
      AND NOT EXISTS (SELECT 1 FROM notify_hold WHERE released_at IS NULL)
    ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED
), queued AS MATERIALIZED (
    SELECT id, state FROM notify_outgoing
    WHERE state = 'queued' AND next_attempt_at <= now() AND NOT EXISTS (SELECT 1 FROM expired)
      AND NOT EXISTS (SELECT 1 FROM notify_hold WHERE released_at IS NULL)
    ORDER BY priority, next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
), next AS (SELECT * FROM expired UNION ALL SELECT * FROM queued)
UPDATE notify_outgoing mine
SET state = 'leased', attempts = attempts + 1, lease_until = now() + make_interval(secs => %s), lease_token = %s,
    first_tried_at = COALESCE(first_tried_at, now())
FROM next WHERE mine.id = next.id
RETURNING mine.id, next.state = 'leased', now(), now() - mine.first_tried_at > make_interval(hours => %s)
"""


@dataclass(frozen=True)
class Claim:
    """One row that is ours until the lease ends.

    taken_over: its last sender died or hung. too_old: it was tried first so long ago that this try is its last.
    """

    row: Outgoing
    token: uuid.UUID
    taken_over: bool
    started_at: datetime
    too_old: bool
    last_moment: float


def relay(
    *,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    sender: Sender | None = None,
) -> Counter:
    """Send what is due until nothing is, `seconds` are used up, or `stop()` says so; then beat the heart.

    Returns how many ended in which way (Attempt.Outcome, LOST_LEASE or SENDER_DOWN). Many may run at once. Inside a
    transaction it raises RuntimeError.
    """
    carrier = sender or senders.sender()
    done: Counter = Counter()
    began = beaten = time.monotonic()
    try:
        while not stop():
            if seconds is not None and time.monotonic() - began > seconds:
                break
            claim = _claim()
            if claim is None:
                break
            try:
                done[_attempt(claim, carrier)] += 1
            except SenderDown as down:
                _put_back(claim, down)
                done[SENDER_DOWN] += 1
                break
            if time.monotonic() - beaten > BEAT_SECONDS:
                beat("relay", lag_seconds=_lag())
                beaten = time.monotonic()
    finally:
        carrier.close()
    if done or not has_beaten("relay", within=BEAT_SECONDS):  # an idle relay looks often, and writes seldom
        with transaction.atomic(durable=True):
            lag = _lag()
            _stuck(lag)
            beat("relay", lag_seconds=lag)
    return done


def follow_up(*, sender: Sender | None = None, limit: int = 50) -> Counter:
    """Ask what became of letters that were accepted: delivered, or come back. For senders that can be asked.

    The urgent first, each every five minutes at most, for three days: so long the provider itself goes on trying.
    """
    carrier = sender or senders.sender()
    done: Counter = Counter()
    if not carrier.can_be_asked:
        return done
    try:
        for row in _to_be_asked(limit):
            answer = carrier.ask(row.provider_ref)
            if answer == senders.DELIVERED:
                _accepted_becomes(row, State.DELIVERED)
            elif answer == senders.FAILED:
                _accepted_becomes(row, State.BOUNCED)
            done[answer] += 1
    except SenderDown:
        log.warning("the provider does not answer questions; asked again in five minutes")
    finally:
        carrier.close()
    return done


def _claim() -> Claim | None:
    token = uuid.uuid4()
    start = time.monotonic()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM, [LEASE_SECONDS, token, GIVE_UP_HOURS])
        found = cursor.fetchone()
    if found is None:
        return None
    pk, taken_over, now, too_old = found
    row = Outgoing.objects.select_related("recipient").get(pk=pk)
    reached("after_claim")
    return Claim(row, token, taken_over, now, too_old, start + LAST_MOMENT)


def _attempt(claim: Claim, carrier: Sender) -> str:
    """One try. Returns its outcome; raises SenderDown when the sender, not the letter, is at fault."""
    row = claim.row
    if claim.taken_over and not _still_worth_it(claim, carrier):
        return _finish(claim, Outcome.REFUSED, State.DEAD, code="keeps_failing")
    if (
        row.attempts > 1
        and carrier.can_be_asked
        and carrier.ask(row.provider_ref)
        in (
            senders.ACCEPTED,
            senders.DELIVERED,
        )
    ):
        return _finish(claim, Outcome.FOUND, State.ACCEPTED)
    if row.attempts == 1 and row.template == "now" and not _take_in_others(claim):
        log.warning("outgoing %s: the lease was lost, its new holder decides", row.pk)
        return LOST_LEASE
    try:
        letter, lost = compose(row)
    except BadAddress:
        return _finish(claim, Outcome.REFUSED, State.DEAD, code="bad_address")
    except NoLongerWanted as why:
        return _finish(claim, Outcome.CANCELLED, State.CANCELLED, lost=why.lost)
    except DATABASE_AWAY:  # the database's trouble, not the letter's
        raise
    except Exception as error:  # whatever a template or a kind raises is this row's own trouble
        log.error("outgoing %s could not be written: %s", row.pk, type(error).__name__)
        return _finish(claim, Outcome.BROKEN, State.DEAD, code=type(error).__name__[:40])
    carrier.ready()
    reached("before_send")
    if time.monotonic() > claim.last_moment:
        log.warning("outgoing %s: too late to send under this lease, left", row.pk)
        return LOST_LEASE
    try:
        code = carrier.send(letter)
    except SenderDown:  # a NotSent too, but no fault of the letter
        raise
    except NotSent as failure:
        # Only a try that failed can be the last one: an outage of the machine costs no letter its chance.
        if failure.for_good or claim.too_old:
            code = failure.code if failure.for_good else "too_old"
            return _finish(claim, Outcome.REFUSED, State.DEAD, code=code, maybe=failure.maybe)
        return _later(claim, failure)
    reached("after_send")
    while True:
        try:
            return _finish(claim, Outcome.ACCEPTED, State.ACCEPTED, code=code, lost=lost)
        except DATABASE_AWAY:
            # It has left: worth waiting for a database that restarts, as long as the lease lasts.
            if time.monotonic() > claim.last_moment:
                raise
            connection.close()
            time.sleep(1)


def _still_worth_it(claim, carrier) -> bool:
    """Write down that the last try was lost; False when too many were."""
    row = claim.row
    Attempt.objects.bulk_create(
        [Attempt(outgoing=row, n=row.attempts - 1, outcome=Outcome.LOST)], ignore_conflicts=True
    )
    if not carrier.can_be_asked:
        Outgoing.objects.filter(pk=row.pk, lease_token=claim.token).update(possible_duplicate=True)
    return row.tries.filter(outcome=Outcome.LOST, ended_at__gte=row.first_tried_at).count() < MOST_LOST


def _take_in_others(claim: Claim) -> bool:
    """Letters of several sweeps to one person that nobody has tried become this one; False when the lease was lost.

    Our own row first: a notice that is moved into a letter which its new holder has sent would never be mailed. The
    others are locked before they are looked at: a notice that joined one of them a moment ago must be seen.
    """
    row = claim.row
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM notify_outgoing WHERE id = %s AND lease_token = %s AND lease_until > now() FOR UPDATE",
            [row.pk, claim.token],
        )
        if not cursor.fetchone():
            return False
        cursor.execute(
            """
            SELECT id FROM notify_outgoing
            WHERE recipient_id = %s AND state = 'queued' AND attempts = 0 AND apart AND template = 'now'
            FOR UPDATE SKIP LOCKED
            """,
            [row.recipient_id],
        )
        others = [pk for (pk,) in cursor.fetchall()]
        if others:
            cursor.execute(
                "UPDATE notify_notice SET outgoing_id = %s WHERE outgoing_id = ANY(%s::uuid[])", [row.pk, others]
            )
            cursor.execute(
                "UPDATE notify_outgoing SET state = 'cancelled', last_error = 'merged' WHERE id = ANY(%s::uuid[])",
                [others],
            )
    return True


def _finish(claim: Claim, outcome, state, *, code="", maybe=False, lost=()) -> str:
    """End the attempt, if the lease is still ours; an alarm goes with what an operator must see.

    maybe: as NotSent says it. lost: as `compose` returns it.
    """
    row = claim.row
    good = state == State.ACCEPTED
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notify_outgoing
            SET state = %s, lease_until = NULL, lease_token = NULL, last_error = %s, looked_at = NULL,
                possible_duplicate = possible_duplicate OR %s,
                accepted_at = CASE WHEN %s THEN now() ELSE accepted_at END
            WHERE id = %s AND lease_token = %s
            """,
            [state, "" if good else code, maybe, good, row.pk, claim.token],
        )
        if not cursor.rowcount:
            log.warning("outgoing %s: the lease was lost, its new holder decides", row.pk)
            return LOST_LEASE
        _write_attempt(claim, outcome, code)
        for notice in lost:
            raise_alarm(f"not_seen:{notice}", "reader_lost", notice=notice, recipient=row.recipient_id)
        if state == State.DEAD:
            raise_alarm(f"dead:{row.pk}", "letter_dead", outgoing=row.pk, recipient=row.recipient_id, code=code)
            _tell_hooks(row)
    return str(outcome)


def _later(claim: Claim, failure: NotSent) -> str:
    """Put the letter back: 1, 5, 15, 60 minutes, then every 4 hours after the first try, a fifth more or less."""
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 (spreads the load, guards nothing)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notify_outgoing
            SET state = 'queued', lease_until = NULL, lease_token = NULL, last_error = %s,
                possible_duplicate = possible_duplicate OR %s,
                next_attempt_at = now() + %s * CASE
                    WHEN now() - first_tried_at < interval '1 minute' THEN interval '1 minute'
                    WHEN now() - first_tried_at < interval '6 minutes' THEN interval '5 minutes'
                    WHEN now() - first_tried_at < interval '21 minutes' THEN interval '15 minutes'
                    WHEN now() - first_tried_at < interval '81 minutes' THEN interval '1 hour'
                    ELSE interval '4 hours' END
            WHERE id = %s AND lease_token = %s
            """,
            [failure.code, failure.maybe, jitter, claim.row.pk, claim.token],
        )
        if not cursor.rowcount:
            log.warning("outgoing %s: the lease was lost, its new holder decides", claim.row.pk)
            return LOST_LEASE
        _write_attempt(claim, Outcome.LATER, failure.code)
    return str(Outcome.LATER)


def _put_back(claim: Claim, down: SenderDown) -> None:
    """The sender is down: the letter waits, and this pass ends, or every letter would try the same closed door.

    The try counts for nothing, so an outage of three days gives no letter up.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notify_outgoing
            SET state = 'queued', lease_until = NULL, lease_token = NULL, last_error = %s, first_tried_at = NULL,
                attempts = attempts - 1
            WHERE id = %s AND lease_token = %s
            """,
            [down.code, claim.row.pk, claim.token],
        )
        if cursor.rowcount:
            _write_attempt(claim, Outcome.LATER, down.code)
    log.warning("the mail sender does not work: %s", down.code)


def _write_attempt(claim, outcome, code):
    Attempt.objects.bulk_create(
        [
            Attempt(
                outgoing=claim.row,
                n=claim.row.attempts,
                started_at=claim.started_at,
                outcome=outcome,
                code=code,
            )
        ],
        ignore_conflicts=True,
    )


def _tell_hooks(row):
    """Whoever registered may tell somebody else; their mistake must not keep the letter in the queue."""
    notices = list(row.notices.all())
    for hook in bounced_hooks():
        try:
            with transaction.atomic():
                hook(row, notices)
        except Exception as error:
            log.error("a re-routing hook failed for outgoing %s: %s", row.pk, type(error).__name__)
            raise_alarm(f"hook:{row.pk}", "rerouting_failed", outgoing=row.pk)


def _to_be_asked(limit) -> list:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH next AS MATERIALIZED (  -- else the planner may read it again for each row, and pass the limit
                SELECT id FROM notify_outgoing
                WHERE state = 'accepted' AND (asked_at IS NULL OR asked_at < now() - interval '5 minutes')
                  AND accepted_at > now() - interval '3 days'
                ORDER BY priority, asked_at NULLS FIRST LIMIT %s FOR UPDATE SKIP LOCKED)
            UPDATE notify_outgoing mine SET asked_at = now() FROM next WHERE mine.id = next.id
            RETURNING mine.id
            """,
            [limit],
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return list(Outgoing.objects.filter(pk__in=found))


def _accepted_becomes(row, state) -> None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notify_outgoing
            SET state = %s, delivered_at = CASE WHEN %s = 'delivered' THEN now() END
            WHERE id = %s AND state = 'accepted'
            """,
            [state, state, row.pk],
        )
        if cursor.rowcount and state == State.BOUNCED:
            raise_alarm(f"bounced:{row.pk}", "letter_bounced", outgoing=row.pk, recipient=row.recipient_id)
            _tell_hooks(row)


def _lag() -> float:
    """How many seconds the oldest letter has been due; 0 when none is, or while sending is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT COALESCE(EXTRACT(EPOCH FROM now() - min(next_attempt_at)), 0) FROM notify_outgoing
            WHERE state = 'queued' AND next_attempt_at <= now()
              AND NOT EXISTS (SELECT 1 FROM notify_hold WHERE released_at IS NULL)
            """
        )
        return float(cursor.fetchone()[0])


def _stuck(lag) -> None:
    """Raise or close the alarm that mail does not leave. `lag` alone would not see letters that fail and wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT 1 FROM notify_outgoing
                WHERE state = 'queued' AND first_tried_at < now() - make_interval(mins => %s) AND last_error <> '')
            """,
            [STUCK_MINUTES],
        )
        failing = cursor.fetchone()[0]
    if failing or lag > STUCK_MINUTES * 60:
        raise_alarm("mail_stuck", "mail_stuck")
    else:
        close_alarm("mail_stuck")
