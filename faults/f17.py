"""F17: corruptions made by hand, one after the other; the reconciler, a process of its own, names each and no other."""

from django.db import connections

from faults.riding import rides, settle

A_CLOCK = "(SELECT min(id::text)::uuid FROM deadlines_deadline WHERE status = 'open')"
OF_A_CLOCK = f"deadline_id = {A_CLOCK}"


def ended(status, days) -> tuple[str, str]:
    """A clock that stands as `status` by nobody's deed; its `days` are passed over, as they should have been."""
    return (
        f"WITH passed AS (UPDATE deadlines_milestone SET state = 'suppressed', why = 'x' WHERE {days} AND {OF_A_CLOCK})"
        f" UPDATE deadlines_deadline SET status = '{status}' WHERE id = {A_CLOCK}",
        "WITH passed AS (UPDATE deadlines_milestone SET state = 'pending', why = '' WHERE why = 'x')"
        f" UPDATE deadlines_deadline SET status = 'open' WHERE status = '{status}'",
    )


# code of the invariant -> what breaks it, and what mends it
CORRUPTIONS = {
    "milestone_forgotten": (
        "UPDATE deadlines_milestone SET fire_at = now() - interval '1 hour' WHERE id = (SELECT id FROM"
        " deadlines_milestone WHERE state = 'pending' ORDER BY fire_at LIMIT 1)",
        "UPDATE deadlines_milestone SET fire_at = now() + interval '9 days'"
        " WHERE state = 'pending' AND fire_at < now()",
    ),
    "suppressed_without_reason": (
        "UPDATE deadlines_milestone SET state = 'suppressed', why = '' WHERE state = 'fired'",
        "UPDATE deadlines_milestone SET state = 'fired' WHERE state = 'suppressed' AND why = ''",
    ),
    "fired_without_notice": (
        "UPDATE notify_notice SET key = 'x' || key",
        "UPDATE notify_notice SET key = substr(key, 2)",
    ),
    "milestone_in_no_state": (
        "UPDATE deadlines_milestone SET state = 'parked' WHERE state = 'fired'",
        "UPDATE deadlines_milestone SET state = 'fired' WHERE state = 'parked'",
    ),
    "notice_without_mail": (
        "UPDATE notify_notice SET data = data || jsonb_build_object('was', outgoing_id), outgoing_id = NULL",
        "UPDATE notify_notice SET outgoing_id = (data->>'was')::uuid, data = data - 'was'",
    ),
    "notice_left_behind": (
        "UPDATE notify_outgoing SET last_error = 'merged'",
        "UPDATE notify_outgoing SET last_error = ''",
    ),
    "notice_after_mail": (
        "UPDATE notify_outgoing SET accepted_at = accepted_at - interval '1 day'",
        "UPDATE notify_outgoing SET accepted_at = accepted_at + interval '1 day'",
    ),
    "digest_not_made": (
        "UPDATE notify_notice SET data = data || jsonb_build_object('was', outgoing_id), outgoing_id = NULL,"
        " by_mail = 'digest', created_at = created_at - interval '9 days'",
        "UPDATE notify_notice SET outgoing_id = (data->>'was')::uuid, data = data - 'was',"
        " by_mail = 'now', created_at = created_at + interval '9 days'",
    ),
    "mail_without_notice": (
        "INSERT INTO notify_outgoing (id, key, recipient_id, template, priority, apart, state, attempts,"
        " next_attempt_at, provider_ref, last_error, possible_duplicate, created_at) SELECT id, 'x', id, 'now', 1,"
        " true, 'queued', 0, now() + interval '1 hour', 'x', '', false, now() FROM people_user LIMIT 1",
        "DELETE FROM notify_outgoing WHERE key = 'x'",
    ),
    "clock_without_days": (
        f"UPDATE deadlines_milestone SET state = 'suppressed', why = 'x' WHERE state = 'pending' AND {OF_A_CLOCK}",
        "UPDATE deadlines_milestone SET state = 'pending', why = '' WHERE why = 'x'",
    ),
    "day_of_an_ended_clock": ended("cancelled", "id IS NULL"),
    "replaced_by_nothing": ended("superseded", "state = 'pending'"),
    "clock_in_no_state": ended("parked", "state = 'pending'"),
    "lease_too_old": (
        "UPDATE notify_outgoing SET state = 'leased', lease_token = gen_random_uuid(),"
        " lease_until = now() - interval '1 hour'",
        "UPDATE notify_outgoing SET state = 'accepted', lease_token = NULL, lease_until = NULL",
    ),
    "state_unread": (
        "UPDATE notify_outgoing SET state = 'parked'",
        "UPDATE notify_outgoing SET state = 'accepted' WHERE state = 'parked'",
    ),
    "dead_unseen": (
        "UPDATE notify_outgoing SET state = 'dead', accepted_at = now() - interval '2 days'",
        "UPDATE notify_outgoing SET state = 'accepted', accepted_at = now()",
    ),
    "hold_too_long": (
        "INSERT INTO notify_hold (id, since, reason)"
        " VALUES (gen_random_uuid(), now() - interval '2 days', 'Restored.')",
        "UPDATE notify_hold SET released_at = now()",
    ),
    "heartbeats": (
        "UPDATE notify_heartbeat SET last_ok_at = now() - interval '1 day' WHERE name = 'sweep'",
        "UPDATE notify_heartbeat SET last_ok_at = now() WHERE name = 'sweep'",
    ),
}


def run(machine):
    for ride in rides(machine, 2, ["notify"]):
        yield corrupted(ride)


def corrupted(ride):
    ride.come(ride.clocks(4))
    settle(ride)
    beat_all()
    wrong = [f"broken before anything was: {found(ride)}"] if found(ride) else []
    for code, (breaks, mends) in CORRUPTIONS.items():
        owner(breaks)
        beat_all(but="sweep" if code == "heartbeats" else "")
        if found(ride) != {code}:
            wrong.append(f"{code}: found {sorted(found(ride))}")
        owner(mends)
    beat_all()
    if left := found(ride):
        wrong.append(f"after all was mended: {sorted(left)}")
    line = ride.line("F17", f"{len(CORRUPTIONS)} corruptions made by hand", len(CORRUPTIONS), wrong=wrong)
    line.lost = len([each for each in wrong if "found" in each])
    return line


def owner(statement):
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def beat_all(but=""):
    owner(f"UPDATE notify_heartbeat SET last_ok_at = now() WHERE name <> '{but}'")


def found(ride) -> set:
    """What `manage.py reconcile` raises alarms about now."""
    ride.machine.start(["manage.py", "reconcile"], scratch=ride.scratch, **ride.provider.environment).wait(60)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT key FROM notify_alarm WHERE closed_at IS NULL")
        return {key.removeprefix("invariant:") for (key,) in cursor.fetchall()}
