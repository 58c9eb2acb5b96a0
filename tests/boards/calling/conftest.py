"""A group whose members are called to a meeting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.calling import services
from partnership.people.roles import Role
from tests.boards import making
from tests.boards.calling.ground import seat
from tests.world import person


@pytest.fixture
def group(world):
    """The colleague chairs, the lead of another trust is a member with a deputy, one seat is vacant."""
    row = making.group(world, "Quality group")
    seat(world, row, world.colleague, role="chair", agency=world.agencies["uhnm"])
    held = seat(world, row, world.lead_other, agency=world.agencies["mpft"])
    row.deputy = person("mpft_deputy", Role.AGENCY_STAFF, world.agencies["mpft"])
    seat(world, row, row.deputy, agency=world.agencies["mpft"], deputy_for=held)
    seat(world, row, None, post="Public health")
    row.seat = held
    return row


@pytest.fixture
def called(world, group):
    starts = (timezone.now() + timedelta(days=10)).replace(microsecond=0)  # a calendar has whole seconds
    meeting = making.meeting(group, title="Autumn meeting", place="Civic Centre", by=world.officer, starts_at=starts)
    return services.call(meeting, by=world.officer)
