"""A group with its members, and a meeting of it that was held and minuted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.groups.services import add_seat
from boards.models import Attendance
from partnership.access.services import grant
from partnership.people.roles import Role
from tests.boards.making import group, item, meeting, restricted_item
from tests.boards.minutes.ground import SECRET, came, decide, write


@pytest.fixture
def board(world):
    """A group with its chair and two members."""
    row = group(world, "Quality of practice")
    for user, role in ((world.board_member, "chair"), (world.colleague, "member"), (world.lead_other, "member")):
        seat = {"role": role, "post": f"Post of {user.name}", "agency": world.agencies["uhnm"], "voting": "yes"}
        add_seat(row, by=world.manager, user=user, starts=timezone.localdate() - timedelta(days=90), **seat)
    return row


@pytest.fixture
def held(world, board):
    """A meeting that was held, with two open items and a restricted one that its chair and an officer see."""
    row = meeting(board, days=-20, status="held", minutes_status="draft", title="Autumn meeting", place="Civic Centre")
    write(world, item(row, "Learning from audits"), "Three audits were read.\n- Two are good")
    hidden = restricted_item(row, "A placement", by=world.manager)
    for user, role in ((world.officer, Role.CASE_OFFICER), (world.board_member, Role.CHAIR)):
        grant(hidden.folder, user, role, by=world.manager, reason="Sees it")
    write(world, hidden, SECRET)
    decide(hidden, SECRET, number=1)
    open_item = item(row, "Workforce")
    write(world, open_item, "Recruitment is slow.")
    decide(open_item, "A campaign begins.", number=2, reason="Vacancies have risen.")
    for user, mark in ((world.board_member, "present"), (world.colleague, "present"), (world.lead_other, "apologies")):
        came(row, user, mark)
    Attendance.objects.filter(user=world.board_member).update(chairs=True)
    Attendance.objects.create(folder=row.folder, meeting=row, name="Sam Guest", organisation="A club", mark="present")
    return row
