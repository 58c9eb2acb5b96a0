"""Each worker has its own database, cloned from a template that `portal_setup` made, with the real roles."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SHAPES = (
    "*/migrations/*.py",
    "partnership/*/migrations/*.py",
    "partnership/people/roles.py",
    "partnership/access/provision.py",
    "partnership/directory/reference.py",
    "partnership/directory/data/*",
    "partnership/access/management/commands/portal_setup.py",
    "partnership/deadlines/calendars.py",
    "partnership/deadlines/office.py",
    "partnership/deadlines/data/*.csv",
    "boards/data/*",
    "boards/groups/loading.py",
    "audits/data/*",
    "audits/sets/loading.py",
)
PREFIX = "portal_test_template_"


def template_name() -> str:
    digest = hashlib.sha256()
    for pattern in SHAPES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def address_of(name: str, variable="DATABASE_URL") -> str:
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))


def owner():
    return psycopg.connect(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"), autocommit=True)


def make_database(name: str) -> None:
    """Create database `name` as a clone of the template, making the template first where it is missing or old."""
    template = template_name()
    server = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()[:16]  # templates are a server's own
    with open(Path(tempfile.gettempdir()) / f"{PREFIX}{os.getuid()}_{server}.lock", "w") as lock, owner() as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if template not in known:
            for old in known:
                if old.startswith(PREFIX):
                    drop_database(old)
            making = f"{template}_making"
            drop_database(making)
            _run(connection, "CREATE DATABASE {}", making)
            # The marker goes: this child must take the address that it is given. It is no evaluation for it then.
            environment = os.environ | {
                "DATABASE_URL": address_of(making), "PORTAL_EMBEDDED": "", "DOCUMENTS_UNSCANNED": "yes, we accept this",
            }  # fmt: skip
            if "DATABASE_WEB_URL" in os.environ:
                environment["DATABASE_WEB_URL"] = address_of(making, "DATABASE_WEB_URL")
            subprocess.run(
                [sys.executable, "manage.py", "portal_setup"],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(template))
            )
        drop_database(name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        # Dropped with the run: nobody needs to wait for the disk.
        _run(connection, "ALTER DATABASE {} SET synchronous_commit = off", name)


# database -> alias -> the connection to it that is kept open: opening one for each test took longer than most tests.
_kept: dict[str, dict] = {}


@contextmanager
def serving(name: str):
    """Inside, the portal's connections lead to database `name`; they stay open for the next who serves from it."""
    from django.conf import settings
    from django.db import connections

    before, kept = {}, _kept.setdefault(name, {})
    for alias in settings.DATABASES:
        before[alias] = connections[alias], settings.DATABASES[alias]["NAME"]
        settings.DATABASES[alias]["NAME"] = name  # of every connection that is opened from now on, a thread's too
        if alias not in kept:
            kept[alias] = connections.create_connection(alias)
        connections[alias] = kept[alias]
    try:
        yield
    finally:
        for alias, (connection, database) in before.items():
            connections[alias], settings.DATABASES[alias]["NAME"] = connection, database


@contextmanager
def holding(name: str, lay, blocker):
    """A database `name` of its own with what lay() writes, committed; gives what lay() returns. Dropped at the end."""
    from django.db import connection, transaction

    make_database(name)
    with blocker.unblock(), serving(name), transaction.atomic():
        found = lay()
        connection.run_on_commit.clear()  # as in a test, nothing leaves
    yield found
    drop_database(name)


def drop_database(name: str) -> None:
    """Drop `name`, ending the portal's connections that are left in it (a browser's last request, say).

    Not WITH (FORCE): that is refused while the server's own vacuum is at work, which a plain DROP sends away.
    """
    for connection in _kept.pop(name, {}).values():
        connection.close()
    with owner() as connection:
        for attempt in range(20):
            try:
                return _run(connection, "DROP DATABASE IF EXISTS {}", name)
            except psycopg.errors.ObjectInUse:
                if attempt == 19:
                    raise
                _end_what_serves(name)
                time.sleep(0.2)


def _end_what_serves(name: str) -> None:
    """As the owner and as portal_web: neither may see or end the other's connections."""
    from django.conf import settings

    for alias in settings.DATABASES:
        role = settings.DATABASES[alias]
        known = {key: role[key.upper()] for key in ("user", "password", "host", "port") if role[key.upper()]}
        with psycopg.connect(dbname="postgres", autocommit=True, **known) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [name],
            )


def _run(connection, statement, *names):
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
