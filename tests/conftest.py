"""Fixtures that everything shares: the database of this worker, the world with its named personas, signing in."""

import fcntl
import gc
import os
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from whitenoise.base import WhiteNoise

from tests import database, services

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Serve as portal_web on a database of this worker's own; the owner's alias leads to the same database."""
    name = f"portal_test_{services.WORKER}_{os.getpid()}"
    database.make_database(name)
    with django_db_blocker.unblock():
        for alias in settings.DATABASES:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            settings.DATABASES[alias]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
    database.drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """The strict manifest exists before any page is rendered."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.DATA_DIR / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        newest = max((path.stat().st_mtime for path in (ROOT / "static").rglob("*") if path.is_file()), default=0)
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, verbosity=0)
            manifest.touch()


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once(static_files):
    """WhiteNoise looks at every static file when a client is made, and nearly each test makes one: once will do."""
    look, found = WhiteNoise.update_files_dictionary, {}

    def update_files_dictionary(self, root, prefix):
        key = (root, prefix, self.max_age, self.charset)
        if key not in found:
            look(self, root, prefix)
            found[key] = dict(self.files)
        self.files.update(found[key])

    WhiteNoise.update_files_dictionary = update_files_dictionary
    yield
    WhiteNoise.update_files_dictionary = look


@pytest.fixture(scope="session")
def made_world(django_db_setup, django_db_blocker):
    """(database, pickled World): the world of tests/world.py, made once a worker and committed in its own clone."""
    from tests.world import make_world

    name = f"portal_test_world_{services.WORKER}_{os.getpid()}"
    with database.holding(name, make_world, django_db_blocker) as world:
        with django_db_blocker.unblock(), database.serving(name), connections["owner"].cursor() as cursor:
            # What people were told while it was made is not what a test is about.
            cursor.execute("DELETE FROM notify_notice")
            cursor.execute("DELETE FROM notify_outgoing")
            # So that a test that stands still on a day that is over finds people let in: theirs is no day of the world.
            cursor.execute("UPDATE access_foldergrant SET starts = starts - interval '20 years' WHERE ends IS NULL")
        yield name, pickle.dumps(world)  # read back in a tenth of the time of a deep copy


@pytest.fixture
def at_the_world(made_world, django_db_blocker):
    """Serves from the world's database; the test's transaction begins and is rolled back inside."""
    with django_db_blocker.unblock(), database.serving(made_world[0]):
        yield


def pytest_collection_finish():
    """What was loaded by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items):
    for item in items:
        if "world" in item.fixturenames:
            item.fixturenames.insert(0, "at_the_world")  # before `db`, whoever asks for that
        if "chromium" in item.fixturenames:
            # Its loop changes where Django keeps its connections: one that was open before would never be closed.
            item.fixturenames.remove("chromium")
            item.fixturenames.insert(0, "chromium")


@pytest.fixture
def world(at_the_world, made_world, db):
    """One small partnership with two sealed reviews, untouched; see tests/world.py."""
    return pickle.loads(made_world[1])


@pytest.fixture
def sign_in(client):
    """sign_in(user) -> the client, signed in with a second factor."""
    from tests.world import sign_in

    return lambda user: sign_in(client, user)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium a worker: Playwright's plain API begins once in a process."""
    from playwright.sync_api import sync_playwright

    from tests import browser

    with sync_playwright() as playwright, browser.launch(playwright) as started:
        yield started
        for connection in connections.all(initialized_only=True):
            connection.close()  # opened beside the browser's loop: whoever drops the database does not find them
