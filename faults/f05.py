"""F5: two beats with their workers, two timers and eight sweepers at once, and four relays. Nobody is told twice."""

from faults.machine import wait_until
from faults.riding import TOLD_EACH, rides, wait_for_start

CLOCKS, WAVES = 400, 4


def run(machine):
    for ride in rides(machine):
        yield together(ride)


def together(ride):
    rows = ride.clocks(CLOCKS)
    start = ride.machine.start
    sends = ride.provider.environment
    sweepers = [ride.sweeper() for _ in range(8)]
    relays = [ride.relay() for _ in range(4)]
    beats = [
        start(
            ["-W", "ignore", "-m", "celery", "-q", "-A", "partnership", "worker", "-B", "--concurrency", "1",
             "-n", f"faults{n}", "-s", str(ride.machine.folder / f"{ride.scratch}-{n}")],
            scratch=ride.scratch, **sends,
        )
        for n in range(2)
    ]  # fmt: skip
    wait_for_start()
    size = CLOCKS // WAVES
    for wave in range(WAVES):
        ride.come(rows[wave * size : (wave + 1) * size])
        timers = [start(["manage.py", "sweep_deadlines"], scratch=ride.scratch, **sends) for _ in range(2)]
        codes = [timer.wait(120) for timer in timers]
        ride.hurry()
    wait_until(lambda: not ride.pending(), seconds=60, what="a swept table")
    ride.drain(relays=1)
    ride.stop([*sweepers, *relays, *beats])
    wrong = [f"timers ended with {codes}"] * any(codes)
    return ride.ride_line("F5", "8 sweepers, 2 beats, 2 timers, 4 relays", CLOCKS * TOLD_EACH, wrong=wrong)
