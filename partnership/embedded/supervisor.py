"""The one process that keeps PostgreSQL and Valkey running while any command of this checkout uses them.

`python -m partnership.embedded.supervisor` returns 0 when the services are ready and leaves the supervisor behind;
otherwise it says why on stderr and returns 1. Started by `joining`, never by hand.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from .errors import EmbeddedError
from .locks import open_lock, try_lock, unlock, wait_lock
from .places import Places, sweep
from .postgres import Postgres
from .programs import programs
from .valkey import Valkey

POLL_SECONDS = 0.25
IDLE_SECONDS = 1.0  # so that commands one after the other (make demo) share one start


class Ended(BaseException):
    """A signal asked the supervisor to end; BaseException, so that no `except Exception` swallows it."""


def main() -> int:
    """Fork the supervisor off and wait until it is ready or has failed."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        if said == b"ready":
            return 0
        sys.stderr.write(said.decode(errors="replace") or "it ended without a word.\n")
        return 1
    os.close(reading)
    os.setsid()
    os.chdir("/")
    os.umask(0o077)
    places = Places.find()
    log = os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)

    def report(text: str) -> None:
        with contextlib.suppress(OSError):  # the command that waited for it may have been killed
            os.write(writing, text.encode())
        with contextlib.suppress(OSError):
            os.close(writing)

    code = 1
    try:
        supervise(places, lambda: report("ready"))
        code = 0
    except Ended:
        code = 0
    except EmbeddedError as error:
        report(str(error))
    except BaseException as error:
        traceback.print_exc()
        report(f"{type(error).__name__}: {error}")
    finally:
        # Not sys.exit: this is a fork, and what the parent registered to run at exit is not ours to run.
        sys.stderr.flush()
        os._exit(code)


_signalled: list[int] = []


def end(number: int, _frame: object) -> None:
    # Noted too: Python only prints what a handler raises while a child is being forked, and goes on.
    _signalled.append(number)
    raise Ended


def supervise(places: Places, ready: Callable[[], None]) -> None:
    """Start both services, keep them until the last user is gone, and end them. Holds supervisor.lock throughout.

    Raises EmbeddedError when a service does not start or dies, Ended on a signal.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    alive = open_lock(places.supervisor_lock)
    wait_lock(alive, seconds=60, what="the services' last supervisor to end")
    make_home(places)
    found = programs(places)
    services: list[Postgres | Valkey] = []
    try:
        for service in (Valkey(places, found), Postgres(places, found)):
            services.append(service)
            service.start()
        write_state(places, services)
        ready()
        watch(places, [service.process for service in services])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        places.state.unlink(missing_ok=True)
        for service in reversed(services):
            service.stop()


def make_home(places: Places) -> None:
    if places.base is None:
        places.home.mkdir(mode=0o700, exist_ok=True)
        return
    sweep(places.base)
    # Ours, and only to be passed through: in a folder of the unprivileged user root must not write (symlinks).
    places.home.mkdir(mode=0o711, exist_ok=True)
    places.home.chmod(0o711)
    (places.home / "data-folder").write_text(str(places.data))
    # Tells the sweep of another checkout that this home is in use; closed with the process.
    wait_lock(open_lock(places.home / "supervisor.lock"), seconds=10, what="a sweep of old databases")


def write_state(places: Places, services: list[Postgres | Valkey]) -> None:
    state = {"pid": str(os.getpid())}
    for service in services:
        state |= service.addresses()
    draft = places.state.with_name("state.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file)
    draft.replace(places.state)


def watch(places: Places, processes: list[subprocess.Popen]) -> None:
    """Return when nobody has used the services for IDLE_SECONDS or their data folder is gone.

    Returns with joining.lock held, so that whoever comes next waits until the services have ended.
    Raises EmbeddedError when a service died, Ended after a signal.
    """
    users, joining = open_lock(places.users_lock), open_lock(places.joining_lock)
    idle_since: float | None = None
    while same_file(places.users_lock, users):
        if _signalled:
            raise Ended
        for process in processes:
            if process.poll() is not None:
                raise EmbeddedError(f"{Path(process.args[0]).name} ended by itself ({process.returncode}).")
        if try_lock(joining):
            if try_lock(users):
                unlock(users)
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since >= IDLE_SECONDS:
                    return
            else:
                idle_since = None
            unlock(joining)
        time.sleep(POLL_SECONDS)


def same_file(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
