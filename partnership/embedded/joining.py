"""A command's side: join the running services, or start their supervisor.

Three locks. `users.lock` is held shared by every process that uses the services. `supervisor.lock` is held by the one
supervisor. `joining.lock` is held while a command joins and while the supervisor makes up its mind to end, so that
nobody joins services that are about to go.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

from .errors import EmbeddedError
from .locks import is_free, open_lock, try_lock, wait_lock
from .places import CHECKOUT, Places

START_SECONDS = 120  # a first start on a slow disk copies 30 MB and makes a cluster

_held: dict[str, int] = {}


def join(places: Places) -> dict[str, str]:
    """Hold the services for the life of this process and return their addresses by variable name.

    Raises EmbeddedError when they cannot be started.
    """
    joining = open_lock(places.joining_lock)
    try:
        wait_lock(joining, seconds=START_SECONDS, what="another command that is starting the services")
        hold(places)
        deadline = time.monotonic() + START_SECONDS
        while True:
            if is_free(places.supervisor_lock):
                start_supervisor(places)
            state = read_state(places)
            if state is not None:
                return state
            # A supervisor is starting whose command was killed, or one is ending after a signal.
            if time.monotonic() > deadline:
                raise EmbeddedError(f"The embedded services did not answer; see {places.log}.")
            time.sleep(0.05)
    finally:
        os.close(joining)


def hold(places: Places) -> None:
    key = str(places.users_lock)
    held = _held.get(key)
    if held is not None:
        try:
            if os.fstat(held).st_ino == places.users_lock.stat().st_ino:
                return
        except FileNotFoundError:
            pass
        os.close(_held.pop(key))
    descriptor = open_lock(places.users_lock)
    wait_lock(descriptor, seconds=START_SECONDS, shared=True, what="the embedded services")
    _held[key] = descriptor


def read_state(places: Places) -> dict[str, str] | None:
    try:
        return json.loads(places.state.read_text())
    except FileNotFoundError:
        return None


def start_supervisor(places: Places) -> None:
    """Start the supervisor and return when the services are ready. Raises EmbeddedError."""
    places.state.unlink(missing_ok=True)
    command = [sys.executable, "-m", "partnership.embedded.supervisor"]
    environment = {**os.environ, "PORTAL_DATA": str(places.data), "PYTHONPATH": str(CHECKOUT)}
    started = subprocess.run(  # noqa: S603 - our own module, no shell
        command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    if started.returncode:
        said = started.stderr.decode(errors="replace").strip() or "it said nothing"
        raise EmbeddedError(f"The embedded PostgreSQL and Valkey did not start: {said}\nMore in {places.log}.")


def wipe(places: Places) -> None:
    """Delete everything in the data folder and the cluster. Raises EmbeddedError while somebody uses them."""
    joining = open_lock(places.joining_lock)
    users = open_lock(places.users_lock)
    supervisor = open_lock(places.supervisor_lock)
    try:
        wait_lock(joining, seconds=START_SECONDS, what="another command that is starting the services")
        if not try_lock(users):
            raise EmbeddedError("The portal is in use (a demo, a worker or a test run): end that first.")
        if not try_lock(supervisor):
            state = read_state(places)
            if state is not None:
                os.kill(int(state["pid"]), signal.SIGTERM)
            wait_lock(supervisor, seconds=60, what="the embedded services to end")
        shutil.rmtree(places.home, ignore_errors=True)
        for path in places.data.iterdir():
            if path == places.run:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    finally:
        for descriptor in (supervisor, users, joining):
            os.close(descriptor)
