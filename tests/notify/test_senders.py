"""Senders: what each answer of a provider means for the letter. SMTP over a real socket, GOV.UK Notify over HTTP."""

import json
import os
import smtplib
import socketserver
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.mail import get_connection

from partnership.notify import senders
from partnership.notify.govuk import GovNotify
from partnership.notify.letters import Letter
from partnership.notify.models import DemoMail
from partnership.notify.senders import Demo, NotSent, SenderDown, Smtp

ROOT = Path(__file__).resolve().parents[2]
BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def letter(to="somebody@portal.example", recipient=None):
    return Letter(to, "Something in the portal needs you", "Sign in.", str(uuid.uuid4()), recipient)


def hand_over(sender, mine):
    """As the relay does."""
    sender.ready()
    return sender.send(mine)


@contextmanager
def server(kind, handler):
    with kind(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


class Mail(socketserver.StreamRequestHandler):
    """Answers by `script`: verb -> what it says; 'cut' ends the conversation without a word."""

    script: dict = {}
    kept: list = []

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            said = self.script.get(verb, "354 go on" if verb == "DATA" else "250 ok")
            if verb == "DATA" and said.startswith("354"):
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.kept.append(text.decode())
                said = self.script.get("END", "250 taken")
            if said == "cut":
                return
            self.wfile.write(f"{said}\r\n".encode())
            if verb == "QUIT" or said.startswith("421"):
                return


@pytest.fixture
def smtp(monkeypatch):
    """smtp(VERB="answer") -> (a sender that talks to such a server, the letters that the server took)."""
    opened = []

    def make(**script):
        handler = type("Scripted", (Mail,), {"script": script, "kept": []})
        running = server(socketserver.ThreadingTCPServer, handler)
        port = running.__enter__().server_address[1]
        opened.append(running)
        sender = Smtp.__new__(Smtp)
        sender.connection = get_connection(BACKEND, host="127.0.0.1", port=port, timeout=2)
        opened.append(sender)
        return sender, handler.kept

    yield make
    for each in reversed(opened):
        each.close() if isinstance(each, Smtp) else each.__exit__(None, None, None)


def test_smtp_sends_with_our_message_id_and_marks_it_as_automatic(smtp):
    sender, kept = smtp()
    mine = letter()
    assert hand_over(sender, mine) == "250"
    assert f"Message-ID: {mine.message_id}" in kept[0]
    assert "Auto-Submitted: auto-generated" in kept[0] and "X-Auto-Response-Suppress: All" in kept[0]


@pytest.mark.parametrize(
    "script, kind, for_good, maybe",
    [
        ({"RCPT": "550 no such person"}, NotSent, True, False),
        ({"RCPT": "450 later"}, NotSent, False, False),
        ({"RCPT": "421 closing"}, NotSent, False, False),
        ({"END": "554 refused"}, NotSent, True, False),
        ({"END": "451 later"}, NotSent, False, False),
        ({"END": "cut"}, NotSent, False, True),
        ({"DATA": "cut"}, NotSent, False, True),
        ({"MAIL": "553 not you"}, SenderDown, False, False),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, SenderDown, False, False),
    ],
)
def test_what_each_answer_of_a_mail_server_means(smtp, script, kind, for_good, maybe):
    sender, _ = smtp(**script)
    with pytest.raises(NotSent) as raised:
        hand_over(sender, letter())
    assert type(raised.value) is kind
    assert (raised.value.for_good, raised.value.maybe) == (for_good, maybe)


def test_a_connection_that_the_server_dropped_is_opened_again_before_the_next_letter(smtp):
    sender, kept = smtp()
    hand_over(sender, letter())
    sender.connection.connection.sock.shutdown(2)
    hand_over(sender, letter())
    assert len(kept) == 2


def test_a_server_that_is_not_there_is_no_fault_of_the_letter():
    sender = Smtp.__new__(Smtp)
    sender.connection = get_connection(BACKEND, host="127.0.0.1", port=1, timeout=2)
    with pytest.raises(SenderDown):
        hand_over(sender, letter())


def test_a_wrong_password_is_no_fault_of_the_letter(monkeypatch):
    sender = Smtp.__new__(Smtp)
    sender.connection = get_connection(BACKEND, host="127.0.0.1", port=1)
    refused = smtplib.SMTPAuthenticationError(535, b"no")
    monkeypatch.setattr(sender.connection, "open", lambda: (_ for _ in ()).throw(refused))
    with pytest.raises(SenderDown, match="535"):
        hand_over(sender, letter())


