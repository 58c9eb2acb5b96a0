"""The calendar of a group, read by an address of one's own."""

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boards.calling import feeds
from boards.flow import MEETING
from boards.groups import services as groups
from boards.models import Meeting
from boards.tasks import sweep_seats
from partnership.access import links
from partnership.access.models import Link
from partnership.actions.planning import feeds as calendars
from partnership.people.models import User
from tests.boards import making
from tests.boards.calling.ground import event_of
from tests.world import sign_in

pytestmark = pytest.mark.django_db
FEED = Link.Purpose.GROUP_FEED


def test_a_group_calendar_says_when_and_where_and_ends_with_the_seat(world, group, called):
    making.item(called, "Canary item")
    link = calendars.make(world.colleague, FEED, group.pk)
    url = reverse("boards:group_feed", args=[links.token_of(link)])
    answer = Client().get(url)
    calendar = Calendar.from_ical(answer.content)
    event = event_of(calendar)
    assert event["summary"] == "Meeting of Quality group" and event["location"] == "Civic Centre"
    assert event["dtstart"].dt == called.starts_at and b"Canary" not in answer.content
    assert b"Autumn" not in answer.content
    MEETING.take(called, "cancel", by=world.officer, note="No quorum")
    assert event_of(Calendar.from_ical(Client().get(url).content))["status"] == "CANCELLED"
    groups.end_seat(group.seats.get(user=world.colleague), by=world.manager, ends=timezone.localdate())
    assert Client().get(url).status_code == 404


def test_who_cannot_open_the_group_for_a_while_reads_on_afterwards_by_the_same_address(world, group):
    link = calendars.make(world.colleague, FEED, group.pk)
    url = reverse("boards:group_feed", args=[links.token_of(link)])
    for since, status in ((timezone.now(), 404), (None, 200)):
        User.objects.filter(pk=world.colleague.pk).update(suspended_at=since)
        sweep_seats()
        assert Client().get(url).status_code == status


def test_a_group_calendar_has_one_address_and_its_owner_ends_it(world, group):
    client, page = sign_in(Client(), world.colleague), reverse("boards:group_calendar", args=[group.pk])
    assert "no address yet" in client.get(page).content.decode()
    client.post(page)
    first = links.token_of(calendars.link_of(world.colleague, FEED, group.pk))
    client.post(page)
    assert Client().get(reverse("boards:group_feed", args=[first])).status_code == 404
    second = links.token_of(calendars.link_of(world.colleague, FEED, group.pk))
    assert Client().get(reverse("boards:group_feed", args=[second])).status_code == 200
    client.post(page, {"end": "yes"})
    assert Client().get(reverse("boards:group_feed", args=[second])).status_code == 404
    assert sign_in(Client(), world.board_member).get(page).status_code == 404


def test_day_only_and_words_with_marks_are_written_as_a_calendar_reads_them(world, group):
    starts = timezone.make_aware(datetime(2027, 1, 5))  # noqa: DTZ001 (made aware in the same breath)
    Meeting.objects.create(
        folder=group.folder, group=group, title="x", place="Room 1; left,\x07 \\ side\nBEGIN:VEVENT " + "é" * 90,
        starts_at=starts, day_only=True,
    )  # fmt: skip
    data = feeds.written(world.colleague, group.folder, "https://portal.example")
    event = event_of(Calendar.from_ical(data))
    assert event["dtstart"].dt == date(2027, 1, 5) and "\x07" not in event["location"]
    assert all(len(line) <= 75 for line in data.split(b"\r\n")) and event["location"].startswith("Room 1; left, \\")
