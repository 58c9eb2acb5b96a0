"""The clocks of the bench's cases in bulk, and the sweep beside a bare loop that claims and inserts the same rows."""

import json
import multiprocessing
import statistics
import time
from datetime import datetime, timedelta

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import measure
from partnership.deadlines import calendars
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.rules import INCIDENT_NOTIFICATION, RAPID_REVIEW, due, milestones, rule
from partnership.deadlines.sweep import BATCH, sweep
from partnership.trail.models import new_id
from reviews.models import Review

SWEPT = 1_000
RUNS = 5
MOST = 3.0


def of_reviews(rows, identify=new_id):
    """The two clocks of each review. rows: (review, its notification, its sending or None)."""
    made = [each for review, notice, sending in rows for each in _of_review(review, notice, sending, identify)]
    Deadline.objects.bulk_create([clock for clock, _ in made], batch_size=1000)
    Milestone.objects.bulk_create([day for _, days in made for day in days], batch_size=1000)


def _of_review(review, notice, sending, identify):
    yield _clock(INCIDENT_NOTIFICATION, review, notice.aware_at, notice.sent_at, identify)
    yield _clock(RAPID_REVIEW, review, notice.sent_at, sending.sent_at if sending else None, identify)


def _clock(code, review, trigger_at, met_at, identify):
    edition = rule(code, timezone.localdate(trigger_at))
    calendar = calendars.load(edition.division)
    found = due(edition, trigger_at, calendar)
    late = bool(met_at and met_at > found.due_at)
    clock = Deadline(
        id=identify(), folder=review.folder, subject_kind=Review._meta.label_lower, subject_id=review.pk, rule=code,
        edition=edition.edition, length=edition.length, unit=edition.unit, division=edition.division,
        trigger_at=trigger_at, due_on=found.due_on, due_at=found.due_at, owed_by="send",
        calendar=calendars.newest_version(edition.division), status="met" if met_at else "open", met_at=met_at,
        ended_at=met_at, started_by=review.opened_by, late_reason="The agencies answered late." if late else "",
    )  # fmt: skip
    now = timezone.now()
    days = [
        Milestone(
            id=identify(), folder=review.folder, deadline=clock, code=each.code, label=each.label, on=each.on,
            fire_at=each.fire_at, step=each.step, level=each.level, perm=each.perm, statutory=each.statutory,
            **_state(each.fire_at, met_at, now),
        )
        for each in milestones(edition, trigger_at, found.due_on, calendar)
    ]  # fmt: skip
    return clock, days


def _state(fire_at, met_at, now):
    if met_at:
        return {"state": "suppressed", "why": "met"}
    return {"state": "fired", "fired_at": fire_at} if fire_at <= now else {"state": "pending"}


def standing_alone(folder, owners, number, identify=new_id):
    """`number` open clocks in one folder, spread around today, each owed by one of `owners`; their days lie ahead."""
    today = timezone.localdate()
    edition = rule(RAPID_REVIEW, today)
    version = calendars.newest_version(edition.division)
    clocks, days = [], []
    for n in range(number):
        pk, on = identify(), today + timedelta(days=n % 60 - 20)
        at = timezone.make_aware(datetime.combine(on, datetime.max.time()))
        clocks.append(
            Deadline(
                id=pk, folder=folder, subject_kind=Deadline._meta.label_lower, subject_id=pk, rule=RAPID_REVIEW,
                edition=edition.edition, what=f"Duty {n}", division=edition.division, owner=owners[n % len(owners)],
                trigger_at=at - timedelta(days=90), due_on=on, due_at=at, calendar=version,
            )
        )  # fmt: skip
        days.append(
            Milestone(
                folder=folder, deadline_id=pk, code="due", label="Due", on=on, fire_at=at + timedelta(days=365),
                statutory=True,
            )
        )  # fmt: skip
    Deadline.objects.bulk_create(clocks, batch_size=1000)
    Milestone.objects.bulk_create(days, batch_size=1000)
    return clocks


