"""Minutes that are there, for tests of what becomes of them."""

import json

from django.test import Client

from boards.minutes import editions, services
from boards.models import Attendance, Decision, Minute
from tests.boards.making import meeting
from tests.world import sign_in

SECRET = "The placement at Larkfield ends"


def write(world, row, text, by=None):
    return Minute.objects.create(folder=row.folder, item=row, text=text, changed_by=by or world.officer)


def decide(row, text, *, number, **facts):
    facts = {"folder": row.folder, "meeting": row.meeting, "item": row} | facts
    return Decision.objects.create(text=text, number=number, **facts)


def came(row, user, mark):
    seat = user.seats.get(group=row.group_id)
    facts = {"folder": row.folder, "meeting": row, "seat": seat, "place": seat.place, "user": user, "name": user.name}
    facts |= {"post": seat.post, "agency": seat.agency, "voting": "yes", "mark": mark}
    return Attendance.objects.create(**facts)


def fresh(row):
    return type(row).objects.select_related("folder", "group__folder").get(pk=row.pk)


def circulated(world, held):
    services.circulate(held, by=world.manager)
    return fresh(held)


def agreed(world, held):
    row = circulated(world, held)
    services.check(row, by=world.board_member, edition=editions.newest(row).pk)
    later = meeting(held.group, days=-1, status="held")
    services.agree(fresh(row), by=world.manager, agreed_in=later)
    return fresh(held)


def words_of(user, row, edition=None):
    found = editions.reading(user, row, edition)
    return json.dumps([found.head, [line.said for line in found.lines]])


def own_client(user):
    return sign_in(Client(), user)
