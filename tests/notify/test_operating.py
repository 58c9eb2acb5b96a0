"""The reconciler finds what was broken by hand; operators hold, retry and give up; a restore sends nothing twice."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now

from partnership.deadlines.models import Milestone
from partnership.deadlines.registrations import INVARIANTS
from partnership.notify import operating, reconciling, senders, watch
from partnership.notify.models import Alarm, Heartbeat, Hold, Notice, Outgoing
from partnership.notify.reconciling import reconcile, reconcile_when_due
from partnership.notify.relay import relay
from partnership.notify.telling import Told, tell
from partnership.trail.models import Event
from tests.notify.conftest import FakeSender, since_set_up

State = Outgoing.State
OLD = "now() - interval '26 hours'"


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def healthy(owed):
    """Everything sent, every loop beating, the world's own clocks swept long ago."""
    Milestone.objects.filter(state="pending", fire_at__lte=Now()).update(state="suppressed", why="told")
    owed(2)
    relay(sender=FakeSender())
    for loop in watch.expected_loops():
        watch.beat(loop.name)


def broken():
    return {code for code, count in reconcile().items() if count}


def test_what_is_whole_raises_no_alarm(healthy):
    assert broken() == set()
    assert not Alarm.objects.exists()


BREAKS = {
    "notice_without_mail": "UPDATE notify_notice SET outgoing_id = NULL",
    "notice_left_behind": "UPDATE notify_outgoing SET state = 'cancelled', last_error = 'merged'",
    "notice_after_mail": f"UPDATE notify_outgoing SET accepted_at = {OLD}",
    "mail_without_notice": "UPDATE notify_notice SET by_mail = 'off', outgoing_id = NULL;"
    " UPDATE notify_outgoing SET state = 'queued'",
    "lease_too_old": "UPDATE notify_outgoing SET state = 'leased', lease_token = gen_random_uuid(),"
    f" lease_until = {OLD}",
    "state_unread": "UPDATE notify_outgoing SET state = 'parked'",
    "dead_unseen": f"UPDATE notify_outgoing SET state = 'dead', accepted_at = {OLD}",
    "hold_too_long": f"INSERT INTO notify_hold (id, since, reason) VALUES (gen_random_uuid(), {OLD}, 'Restored.')",
    "digest_not_made": "UPDATE notify_notice SET by_mail = 'digest', outgoing_id = NULL,"
    " created_at = now() - interval '9 days'",
    "heartbeats": f"UPDATE notify_heartbeat SET last_ok_at = {OLD} WHERE name = 'relay'",
}


@pytest.mark.parametrize("code", BREAKS)
def test_each_thing_that_breaks_is_found_and_its_alarm_closes_when_it_is_mended(healthy, code):
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT whole")
        cursor.execute(BREAKS[code])
    found = broken()
    if code == "digest_not_made":
        found -= {"mail_without_notice"}
    assert found == {code}
    (alarm,) = Alarm.objects.filter(closed_at=None)
    assert code in alarm.key
    assert watch.sort_of(alarm.what).advice
    raised = alarm.pk
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT whole")
    assert broken() == set()
    assert not Alarm.objects.filter(pk=raised, closed_at=None).exists()


def test_every_invariant_of_notices_is_broken_here():
    # tests/deadlines: test_invariants.py, test_rules_pages.py; tests/directory: test_leaving.py; tests/documents
    elsewhere = {
        *INVARIANTS,
        "calendar_ends",
        "sealed_folder_too_few",
        "return_of_a_closed_account",
        "file_waits",
        "file_unread",
        "action_orphaned_untold",  # tests/actions/test_orphans.py
    }
    assert set(reconciling._invariants) - elsewhere == set(BREAKS) - {"heartbeats"}


@pytest.mark.parametrize(
    "statement, parameters", [("SELECT id FROM no_such_table", list), ("SELECT 1 WHERE %s", lambda: [1 / 0])]
)
def test_a_check_that_cannot_be_run_is_an_alarm(healthy, monkeypatch, statement, parameters):
    bad = reconciling.Invariant("bad", "Bad", statement, parameters)
    monkeypatch.setattr(reconciling, "_invariants", {"bad": bad} | reconciling._invariants)
    assert reconcile() == dict.fromkeys(reconciling._invariants, 0) | {"bad": 1, "heartbeats": 0}
    assert Alarm.objects.get().what == "invariant_unchecked"


def test_the_command_ends_with_status_one_when_something_is_broken(healthy, capsys):
    call_command("reconcile")
    assert "0 broken" in capsys.readouterr().out
    sql("UPDATE notify_outgoing SET state = 'parked'")
    with pytest.raises(SystemExit):
        call_command("reconcile")
    assert "a state that no loop looks at" in capsys.readouterr().out


def test_the_reconciler_runs_once_an_hour_however_often_beat_is_restarted(healthy):
    sql("DELETE FROM notify_heartbeat WHERE name = 'reconcile'")
    assert reconcile_when_due()
    assert reconcile_when_due() == {}
    sql("UPDATE notify_heartbeat SET last_ok_at = now() - interval '61 minutes' WHERE name = 'reconcile'")
    assert reconcile_when_due()["heartbeats"] == 0


