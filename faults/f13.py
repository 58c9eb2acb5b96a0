"""F13: relays that stand still past their lease: before they gather, before or after they sent. They wake, and must
send nothing, write nothing, and take nothing into a letter that somebody else has sent meanwhile."""

import signal
import time
from contextlib import ExitStack

from faults.kinds import LAW
from faults.machine import wait_until
from faults.post import Post
from partnership.notify.relay import LEASE_SECONDS

POINTS = ("after_claim", "before_send", "after_send")


def run(machine):
    for kind in ("smtp", "notify"):
        with machine.scratch() as scratch:
            post = Post(machine, scratch, machine.provider(kind), len(POINTS))
            told = post.tell(LAW)
            asleep = []
            for point in POINTS:
                relay = post.relay(once=True, failpoint=f"{point}=stop@1")
                wait_until(lambda process=relay: stands_still(process), seconds=60, what="a relay that stands still")
                asleep.append(relay)
            # The lease in its full length: the sleeper's own clock must tell it that it is late.
            time.sleep(LEASE_SECONDS + 2)
            post.relay(once=True).wait(60)
            told += post.tell(LAW, key="two")
            for relay in asleep:
                relay.send_signal(signal.SIGCONT)
                relay.wait(60)
            post.drain(relays=1)
            # What had left before it stopped cannot be known over plain SMTP, so it is sent again.
            line = post.line("F13", "three stopped past their lease", told, most_twice=int(kind == "smtp"))
            line.lost = max(line.lost, post.untold(told))
            yield line


def stands_still(process) -> bool:
    with ExitStack() as stack:
        status = stack.enter_context(open(f"/proc/{process.pid}/stat"))
        return status.read().rpartition(")")[2].split()[0] == "T"
