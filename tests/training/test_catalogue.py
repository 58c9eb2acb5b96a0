"""The catalogue: what everybody reads without signing in, and nothing else; courses as the business unit keeps them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.training import making
from tests.world import sign_in
from training.booking import services as booking
from training.catalogue import services
from training.models import Course, Joining, Trainer

pytestmark = pytest.mark.django_db
SAID = {"kind": "multi", "level": "topic", "summary": "What it is.", "audience": "All.", "minimum": 4, "capacity": 20}


def get(client, name, *args, **query):
    return client.get(reverse(f"training:{name}", args=args), query)


def words(response) -> str:
    return response.content.decode()


def add(world, title="Neglect", **facts):
    return services.add(by=world.officer, partnership=world.partnership, title=title, **SAID | facts)


def test_everybody_reads_what_is_open_and_nothing_of_what_is_planned(client, world):
    draft = making.course(world, "A draft", status="draft")
    planned = making.event(world, making.course(world, "Planned course"), status="planned")
    opened = making.event(world, making.course(world, "Open course"))
    page = get(client, "catalogue")
    assert page.status_code == 200 and "1 event to come" in words(page)
    assert "Open course" in words(page) and "A draft" not in words(page)
    assert get(client, "course", draft.pk).status_code == get(client, "event", planned.pk).status_code == 404
    assert get(client, "event", opened.pk).status_code == get(client, "course", opened.course_id).status_code == 200


def test_a_public_page_names_nobody_and_says_only_how_many_places_anybody_may_take(client, world):
    event = making.event(world, places=9)
    making.reserved(event, places=3, agency=world.agencies["police"])
    Joining.objects.create(
        folder_id=event.pk, event=event, address="https://meet.example/secret", words="Ring the bell."
    )
    Trainer.objects.create(event=event, name="Tess Trainer")
    booking.book(event, making.learner(world, world.agencies["uhnm"], "Robin Ash"), by=world.officer)
    for page in (get(client, "catalogue"), get(client, "event", event.pk), get(client, "course", event.course_id)):
        assert "5 places left" in words(page)
        for word in ("meet.example", "Ring the bell", "Tess", "Robin", "9 ", "of 9"):
            assert word not in words(page).split("<main")[1].split("<footer")[0].replace("19 ", "").replace("29 ", "")


def test_the_public_list_asks_as_much_for_many_events_as_for_few(client, world):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert get(client, "catalogue", level="topic").status_code == 200
        return len(queries)

    course = making.course(world)
    making.reserved(making.event(world, course), places=3, kind="school")
    asked()
    few = asked()
    for days in range(31, 41):
        making.reserved(making.event(world, course, days=days), places=3, kind="school")
    assert asked() == few <= 8


def test_the_filters_find_by_word_month_place_and_free_places(client, world):
    cafe = making.event(
        world, making.course(world, "Café culture", summary="Neglect in teams"), mode="online", venue=""
    )
    full = making.event(world, making.course(world, "Domestic abuse"), days=75, places=1)
    booking.book(full, making.learner(world, world.agencies["uhnm"]), by=world.officer)
    month = f"{timezone.localtime(full.starts_at):%Y-%m}"
    for asked, found, missing in (
        ({"q": "cafe NEGL"}, cafe, full), ({"where": "online"}, cafe, full), ({"month": month}, full, cafe),
        ({"free": "on"}, cafe, full),
    ):  # fmt: skip
        said = words(get(client, "catalogue", **asked))
        assert f"/events/{found.pk}" in said and f"/events/{missing.pk}" not in said, asked
    assert "0 events to come" in words(get(client, "catalogue", q="=1+1"))
    assert get(client, "catalogue", month="2026-13").status_code == 422


def test_an_event_says_whether_it_can_be_booked_now(client, world):
    today = timezone.localdate()
    course = making.course(world)
    later = making.event(world, course, opens_on=today + timedelta(days=3))
    closed = making.event(world, course, closes_on=today - timedelta(days=1))
    full = making.event(world, course, places=1)
    booking.book(full, making.learner(world, world.agencies["uhnm"]), by=world.officer)
    off = making.event(world, course, status="cancelled", why_cancelled="The trainer is ill.")
    begun = making.event(world, course, days=-1)
    for event, said in (
        (later, "Booking opens on"), (closed, "Booking has closed"), (full, "Join the waiting list"),
        (off, "was cancelled"), (begun, "has begun or is over"),
    ):  # fmt: skip
        assert said in words(get(client, "event", event.pk)), said
    assert "ill" not in words(get(client, "event", off.pk)).split("<main")[1], "the reason is for those who booked"


def test_a_course_is_read_by_others_only_once_it_is_offered(client, world):
    bare = add(world, summary="")
    with pytest.raises(ValidationError, match="what it is about"):
        services.offer(bare, by=world.officer)
    course = add(world)
    with pytest.raises(PermissionDenied):
        services.offer(course, by=world.lead_same)
    course = services.offer(course, by=world.officer)
    assert get(client, "course", course.pk).status_code == 200
    services.withdraw(course, by=world.officer)
    assert "offered no longer" in words(get(client, "course", course.pk))
    assert course.title not in words(get(client, "catalogue"))


def test_courses_that_come_first_never_go_in_a_circle(world):
    first, second = add(world, "First"), add(world, "Second")
    facts = SAID | {"title": "Second", "prerequisites": [first]}
    services.change(second, by=world.officer, version=1, **facts)
    with pytest.raises(ValidationError, match="asks for this course first"):
        services.change(first, by=world.officer, version=1, **SAID | {"title": "First", "prerequisites": [second]})
    with pytest.raises(ValidationError, match="more people than there are places"):
        services.change(second, by=world.officer, version=2, **facts | {"minimum": 21})


def test_two_windows_on_one_course_lose_no_word(client, world):
    course = add(world)
    sign_in(client, world.officer)
    url = reverse("training:course_edit", args=[course.pk])
    sent = {"title": "Neglect", "kind": "multi", "level": "topic", "audience": "All.", "version": 1}
    assert client.post(url, sent | {"summary": "Their words."}).status_code == 302
    clash = client.post(url, sent | {"summary": "My words."})
    assert clash.status_code == 409 and "Their words." in words(clash) and "My words." in words(clash)
    assert Course.objects.get(pk=course.pk).summary == "Their words."


def test_a_form_that_is_sent_twice_makes_one_course_and_markup_stays_words(client, world):
    sign_in(client, world.officer)
    url = reverse("training:course_add")
    title = "<b>=HYPERLINK()</b>"
    token = client.get(url).context["form"]["form_token"].value()
    sent = {"title": title, "kind": "multi", "level": "topic", "form_token": token}
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Course.objects.filter(title=title).count() == 1
    assert title not in words(get(client, "courses")) and "&lt;b&gt;=HYPERLINK" in words(get(client, "courses"))
    long = client.post(url, {"title": "x" * 2000, "kind": "multi", "level": "topic"})
    assert long.status_code == 422 and "must be 200 characters or fewer" in words(long)


def test_the_sign_in_page_leads_to_the_catalogue_and_the_directory(world, client):
    page = client.get(reverse("account_login")).text
    for name in ("training:catalogue", "directory:public_directory"):
        assert f'href="{reverse(name)}">' in page.partition("<footer")[0]
