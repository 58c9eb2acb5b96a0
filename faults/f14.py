"""F14: the sweeping machine's clock is two hours wrong, either way. It refuses and says so; the right one tells."""

from faults.riding import TOLD_EACH, rides, settle, shifted
from partnership.notify.models import Alarm

CLOCKS, HOURS = 20, 2


def run(machine):
    for hours in (HOURS, -HOURS):
        for ride in rides(machine, 5):
            yield wrong_clock(ride, hours)


def wrong_clock(ride, hours):
    ride.come(ride.clocks(CLOCKS))
    code = ride.sweep_once(**shifted(hours * 3600))
    wrong = [] if code else ["the sweep did not refuse"]
    if ride.notices():
        wrong.append(f"{ride.notices()} notices by a wrong clock")
    if not Alarm.objects.filter(what="clocks_differ", closed_at=None).exists():
        wrong.append("no alarm")
    settle(ride)
    if Alarm.objects.filter(what="clocks_differ", closed_at=None).exists():
        wrong.append("the alarm did not close")
    return ride.ride_line("F14", f"this machine's clock {hours:+} hours", CLOCKS * TOLD_EACH, wrong=wrong)
