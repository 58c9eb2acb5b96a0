"""Sessions: each person's own, in words, and ended at once."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from partnership.access import sessions
from partnership.access.models import SignedIn
from partnership.access.sessions import device_of, end_sessions, handle_of
from partnership.people.models import User
from partnership.trail.models import Event
from tests.world import sign_in

HERE = "/directory/account/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E1 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


def tab(user, agent=FIREFOX):
    client = sign_in(Client(headers={"User-Agent": agent}), user)
    assert client.get("/home").status_code == 200
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox 128 on Windows"),
        (IPHONE, "Safari 18 on an iPhone"),
        (EDGE, "Edge 130 on Windows"),
        ("", "A browser"),
        ("<script>", "A browser"),
    ],
)
def test_a_device_is_told_in_words_and_never_by_its_header(rf, agent, words):
    assert device_of(rf.get("/", headers={"User-Agent": agent})) == words


def test_the_page_lists_ones_own_places_alone_and_marks_this_one(world):
    here, there = tab(world.officer), tab(world.officer, IPHONE)
    tab(world.manager, EDGE)
    page = here.get(HERE)
    places = page.context["places"]
    assert [(place.device, place.here) for place in places] == [
        ("Firefox 128 on Windows", True),
        ("Safari 18 on an iPhone", False),
    ]
    body = page.content.decode()
    for client in (here, there):
        assert client.session.session_key not in body, "whoever reads a key has the session"


def test_one_is_ended_at_its_next_request_and_the_rest_stay(world):
    here, there, third = (tab(world.officer, agent) for agent in (FIREFOX, IPHONE, EDGE))
    here.post(HERE, {"session": handle_of(there.session.session_key)})
    assert there.get("/home")["Location"].startswith("/account/login/")
    assert here.get("/home").status_code == third.get("/home").status_code == 200
    assert Event.objects.filter(verb="sessions_ended", object_id=world.officer.pk).count() == 1


def test_all_others_are_ended_and_this_one_stays(world):
    here, others = tab(world.officer), [tab(world.officer, IPHONE), tab(world.officer, EDGE)]
    here.post(HERE, {})
    assert here.get("/home").status_code == 200
    assert [each.get("/home").status_code for each in others] == [302, 302]


def test_two_of_one_kind_are_told_apart_by_when_each_began(world):
    here, _ = tab(world.officer), tab(world.officer)
    rows = SignedIn.objects.filter(user=world.officer).exclude(session_key=here.session.session_key)
    rows.update(since=timezone.now() - timedelta(hours=3))
    page = here.get(HERE).content.decode()
    assert re.search(r"End it<span[^>]*>[^<]*Firefox 128 on Windows, signed in since \d", page)


@pytest.mark.parametrize("forged", ["", "0" * 32, "unknown"])
def test_nobody_ends_the_session_of_another(world, forged):
    mine, theirs = tab(world.officer), tab(world.manager)
    handle = forged or handle_of(theirs.session.session_key)
    mine.post(HERE, {"session": handle})
    assert theirs.get("/home").status_code == 200


def test_an_open_tab_of_a_closed_account_gets_the_sign_in_page(world):
    client = tab(world.officer)
    User.objects.filter(pk=world.officer.pk).update(is_active=False, closed_at=timezone.now())
    end_sessions(world.officer)
    for answer in (client.get("/home"), client.post(HERE, {})):
        assert answer["Location"].startswith("/account/login/")
    assert client.get("/home", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/account/login/")
    assert not SignedIn.objects.filter(user=world.officer).exists()


def test_a_request_under_way_does_not_bring_an_ended_session_back(world):
    """The page was asked for before the session ended, and wants to save it after."""
    client = tab(world.officer)
    store = sessions.SessionStore(client.session.session_key)
    store["something"] = "new"
    end_sessions(world.officer)
    with pytest.raises(UpdateError):
        store.save()
    assert not SignedIn.objects.filter(user=world.officer).exists()


def test_a_session_follows_its_key_when_it_is_changed(world):
    client = tab(world.officer)
    store = sessions.SessionStore(client.session.session_key)
    store.load()
    store.cycle_key()
    (row,) = SignedIn.objects.filter(user=world.officer)
    assert row.session_key == store.session_key


def test_what_lay_idle_is_not_listed_and_what_expired_is_disposed_of(world):
    here = tab(world.officer)
    tab(world.officer, IPHONE)
    other = SignedIn.objects.filter(user=world.officer).exclude(session_key=here.session.session_key)
    other.update(seen_at=timezone.now() - timedelta(minutes=31))
    assert len(here.get(HERE).context["places"]) == 1
    other.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert sessions.dispose() == 1
