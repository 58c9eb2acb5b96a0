"""`make bench`: what the portal's pages cost beside hand-written SQL and the same templates. bench/README.md explains.

Writes bench/results.json and prints the same as a table. Exit status 1 when a target is missed. `--check` measures
nothing: in a small world it says whether each page and its floor still say the same.
"""

import fcntl
import json
import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from partnership import embedded  # noqa: E402

RESULTS = ROOT / "bench" / "results.json"


SMALL = {
    "FOLDERS": 300, "REVIEWS": 200, "PEOPLE": 40, "GRANTS": 260, "AGENCIES": 520, "EVENTS": 500, "BARS": 5,
    "DUTIES": 80, "MANAGER": 100, "ENTRIES": 120,
    "ACTIONS": 120,
}  # fmt: skip


def small(**more):
    """A world with fewer cases: `world.fill()` of it. more: sizes that are not as SMALL has them."""
    from bench import world

    for name, number in (SMALL | more).items():
        setattr(world, name, number)
    return world.fill()


def alone(lines) -> int:
    """One part by itself, in a scratch database. lines() -> its measure.Line. 1 where one missed its target."""
    from bench import measure

    def measured():
        found = list(lines())
        print(measure.table(found))
        return 1 if any(line.missed() for line in found) else 0

    return in_scratch(measured)


def check() -> int:
    """Raises AssertionError where a page and its floor do not say the same."""
    from bench import auditing, audits, pages, training_lists

    for name, number in SMALL.items():
        setattr(pages, name, number)
    made = small()
    auditing.SCHOOLS, auditing.QUESTIONS = 60, 20
    _, round, rows = auditing.ground(made.people["manager"])
    training_lists.ground()
    visits = [*pages.visits(made), *audits.visits(round, len(rows), made.people["manager"])]
    visits += training_lists.visits(made.people["manager"])
    for visit in visits:
        pages.both(visit)
    print(f"{len(visits)} pages say the same as their floors.")
    return 0


def main() -> int:
    return in_scratch(measured)


def measured() -> int:
    from bench import measure, pages, world

    if "--check" in sys.argv:
        return check()
    made = world.fill()
    settle()
    lines = list(pages.lines(made))
    RESULTS.write_text(json.dumps(measure.as_list(lines), indent=2) + "\n")
    print(measure.table(lines))
    missed = [line for line in lines if line.missed()]
    print(f"\n{len(lines)} measured, {len(missed)} missed their target. Written to {RESULTS.relative_to(ROOT)}.")
    return 1 if missed else 0


def in_scratch(work) -> int:
    """What `work` returns, run in a scratch database, without mail and with files of its own."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the scratch database goes
    embedded.ensure_or_exit()
    os.environ["REDIS_PREFIX"] = f"bench-{os.getpid()}"
    os.environ["EMAIL_URL"] = "memorymail://"
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as files:
        os.environ["DOCUMENT_ROOT"] = files
        import django

        django.setup()
        with scratch_database():
            return work()


@contextmanager
def scratch_database():
    """A clone of the provisioned template, served as portal_web, dropped afterwards."""
    from django.conf import settings
    from django.db import connections

    from tests import database

    name = f"portal_bench_{os.getpid()}"
    database.make_database(name)
    try:
        for alias in settings.DATABASES:
            connections[alias].settings_dict["NAME"] = name
        collect_static()
        yield
    finally:
        connections.close_all()
        database.drop_database(name)


def collect_static():
    """The strict manifest exists and fits before any page is rendered; tests that run beside it are not disturbed."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.DATA_DIR / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*") if path.is_file())
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, verbosity=0)
            manifest.touch()


def settle():
    """Statistics and visibility as a running database has them: only the owner may."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    raise SystemExit(main())
