"""The relay as a long-running service, or once from a timer."""

import signal
import threading

from django.core.management import BaseCommand
from django.db import close_old_connections, connection

from partnership.notify.digest import make_digests_or_say_so
from partnership.notify.relay import SENDER_DOWN, follow_up, relay
from partnership.notify.watch import DATABASE_AWAY

POLL_SECONDS = 2
# After a closed door, or a database that is away.
REST_SECONDS = 20
FOLLOW_UP_EVERY = 30


class Command(BaseCommand):
    help = "Send what the outbox owes. Runs until SIGTERM, which lets the letter in hand be finished."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, and end")

    def handle(self, *args, once, **options):
        ending = threading.Event()
        before = {each: signal.signal(each, lambda *_: ending.set()) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.run(ending, once)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def run(self, ending, once):
        passes = 0
        while not ending.is_set():
            rest = self.one_pass(ending, ask=once or passes % FOLLOW_UP_EVERY == 0)
            passes += 1
            if once:
                return
            ending.wait(rest)

    def one_pass(self, ending, *, ask) -> float:
        """Returns for how many seconds to rest. A database that goes away ends the pass, not the service."""
        try:
            if not connection.in_atomic_block:
                close_old_connections()
            done = relay(stop=ending.is_set)
            if ask and not ending.is_set():
                follow_up()
            make_digests_or_say_so()
            return REST_SECONDS if done[SENDER_DOWN] else POLL_SECONDS
        except DATABASE_AWAY as error:
            self.stderr.write(f"The database does not answer ({type(error).__name__}); tried again soon.")
            connection.close()
            return POLL_SECONDS
