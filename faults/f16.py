"""F16: 24,000 invitations are queued at once; an escalation that comes after them leaves within a minute."""

import time

from faults.kinds import INVITATION, LAW
from faults.machine import wait_until
from faults.post import posts
from partnership.notify.telling import Told, tell

INVITATIONS, SECONDS = 24_000, 60


def run(machine):
    for post in posts(machine, INVITATIONS + 1):
        yield behind(post)


def behind(post):
    *invited, escalated = post.people
    post.tell(INVITATION, invited)
    running = [post.relay(), post.relay()]
    wait_until(lambda: post.delivered().total() > 20, seconds=120, what="invitations under way")
    began = time.monotonic()
    tell(LAW, [Told("escalation", escalated, post.agency.pk)])
    address = f"person{INVITATIONS}@"
    arrived = lambda: address in post.provider.deliveries.read_text()  # noqa: E731
    wait_until(arrived, seconds=SECONDS + 30, what="the escalation")
    seconds = round(time.monotonic() - began, 1)
    sent = post.delivered().total() - 1
    post.stop(running)
    wrong = [] if seconds <= SECONDS else [f"it took {seconds} seconds"]
    note = f"left after {seconds} s; {sent} invitations had left"
    # Those still queued are not lost; what left is counted.
    return post.line("F16", "one escalation behind 24,000", INVITATIONS + 1, wrong=wrong, note=note)
