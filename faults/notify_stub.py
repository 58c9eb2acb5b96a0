"""GOV.UK Notify as far as the portal uses it: takes letters, counts them by reference, answers questions about them.

    python notify_stub.py DELIVERIES MODE

prints its port. MODE is a file, read at each letter: `ok`, or one of hang, reset (both after it took the letter), 500,
429, 400, slow, with `@n` for the first n letters only.
"""

import json
import random
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DELIVERIES, MODE = map(Path, sys.argv[1:3])
_lock = threading.Lock()
_turns: dict[str, int] = {}
_taken: dict[str, int] = {}
REFUSALS = {
    "400": {"error": "ValidationError", "message": "email_address Not a valid email address"},
    "429": {"error": "RateLimitError", "message": "Exceeded rate limit"},
    "500": {"error": "Exception", "message": "Internal server error"},
}


def mode() -> str:
    """The trouble of this letter, or 'ok'."""
    said = MODE.read_text().strip() or "ok"
    name, _, turns = said.partition("@")
    with _lock:
        _turns[said] = _turns.get(said, 0) + 1
        return "ok" if turns and _turns[said] > int(turns) else name


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = mode()
        time.sleep(random.uniform(0.002, 0.02))
        if trouble in REFUSALS:
            self.answer(int(trouble), {"status_code": int(trouble), "errors": [REFUSALS[trouble]]})
            return
        if trouble == "slow":
            time.sleep(1)
        self.take(letter)
        if trouble == "hang":
            time.sleep(60)
        if trouble in ("hang", "reset"):
            self.close_connection = True
            return
        self.answer(201, {"id": str(uuid.uuid4()), "reference": letter["reference"]})

    def take(self, letter):
        with _lock, DELIVERIES.open("a") as file:
            _taken[letter["reference"]] = _taken.get(letter["reference"], 0) + 1
            line = {"ref": letter["reference"], "to": letter["email_address"], "at": time.time()}
            file.write(json.dumps(line) + "\n")

    def do_GET(self):
        reference = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        with _lock:
            times = _taken.get(reference, 0)
        self.answer(200, {"notifications": [{"reference": reference, "status": "delivered"}] * times, "links": {}})


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Whoever asks is killed on purpose: a conversation that breaks off is no news."""


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Stub) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
