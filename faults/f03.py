"""F3: the broker is flushed and then gone for the whole run; F1 holds all the same."""

import redis

from faults.riding import TOLD_EACH, rides, storm

CLOCKS, KILLS, SEED = 300, 12, 3


def run(machine):
    redis.Redis.from_url(machine.valkey.addresses()["REDIS_URL"]).flushall()
    machine.valkey.stop()
    try:
        for ride in rides(machine):
            killed, note = storm(ride, clocks=CLOCKS, kills=KILLS, seed=SEED)
            allowed = 0 if ride.provider.can_be_asked else killed
            what = f"no broker, {KILLS} kills -9"
            yield ride.ride_line("F3", what, CLOCKS * TOLD_EACH, most_twice=allowed, note=note)
    finally:
        machine.valkey.start()
