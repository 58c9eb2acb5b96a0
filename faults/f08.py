"""F8: killed between the provider's yes and our UPDATE, again and again."""

from faults.kinds import LAW
from faults.post import posts

LETTERS, KILLS = 30, 6


def run(machine):
    for post in posts(machine, LETTERS):
        post.tell(LAW)
        for _ in range(KILLS):
            relay = post.relay(failpoint="after_send=kill@3")
            relay.wait(60)
            post.hurry(leases=True)  # as when the lease is over
        post.drain()
        # Whoever cannot ask sends again what was killed after it left: once a kill, and says so.
        allowed = 0 if post.provider.can_be_asked else KILLS
        yield post.line("F8", f"kill -9 after the provider's yes, {KILLS} times", LETTERS, most_twice=allowed)
