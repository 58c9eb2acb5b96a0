"""`make demo`: an evaluation portal with demo people and data, on this machine only, until Ctrl-C.

PORT=8000 chooses the port, RESET=1 deletes what the last demo left. Exit status 0 after Ctrl-C or SIGTERM, 1 with a
sentence on stderr when it cannot start or a part of it dies.
"""

import contextlib
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from partnership import embedded  # noqa: E402
from partnership.embedded import locks  # noqa: E402
from partnership.embedded.processes import dies_with_parent  # noqa: E402

READY_SECONDS = 90
STOP_SECONDS = 12
WORKER_RESTARTS = 3
DEMO_HOSTS = "localhost,127.0.0.1,[::1]"


class DemoError(Exception):
    """The demo cannot go on; the message is for the person at the keyboard."""


class Stopped(Exception):
    """Ctrl-C or a signal, noticed where it can be obeyed."""


class Signals:
    """Counts the signals that ask for the end.

    The handler raises nothing: what it raised while a child is being forked Python would only print, and go on.
    """

    def __init__(self) -> None:
        self.count = 0
        self.reading, self.writing = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.note)

    def note(self, *_: object) -> None:
        self.count += 1
        os.write(self.writing, b".")

    def pause(self, seconds: float) -> None:
        """Wait. Raises Stopped as soon as a signal has come, now or before."""
        if select.select([self.reading], [], [], seconds)[0]:
            raise Stopped


def main() -> int:
    children: dict[str, subprocess.Popen] = {}
    signals = Signals()
    try:
        run(children, signals)
    except Stopped:
        print("\nStopping the portal.", flush=True)
    except (DemoError, embedded.EmbeddedError) as problem:
        # Ctrl-C reaches what starts the services too; that it then failed is no fault.
        if not signals.count:
            print(f"make demo: {problem}", file=sys.stderr)
            return 1
    finally:
        end(children, signals)
    return 0


def run(children: dict[str, subprocess.Popen], signals: Signals) -> None:
    port = chosen_port()
    places = embedded.Places.find()
    # Held open for the life of this process, and by nobody else: children do not inherit it.
    lock = locks.open_lock(places.run / "demo.lock")
    if not locks.try_lock(lock):
        told = os.pread(lock, 5, 0).decode() or "?"
        raise DemoError(f"the demo of this checkout is already running at http://localhost:{told}. End that one first.")
    refuse_busy(port)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(port).encode(), 0)
    if os.environ.get("RESET", "0") not in ("", "0"):
        reset()
    os.environ["DEMO"] = "1"
    os.environ["ALLOWED_HOSTS"] = DEMO_HOSTS
    os.environ.setdefault("PORTAL_URL", f"http://localhost:{port}")
    # Ofcom keeps this number, and RFC 2606 this domain, for fiction.
    os.environ.setdefault("PARTNERSHIP_EMAIL", "business.unit@portal.example")
    os.environ.setdefault("PARTNERSHIP_TELEPHONE", "01632 960123")
    embedded.ensure()
    for step in (["portal_setup"], ["portal_demo"], ["collectstatic", "--noinput", "--verbosity=0"]):
        manage(step, signals)
    serve(children, port, places, signals)


def chosen_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise DemoError(f"PORT={given} is not a port: give a number from 1 to 65535.")
    return int(given)


def refuse_busy(port: int) -> None:
    """Raise DemoError if `port` is taken on this machine, on the addresses that http://localhost may reach."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                raise DemoError(
                    f"port {port} is busy: choose another, for example `make demo PORT={port + 1 & 65535}`."
                )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoError(f"port {port} cannot be used ({error.strerror}): choose another with PORT=.") from None


def reset() -> None:
    marked = os.environ.get("PORTAL_EMBEDDED")
    if not marked and (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_WEB_URL")):
        raise DemoError("RESET=1 deletes only the demo's own database; DATABASE_URL names another one.")
    embedded.wipe()
    print("The last demo's data are deleted.", flush=True)


def manage(arguments: list[str], signals: Signals) -> None:
    done = start([sys.executable, str(ROOT / "manage.py"), *arguments], dict(os.environ))
    try:
        while done.poll() is None:
            signals.pause(0.1)
    except Stopped:
        finish(done, "manage.py")
        raise
    if done.returncode:
        raise DemoError(f"`manage.py {arguments[0]}` failed; what it said stands above.")


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen:
    """Start `command` in a group of its own (Ctrl-C reaches it through us, in order) that ends if we are killed."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=dies_with_parent(os.getpid(), signal.SIGTERM),
    )


