"""F2: SIGTERM while a letter is being sent. The relay finishes it, says so and goes; nothing is sent twice."""

import signal

from faults.kinds import LAW
from faults.machine import wait_until
from faults.post import posts

LETTERS, STOPS = 40, 5


def run(machine):
    for post in posts(machine, LETTERS):
        yield stopped(post)


def stopped(post):
    post.tell(LAW)
    post.provider.mode("slow")
    codes = []
    for _ in range(STOPS):
        before = post.delivered().total()
        relay = post.relay()
        wait_until(lambda n=before: post.delivered().total() > n, seconds=60, what="a letter under way")
        relay.send_signal(signal.SIGTERM)
        codes.append(relay.wait(60))
    left_leased = post.states()["leased"]
    post.provider.mode("ok")
    post.drain()
    wrong = [f"ended with {codes}"] * any(codes) + [f"{left_leased} left leased"] * bool(left_leased)
    return post.line("F2", f"SIGTERM during {STOPS} sendings", LETTERS, wrong=wrong)
