"""F4, at the relay: PostgreSQL is stopped as by a crash and comes back; its connections are cut one by one."""

import time

from django.db import connection, connections

from faults.kinds import LAW
from faults.machine import wait_until
from faults.post import posts

LETTERS, CUTS = 60, 8


def run(machine):
    for post in posts(machine, LETTERS):
        yield crashed(machine, post)
    for post in posts(machine, LETTERS):
        yield cut(post)


def crashed(machine, post):
    post.tell(LAW)
    running = [post.relay(), post.relay()]
    wait_until(lambda: post.delivered().total() > 10, seconds=60, what="letters under way")
    connections.close_all()
    machine.crash_postgres()
    time.sleep(3)
    machine.postgres.start()
    time.sleep(3)
    gone = [child.returncode for child in running if child.poll() is not None]
    post.hurry(leases=True)
    post.drain(relays=1)
    post.stop(running)
    wrong = [f"relays ended with {gone}"] * bool(gone)
    return post.line("F4", "PostgreSQL crashed and came back", LETTERS, most_twice=doubles(post, 2), wrong=wrong)


def cut(post):
    post.tell(LAW)
    running = [post.relay(), post.relay()]
    wait_until(lambda: post.delivered().total() > 5, seconds=60, what="letters under way")
    for _ in range(CUTS):
        with connection.cursor() as cursor:  # as portal_web, who may end what is portal_web's
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() AND pid <> pg_backend_pid()"
            )
        time.sleep(0.3)
    post.hurry(leases=True)
    post.drain(relays=1)
    gone = [child.returncode for child in running if child.poll() not in (None, 0)]
    post.stop(running)
    wrong = [f"relays ended with {gone}"] * bool(gone)
    return post.line("F4", f"connections cut {CUTS} times", LETTERS, most_twice=doubles(post, 2 * CUTS), wrong=wrong)


def doubles(post, interrupted) -> int:
    """Whoever cannot ask may send again what was under way, once an interruption and relay."""
    return 0 if post.provider.can_be_asked else interrupted