def serve(children: dict[str, subprocess.Popen], port: int, places: embedded.Places, signals: Signals) -> None:
    """Run web and worker until a signal. Raises DemoError when one of them cannot be kept alive."""
    addresses = services()
    children["web"] = start_web(port)
    children["worker"] = start_worker(places)
    wait_until_healthy(port, children["web"], signals)
    print(f"Portal ready at http://localhost:{port}", flush=True)
    restarts = 0
    while True:
        signals.pause(1)
        if children["web"].poll() is not None:
            raise DemoError(f"the web server ended by itself (exit status {children['web'].returncode}).")
        if children["worker"].poll() is not None:
            restarts += 1
            if restarts > WORKER_RESTARTS:
                raise DemoError("the background worker ended again and again; its reason stands above.")
            print("The background worker ended by itself; starting another.", file=sys.stderr, flush=True)
            finish(children["worker"], "worker")  # its beat outlives it
            children["worker"] = start_worker(places)
        # Brings PostgreSQL and Valkey back, at their old ports, if somebody killed their supervisor.
        embedded.ensure()
        if services() != addresses:
            raise DemoError("the database or the broker was ended from outside and came back elsewhere: start again.")


def services() -> tuple[str | None, ...]:
    return tuple(os.environ.get(name) for name in ("DATABASE_WEB_URL", "REDIS_URL"))


def served(**environment: str) -> dict[str, str]:
    """Return the environment of web and worker: they serve as portal_web, without the owner's address (ADR 0008)."""
    hidden = {"PORTAL_EMBEDDED"} | ({"DATABASE_URL"} if "DATABASE_WEB_URL" in os.environ else set())
    return {name: value for name, value in os.environ.items() if name not in hidden} | environment


def start_web(port: int) -> subprocess.Popen:
    environment = served(
        WEB_BIND=f"127.0.0.1:{port}",
        WEB_WORKERS="2",
        WEB_THREADS="4",
        WEB_GRACEFUL_SECONDS="8",
        WEB_LOG_LEVEL="warning",
    )
    return start([sys.executable, "-m", "gunicorn", "-c", "partnership/gunicorn.py", "partnership.wsgi"], environment)


def start_worker(places: embedded.Places) -> subprocess.Popen:
    command = [sys.executable, "-m", "celery", "-q", "-A", "partnership", "worker", "-B", "-l", "WARNING", "-O", "fair"]
    # Celery warns of root, rightly for a real portal; on one's own machine it would hide the line with the address.
    environment = served(PYTHONWARNINGS="ignore:You're running the worker with superuser privileges")
    return start([*command, "--concurrency", "2", "-s", str(places.data / "beat-schedule")], environment)


def wait_until_healthy(port: int, web: subprocess.Popen, signals: Signals) -> None:
    deadline = time.monotonic() + READY_SECONDS
    said = "nothing"
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise DemoError("the web server did not start; its reason stands above.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            answer = connection.getresponse()
            said = f"{answer.status} {answer.read(300).decode(errors='replace')}"
            if answer.status == 200:
                return
            if answer.status == 500:
                raise DemoError("the portal has a fault and cannot serve; the reason stands above.")
        except OSError as error:
            said = str(error)
        finally:
            connection.close()
        signals.pause(0.3)
    raise DemoError(f"the portal did not become healthy in {READY_SECONDS} seconds; /healthz said {said}.")


def end(children: dict[str, subprocess.Popen], signals: Signals) -> None:
    """End every child, asking first; one more Ctrl-C ends them at once."""
    asked = signals.count
    living = [child for child in children.values() if child.poll() is None]
    for child in living:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while signals.count == asked and time.monotonic() < deadline and any(child.poll() is None for child in living):
        time.sleep(0.05)
    for name, child in children.items():
        finish(child, name)


def finish(child: subprocess.Popen, name: str) -> None:
    """Kill what is left of a child's process group."""
    if child.poll() is None:
        print(f"The {name} did not end in time and is killed.", file=sys.stderr)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


if __name__ == "__main__":
    sys.exit(main())
