"""Clocks whose day has come, and the loops that tell of it."""

import contextlib
import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection, connections, transaction
from django.db.models import Count
from django.utils import timezone

from faults.machine import wait_until
from faults.post import Post
from partnership.access import services as access
from partnership.access.models import FolderKind
from partnership.deadlines import services
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.people.models import Partnership, User
from partnership.people.roles import Role

HERE = Path(__file__).resolve().parent
LONDON = ZoneInfo("Europe/London")
STEP = "requests_out"  # a step of the rapid review that its lead and its officer are told of
TOLD_EACH = 2
STARTED_SECONDS = 4  # Python and Django on a busy machine


class Ride(Post):
    """A scratch database with sealed folders, two people on each, and clocks of the rapid review in them."""

    def __init__(self, machine, scratch, provider, folders=50):
        super().__init__(machine, scratch, provider, 2 * folders, role=Role.BUSINESS_UNIT)
        self.folders = []
        users = list(User.objects.filter(pk__in=self.people).order_by("email"))
        for lead, officer in zip(users[::2], users[1::2], strict=True):
            self.folders.append(self.folder(lead, officer))
        with connection.cursor() as cursor:  # let in for ever: a fault may go to another year
            cursor.execute("UPDATE access_foldergrant SET starts = '2000-01-01'")

    def folder(self, lead, officer):
        folder = access.open_folder(
            kind=FolderKind.REVIEW, title="A review", partnership=Partnership.objects.get(), by=None, sealed=True
        )
        for user, role in ((lead, Role.CASE_LEAD), (officer, Role.CASE_OFFICER)):
            access.grant(folder, user, role, by=None, reason="Under test")
        return folder

    def clocks(self, number, *, trigger=None) -> list:
        """So many clocks, spread over the folders; none of their days has come yet."""
        trigger = trigger or timezone.now()
        with transaction.atomic():
            return [
                services.start(RAPID_REVIEW, by=None, folder=self.folders[n % len(self.folders)], trigger=trigger)
                for n in range(number)
            ]

    def come(self, clocks, code=STEP, seconds=-1):
        """As though the day of this step had just come for these clocks, or comes in so many seconds."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE deadlines_milestone SET fire_at = now() + make_interval(secs => %s)"
                " WHERE code = %s AND deadline_id = ANY(%s::uuid[])",
                [seconds, code, [clock.pk for clock in clocks]],
            )

    def sweeper(self, **environment):
        """The sweep without a pause, again and again: what beat and timers wake once a minute."""
        return self.machine.start(
            ["faults/sweeper.py"], scratch=self.scratch, **self.provider.environment, **environment
        )

    def sweep_once(self, **environment) -> int:
        """The exit status of `manage.py sweep_deadlines`."""
        command = ["manage.py", "sweep_deadlines"]
        return self.machine.start(command, scratch=self.scratch, **self.provider.environment, **environment).wait(120)

    def relay_at(self, environment):
        """A relay at another moment."""
        return self.machine.start(
            ["manage.py", "relay_outbox"], scratch=self.scratch, **self.provider.environment, **environment
        )

    def empty(self, seconds=90):
        """Hurry what waits until nothing does."""

        def done():
            self.hurry()
            states = self.states()
            return not states["queued"] and not states["leased"]

        wait_until(done, seconds=seconds, what="an empty outbox")

    def fired(self, code) -> int:
        return self.states_of_milestones().get((code, "fired"), 0)

    def pending(self, code=STEP) -> int:
        """How many days of this step have come and were not told yet."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM deadlines_milestone WHERE code = %s AND state = 'pending' AND fire_at <= now()",
                [code],
            )
            return cursor.fetchone()[0]

    def ride_line(self, fault, what, expected, **more):
        line = self.line(fault, what, expected, **more)
        line.lost = max(line.lost, self.untold(expected))
        line.recorded_twice = max(line.recorded_twice, self.notices() - expected)
        return line

    def notices(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notify_notice")
            return cursor.fetchone()[0]

    def states_of_milestones(self) -> dict:
        """(code, state) -> how many."""
        rows = Milestone.objects.unscoped("the faults count").order_by()
        counted = rows.values_list("code", "state").annotate(number=Count("pk"))
        return {(code, state): number for code, state, number in counted}


def rides(machine, folders=50, kinds=("smtp", "notify")):
    """A fresh Ride for each kind of provider, one after the other."""
    for kind in kinds:
        with machine.scratch() as scratch:
            yield Ride(machine, scratch, machine.provider(kind), folders)


def storm(ride, *, clocks, kills, seed, sweepers=2, relays=3) -> tuple[int, str]:
    """Clocks come due in waves while processes at work are killed at random.

    Returns how many relays were among the killed, and what was done by then in words. At the end everything runs once
    more, unharmed, until nothing waits.
    """
    luck = random.Random(seed)
    rows = ride.clocks(clocks)
    running = [[how, how()] for how in [ride.sweeper] * sweepers + [ride.relay] * relays]
    killed = 0
    size = -(-clocks // kills)
    for wave in range(kills):
        # Killing a process that has not begun proves nothing: one of each sort works, and one that works is killed.
        wait_until(lambda: {each[0] for each in at_work(ride, running)} == {ride.sweeper, ride.relay}, seconds=120,
                   what="a sweeper and a relay at work")  # fmt: skip
        ride.come(rows[wave * size : (wave + 1) * size])
        time.sleep(luck.uniform(0.02, 0.3))
        ride.hurry()
        time.sleep(luck.uniform(0.02, 0.3))
        victim = luck.choice(at_work(ride, running))
        killed += victim[0] == ride.relay
        victim[1].kill()
        victim[1].wait()
        victim[1] = victim[0]()
    note = f"{ride.notices()} told, {ride.delivered().total()} letters sent under the kills, {killed} of them of relays"
    for _, process in running:
        process.kill()
        process.wait()
    settle(ride)
    return killed, note


def at_work(ride, running) -> list:
    """Those that have begun: they hold a connection to the database."""
    port = ride.machine.postgres.port
    sockets = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].split(":")[1], 16) == port:
            sockets.add(f"socket:[{fields[9]}]")
    return [each for each in running if sockets & set(_files_of(each[1].pid))]


