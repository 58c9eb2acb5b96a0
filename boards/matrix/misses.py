"""A seat that missed meetings running: who is told, once a run, and what still stands so."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from boards.matrix.counting import MISSED, M
from boards.models import Attendance, Group, Meeting, Seat
from partnership.access.models import Folder
from partnership.access.reach import reach_of
from partnership.access.rows import holders
from partnership.access.work import Work
from partnership.notify.telling import Told, tell
from partnership.people.roles import Perm

FILE = Path(__file__).resolve().parent.parent / "data" / "misses.toml"
TOLD = "seat_missed"
HELD = Meeting.Status.HELD
WHY = "the portal tells the chair; the page asks by the row rule"


@cache
def _editions() -> list:
    return sorted(tomllib.loads(FILE.read_text())["edition"], key=lambda each: each["from"])


def how_many(day: date) -> int:
    """After how many misses running the chair is told of a seat, by the edition that held on `day`."""
    held = [each["misses"] for each in _editions() if each["from"] <= day]
    return held[-1] if held else _editions()[0]["misses"]


@dataclass(frozen=True)
class Run:
    """A seat's misses running. meeting: the newest of them. misses: how many, one more than are needed at most. name:
    the seat as it was at the newest."""

    place: UUID
    group: UUID
    meeting: UUID
    misses: int
    name: str


def runs(rows, day: date) -> list[Run]:
    """The seats whose newest marks among `rows` (of Attendance, scoped) are misses, as many as it needs.

    Seats that exist on `day`, members' and advisers'. One question.
    """
    needed = how_many(day)
    seats = Seat.objects.on(day).filter(deputy_for=None).exclude(standing=Seat.Standing.OBSERVER)
    rows = rows.filter(meeting__status=HELD, place__in=seats.values("place"), meeting__group__isnull=False)
    rows = rows.exclude(mark__in=("", M.NOT_APPLICABLE))
    newest = Window(
        RowNumber(), partition_by=F("place"), order_by=(F("meeting__starts_at").desc(), F("meeting_id").desc())
    )
    rows = rows.annotate(back=newest).filter(back__lte=needed + 1).order_by("place", "back")
    fields = ("place", "mark", "meeting_id", "meeting__group_id", "post", "agency__name", "organisation")
    found: dict = {}
    for place, *facts in rows.values_list(*fields):
        found.setdefault(place, []).append(facts)
    standing = []
    for place, marks in found.items():
        misses = next((at for at, (mark, *_) in enumerate(marks) if mark not in MISSED), len(marks))
        if misses >= needed:
            _, meeting, group, post, agency, organisation = marks[0]
            name = ", ".join(filter(None, (post, agency or organisation)))
            standing.append(Run(place, group, meeting, misses, name))
    return standing


def names(user, folder) -> list[str]:
    """The seats of a group that have missed meetings running until now, for who is told of them."""
    rows = Attendance.objects.visible_to(user).filter(folder=folder)
    return sorted((run.name for run in runs(rows, timezone.localdate())), key=str.casefold)


def tell_of_misses(meeting) -> int:
    """Tell the chair (who holds MEETING_CHAIR on the folder) of each seat that with this meeting has missed as many
    running as it needs: once a seat and meeting, so once a run. Called when who came is saved, when the meeting is
    recorded as held, and by the sweep. Returns how many notices were new; none for a meeting that is not held or is no
    group's."""
    if meeting.group_id is None or meeting.status != HELD:
        return 0
    rows = Attendance.objects.unscoped(WHY).filter(folder=meeting.folder_id, meeting__starts_at__lte=meeting.starts_at)
    needed = how_many(meeting.day)
    reached = [run for run in runs(rows, meeting.day) if run.meeting == meeting.pk and run.misses == needed]
    if not reached:
        return 0
    people = list(holders(meeting.folder, Perm.MEETING_CHAIR).values_list("pk", flat=True))
    return tell(
        TOLD,
        [
            Told(f"{TOLD}:{run.place}:{meeting.pk}", pk, meeting.pk, meeting.folder_id, {"place": str(run.place)})
            for run in reached
            for pk in people
        ],
    )


def sweep() -> int:
    """Each group of today: the newest meeting of which it is recorded who came."""
    told = 0
    held = Meeting.objects.unscoped(WHY).filter(status=HELD, attendances__place__isnull=False)
    newest = held.filter(group__in=Group.objects.live()).order_by("group_id", "-starts_at", "-id").distinct("group_id")
    for meeting in newest.select_related("folder"):
        told += tell_of_misses(meeting)
    return told


def work(user):
    """For Home: one line a group whose chair somebody is, while a seat of it has missed meetings running."""
    if not reach_of(user).holds(Perm.MEETING_CHAIR):
        return
    groups = Group.objects.live().values("pk")
    folders = dict(
        Folder.objects.allowing(user, Perm.MEETING_CHAIR).filter(pk__in=groups).values_list("pk", "title")
    )  # fmt: skip
    rows = Attendance.objects.visible_to(user).filter(folder__in=list(folders))
    found: dict = {}
    for run in runs(rows, timezone.localdate()) if folders else ():
        found.setdefault(run.group, []).append(run.name)
    needed = how_many(timezone.localdate())
    for pk, names in found.items():
        said = names[0] if len(names) == 1 else f"{len(names)} seats"
        what = f"Missed {needed} meetings or more running: {said}"
        yield Work(what, reverse("boards:matrix", args=[pk]), folders[pk], owed=False, folder_id=pk)
