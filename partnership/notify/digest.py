"""The morning's digest: one email a person a day at most, at 8:30 in London, none at weekends and on quiet days."""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from partnership.notify.kinds import is_quiet_day
from partnership.notify.models import DAILY
from partnership.notify.watch import DATABASE_AWAY, beat, close_alarm, database_now, raise_alarm

log = logging.getLogger(__name__)
LONDON = ZoneInfo("Europe/London")
AT = time(8, 30)


def make_digests(*, now: datetime | None = None) -> int:
    """Owe today's digest to everybody with unread notices for it from before 8:30. Returns how many were made.

    now: the moment to act for, the database's where it is not given. Safe to run at every minute, and by many at
    once: the email's key holds the person and the day.
    """
    with transaction.atomic(durable=True):
        moment = (now or database_now()).astimezone(LONDON)
        made = 0
        if moment.time() >= AT and not is_quiet_day(moment.date()):
            made = _make(datetime.combine(moment.date(), AT, tzinfo=LONDON))
        beat("digest")
    return made


def make_digests_or_say_so() -> None:
    """The same, for a loop that has other work: whatever breaks is an alarm until a digest can be made again."""
    try:
        make_digests()
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("today's digest could not be made")
        raise_alarm("digest_broken", "digest_broken")
    else:
        close_alarm("digest_broken")


def last_due(now: datetime) -> datetime:
    """The newest 8:30 by which a digest was due, at `now`."""
    moment = now.astimezone(LONDON)
    day = moment.date() if moment.time() >= AT else moment.date() - timedelta(days=1)
    while is_quiet_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, AT, tzinfo=LONDON)


def _make(until: datetime) -> int:
    day = until.date().isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notify_outgoing
                (id, key, recipient_id, template, priority, apart, state, attempts,
                 next_attempt_at, provider_ref, last_error, possible_duplicate, created_at)
            SELECT id, 'digest:' || recipient_id || ':' || %s, recipient_id, 'digest', %s, false, 'queued', 0,
                   now(), id::text, '', false, now()
            FROM (SELECT gen_random_uuid() AS id, recipient_id FROM notify_notice
                  WHERE by_mail = 'digest' AND outgoing_id IS NULL AND read_at IS NULL AND created_at < %s
                  GROUP BY recipient_id) waiting
            ORDER BY recipient_id
            ON CONFLICT (key) DO NOTHING
            RETURNING id, recipient_id
            """,
            [day, DAILY, until],
        )
        made = cursor.fetchall()
        if not made:
            return 0
        cursor.execute(
            """
            UPDATE notify_notice notice SET outgoing_id = made.id
            FROM unnest(%s::uuid[], %s::uuid[]) AS made (id, recipient)
            WHERE notice.recipient_id = made.recipient AND notice.by_mail = 'digest' AND notice.outgoing_id IS NULL
              AND notice.read_at IS NULL AND notice.created_at < %s
            """,
            [[pk for pk, _ in made], [recipient for _, recipient in made], until],
        )
    return len(made)
