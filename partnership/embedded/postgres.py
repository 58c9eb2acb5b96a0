"""One PostgreSQL cluster: made once, listening on 127.0.0.1 only, every account with a random password."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from .errors import EmbeddedError
from .places import Places
from .ports import free_port
from .processes import end_stray, spawn, stop
from .programs import Programs

MAJOR = "18"
START_SECONDS = 60  # crash recovery after a kill may take a while
TRIES = 5

# The order of texts must not hang on the machine's locales; docker-compose.yml asks for the same one.
INITDB = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",  # two test workers, the demo, its worker and a console at once
    "timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
    "log_min_error_statement": "panic",  # a failed statement may carry a child's details; logs must not
    "log_min_duration_statement": "-1",
}


class Postgres:
    def __init__(self, places: Places, found: Programs):
        self.places, self.found = places, found
        self.folder = places.home / "cluster"
        self.process: subprocess.Popen | None = None
        self.port = 0
        self.passwords: dict[str, str] = {}

    def start(self) -> None:
        """Start the cluster, making it first when it is not there. Raises EmbeddedError."""
        if not self.folder.exists():
            self.make()
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        if made_by != MAJOR:
            raise EmbeddedError(
                f"The evaluation database was made by PostgreSQL {made_by} and this is {MAJOR}: "
                "`make demo RESET=1` begins afresh."
            )
        self.passwords = json.loads((self.places.home / "passwords.json").read_text())
        self.clear_stale_lock()
        wanted = self.last_port()
        for _ in range(TRIES):
            self.port = free_port(wanted)
            wanted = None
            if self.serve():
                (self.places.home / "postgres.port").write_text(str(self.port))
                return
        raise EmbeddedError("PostgreSQL did not start:\n" + self.tail("postgres.log"))

    def make(self) -> None:
        """Make the cluster with role portal_owner and database portal, all or nothing."""
        draft = self.places.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.places.uid is not None:
            os.chown(draft, self.places.uid, self.places.gid)
        command = [self.found.initdb, "-D", draft, "-U", "postgres", *INITDB]
        # The superuser gets no password and so can never sign in; nobody needs it.
        self.run([*command, "--auth-local=reject", "--auth-host=scram-sha-256"], "initdb.log")
        passwords = {role: secrets.token_urlsafe(32) for role in ("portal_owner", "portal_web")}
        self.run(
            [self.found.postgres, "--single", "-D", draft, "postgres"],
            "initdb.log",
            f"CREATE ROLE portal_owner LOGIN CREATEDB CREATEROLE PASSWORD '{passwords['portal_owner']}';\n"
            "CREATE DATABASE portal OWNER portal_owner;\n",
        )
        path = self.places.home / "passwords.json"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(passwords, file)
        draft.rename(self.folder)

    def run(self, command: list[str | Path], log: str, typed: str = "") -> None:
        path = self.places.home / log
        with path.open("ab") as file:
            process = spawn(
                command,
                uid=self.places.uid,
                gid=self.places.gid,
                log=file,
                on_parent_death=signal.SIGKILL,
                library_path=self.found.libraries,
                stdin=subprocess.PIPE,
            )
            process.communicate(typed.encode(), timeout=START_SECONDS)
        # A single-user postgres returns 0 for a statement that failed.
        if process.returncode or "ERROR:" in path.read_text(errors="replace"):
            raise EmbeddedError(f"{Path(command[0]).name} failed:\n{self.tail(log)}")

    def clear_stale_lock(self) -> None:
        """Wait for a server that lost its supervisor, and remove the lock file of one that is dead.

        postgres itself refuses to start when the number in its lock file has gone to some other process.
        """
        path = self.folder / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            end_stray(int(path.read_text().splitlines()[0]), mentions=str(self.folder), seconds=20)
        path.unlink(missing_ok=True)

    def last_port(self) -> int | None:
        try:
            return int((self.places.home / "postgres.port").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def serve(self) -> bool:
        """Start the server on self.port; False if it ended before it was ready."""
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (self.places.home / "postgres.log").open("wb") as log:
            self.process = spawn(
                [self.found.postgres, "-D", self.folder, "-p", str(self.port), *settings],
                uid=self.places.uid,
                gid=self.places.gid,
                log=log,
                on_parent_death=signal.SIGINT,
                library_path=self.found.libraries,
            )
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None:
            if self.is_ready():
                return True
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.03)
        # Old backends of a killed server may still hold its shared memory for a moment.
        time.sleep(0.5)
        return False

    def is_ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def addresses(self) -> dict[str, str]:
        def address(role: str) -> str:
            return f"postgres://{role}:{quote(self.passwords[role])}@127.0.0.1:{self.port}/portal"

        return {"DATABASE_URL": address("portal_owner"), "DATABASE_WEB_URL": address("portal_web")}

    def stop(self) -> None:
        """End the server in its fast way (open transactions roll back, all is written), within half a minute."""
        if self.process is not None:
            stop(self.process, ((signal.SIGINT, 20), (signal.SIGQUIT, 10)))

    def tail(self, log: str) -> str:
        return "\n".join((self.places.home / log).read_text(errors="replace").splitlines()[-12:])
