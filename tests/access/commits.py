"""A database in which tests really commit, for what two people do at the same moment."""

import os
import threading

import pytest
from django.db import connections

from tests import database, services


@pytest.fixture(scope="module")
def committed(django_db_setup, django_db_blocker):
    """The portal served from a clone of its own: portal_web may not truncate, so the clone goes as a whole."""
    name = f"portal_test_commits_{services.WORKER}_{os.getpid()}"
    database.make_database(name)
    with django_db_blocker.unblock(), database.serving(name):
        yield
    database.drop_database(name)


@pytest.fixture
def at_once():
    """at_once(f, g, ...) runs them in threads that start together; returns results or exceptions, in order."""

    def run(*deeds):
        start, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

        def do(n, deed):
            try:
                start.wait(timeout=10)
                answers[n] = deed()
            except Exception as error:
                answers[n] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=do, args=each) for each in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return answers

    return run
