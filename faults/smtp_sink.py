"""A mail server that counts: one line a delivery, written before it answers 250. Run as a process of its own.

    python smtp_sink.py DELIVERIES MODE

prints its port. MODE is a file, read at each letter: `ok`, or one of hang, reset, 421, 451, 550, slow, rcpt550:WORD,
with `@n` for the first n letters only.
"""

import contextlib
import json
import random
import re
import socketserver
import sys
import threading
import time
from pathlib import Path

DELIVERIES, MODE = map(Path, sys.argv[1:3])
_lock = threading.Lock()
_turns: dict[str, int] = {}


def mode() -> str:
    """The trouble of this letter, or 'ok'."""
    said = MODE.read_text().strip() or "ok"
    name, _, turns = said.partition("@")
    with _lock:
        _turns[said] = _turns.get(said, 0) + 1
        return "ok" if turns and _turns[said] > int(turns) else name


def deliver(message: str, to: str) -> None:
    found = re.search(r"^Message-ID: <([^@>]+)@", message, re.MULTILINE | re.IGNORECASE)
    with _lock, DELIVERIES.open("a") as file:
        file.write(json.dumps({"ref": found[1] if found else None, "to": to, "at": time.time()}) + "\n")


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self):
        with contextlib.suppress(OSError):
            self.converse()

    def converse(self):
        self.say("220 sink")
        to = ""
        while line := self.rfile.readline().decode(errors="replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                to = line
                said = MODE.read_text().strip()
                word = said.removeprefix("rcpt550:") if said.startswith("rcpt550:") else None
                self.say("550 no such person" if word and word in line else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self.letter(to):
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def letter(self, to) -> bool:
        """Whether the conversation goes on."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if not line:
            return False  # the sender died in the middle: nothing was delivered
        message = b"".join(lines).decode(errors="replace")
        trouble = mode()
        time.sleep(random.uniform(0.002, 0.02))
        if trouble in ("421", "451", "550"):
            self.say(f"{trouble} not now" if trouble != "550" else "550 never")
            return trouble != "421"
        if trouble == "slow":
            time.sleep(1)
        deliver(message, to)
        if trouble == "hang":
            time.sleep(60)
            return False
        self.say("250 taken")
        return trouble != "reset"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Session) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
