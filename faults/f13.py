"""F13: a relay that stands still past its lease, before or after it sent, and wakes. It must send and write nothing."""

import signal
import time
from contextlib import ExitStack

from faults.kinds import LAW
from faults.machine import wait_until
from faults.post import Post
from partnership.notify.relay import LEASE_SECONDS

VARIANTS = [(kind, point) for kind in ("smtp", "notify") for point in ("before_send", "after_send")]


def run(machine):
    for kind, point in VARIANTS:
        with machine.scratch() as scratch:
            post = Post(machine, scratch, machine.provider(kind), 1)
            post.tell(LAW)
            relay = post.relay(once=True, failpoint=f"{point}=stop")
            wait_until(lambda process=relay: stands_still(process), seconds=60, what="a relay that stands still")
            # The lease in its full length: the sleeper's own clock must tell it that it is late.
            time.sleep(LEASE_SECONDS + 2)
            post.relay(once=True).wait(60)
            relay.send_signal(signal.SIGCONT)
            relay.wait(60)
            post.drain(relays=1)
            # What had left before it stopped cannot be known over plain SMTP, so it is sent again.
            allowed = 1 if (kind, point) == ("smtp", "after_send") else 0
            yield post.line("F13", f"stopped {point.replace('_', ' ')} past its lease", 1, most_twice=allowed)


def stands_still(process) -> bool:
    with ExitStack() as stack:
        status = stack.enter_context(open(f"/proc/{process.pid}/stat"))
        return status.read().rpartition(")")[2].split()[0] == "T"
