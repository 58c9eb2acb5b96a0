"""One ground a worker, every visit in a savepoint of its own; the closing line counts what was walked."""

import logging
import os

import pytest
from django.core import mail
from django.db import transaction

from tests import database, services
from tests.walk.tables import PERSONAS


class Kept(logging.Handler):
    """Every log line of the walk, to be searched for markers."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(scope="session")
def laid(django_db_setup, django_db_blocker):
    """(database, Ground): laid once a worker and committed in a clone of its own."""
    from tests.walk.ground import lay

    name = f"portal_test_ground_{services.WORKER}_{os.getpid()}"
    with database.holding(name, lay, django_db_blocker) as ground:
        yield name, ground


@pytest.fixture(scope="module")
def ground(laid, django_db_blocker):
    """As it was laid: what a module does to its rows is undone."""
    name, ground = laid
    with django_db_blocker.unblock(), database.serving(name), transaction.atomic():
        yield ground
        transaction.set_rollback(True)


@pytest.fixture
def said(ground):
    """What left by other doors than the response: log lines and emails."""
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    mail.outbox = []
    yield lambda: handler.lines + [f"{each.subject} {each.body} {each.to}" for each in mail.outbox]
    root.removeHandler(handler)
    root.setLevel(level)


def pytest_terminal_summary(terminalreporter):
    addresses, unexpected, walked = set(), 0, False
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "walked":
                    addresses.add(value)
                    walked = True
                elif name == "unexpected":
                    unexpected += value
    if walked:
        terminalreporter.write_line(f"{len(addresses)} addresses × {len(PERSONAS)} personas, {unexpected} unexpected")
