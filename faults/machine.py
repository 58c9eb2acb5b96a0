"""One box for the faults: its own PostgreSQL and Valkey, scratch databases, and every process that a fault starts."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "faults"


class Machine:
    """Started by `run.py` before Django is set up. `postgres` and `valkey` can be stopped and started by a fault."""

    def __init__(self):
        from partnership.embedded.places import Places
        from partnership.embedded.postgres import Postgres
        from partnership.embedded.programs import programs
        from partnership.embedded.secret_values import load
        from partnership.embedded.supervisor import make_home
        from partnership.embedded.valkey import Valkey

        self.folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
        os.environ["PORTAL_DATA"] = str(self.folder)
        self.places = Places.find()
        make_home(self.places)
        found = programs(self.places)
        self.postgres, self.valkey = Postgres(self.places, found), Valkey(self.places, found)
        self.children: list[subprocess.Popen] = []
        self.valkey.start()
        self.postgres.start()
        os.environ.update(self.postgres.addresses() | self.valkey.addresses() | load(self.places.secrets))
        os.environ |= {
            "PORTAL_EMBEDDED": "",
            "DJANGO_SETTINGS_MODULE": "faults.settings",
            "REDIS_PREFIX": "faults",
            "EMAIL_URL": "memorymail://",
            "PORTAL_FAULT_TESTS": "1",
            "DEMO": "0",
            "DOCUMENTS_UNSCANNED": "yes, we accept this",
        }
        os.environ.pop("MAIL_SENDER", None)

    def close(self):
        self.end_children()
        self.postgres.stop()
        self.valkey.stop()
        shutil.rmtree(self.places.home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def crash_postgres(self):
        """As `pg_ctl -m immediate stop`: no checkpoint, connections cut."""
        if self.postgres.process.poll() is None:
            self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait(30)

    @contextmanager
    def scratch(self):
        """A clone of the provisioned template, served by this process too; yields its name."""
        from django.conf import settings
        from django.db import connections

        from tests import database

        name = f"portal_faults_{uuid.uuid4().hex[:10]}"
        database.make_database(name)
        for alias in settings.DATABASES:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        try:
            yield name
        finally:
            self.end_children()
            connections.close_all()
            database.drop_database(name)

    def start(self, command, *, scratch="", **environment) -> subprocess.Popen:
        """A process of the portal's on a scratch database; its words go to a file beside the data."""
        from tests import database

        if scratch:
            environment["DATABASE_URL"] = database.address_of(scratch)
            environment["DATABASE_WEB_URL"] = database.address_of(scratch, "DATABASE_WEB_URL")
        with (self.folder / "processes.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log
            )
        self.children.append(child)
        return child

    def provider(self, kind) -> "Provider":
        """An SMTP sink or a GOV.UK Notify stub, ready to be written to."""
        provider = Provider(kind, self.folder / f"{kind}-{uuid.uuid4().hex[:8]}")
        self.children.append(provider.process)
        return provider

    def end_children(self):
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGCONT)
                child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        self.children.clear()


class Provider:
    """The outside: counts what arrived, by our reference. kind: 'smtp' (cannot be asked) or 'notify' (can)."""

    def __init__(self, kind, path: Path):
        self.kind, self.can_be_asked = kind, kind == "notify"
        self.deliveries, self.trouble = path.with_suffix(".deliveries"), path.with_suffix(".mode")
        self.deliveries.touch()
        self.mode("ok")
        script = HERE / {"smtp": "smtp_sink.py", "notify": "notify_stub.py"}[kind]
        command = [sys.executable, str(script), str(self.deliveries), str(self.trouble)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def mode(self, words):
        """Written whole: the other side reads it at any moment."""
        draft = self.trouble.with_suffix(".new")
        draft.write_text(words)
        draft.replace(self.trouble)

    @property
    def environment(self) -> dict:
        """What makes a process of the portal send here."""
        if self.kind == "smtp":
            return {"MAIL_SENDER": "smtp", "EMAIL_URL": f"smtp://127.0.0.1:{self.port}"}
        return {
            "MAIL_SENDER": "notify",
            "NOTIFY_URL": f"http://127.0.0.1:{self.port}",
            "NOTIFY_API_KEY": f"faults-{uuid.uuid4()}-{uuid.uuid4()}",
            "NOTIFY_TEMPLATE_ID": str(uuid.uuid4()),
        }


def wait_until(true, *, seconds, what):
    """Ask `true()` until it is; AssertionError with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} seconds in vain for {what}")
        time.sleep(0.1)
