"""What the reconciler knows of clocks: each thing that may never be is made by hand, found, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from partnership.deadlines import services
from partnership.deadlines.registrations import INVARIANTS
from partnership.deadlines.sweep import sweep
from partnership.notify import watch
from partnership.notify.reconciling import reconcile
from partnership.notify.relay import relay
from tests.deadlines.clocks import due_now, make_case
from tests.notify.conftest import FakeSender
from tests.notify.conftest import due_now as mail_due_now

CLOCK = "WHERE id = (SELECT id FROM deadlines_deadline WHERE status = 'open' ORDER BY id LIMIT 1)"
BREAKS = {
    "milestone_forgotten": "UPDATE deadlines_milestone SET fire_at = now() - interval '1 hour' WHERE id ="
    " (SELECT id FROM deadlines_milestone WHERE state = 'pending' ORDER BY fire_at DESC LIMIT 1)",
    "fired_without_notice": "UPDATE notify_notice SET key = 'x' || key WHERE key LIKE 'milestone:%'",
    "suppressed_without_reason": "UPDATE deadlines_milestone SET state = 'suppressed', why = '' WHERE state = 'fired'",
    "clock_without_days": "UPDATE deadlines_milestone SET state = 'suppressed', why = 'x' WHERE state = 'pending'",
    "day_of_an_ended_clock": f"UPDATE deadlines_deadline SET status = 'met', met_at = now() {CLOCK}",
    "replaced_by_nothing": "UPDATE deadlines_deadline SET supersedes_id = NULL",
    "milestone_in_no_state": "UPDATE deadlines_milestone SET state = 'parked' WHERE state = 'fired'",
    "clock_of_a_closed_account": "UPDATE deadlines_deadline SET owner_id = started_by_id WHERE status = 'open';"
    " UPDATE people_user SET closed_at = now() WHERE id IN"
    " (SELECT owner_id FROM deadlines_deadline WHERE status = 'open')",
    "clock_in_no_state": "UPDATE deadlines_deadline SET status = 'parked' WHERE status = 'superseded'",
}


@pytest.fixture
def healthy(db):
    """A clock that runs, one that was met, one that was replaced; what was due is told, and its emails have left."""
    case = make_case()
    lead = case.people["lead"]
    due_now(case.clock(), "requests_out")
    services.meet(case.clock(code="local_review_published"), by=lead)
    paused = case.clock(code="subject_access")
    services.pause(paused, by=lead, reason="Proof of identity was asked for")
    services.resume(paused, by=lead, on=timezone.localdate() + timedelta(days=3))
    sweep()
    mail_due_now()
    relay(sender=FakeSender())
    for loop in watch.expected_loops():
        watch.beat(loop.name)


def broken() -> set:
    return {code for code, count in reconcile().items() if count}


def test_what_is_whole_breaks_nothing(healthy):
    assert broken() == set()


@pytest.mark.parametrize("code", BREAKS)
def test_each_thing_that_breaks_is_found(healthy, code):
    with connection.cursor() as cursor:
        cursor.execute(BREAKS[code])
        assert cursor.rowcount
    assert broken() == {code}


def test_every_invariant_of_clocks_is_broken_here():
    assert set(BREAKS) == set(INVARIANTS)
