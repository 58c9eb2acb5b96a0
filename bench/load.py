"""`make load`: leads of schools who answer an audit at the same time, against the portal as it is served.

    python -m bench.load [people] [seconds]

Each person saves an answer every 30 seconds, ten more or less, and opens a page of the return every three minutes, over
HTTP, against gunicorn with partnership/gunicorn.py as docs/running.md gives it. The generator runs on the same cores.
First ten people alone, then all of them. Afterwards every text that a server acknowledged is looked up in the
database. Exit status 1 where a request failed or an acknowledged text is not there. Sessions are made beforehand.
"""

import asyncio
import os
import random
import secrets
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

PEOPLE, SECONDS = 1_200, 300
FEW, ALONE = 10, 120  # people who are measured alone, and for how many seconds
EVERY, MORE_OR_LESS, PAGE_EVERY = 30, 10, 180  # seconds
ALL_OF_IT = "</html>"
READY = 60  # seconds for gunicorn to start
LONGEST = 30  # seconds after which a request counts as failed: the time that gunicorn gives it
PORT = int(os.environ.get("PORT") or "8199")
ROOT = Path(__file__).resolve().parent.parent
WHY = "the bench looks whether every text is there"


@dataclass
class Person:
    """One lead with a session. said: (wording's id) -> the text that the portal acknowledged last."""

    cookies: str
    row: object
    page: str
    asked: list
    token: str = ""
    turn: int = 0
    said: dict = field(default_factory=dict)


@dataclass
class Counted:
    saves: list = field(default_factory=list)
    pages: list = field(default_factory=list)
    errors: list = field(default_factory=list)


async def fetch(method, url, cookies, body="") -> tuple[int, str, dict]:
    """(status, text, headers in small letters) of one request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    data = body.encode()
    lines = [
        f"{method} {url} HTTP/1.1", f"Host: localhost:{PORT}", f"Cookie: {cookies}", "Connection: close",
        "Accept: text/html", f"Referer: http://localhost:{PORT}{url}", f"Origin: http://localhost:{PORT}",
    ]  # fmt: skip
    if body:
        lines += ["HX-Request: true", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(data)}"]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + data)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    head, _, text = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = [line.partition(": ")[::2] for line in rest]
    return int(first.split()[1]), text.decode(), {name.lower(): value for name, value in headers}


async def timed(counted, times, what, request):
    """What `request` gives, its time noted; None where it failed, which is noted too."""
    start = time.perf_counter()
    try:
        found = await asyncio.wait_for(request, LONGEST)
    except (OSError, ValueError, IndexError, TimeoutError) as error:
        counted.errors.append(f"{what}: {type(error).__name__} {error}")
        return None
    times.append((time.perf_counter() - start) * 1000)
    return found


async def opens(person, counted):
    section = person.asked[person.turn % len(person.asked)].section
    url = person.page if section.position % 2 else f"{person.page}/sections/{section.code}"
    found = await timed(counted, counted.pages, "page", fetch("GET", url, person.cookies))
    if found is not None and (found[0] != 200 or ALL_OF_IT not in found[1]):
        counted.errors.append(f"page: {found[0]}")


async def saves(person, counted):
    """Answer the next question; the text counts as acknowledged once the reply says when it was saved."""
    wording = person.asked[person.turn % len(person.asked)]
    text = f"Looked at by {person.row.agency.slug} in turn {person.turn}; written down, and shown to the governors."
    person.turn += 1
    key, url = wording.pk.hex, f"{person.page}/sections/{wording.section.code}"
    typed = {"part": key, "version": "0", f"{key}_code": "met", f"{key}_text": text}
    body = urlencode({"csrfmiddlewaretoken": person.token} | typed)
    found = await timed(counted, counted.saves, "save", fetch("POST", url, person.cookies, body))
    if found is None:
        return
    if found[0] != 200 or '"saved_at"' not in found[1]:
        counted.errors.append(f"save: {found[0]} {found[1][:200]!r}")
        return
    person.said[wording.pk] = text


async def again_and_again(do, first, pause, until):
    """`do` after `first` seconds and then after each pause, until that moment of the loop's clock."""
    clock = asyncio.get_running_loop().time
    wait = first
    while clock() + wait < until:
        await asyncio.sleep(wait)
        await do()
        wait = pause()


async def crowd(people, seconds, chance) -> Counted:
    counted = Counted()
    until = asyncio.get_running_loop().time() + seconds
    both = []
    for person in people:
        both.append(
            again_and_again(
                partial(saves, person, counted), chance.uniform(0, EVERY),
                lambda: chance.uniform(EVERY - MORE_OR_LESS, EVERY + MORE_OR_LESS), until,
            )
        )  # fmt: skip
        first = chance.uniform(0, PAGE_EVERY)
        both.append(again_and_again(partial(opens, person, counted), first, lambda: PAGE_EVERY, until))
    await asyncio.gather(*both)
    return counted


