"""Who has read a case: by person, with first and last time; by row; one question of the trail."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from partnership.access.readers import readers
from partnership.trail.models import Event
from tests.world import sign_in


def at(world, **query):
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("access:readers", args=[world.ours.folder.pk]) + (f"?{more}" if more else "")


def visit(world, user, name="reviews:review", row=None):
    sign_in(Client(), user).get(reverse(name, args=[(row or world.ours.review).pk]))


def test_each_reader_stands_once_with_first_and_last_time_the_latest_first(world, client):
    before = timezone.now()
    visit(world, world.panel)
    visit(world, world.signer_icb)
    old = Event.objects.filter(actor_id=world.panel.pk, verb="read").first()
    Event.objects.create(
        verb="read", actor_id=world.panel.pk, folder_id=old.folder_id, object_kind=old.object_kind,
        object_id=old.object_id, recorded_at=before - timedelta(days=3),
    )  # fmt: skip
    found = readers(world.ours.folder)
    assert {each.name: each.times for each in found} == {world.signer_icb.name: 1, world.panel.name: 2}
    (panel,) = (each for each in found if each.person == world.panel.pk)
    assert panel.first < before - timedelta(days=2) < panel.last
    again = Event.objects.create(
        verb="read", actor_id=world.panel.pk, folder_id=old.folder_id, object_kind=old.object_kind,
        object_id=old.object_id, recorded_at=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    found = readers(world.ours.folder)
    assert found[0].person == world.panel.pk and found[0].last == again.recorded_at
    page = sign_in(client, world.panel).get(at(world)).content.decode()
    assert world.signer_icb.name in page and world.stranger.name not in page


def test_each_page_of_a_case_is_a_reading_of_its_own_and_one_that_is_read_again_is_not(world, client):
    for name in ("review", "meeting", "findings", "panel", "review", "meeting"):
        visit(world, world.panel, f"reviews:{name}")
    (panel,) = readers(world.ours.folder)
    assert panel.times == 4
    found = {each.what.rpartition(": ")[2]: each.times for each in readers(world.ours.folder, person=world.panel.pk)}
    assert found["read a page of it (meeting)"] == 1 and len(found) == 4


def test_a_list_a_refusal_and_another_case_are_no_readings_of_it(world):
    sign_in(Client(), world.panel).get(reverse("reviews:reviews"))
    visit(world, world.barred)
    visit(world, world.stranger, row=world.theirs.review)
    assert readers(world.ours.folder) == []
    assert [each.name for each in readers(world.theirs.folder)] == [world.stranger.name]


def test_of_one_return_and_of_one_file_its_own_readers_stand(world, client):
    row = world.ours.returns["school"]
    visit(world, world.panel)
    visit(world, world.signer_icb, "reviews:agency_return", row)
    visit(world, world.author_other, "reviews:agency_return", row)
    visit(world, world.panel, "documents:download", world.ours.version)
    assert {each.name for each in readers(world.ours.folder, row=row.pk)} == {
        world.signer_icb.name, world.author_other.name,
    }  # fmt: skip
    assert [each.name for each in readers(world.ours.folder, row=world.ours.version.pk)] == [world.panel.name]
    overview = sign_in(client, world.officer).get(reverse("reviews:review", args=[world.ours.review.pk]))
    assert at(world, row=world.ours.version.pk) in overview.content.decode()
    page = client.get(reverse("reviews:agency_return", args=[row.pk])).content.decode()
    assert at(world, row=row.pk) in page
    sign_in(client, world.author_other)
    assert "Who has read" not in client.get(reverse("reviews:agency_return", args=[row.pk])).content.decode()
    assert client.get(at(world)).status_code == 404


def test_of_one_person_what_was_read_stands(world, client):
    visit(world, world.panel)
    visit(world, world.panel, "documents:download", world.ours.version)
    whats = {each.what for each in readers(world.ours.folder, person=world.panel.pk)}
    assert any("read a page of it" in each for each in whats) and any("downloaded a file" in each for each in whats)
    page = sign_in(client, world.officer).get(at(world, person=world.panel.pk)).content.decode()
    assert f"What {world.panel.name} read" in page
    assert "Nobody so far" in client.get(at(world, row=world.theirs.review.pk)).content.decode()
    assert client.get(at(world, person="x", row="y")).status_code == 200


def test_the_trail_is_asked_once(world):
    visit(world, world.panel)
    visit(world, world.signer_icb)
    with CaptureQueriesContext(connection) as found:
        readers(world.ours.folder)
    assert len(found) == 1


def test_it_says_whose_return_and_which_file_was_read_and_what_the_page_is_called(world, client):
    row = world.ours.returns["school"]
    visit(world, world.panel, "reviews:agency_return", row)
    visit(world, world.panel, "reviews:around")
    visit(world, world.panel, "documents:download", world.ours.version)
    page = sign_in(client, world.officer).get(at(world, person=world.panel.pk)).content.decode()
    of_return, title = f"Return of {escape(row.body)}: read a page of it", world.ours.version.document.title
    for words in (of_return, "(Around the case)", title):
        assert words in page