def _files_of(pid):
    for name in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            yield os.readlink(f"/proc/{pid}/fd/{name}")


def wait_for_start():
    time.sleep(STARTED_SECONDS)


def settle(ride, *, relays=2):
    """Everything runs unharmed until no day waits and no letter does."""
    sweeper = ride.sweeper()
    wait_until(lambda: not ride.pending(), seconds=120, what="a swept table")
    sweeper.send_signal(signal.SIGTERM)
    sweeper.wait(30)
    ride.hurry(leases=True)  # as when the lease is over
    ride.drain(relays=relays, seconds=180)


# --- another time ----------------------------------------------------------------------------------------------------


class OtherTime:
    """A scratch database, and the processes on it, at another moment.

    An unqualified now() finds ours before pg_catalog's by the role's search path; processes are shifted by
    faults/shifted.py, so that the portal's own check of its clock against the database's is content.
    """

    def __init__(self, scratch):
        self.seconds = 0.0
        names = ("now", "statement_timestamp", "clock_timestamp")
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE SCHEMA another")
            cursor.execute("CREATE TABLE another.shift (seconds double precision NOT NULL)")
            cursor.execute("INSERT INTO another.shift VALUES (0)")
            for name in names:
                cursor.execute(
                    f"CREATE FUNCTION another.{name}() RETURNS timestamptz STABLE LANGUAGE sql AS $$"
                    f" SELECT pg_catalog.{name}() + make_interval(secs => seconds) FROM another.shift $$"
                )
            cursor.execute("GRANT USAGE ON SCHEMA another TO portal_web; GRANT SELECT ON another.shift TO portal_web")
            cursor.execute(
                f'ALTER ROLE portal_web IN DATABASE "{scratch}" SET search_path = another, pg_catalog, public'
            )
        connection.close()

    def become(self, moment: datetime) -> dict:
        """Make it `moment` in the database; returns the environment that makes it so in a process."""
        self.seconds = (moment - datetime.now(tz=UTC)).total_seconds()
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE another.shift SET seconds = %s", [self.seconds])
        return self.environment

    @property
    def environment(self) -> dict:
        return shifted(self.seconds)


def shifted(seconds) -> dict:
    """The environment of a Python process whose clock is this far off."""
    path = os.pathsep.join(filter(None, [str(HERE / "shifted"), os.environ.get("PYTHONPATH", "")]))
    return {"PYTHONPATH": path, "FAULTS_SHIFT_SECONDS": str(seconds)}
