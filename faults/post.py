"""Letters that are owed, relays that send them, and the count of what became of them."""

import json
import signal
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, connections

from faults.machine import Machine, Provider, wait_until
from partnership.notify.telling import Told, tell
from partnership.people.models import Agency, Membership, Partnership, User
from partnership.people.roles import Role

BATCH = 50


@dataclass
class Line:
    """One line of the result. most_twice: how many letters may have been sent twice (SMTP cannot be asked)."""

    fault: str
    what: str
    tried: int
    lost: int
    recorded_twice: int
    sent_twice: int
    most_twice: int = 0
    note: str = ""
    wrong: list = field(default_factory=list)

    def problems(self) -> list:
        found = list(self.wrong)
        if self.lost:
            found.append(f"{self.lost} lost")
        if self.recorded_twice:
            found.append(f"{self.recorded_twice} recorded twice")
        if self.sent_twice > self.most_twice:
            found.append(f"{self.sent_twice} sent twice, at most {self.most_twice} allowed")
        return found


class Post:
    """A scratch database with people in it, a provider, and relays between them."""

    def __init__(self, machine: Machine, scratch: str, provider: Provider, people: int, role=Role.BOARD_MEMBER):
        self.machine, self.scratch, self.provider = machine, scratch, provider
        self.people = make_people(people, role)
        self.agency = Agency.objects.create(slug="fault", name="An organisation", kind="provider")

    # --- telling ---------------------------------------------------------------------------------------------------

    def tell(self, kind, people=None, key="one") -> int:
        """One letter for each person, due at once."""
        people = self.people if people is None else people
        told = 0
        for start in range(0, len(people), BATCH):
            batch = people[start : start + BATCH]
            told += tell(kind, [Told(key, pk, self.agency.pk) for pk in batch])
        self.hurry()
        return told

    def hurry(self, leases=False):
        """Whatever waits is due now; with `leases`, those of dead relays are over."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE notify_outgoing SET next_attempt_at = now() WHERE state = 'queued'")
            if leases:
                cursor.execute(
                    "UPDATE notify_outgoing SET lease_until = now() - interval '1 second' WHERE state = 'leased'"
                )

    # --- relays ----------------------------------------------------------------------------------------------------

    def relay(self, *, once=False, failpoint=""):
        command = ["manage.py", "relay_outbox", *(["--once"] if once else [])]
        more = {"PORTAL_FAILPOINT": failpoint} if failpoint else {}
        return self.machine.start(command, scratch=self.scratch, **self.provider.environment, **more)

    def drain(self, *, relays=2, seconds=120):
        """Relays until nothing waits; what was put off is hurried on."""
        running = [self.relay() for _ in range(relays)]

        def done():
            self.hurry()
            return not self.states()["queued"] and not self.states()["leased"]

        wait_until(done, seconds=seconds, what="an empty outbox")
        self.stop(running)

    def stop(self, running):
        for child in running:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in running:
            child.wait(60)

    # --- counting --------------------------------------------------------------------------------------------------

    def states(self) -> Counter:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state, count(*) FROM notify_outgoing GROUP BY state")
            return Counter(dict(cursor.fetchall()))

    def delivered(self) -> Counter:
        """provider_ref -> how often it arrived."""
        lines = self.provider.deliveries.read_text().splitlines()
        return Counter(json.loads(line)["ref"] for line in lines)

    def letters(self) -> dict:
        """provider_ref -> state, last error, whether an alarm is open about it."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT provider_ref, state, last_error, EXISTS (
                    SELECT 1 FROM notify_alarm alarm WHERE alarm.key = 'dead:' || mail.id AND alarm.closed_at IS NULL)
                FROM notify_outgoing mail
                """
            )
            return {ref: (state, error, alarm) for ref, state, error, alarm in cursor.fetchall()}

    def lost(self) -> int:
        """Letters that did not arrive and that nobody would miss: not waiting, no alarm, not taken back on purpose."""
        arrived = self.delivered()
        return sum(
            1
            for ref, (state, _, alarm) in self.letters().items()
            if not arrived[ref] and not (state in ("queued", "leased", "cancelled") or (state == "dead" and alarm))
        )

    def untold(self, expected) -> int:
        """Of `expected` notices, how many are missing or stand in a letter that did not arrive."""
        arrived = [ref for ref, times in self.delivered().items() if times]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*) FROM notify_notice notice JOIN notify_outgoing mail ON mail.id = notice.outgoing_id
                WHERE mail.provider_ref = ANY(%s)
                """,
                [arrived],
            )
            return expected - cursor.fetchone()[0]

    def recorded_twice(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) - count(DISTINCT (key, recipient_id)) FROM notify_notice")
            return cursor.fetchone()[0]

    def line(self, fault, what, tried, **more) -> Line:
        twice = sum(times - 1 for times in self.delivered().values())
        return Line(fault, f"{what}, {self.provider.kind}", tried, self.lost(), self.recorded_twice(), twice, **more)


def make_people(number, role=Role.BOARD_MEMBER) -> list:
    """So many people of this role with addresses; returns their ids. In few statements: a fault may ask for 24,000."""
    users = [User(email=f"person{n}@faults.example", name=f"Person {n}", password="!") for n in range(number)]
    User.objects.bulk_create(users, batch_size=5000)
    partnership = Partnership.objects.get()
    Membership.objects.bulk_create(
        [Membership(user=user, partnership=partnership, role=str(role)) for user in users],
        batch_size=5000,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return [user.pk for user in users]


def posts(machine, people, kinds=("smtp", "notify")):
    """A fresh Post for each kind of provider, one after the other."""
    for kind in kinds:
        with machine.scratch() as scratch:
            yield Post(machine, scratch, machine.provider(kind), people)
