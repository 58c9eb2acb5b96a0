"""The whole portal as processes on a database of its own: gunicorn, a Celery worker with beat, the demo's people."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from partnership.embedded.processes import dies_with_parent
from tests import database

READY_SECONDS = 60
STOP_SECONDS = 20


@pytest.fixture(scope="session")
def portal(tmp_path_factory, static_files):
    """The address of a running demo portal; all that it started ends with the session, a killed one too."""
    name = f"portal_journey_{os.getpid()}"
    folder = tmp_path_factory.mktemp("journey")
    database.make_database(name)
    environment = os.environ | {
        "DATABASE_URL": database.address_of(name),
        "DATABASE_WEB_URL": database.address_of(name, "DATABASE_WEB_URL"),
        "PORTAL_EMBEDDED": "",
        "REDIS_PREFIX": f"journey-{os.getpid()}",
        "DOCUMENT_ROOT": str(folder / "documents"),
        "DEMO": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }
    port = _free_port()
    run = [sys.executable, "-m"]
    log = (folder / "log").open("w")
    # With beat, as everywhere: a wake-up that a busy worker lets expire is made good within a minute.
    worker = ["worker", "-B", "-s", str(folder / "beat"), "--concurrency", "1", "-l", "WARNING", "-O", "fair"]
    started = []
    try:
        manage = [sys.executable, "manage.py", "portal_demo"]
        subprocess.run(manage, cwd=database.ROOT, env=environment, check=True, stdout=log)
        for command in (
            [*run, "gunicorn", "partnership.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"],
            [*run, "celery", "-A", "partnership", *worker],
        ):
            started.append(
                subprocess.Popen(
                    command, cwd=database.ROOT, env=environment, stdout=log, stderr=log,
                    preexec_fn=dies_with_parent(os.getpid(), signal.SIGTERM),
                )
            )  # fmt: skip
        _wait(f"http://127.0.0.1:{port}/healthz", started)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.close()
        database.drop_database(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(address, processes):
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), "a part of the portal ended while it started"
        try:
            with urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the portal did not come up")
