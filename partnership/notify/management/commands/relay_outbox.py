"""The relay as a long-running service, or once from a timer."""

import math
import signal
import threading
import time

from django.core.management import BaseCommand
from django.db import close_old_connections, connection

from partnership.notify.digest import make_digests_or_say_so
from partnership.notify.relay import SENDER_DOWN, follow_up, relay
from partnership.notify.senders import sender
from partnership.notify.watch import DATABASE_AWAY

POLL_SECONDS = 2
# After a closed door, or a database that is away.
REST_SECONDS = 20
MINUTE = 60


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
        carrier = sender()
        minute = -math.inf
        while not ending.is_set():
            new_minute = time.monotonic() - minute > MINUTE
            if new_minute:
                minute = time.monotonic()
            rest = self.one_pass(ending, carrier, more=new_minute)
            if once:
                return
            ending.wait(rest)

    def one_pass(self, ending, carrier, *, more) -> float:
        """Returns for how many seconds to rest. A database that goes away ends the pass, not the service.

        more: what need not be done at every pass too.
        """
        try:
            if not connection.in_atomic_block:
                close_old_connections()
            done = relay(stop=ending.is_set, sender=carrier)
            if more and not ending.is_set():
                follow_up(sender=carrier)
                make_digests_or_say_so()
            return REST_SECONDS if done[SENDER_DOWN] else POLL_SECONDS
        except DATABASE_AWAY as error:
            self.stderr.write(f"The database does not answer ({type(error).__name__}); tried again soon.")
            connection.close()
            return POLL_SECONDS
