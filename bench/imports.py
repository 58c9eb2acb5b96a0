"""The national register previewed and taken: the job of a worker, in a process of its own, in seconds and MB.

There is no floor to hold it to: the target stands in its place, and the ratio is the share of it.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREVIEW_SECONDS, TAKE_SECONDS, MOST_MB = 40, 60, 300


def lines():
    """Preview and taking of a whole register, then of the same a year on."""
    from bench import measure, registers
    from partnership.deadlines.office import keep_offices
    from partnership.directory.accounts import open_account
    from partnership.people.roles import Role

    keep_offices()
    user = open_account(email="importer@portal.example", name="Importer", role=Role.DIRECTORY_ADMIN)

    with tempfile.TemporaryDirectory(prefix="portal-register-") as folder:
        for name, later in (("register", False), ("register a year on", True)):
            path = Path(folder) / "edubasealldata.csv"
            registers.write(path, later=later)
            batch, measured = _preview(path, user)
            yield from _lines(measure, f"{name}, preview", measured, PREVIEW_SECONDS)
            yield from _lines(measure, f"{name}, taking", _take(batch, user), TAKE_SECONDS)


def _lines(measure, name, measured, target):
    from bench.registers import ROWS

    seconds, megabytes, queries = measured
    in_time = measure.Result(name, ROWS, round(seconds * 1000), queries, target * 1000, round(seconds / target, 2))
    in_memory = measure.Result(f"{name}: MB, not ms", ROWS, round(megabytes), 0, MOST_MB, round(megabytes / MOST_MB, 2))
    yield measure.Line(in_time, 1.0, None)
    yield measure.Line(in_memory, 1.0, None)


def _preview(path, user):
    from partnership.directory.importing import services

    with path.open("rb") as file:
        chunks = iter(lambda: file.read(1024 * 1024), b"")
        batch = services.start(source="schools", name=path.name, chunks=chunks, scope=[], by=user)
    measured = _run(services.ask(services.READ, batch, by=user))
    batch.refresh_from_db()
    assert batch.status == "ready", batch.problem
    return batch, measured


def _take(batch, user):
    from partnership.directory.importing import services

    if batch.counts.get("foreign"):  # made up: it has none of the directory's own, so no row is ticked
        services.choose(batch, every=True)
    measured = _run(services.accept(batch, by=user))
    batch.refresh_from_db()
    assert batch.status == "taken", batch.problem
    return measured


def _run(job):
    """(seconds, peak MB, queries) of a worker that does this one job."""
    from django.db import connections

    from tests import database

    name = connections["default"].settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": database.address_of(name),
        "DATABASE_WEB_URL": database.address_of(name, "DATABASE_WEB_URL"),
        "PORTAL_EMBEDDED": "",
        "DOCUMENTS_UNSCANNED": "yes, we accept this",  # no file is uploaded here
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", str(job.pk)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, megabytes, queries = done.stdout.split()[-3:]
    return float(seconds), float(megabytes), int(queries)


def main(job_id):
    import django

    django.setup()
    from django.db import connection

    from partnership.jobs.services import run

    count = 0

    def counting(execute, *asked):
        nonlocal count
        count += 1
        return execute(*asked)

    began = time.perf_counter()
    with connection.execute_wrapper(counting):
        status = run(job_id)
    seconds = time.perf_counter() - began
    assert status == "done", status
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(seconds, int(peak.split()[1]) / 1024, count)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    main(sys.argv[1])
