"""What the walk needs of attendance: a group with a chair and a member, a meeting with its marks, minutes that wait."""

import json
from datetime import timedelta

from django.utils import timezone

from boards.groups.services import add_group, add_seat
from boards.importing import minutes
from boards.models import Attendance, Group, Meeting
from partnership.documents.models import Document, Marking, Version
from partnership.documents.services import keep
from tests.walk.post import Post
from tests.world import canary, small_pdf

WHY = "the walk lays its own ground"


def group_of(ground) -> Group:
    """board_member chairs it, school_outside sits on it; made once a ground."""
    if not hasattr(ground, "_attended"):
        ground._attended = _lay(ground.world)
    return ground._attended


def _lay(world):
    facts = {"purpose": "", "meets": "", "chair_rule": "", "source": "", "starts": None, "parent": None}
    group = add_group(by=world.officer, partnership=world.partnership, name="Group with attendance", **facts)
    seats = [
        add_seat(group, by=world.officer, user=user, role=role, post=f"Seat of a {role}", voting="yes")
        for user, role in ((world.board_member, "chair"), (world.school_outside, "member"))
    ]
    at = timezone.now() - timedelta(days=20)
    row = Meeting.objects.create(
        folder=group.folder, group=group, title="Meeting", starts_at=at, held_at=at, status=Meeting.Status.HELD
    )
    for seat in seats:
        Attendance.objects.create(
            folder=group.folder, meeting=row, seat=seat, place=seat.place, user=seat.user, mark="present",
            organisation=canary("ours", "att_body"),
        )  # fmt: skip
    version = keep(
        small_pdf("Minutes"), folder=group.folder, title=canary("ours", "att_file"), name="minutes.pdf",
        content_type="application/pdf", marking=Marking.OFFICIAL, by=world.officer,
    )  # fmt: skip
    Document.objects.filter(pk=version.document_id).update(kind=minutes.KIND, apart=True)
    Version.objects.filter(pk=version.pk).update(apart=True)
    return group


def sample(name):
    return lambda ground: [[group_of(ground).pk]]


def _marks(ground, case, persona):
    day = f"{timezone.localdate() - timedelta(days=50)}"
    return {"act": "take", "days": json.dumps([[0, day]]), "rows": json.dumps([[2, "", "Seat of a chair", "", "P"]])}


def _minutes(ground, case, persona):
    waits = Document.objects.unscoped(WHY).get(kind=minutes.KIND, folder=group_of(ground).pk)
    return {"act": "take", f"day_{waits.pk.hex}": "12 June 2018"}


def _seats(ground, case, persona):
    cells = ["Group with attendance", "Head of practice", "A club", "", "", "member", "no", "", "", ""]
    return {"act": "take", "rows": json.dumps([[2, *cells]])}


POSTS = {
    ("boards:import_attendance", "attended"): Post("attendance_taken_in", _marks),
    ("boards:import_minutes", "attended"): Post("minutes_take_in", _minutes),
    ("boards:import_seats", ""): Post("seat_added", _seats),
}
