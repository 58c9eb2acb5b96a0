"""F1: sweepers and relays are killed at random, fifty times, while a thousand clocks come due; each has two to tell."""

from faults.riding import TOLD_EACH, rides, storm

CLOCKS, KILLS, SEED = 1000, 50, 20261122


def run(machine):
    for ride in rides(machine):
        killed, note = storm(ride, clocks=CLOCKS, kills=KILLS, seed=SEED)
        allowed = 0 if ride.provider.can_be_asked else killed
        yield ride.ride_line("F1", f"{KILLS} kills -9", CLOCKS * TOLD_EACH, most_twice=allowed, note=note)
