"""Helpers of the browser tests: Debian's Chromium, axe-core, widths and console errors.

def test_a_page(chromium):                            # the fixture of tests/conftest.py
    page, console = browser.open_page(chromium)
    page.goto(url)
    assert browser.wrong_with(page, console) == []    # axe, wider than the screen, the console not quiet
"""

import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 820, 390)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Both are govuk-frontend's own and are named in the accessibility statement.
ALLOWED = {
    "aria-allowed-attr": "govuk-radios__input",
    "label-content-name-mismatch": "govuk-file-upload-button",
}


def chromium_path():
    """Path of the machine's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


needs_chromium = pytest.mark.skipif(chromium_path() is None, reason="Debian's package chromium is not installed")


@contextmanager
def launch(playwright):
    """Chromium without any connection of its own; closed at the end."""
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    try:
        yield chromium
    finally:
        chromium.close()


@contextmanager
def serve():
    """The portal at an address of this machine, in threads of this process; yields 'http://127.0.0.1:<port>'.

    It serves static files as in use (WhiteNoise and the strict manifest, which Django's own live server goes round).
    A test that reads the database through it needs pytest-django's `transactional_db`.
    """
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.db import connections
    from django.test.testcases import QuietWSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)

    class Closing(WSGIHandler):
        """Each request has a thread of its own, whose connection nobody else would close."""

        def __call__(self, environ, start_response):
            try:
                return super().__call__(environ, start_response)
            finally:
                connections.close_all()

    server.set_app(Closing())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def open_page(chromium, *, width=1280, height=900, javascript=True, reduced_motion="reduce"):
    """A page in a context of its own, and the list that collects its console errors and uncaught exceptions."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=javascript, reduced_motion=reduced_motion,
        locale="en-GB", timezone_id="Europe/London",
    )  # fmt: skip
    page = context.new_page()
    console = []
    # govuk-frontend says on the console when markup is wrong, and Chromium what the security policy refused.
    page.on("console", lambda message: console.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda problem: console.append(str(problem)))
    return page, console


def settled(page):
    """Wait until the portal's script has set up every component of the page."""
    # A selector, not a function: the security policy refuses a function in text while it waits.
    page.wait_for_selector("html[data-portal-ready]", state="attached")


def axe(page):
    """Violations of WCAG 2.2 A and AA and of axe's best practices, without the two allowed findings.

    A list of '<rule>: <selector>: <what is wrong>'.
    """
    # Evaluated, not added as a script element: the security policy stays as it is in use.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
        if ALLOWED.get(violation["id"], "\0") not in node["html"]
    ]


def overflow(page):
    """How many pixels the page is wider than the window; 0 or less is right."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def wrong_with(page, console, widths=WIDTHS) -> list:
    """What axe finds and what is wider than the screen at each of `widths`, and what the console was told, as words."""
    settled(page)
    before, found = page.viewport_size, []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (over := overflow(page)) > 0:
            found.append(f"{page.url} is {over} pixels too wide at {width}")
        found += [f"{page.url} at {width}: {each}" for each in axe(page)]
    page.set_viewport_size(before)
    return found + [f"{page.url} wrote to the console: {line}" for line in console]


def wrong_on(chromium, pages, widths=WIDTHS) -> list:
    """`wrong_with` for pages that were asked for already. pages: (address, the portal's answer) of each."""
    found = []
    with serve() as base:
        page, console = open_page(chromium)
        for url, answer in pages:
            headers = {key: value for key, value in answer.headers.items() if key.lower() != "content-length"}
            # With its own status a refusal would be a line of the console.
            html = {"status": 200, "headers": headers, "body": answer.content.decode()}
            page.route(base + url, lambda route, _, html=html: route.fulfill(**html))
            page.goto(base + url)
            found += wrong_with(page, console, widths)
            console.clear()
        page.context.close()
    return found
