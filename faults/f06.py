"""F6: nothing ran for 26 hours of the database's time and ours. What was missed is caught up, and it is no storm."""

from datetime import datetime, timedelta

import time_machine
from django.db import connection

from faults.riding import LONDON, OtherTime, rides
from partnership.deadlines.models import Milestone

CLOCKS, FOLDERS = 60, 10
BEGAN = datetime(2026, 9, 7, 10, 0, tzinfo=LONDON)


def run(machine):
    for ride in rides(machine, FOLDERS):
        yield late(ride)


def late(ride):
    time = OtherTime(ride.scratch)
    time.become(BEGAN)
    with time_machine.travel(BEGAN):
        rows = ride.clocks(CLOCKS, trigger=BEGAN)
    due = rows[0].due_at
    # All that came before the outage was told; then 26 hours in which a reminder, the due date and an escalation come.
    environment = time.become(due - timedelta(hours=14))
    wrong = [f"the sweep ended with {code}" for code in [ride.sweep_once(**environment)] if code]
    before = ride.notices()
    environment = time.become(due + timedelta(hours=12))
    wrong += [f"the sweep ended with {code}" for code in [ride.sweep_once(**environment)] if code]
    fired = ride.notices() - before
    letters = most_letters_a_person()
    relay = ride.relay_at(environment)
    ride.empty()
    ride.stop([relay])
    if letters > 1:
        wrong.append(f"{letters} emails to one person")
    if not fired:
        wrong.append("nobody was told after the outage")
    if missing := escalations_left():
        wrong.append(f"{missing} escalations were not told")
    note = f"{fired} notices after it, {passed_over()} reminders overtaken"
    return ride.ride_line("F6", "26 hours late", ride.notices(), wrong=wrong, note=note)


def most_letters_a_person() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM notify_outgoing GROUP BY recipient_id) each")
        return cursor.fetchone()[0] or 0


def escalations_left() -> int:
    rows = Milestone.objects.unscoped("the faults count").exclude(level="owner")
    return rows.filter(state="pending", fire_at__lte=_now()).count()


def passed_over() -> int:
    return Milestone.objects.unscoped("the faults count").filter(state="suppressed", why="catch_up").count()


def _now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]
