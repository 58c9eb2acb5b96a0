"""A token that still opens a door stands in no log, Django's or gunicorn's."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.urls import get_resolver

from partnership.access.logs import HideTokens, masked

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "sEcReT-tOkEn_123"
PATHS = (
    f"/directory/first-sign-in/{TOKEN}",
    f"/account/password/reset/key/{TOKEN}/?next=%2Fdirectory%2Ffirst-sign-in%2F{TOKEN}&x=1",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_token_in_an_address_and_in_a_traceback_is_masked(path, capsys):
    stream = logging.StreamHandler()
    stream.addFilter(HideTokens())
    log = logging.Logger("a test")
    log.addHandler(stream)
    try:
        raise ValueError(f"could not open {path}")
    except ValueError:
        log.exception("Internal Server Error: %s", path)
    said = capsys.readouterr().err
    assert "Internal Server Error" in said and "ValueError" in said and "…" in said
    assert TOKEN not in said


def test_every_address_with_a_token_is_masked():
    """Of whatever module: a new door with a token of its own needs its word in TOKENS."""
    with_token = [route for route in routes(get_resolver()) if "<str:token>" in route or "(?P<key>" in route]
    assert len(with_token) >= 5
    for route in with_token:
        path = "/" + re.sub(r"<str:token>|\(\?P<key>[^)]*\)", TOKEN, route).replace("^", "").replace("\\Z", "")
        path = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", path).replace("$", "")
        assert TOKEN not in masked(path), route


def routes(resolver, before=""):
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        yield from routes(each, here) if hasattr(each, "url_patterns") else [here]


@pytest.mark.parametrize(
    "app, status, line",
    [
        ("wsgiref.simple_server:demo_app", 200, "GET /directory/first-sign-in/… 200"),
        ("json:loads", 500, "Error handling request GET /directory/first-sign-in/…"),
    ],
    ids=["one that answers", "one that fails"],
)
def test_gunicorns_access_and_error_logs_mask_it_too(tmp_path, app, status, line):
    """A real gunicorn with the portal's settings, in front of another application."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "WEB_ACCESS_LOG": "1"}
    with open(tmp_path / "log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "partnership/gunicorn.py", app],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        for path in PATHS:
            assert asked(port, path) == status
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    said = (tmp_path / "log").read_text()
    assert line in said and "/account/password/reset/key/…" in said
    assert TOKEN not in said


def asked(port, path):
    """The status of a GET, once the server answers."""
    for _ in range(100):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("gunicorn did not start")
