"""F10: nights and days on which dates go wrong, with the clocks of the database and of the processes moved there.

Nothing fires at 8:29, everything at 8:31, once, on the day that a person counted by hand.
"""

from datetime import date, datetime, time, timedelta

import time_machine

from faults.riding import LONDON, OtherTime, rides
from partnership.deadlines import calendars, services
from partnership.deadlines.models import Division
from partnership.deadlines.working_days import Holiday

LAST = "sent"  # the review's last day, 8:30
# what -> (day 0, the last day of fifteen working days by hand, a bank holiday announced a week before it)
DAYS = {
    "Easter and the clocks go forward": (date(2027, 3, 8), date(2027, 3, 31), None),
    "the clocks go back": (date(2027, 10, 18), date(2027, 11, 8), None),
    "Christmas on a Saturday, 31 December to 4 January": (date(2027, 12, 17), date(2028, 1, 12), None),
    "29 February": (date(2028, 2, 8), date(2028, 2, 29), None),
    "a bank holiday announced while the days run": (date(2027, 6, 7), date(2027, 6, 29), date(2027, 6, 21)),
}


def run(machine):
    for what, (began, due, holiday) in DAYS.items():
        for ride in rides(machine, 1, ["notify"]):
            yield on(ride, what, began, due, holiday)


def announced(other, clock, holiday):
    """The clock that stands once this day was made a bank holiday, a week before it."""
    at = datetime.combine(holiday - timedelta(days=7), time(12), tzinfo=LONDON)
    other.become(at)
    day = Holiday(holiday, "One-off bank holiday", at.date(), source="A proclamation")
    with time_machine.travel(at):
        calendars.change(Division.ENGLAND_AND_WALES, add=[day], by=None, reason="Proclaimed today", on=at.date())
        return services.newest(clock)


def on(ride, what, began, due, holiday):
    other = OtherTime(ride.scratch)
    trigger = datetime.combine(began, time(10), tzinfo=LONDON)
    other.become(trigger)
    with time_machine.travel(trigger):
        (clock,) = ride.clocks(1, trigger=trigger)
    if holiday:
        clock = announced(other, clock, holiday)
    wrong = [] if clock.due_on == due else [f"due on {clock.due_on}, by hand {due}"]
    at = datetime.combine(due, time(8, 30), tzinfo=LONDON)
    wrong += [f"ended with {code}" for code in [ride.sweep_once(**other.become(at - timedelta(minutes=1)))] if code]
    before = ride.fired(LAST)
    for _ in range(2):
        code = ride.sweep_once(**other.become(at + timedelta(minutes=1)))
        wrong += [f"ended with {code}"] * bool(code)
    if (before, ride.fired(LAST)) != (0, 1):
        wrong.append(f"told {before} times before 8:30, {ride.fired(LAST)} times after it")
    relay = ride.relay_at(other.environment)
    ride.empty()
    ride.stop([relay])
    return ride.ride_line("F10", what, ride.notices(), wrong=wrong)
