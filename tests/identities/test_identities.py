"""Identifiers are unreadable without the key, do not open elsewhere, and every reading is known."""

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.urls import reverse

from partnership.access.flow import Stale
from partnership.access.sealing import CannotOpen, unseal
from partnership.identities.age import age_words
from partnership.identities.models import Identity
from partnership.identities.services import change_identity, opened
from partnership.trail.models import Event
from tests.world import canary


@pytest.fixture
def identity(world):
    return world.ours.identity


def test_nothing_of_an_identity_can_be_read_in_the_database(identity):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text, encode(sealed, 'escape') FROM identities_identity i")
        stored = str(cursor.fetchall())
    assert canary("ours", "name") not in stored
    assert opened(identity).name == canary("ours", "name")


def test_a_record_moved_to_another_row_does_not_open(identity, world):
    with pytest.raises(CannotOpen):
        unseal(world.theirs.identity.pk, identity.sealed)


def test_a_new_key_seals_and_the_old_one_still_opens(identity, settings, world):
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *settings.IDENTITY_KEYS]
    assert opened(identity).name == canary("ours", "name")
    changed = change_identity(identity, facts={"name": "New"}, version=1, by=world.officer)
    settings.IDENTITY_KEYS = settings.IDENTITY_KEYS[:1]
    assert opened(changed).name == "New"
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CannotOpen):
        opened(changed)


def test_a_stale_change_overwrites_nothing(identity, world):
    change_identity(identity, facts={"name": "First"}, version=1, by=world.officer)
    with pytest.raises(Stale):
        change_identity(identity, facts={"name": "Second"}, version=1, by=world.officer)
    assert opened(Identity.objects.get(pk=identity.pk)).name == "First"


def test_the_trail_names_the_fields_that_changed_and_no_value(identity, world):
    change_identity(identity, facts={"name": "New", "other": canary("ours", "other")}, version=1, by=world.officer)
    event = Event.objects.get(verb="identity_changed", object_id=identity.pk)
    assert event.data == {"fields": ["addresses", "name", "other_names"]}


@pytest.mark.parametrize("address", ["reviews:identities", "reviews:search_record"])
def test_every_reading_is_written_down_with_whose_it_was(address, world, sign_in):
    row = world.ours.review if address == "reviews:identities" else world.ours.returns["uhnm"]
    reader = world.officer if address == "reviews:identities" else world.author
    response = sign_in(reader).get(reverse(address, args=[row.pk]))
    assert canary("ours", "name") in response.content.decode()
    event = Event.objects.get(verb="identity_read", actor_id=reader.pk)
    assert event.data == {"ids": [str(world.ours.identity.pk)], "page": address}
    assert event.folder_id == world.ours.folder.pk


@pytest.mark.parametrize(
    ("born", "on", "words"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), "0 days"),
        (date(2026, 1, 31), date(2026, 2, 28), "28 days"),
        (date(2026, 1, 31), date(2026, 3, 31), "2 months"),
        (date(2024, 2, 29), date(2026, 2, 28), "23 months"),
        (date(2024, 2, 29), date(2026, 3, 1), "2 years"),
        (date(2026, 5, 1), date(2026, 3, 1), "unborn"),
    ],
)
def test_an_exact_age_is_in_whole_units(born, on, words):
    assert age_words(born, on) == words