class Sweeping:
    """SWEPT milestones that are due, again and again; the rows that the sweep wrote, for the bare loop to write."""

    def __init__(self, clocks):
        self.days = list(Milestone.objects.filter(deadline__in=clocks[:SWEPT]).values_list("pk", flat=True))

    def lines(self):
        self.come()
        with CaptureQueriesContext(connection) as captured:
            done = sweep()
        assert done.fired == SWEPT, done
        self.written = self._rows()
        for workers in (1, 4):
            ours, floor = [], []
            for _ in range(RUNS):
                ours.append(self.timed(workers, _swept))
                assert len(self._rows()["notices"]) == len(self.written["notices"])
                floor.append(self.timed(workers, self._bare))
            median, least = statistics.median(ours) * 1000, statistics.median(floor) * 1000
            name = f"sweep, {workers} worker{'s' if workers > 1 else ''}"
            yield measure.Line(
                measure.Result(name, SWEPT, round(median, 1), len(captured), round(least, 1), round(median / least, 2)),
                MOST,
                None,
            )

    def come(self):
        """Their day has come, and nobody was told yet; only the owner of a scratch database could."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE notify_notice, notify_outgoing CASCADE")
            cursor.execute(
                "UPDATE deadlines_milestone SET state = 'pending', why = '', fired_at = NULL, late_by = NULL,"
                " fire_at = now() - interval '1 minute' WHERE id = ANY(%s)",
                [self.days],
            )
            cursor.execute("VACUUM ANALYZE deadlines_milestone, notify_notice, notify_outgoing")

    def timed(self, workers, work) -> float:
        """Seconds from the moment at which all start to that at which the last has nothing left to do."""
        self.come()
        connections.close_all()
        fork = multiprocessing.get_context("fork")
        start = fork.Barrier(workers + 1)
        running = [fork.Process(target=_worker, args=(start, work)) for _ in range(workers)]
        for each in running:
            each.start()
        start.wait()
        begun = time.perf_counter()
        for each in running:
            each.join()
        assert all(each.exitcode == 0 for each in running)
        return time.perf_counter() - begun

    @staticmethod
    def _rows() -> dict:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT data->>'milestone', key, kind, recipient_id, folder_id, subject_id, data, by_mail, outgoing_id"
                " FROM notify_notice ORDER BY created_at, key"
            )
            notices = cursor.fetchall()
            cursor.execute("SELECT id, recipient_id, priority FROM notify_outgoing")
            return {"notices": notices, "outgoing": {row[0]: row for row in cursor.fetchall()}}

    def _bare(self):
        """Claim fifty, insert their rows, mark them, commit; nothing is asked of anybody's powers."""
        of_day = {row[0]: row for row in self.written["notices"]}
        while True:
            with connections["default"].cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(
                    "SELECT m.id, m.deadline_id FROM deadlines_milestone m"
                    " JOIN deadlines_deadline d ON d.id = m.deadline_id"
                    " WHERE m.state = 'pending' AND m.fire_at <= now() AND d.status = 'open'"
                    " ORDER BY m.fire_at, m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED",
                    [BATCH],
                )
                claimed = cursor.fetchall()
                if not claimed:
                    cursor.execute("COMMIT")
                    return
                rows = [of_day[str(pk)] for pk, _ in claimed]
                cursor.executemany(
                    "INSERT INTO notify_outgoing (id, key, recipient_id, template, template_version, priority, apart,"
                    " state, attempts, next_attempt_at, provider_ref, last_error, possible_duplicate, created_at)"
                    " VALUES (%s, 'now:' || %s, %s, 'now', 1, %s, true, 'queued', 0, now(), %s, '', false, now())"
                    " ON CONFLICT DO NOTHING",
                    [(mail[0], mail[0], mail[1], mail[2], str(mail[0]))
                     for mail in {row[8]: self.written["outgoing"][row[8]] for row in rows}.values()],
                )  # fmt: skip
                cursor.executemany(
                    "INSERT INTO notify_notice (id, kind, key, recipient_id, folder_id, subject_id, data, by_mail,"
                    " outgoing_id, created_at) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, now())"
                    " ON CONFLICT DO NOTHING",
                    [(row[2], row[1], *row[3:6], row[6], row[7], row[8]) for row in rows],
                )
                cursor.executemany(
                    "INSERT INTO trail_event (verb, folder_id, object_kind, object_id, data, happened_at, recorded_at)"
                    " VALUES ('milestone_fired', %s, 'deadlines.deadline', %s, %s, now(), now())",
                    [(row[4], row[5], json.dumps({"told": 1})) for row in rows],
                )
                cursor.execute(
                    "UPDATE deadlines_milestone SET state = 'fired', fired_at = now() WHERE id = ANY(%s)",
                    [[pk for pk, _ in claimed]],
                )
                cursor.execute("COMMIT")


def _swept():
    sweep()


def _worker(start, work):
    connections["default"].ensure_connection()
    start.wait()
    work()
