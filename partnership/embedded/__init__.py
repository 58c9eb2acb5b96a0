"""PostgreSQL and Valkey for evaluation, development and tests, without installing either.

A real deployment names its own services in DATABASE_URL and REDIS_URL, and then nothing here runs. See
docs/running.md and docs/adr/0009-embedded-postgresql-and-valkey.md.
"""

import os
import sys

from . import joining, secret_values
from .errors import EmbeddedError
from .places import Places

__all__ = ["EmbeddedError", "Places", "ensure", "ensure_or_exit", "wipe"]

# Names the services whose addresses were put into the environment here, so that a child process which inherits
# them asks again (and holds the services itself) instead of trusting an address that may have gone stale.
MARKER = "PORTAL_EMBEDDED"


def ensure() -> None:
    """Make sure that the addresses of a database and a broker are in the environment; returns nothing.

    Without DATABASE_URL and DATABASE_WEB_URL, finds or starts the embedded database and sets both: DATABASE_URL (role
    portal_owner: may create databases and roles) and DATABASE_WEB_URL (role portal_web, which `manage.py portal_setup`
    creates). Without REDIS_URL, the same for the broker. PORTAL_DATA becomes the absolute data folder; SECRET_KEY and
    IDENTITY_KEYS are set from its secrets.env where the environment lacks them. The services live as long as some
    process that called this lives. Safe to call from many processes at once and more than once.

    Raises EmbeddedError, with a sentence for the person at the keyboard.
    """
    embedded = set(os.environ.get(MARKER, "").split(","))
    # A web process is given DATABASE_WEB_URL alone: it must not know the owner's address (docs/adr/0008).
    given = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_WEB_URL")
    database = not given or "database" in embedded
    broker = not os.environ.get("REDIS_URL") or "broker" in embedded
    if not database and not broker:
        return
    places = Places.find()
    os.environ["PORTAL_DATA"] = str(places.data)
    addresses = joining.join(places)
    for name, value in secret_values.load(places.secrets).items():
        os.environ.setdefault(name, value)
    if database:
        os.environ["DATABASE_URL"] = addresses["DATABASE_URL"]
        os.environ["DATABASE_WEB_URL"] = addresses["DATABASE_WEB_URL"]
    if broker:
        os.environ["REDIS_URL"] = addresses["REDIS_URL"]
    os.environ[MARKER] = ",".join(name for name, ours in (("database", database), ("broker", broker)) if ours)


def ensure_or_exit() -> None:
    """`ensure` for the start of a command: a failure is one plain sentence on stderr and exit code 1."""
    try:
        ensure()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None


def wipe() -> None:
    """Delete the embedded database, its files and its secrets, for a fresh start.

    Raises EmbeddedError while any other process uses the services.
    """
    joining.wipe(Places.find())
