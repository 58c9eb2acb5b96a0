"""The rapid review meeting on the review’s own page: that it was held. The rest: tests/boards/test_case_meetings.py."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from boards.meetings.services import plan
from partnership.deadlines import services as deadlines
from partnership.deadlines.models import Milestone
from partnership.deadlines.rules import RAPID_REVIEW
from reviews import clocks
from reviews.meeting import reads
from tests.walk.post import moment


def at(name, row):
    return reverse(f"reviews:{name}", args=[row.pk])


@pytest.fixture
def meeting(world):
    when = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    return plan(world.ours.folder, by=world.officer, title="Rapid review meeting", starts_at=when, place="Room 4")


def step_of(world):
    return Milestone.objects.get(deadline=deadlines.running(world.ours.review, RAPID_REVIEW), code=clocks.MEETING)


def test_held_is_asked_with_the_day_said_on_the_meetings_page_and_taken_back(world, sign_in):
    client, path = sign_in(world.officer), at("meeting_held", world.ours.review)
    assert path in client.get(at("meeting", world.ours.review)).content.decode(), "before it is planned too"
    assert client.post(path).status_code == 422, "one press is not enough"
    when = (timezone.now() - timedelta(days=2)).replace(second=0, microsecond=0)
    answer = client.post(path, moment("held_at", when))
    assert answer["Location"] == at("meeting", world.ours.review)
    assert step_of(world).done_at == when and reads.local_step(world.panel, world.ours.review).done_at == when
    again = client.post(path, moment("held_at", timezone.now() - timedelta(days=1)), follow=True).content.decode()
    assert "It is recorded already" in again and step_of(world).done_at == when
    assert "Take it back" in client.get(at("meeting", world.ours.review)).content.decode()
    client.post(path, {"undo": "yes"})
    assert reads.local_step(world.panel, world.ours.review).done_at is None


def test_a_meeting_is_not_held_before_its_time_nor_before_the_review_began(world, meeting, sign_in):
    client, path = sign_in(world.officer), at("meeting_held", world.ours.review)
    page = client.get(path)
    assert page.context["form"]["held_at"].value() is None, "a planned day that lies ahead is not offered"
    for when in (meeting.starts_at, timezone.now() - timedelta(days=400)):
        assert client.post(path, moment("held_at", when)).status_code == 422
    assert step_of(world).done_at is None
    with pytest.raises(ValidationError, match="lies ahead"):
        clocks.step_done(world.ours.review, clocks.MEETING, by=world.officer, at=meeting.starts_at)
    with time_machine.travel(meeting.starts_at + timedelta(hours=3), tick=False):
        assert sign_in(world.officer).get(path).context["form"]["held_at"].value() == meeting.starts_at
