"""F12: the disk of the write-ahead log fills up while everything runs, so that PostgreSQL dies; then it has room again.

A limit on the size of files stands for the full disk: PostgreSQL gets an error from the same call in mid-work.
"""

import contextlib
import resource
import time

from django.db import connection, connections

from faults.machine import wait_until
from faults.riding import TOLD_EACH, rides, settle, wait_for_start
from partnership.embedded.errors import EmbeddedError

CLOCKS = 200
SEGMENT = 16 * 1024 * 1024
ROOM = 500 * 1024  # what may still be written; telling these clocks needs more


def run(machine):
    for ride in rides(machine):
        yield full(machine, ride)


def full(machine, ride):
    rows = ride.clocks(CLOCKS)
    running = [ride.sweeper(), ride.relay(), ride.relay()]
    wait_for_start()
    ride.come(rows, seconds=8)  # by then the server is there again
    restart_with_little_room(machine)
    connections.close_all()
    with contextlib.suppress(AssertionError):
        wait_until(lambda: machine.postgres.process.poll() is not None or crashed(machine), seconds=30, what="a crash")
    died = crashed(machine)
    time.sleep(2)
    gone = [child.returncode for child in running if child.poll() is not None]
    machine.crash_postgres()
    machine.postgres.start()
    for child in running:
        child.kill()
        child.wait()
    before = ride.notices()
    settle(ride)
    wrong = [f"processes ended with {gone}"] * bool(gone) + ["the disk was never full"] * (not died)
    allowed = 0 if ride.provider.can_be_asked else 2
    note = f"{before} notices had been written"
    return ride.ride_line("F12", "no room for the log", CLOCKS * TOLD_EACH, most_twice=allowed, wrong=wrong, note=note)


def restart_with_little_room(machine):
    """Only the server inherits the limit; ours is put back at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mod(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), %s)", [SEGMENT])
        written = int(cursor.fetchone()[0])
    connections.close_all()
    machine.postgres.stop()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(written + ROOM, SEGMENT - ROOM), hard))
    try:
        machine.postgres.start()
    except EmbeddedError as error:
        raise AssertionError(f"the server did not start with little room: {error}") from None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def crashed(machine) -> bool:
    log = (machine.places.home / "postgres.log").read_text(errors="replace")
    return "PANIC" in log or "File too large" in log
