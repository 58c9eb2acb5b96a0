"""The broker: in memory only, because what must happen is rows of PostgreSQL (ADR 0005)."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time

from .errors import EmbeddedError
from .places import Places
from .ports import free_port
from .processes import spawn, stop
from .programs import Programs

START_SECONDS = 20
TRIES = 5


class Valkey:
    def __init__(self, places: Places, found: Programs):
        self.places, self.found = places, found
        self.process: subprocess.Popen | None = None
        self.port = 0
        self.password = ""

    def start(self) -> None:
        """Start the server. Raises EmbeddedError."""
        self.password, wanted = self.last_address()
        for _ in range(TRIES):
            self.port = free_port(wanted)
            wanted = None
            if self.serve():
                self.remember()
                return
        log = (self.places.home / "valkey.log").read_text(errors="replace")
        raise EmbeddedError("Valkey did not start:\n" + "\n".join(log.splitlines()[-12:]))

    def last_address(self) -> tuple[str, int | None]:
        """Return the last password and port: clients of a supervisor that was killed find the next one there."""
        try:
            port, password = (self.places.home / "valkey.address").read_text().split()
            return password, int(port)
        except (FileNotFoundError, ValueError):
            return secrets.token_urlsafe(32), None

    def remember(self) -> None:
        path = self.places.home / "valkey.address"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{self.port} {self.password}\n")

    def serve(self) -> bool:
        settings = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "maxmemory-policy noeviction",
            "daemonize no",
        )
        with (self.places.home / "valkey.log").open("wb") as log:
            # Settings on stdin: a command line can be read by every user of the machine.
            self.process = spawn(
                [self.found.valkey, "-"],
                uid=self.places.uid,
                gid=self.places.gid,
                log=log,
                on_parent_death=signal.SIGTERM,
                stdin=subprocess.PIPE,
            )
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("\n".join(settings).encode() + b"\n")
            self.process.stdin.close()
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None:
            if self.is_ready():
                return True
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.02)
        return False

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := connection.recv(100)):
                    answer += more
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def addresses(self) -> dict[str, str]:
        return {"REDIS_URL": f"redis://:{self.password}@127.0.0.1:{self.port}/0"}

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, ((signal.SIGTERM, 10),))