class Provider(BaseHTTPRequestHandler):
    answer: tuple = (201, {})
    asked: list = []

    def log_message(self, *args):
        pass

    def reply(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.asked.append((self.command, self.path, json.loads(self.rfile.read(length) or "null")))
        status, body = self.answer
        if status == 0:
            return
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = reply


@pytest.fixture
def govuk(settings):
    """govuk(status, body) -> (a sender that talks to such a provider, what the provider was asked)."""
    opened = []

    def make(status, body=None):
        handler = type("Answering", (Provider,), {"answer": (status, body or {}), "asked": []})
        running = server(HTTPServer, handler)
        settings.NOTIFY_URL = f"http://127.0.0.1:{running.__enter__().server_address[1]}"
        opened.append(running)
        settings.NOTIFY_API_KEY = f"test-{uuid.uuid4()}-{uuid.uuid4()}"
        settings.NOTIFY_TEMPLATE_ID = str(uuid.uuid4())
        sender = GovNotify()
        opened.append(sender)
        return sender, handler.asked

    yield make
    for each in reversed(opened):
        each.close() if isinstance(each, GovNotify) else each.__exit__(None, None, None)


def test_govuk_notify_is_given_the_reference_and_the_two_texts(govuk):
    sender, asked = govuk(201, {"id": "x"})
    mine = letter()
    assert sender.send(mine) == "201"
    _, path, body = asked[0]
    assert path == "/v2/notifications/email"
    assert body["reference"] == mine.reference
    assert body["personalisation"] == {"subject": mine.subject, "body": mine.body}


def test_only_whoever_sends_through_govuk_notify_loads_its_client():
    """A page that tells somebody something imports the relay's task to wake it."""
    code = (
        "import sys, django; django.setup(); import partnership.urls, partnership.notify.tasks;"
        " print('notifications_python_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def refusal(status, message):
    return status, {"status_code": status, "errors": [{"error": "Error", "message": message}]}


@pytest.mark.parametrize(
    "answer, kind, for_good, maybe",
    [
        (refusal(400, "email_address Not a valid email address"), NotSent, True, False),
        (refusal(400, "Missing personalisation: body"), NotSent, False, False),
        (refusal(403, "Invalid token"), SenderDown, False, False),
        (refusal(429, "Exceeded rate limit"), SenderDown, False, False),
        (refusal(500, "Internal server error"), NotSent, False, True),
        (refusal(503, "Unavailable"), NotSent, False, True),
        ((201, b"<html>"), NotSent, False, True),
        ((0, None), NotSent, False, True),
    ],
)
def test_what_each_answer_of_govuk_notify_means(govuk, answer, kind, for_good, maybe):
    sender, _ = govuk(*answer)
    with pytest.raises(NotSent) as raised:
        sender.send(letter())
    assert type(raised.value) is kind
    assert (raised.value.for_good, raised.value.maybe) == (for_good, maybe)


@pytest.mark.parametrize(
    "statuses, answer",
    [
        ([], senders.UNKNOWN),
        (["created"], senders.ACCEPTED),
        (["delivered"], senders.DELIVERED),
        (["permanent-failure"], senders.FAILED),
        (["temporary-failure", "sending"], senders.ACCEPTED),
        (["technical-failure", "delivered"], senders.DELIVERED),
        (["a-status-of-tomorrow"], senders.ACCEPTED),
    ],
)
def test_what_govuk_notify_says_of_a_reference(govuk, statuses, answer):
    sender, asked = govuk(200, {"notifications": [{"status": status} for status in statuses]})
    assert sender.ask("our-reference") == answer
    assert "reference=our-reference" in asked[0][1]


def test_a_provider_that_cannot_be_asked_right_now_is_not_taken_for_a_no(govuk):
    sender, _ = govuk(*refusal(500, "Internal server error"))
    with pytest.raises(SenderDown):
        sender.ask("our-reference")


def test_the_demo_keeps_what_it_would_send_and_can_be_asked(world):
    sender, mine = Demo(), letter(recipient=world.officer.pk)
    assert sender.ask(mine.reference) == senders.UNKNOWN
    sender.send(mine)
    assert sender.ask(mine.reference) == senders.DELIVERED
    assert DemoMail.objects.get().recipient == world.officer


@pytest.mark.parametrize(
    "environment, words",
    [
        ({"MAIL_SENDER": "demo", "DEMO": "0"}, "needs DEMO"),
        ({"MAIL_SENDER": "notify"}, "NOTIFY_API_KEY"),
        ({"MAIL_SENDER": "pigeon"}, "smtp, notify or demo"),
        ({"PORTAL_FAILPOINT": "after_send=kill"}, "make faults"),
        (
            {
                "PORTAL_FAILPOINT": "after_send=kill",
                "PORTAL_FAULT_TESTS": "1",
                "ALLOWED_HOSTS": "portal.example.org",
                "EMAIL_URL": "smtp://localhost",
            },
            "make faults",
        ),
    ],
)
def test_the_portal_does_not_start_with_a_sender_that_cannot_send_or_a_failpoint(environment, words):
    done = subprocess.run(
        [sys.executable, "-c", "import partnership.settings"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode and words in done.stderr
