"""Two real connections: a clock is moved while a sweep tells of one of its days."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.deadlines import services, telling
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.sweep import sweep
from partnership.notify.models import Notice
from tests.deadlines.clocks import due_now, make_case


@pytest.mark.usefixtures("committed")
def test_a_day_that_is_told_while_the_clock_is_moved_is_not_told_again(at_once, monkeypatch):
    case = make_case()
    clock = case.clock(trigger=timezone.now() - timedelta(days=1))
    due_now(clock, "requests_out")
    claimed, moving = threading.Event(), threading.Event()
    real = telling.tell_of

    def tells_slowly(rows, recipients):
        claimed.set()
        moving.wait(timeout=1.5)  # the move waits for the days that this sweep holds
        return real(rows, recipients)

    def move():
        claimed.wait(timeout=10)
        earlier = clock.trigger_at - timedelta(days=7)
        return services.move(clock, by=case.people["lead"], reason="Typed wrongly", trigger=earlier)

    monkeypatch.setattr(telling, "tell_of", tells_slowly)
    swept, moved = at_once(sweep, move)
    assert swept.fired == 1 and isinstance(moved, Deadline), (swept, moved)
    day = Milestone.objects.get(deadline=moved, code="requests_out")
    assert (day.state, day.why) == ("suppressed", "told")
    sweep()
    ids = Milestone.objects.filter(code="requests_out").values_list("pk", flat=True)
    keys = [f"milestone:{pk}" for pk in ids]
    assert Notice.objects.filter(key__in=keys).values("recipient_id").distinct().count() == 2
    assert Notice.objects.filter(key__in=keys).count() == 2
