"""Planning meetings: one, a year of them, standing items; who may, and what is refused."""

import pytest
from django.urls import reverse

from boards.meetings import reads
from partnership.access import services as access
from partnership.people.roles import Role
from tests.boards import making
from tests.world import sign_in

pytestmark = pytest.mark.django_db


def read(client, user, name, *args):
    return sign_in(client, user).get(reverse(f"boards:{name}", args=args))


def test_a_meeting_shows_when_where_and_the_agenda_that_its_reader_sees(client, world):
    group = making.group(world)
    meeting = making.meeting(group, title="Spring meeting", place="Civic Centre")
    making.item(meeting, "Learning from audits")
    hidden = making.restricted_item(meeting, "A hidden matter", by=world.manager)
    access.grant(hidden.folder, world.manager, Role.CASE_LEAD, by=None, reason="Takes the item")
    making.item(meeting, "Next steps")
    page = read(client, world.officer, "meeting", meeting.pk).content.decode()
    assert "Civic Centre" in page and "Learning from audits" in page
    assert "A hidden matter" not in page and "R1" not in page
    assert [number for number, _ in reads.agenda(world.officer, meeting)] == ["1", "2"], "no gap tells of another"
    shown = read(client, world.manager, "meeting", meeting.pk).content.decode()
    assert "A hidden matter" in shown
    assert [number for number, _ in reads.agenda(world.manager, meeting)] == ["1", "R1", "2"]
    assert read(client, world.colleague, "meeting", meeting.pk).status_code == 404
