"""What signing in remembers: in the database, as JSON, for its time, and first come first served."""

from datetime import timedelta

import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from partnership.access.models import Remembered
from partnership.access.tasks import dispose


def test_values_come_back_as_they_went_until_their_time(db):
    for value in (True, "y", [1763787600.123456, 0.1], {"a": None}):
        cache.set("key", value, 60)
        assert cache.get("key") == value
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert cache.get("key", "nothing") == "nothing"
        assert cache.add("key", "new", 60)
    assert cache.delete("key") and not cache.delete("key")


def test_of_many_at_once_one_is_first(committed, at_once):
    assert sorted(at_once(*[lambda: cache.add("first", "y", 60)] * 4)) == [False, False, False, True]


def test_nothing_that_runs_and_no_address_rests_in_the_row(db):
    cache.set("guesses:192.0.2.7:ivy@portal.example", ["192"], 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, pg_typeof(value)::text FROM access_remembered")
        ((key, kind),) = cursor.fetchall()
    assert kind == "jsonb" and len(key) == 64 and set(key) <= set("0123456789abcdef")  # a hash, whatever it is of


def test_the_sweep_deletes_what_has_expired_and_nothing_else(db):
    cache.set("short", 1, 10)
    cache.set("long", 1, 600)
    cache.set("for ever", 1, None)
    with time_machine.travel(timezone.now() + timedelta(seconds=11), tick=False):
        dispose()
        assert Remembered.objects.count() == 2
        assert (cache.get("long"), cache.get("for ever"), cache.get("short")) == (1, 1, None)