def lost(people) -> list:
    """Acknowledged texts that the database does not have."""
    from audits.models import Answer

    rows = Answer.objects.unscoped(WHY).filter(audit_return__in=[each.row.pk for each in people])
    there = {(row.audit_return_id, row.wording_id): row.text for row in rows}
    return [
        (person.row.agency.slug, text)
        for person in people
        for wording, text in person.said.items()
        if there.get((person.row.pk, wording)) != text
    ]


def fill(number) -> list[Person]:
    """So many schools with a lead who is signed in, each with a return of one round that has begun."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from audits.asking import asked_by, shown
    from audits.models import SetVersion
    from bench import auditing, world
    from partnership.people.models import Agency, Partnership
    from partnership.people.roles import Role
    from partnership.people.services import create_person, join
    from tests.world import sign_in

    partnership = Partnership.objects.get()
    officer = create_person(email="bench-officer@portal.example", name="Bench Officer")
    join(officer, role=Role.BUSINESS_UNIT, partnership=partnership)
    world.grow_directory(Agency.objects.count() + number)
    schools = list(Agency.objects.filter(slug__startswith="grown-").order_by("pk")[:number])
    users = auditing.leads_of(schools)
    version = SetVersion.objects.get(question_set__code="section-175", status=SetVersion.Status.IN_USE)
    rows = auditing.returns(auditing.open_round(version, by=officer), schools)
    asking = asked_by(version)
    asked = [each for each in shown(asking, rows[0].facts, {}) if each.kind == "scale" and not each.shown_if_id]
    people = []
    for user, row in zip(users, rows, strict=True):
        client = sign_in(Client(SERVER_NAME="localhost"), user)
        token = secrets.token_hex(16)  # what Django itself would hand out: thirty-two letters and digits
        cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
        cookies += f"; {settings.CSRF_COOKIE_NAME}={token}"
        people.append(Person(cookies, row, reverse("audits:audit_return", args=[row.pk]), asked, token))
    return people


@contextmanager
def served():
    """The portal behind gunicorn on the scratch database, with its settings as they are documented."""
    from django.db import connection

    from tests.database import address_of

    hidden = ("DATABASE_URL", "PORTAL_EMBEDDED", "WEB_WORKERS", "WEB_THREADS")
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | {
        "DATABASE_WEB_URL": address_of(connection.settings_dict["NAME"], "DATABASE_WEB_URL"),
        "WEB_BIND": f"127.0.0.1:{PORT}", "WEB_LOG_LEVEL": "warning", "ALLOWED_HOSTS": "localhost",
        "DOCUMENTS_UNSCANNED": "yes, we accept this",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "partnership/gunicorn.py", "partnership.wsgi"]
    child = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        asyncio.run(answers(child))
        yield
    finally:
        child.terminate()
        child.wait(40)


async def answers(child):
    for _ in range(READY * 5):
        if child.poll() is not None:
            raise SystemExit("gunicorn did not start; its reason stands above.")
        try:
            if (await fetch("GET", "/healthz", "none=1"))[0] == 200:
                return
        except (OSError, IndexError, ValueError):
            pass
        await asyncio.sleep(0.2)
    raise SystemExit(f"the portal did not become healthy in {READY} seconds")


def told(title, number, seconds, counted):
    print(f"\n{title}: {number:,} people, {seconds} seconds, {len(counted.errors)} errors")
    for what, times in (("answers saved", counted.saves), ("pages opened", counted.pages)):
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=20, method="inclusive")
            print(f"  {what:<14}{len(times):>7}   p50 {cuts[9]:>8.1f} ms   p95 {cuts[18]:>8.1f} ms")
    for error in counted.errors[:5]:
        print(f"  {error}")


def main() -> int:
    from bench import run

    given = [int(each) for each in sys.argv[1:]]
    number, seconds = (given + [PEOPLE, SECONDS][len(given) :])[:2]

    def measured():
        people = fill(max(number, FEW))
        run.settle()
        chance = random.Random(8)
        with served():
            few = asyncio.run(crowd(people[:FEW], min(seconds, ALONE), chance))
            many = asyncio.run(crowd(people[:number], seconds, chance))
        told("Alone", FEW, min(seconds, ALONE), few)
        told("All", number, seconds, many)
        absent = lost(people)
        acknowledged = sum(len(each.said) for each in people)
        print(f"\n{acknowledged:,} texts were acknowledged, {len(absent)} of them are not in the database.")
        for each in absent[:5]:
            print(f"  {each}")
        return 1 if absent or few.errors or many.errors else 0

    return run.in_scratch(measured)


if __name__ == "__main__":
    raise SystemExit(main())
