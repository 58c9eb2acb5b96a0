"""F19: F1 by another luck each time, for FAULTS_MINUTES (1 if nothing is said; 10 at night). It says its seed."""

import os
import random
import time

from faults.riding import TOLD_EACH, rides, storm

CLOCKS, KILLS = 200, 15


def run(machine):
    ends = time.monotonic() + 60 * float(os.environ.get("FAULTS_MINUTES", "1"))
    first = True
    while first or time.monotonic() < ends:
        first = False
        seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**9))
        for ride in rides(machine):
            killed, note = storm(ride, clocks=CLOCKS, kills=KILLS, seed=seed)
            allowed = 0 if ride.provider.can_be_asked else killed
            note += f", FAULTS_SEED={seed}"
            what = f"{KILLS} kills -9 at random"
            yield ride.ride_line("F19", what, CLOCKS * TOLD_EACH, most_twice=allowed, note=note)
