"""Who came to the groups of the bench: seats of one organisation each, a meeting a month, a mark in every cell."""

from datetime import date, timedelta

from django.utils import timezone

from boards.models import Attendance, Group, Meeting, Seat
from partnership.ui.dates import midnight

SIZES = ((26, 12), (40, 60))  # seats, meetings
MARKS = (*["present"] * 7, "deputy", "apologies", "absent", "na")


def attendance(folders, agencies, *, random, identify):
    """{(seats, meetings): Group}, one of `folders` each. One seat in ten began in the middle of the time."""
    return {
        size: _group(folder, agencies, *size, random, identify) for size, folder in zip(SIZES, folders, strict=False)
    }


def period(meetings) -> tuple[date, date]:
    """The days over which so many meetings lie."""
    today = timezone.localdate()
    return today - timedelta(days=30 * meetings), today


def _group(folder, agencies, seats, meetings, random, identify):
    group = Group.objects.create(folder=folder)
    named = list({agency.name: agency for agency in agencies}.values())  # two of one name stand in either order
    first, _ = period(meetings)
    days = [first + timedelta(days=30 * n + 1) for n in range(meetings)]
    rows = [
        Seat(id=identify(), group=group, place=identify(), post="Head of safeguarding", agency=agency, voting="yes",
             starts=days[meetings // 2] if n % 10 == 9 else None)
        for n, agency in enumerate(random.sample(named, seats))
    ]  # fmt: skip
    Seat.objects.bulk_create(rows)
    held = [
        Meeting(id=identify(), folder=folder, group=group, title="Meeting of the group", status="held",
                starts_at=midnight(day), held_at=midnight(day))
        for day in days
    ]  # fmt: skip
    Meeting.objects.bulk_create(held)
    marks = (
        Attendance(id=identify(), folder=folder, meeting=each, seat=row, place=row.place, agency=row.agency,
                   post=row.post, voting=row.voting, mark=random.choice(MARKS))
        for each in held for row in rows
    )  # fmt: skip
    Attendance.objects.bulk_create(marks, batch_size=500)
    return group