def test_there_is_one_hold_at_a_time_and_it_has_a_reason(world):
    with pytest.raises(ValidationError):
        operating.hold_sending(by=world.manager, reason=" ")
    operating.hold_sending(by=world.manager, reason="Restored.")
    with pytest.raises(ValidationError):
        operating.hold_sending(by=world.manager, reason="Again.")
    operating.release_sending(by=world.manager)
    with pytest.raises(ValidationError):
        operating.release_sending(by=world.manager)
    assert Event.objects.filter(verb__in=["sending_held", "sending_released"]).count() == 2


def dead(owed):
    rows = owed(3)
    Outgoing.objects.update(state=State.DEAD, first_tried_at=Now(), attempts=3)
    for row in rows:
        watch.raise_alarm(f"dead:{row.pk}", "letter_dead", outgoing=row.pk)
    return rows


def test_dead_letters_are_retried_one_by_one_or_all_and_their_alarms_close(owed, world):
    rows = dead(owed)
    operating.retry(rows[0], by=world.manager)
    assert Alarm.objects.filter(closed_at=None).count() == 2
    operating.give_up(rows[1], by=world.manager, reason="told")
    assert operating.retry_all(by=world.manager) == 1
    assert not Alarm.objects.exclude(closed_by=world.manager).exists(), "each says who closed it"
    states = dict(Outgoing.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == [State.QUEUED, State.DEAD, State.QUEUED]


def test_a_letter_that_nobody_has_to_decide_about_is_left_alone(owed, world):
    (row,) = owed()
    for deed in (operating.retry, lambda row, by: operating.give_up(row, by=by, reason="told")):
        with pytest.raises(ValidationError):
            deed(row, by=world.manager)


def test_after_a_restore_nothing_leaves_before_it_is_released_and_what_had_left_is_not_sent_again(owed, world, capsys):
    rows = owed(3)
    known = {rows[0].provider_ref: senders.DELIVERED}
    monkey = FakeSender(can_be_asked=True, known=known)
    operating.hold_sending(by=None, reason="Restored.")
    assert operating.settle_sent(sender=monkey) == 1
    assert relay(sender=monkey) == {}
    assert sum(row["number"] for row in operating.would_be_sent()) == 2
    operating.release_sending(by=None)
    assert relay(sender=monkey) == {"accepted": 2}


def test_the_commands_after_a_restore(owed, capsys):
    owed(2)
    call_command("post_restore")
    assert "2 emails leave when sending is released" in capsys.readouterr().out
    call_command("post_restore")  # twice is harmless
    assert Hold.objects.count() == 1
    call_command("relay_outbox", once=True)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {State.QUEUED}
    call_command("release_sending")
    call_command("relay_outbox", once=True)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_a_portal_that_was_just_set_up_has_no_late_loop(db):
    since_set_up(timedelta(seconds=30))
    assert watch.stale() == []


def test_a_loop_that_never_ran_is_as_late_as_one_that_stopped(db):
    since_set_up(timedelta(days=1))
    assert {loop.name for loop in watch.stale()} == {loop.name for loop in watch.expected_loops()}
    watch.beat("relay")
    assert "relay" not in {loop.name for loop in watch.stale()}
    assert Heartbeat.objects.count() == 1


def test_somebody_who_is_gone_raises_one_alarm_and_no_notice(world, kind):
    kind(statutory=True)
    assert tell("due", [Told("one", uuid.uuid4(), world.ours.review.pk)]) == 0
    assert not Notice.objects.exists()
    assert Alarm.objects.get().what == "recipient_gone"


def test_the_health_check_ends_with_status_one_while_a_loop_that_was_asked_for_stands_still(db, capsys):
    for loop in watch.expected_loops():
        watch.beat(loop.name)
    call_command("beating")
    sql(f"UPDATE notify_heartbeat SET last_ok_at = {OLD} WHERE name = 'relay'")
    call_command("beating", "sweep", "digest")
    assert capsys.readouterr().out == ""
    for asked in ([], ["relay", "sweep"]):
        with pytest.raises(SystemExit) as ended:
            call_command("beating", *asked)
        assert ended.value.code == 1
        assert capsys.readouterr().out == "Sending of email: no sign of life for 10 minutes.\n"
    with pytest.raises(CommandError, match="no loop relais"):
        call_command("beating", "relais")


def test_an_operator_at_the_machine_holds_sending_once_and_with_a_reason(owed, capsys):
    owed()
    with pytest.raises(CommandError, match="Say why"):
        call_command("hold_sending", reason=" ")
    call_command("hold_sending", reason="The mail server is being moved.")
    assert "Sending is held." in capsys.readouterr().out
    assert relay(sender=FakeSender()) == {}
    with pytest.raises(CommandError, match="held already"):
        call_command("hold_sending", reason="Again.")
