"""The published attendance of an earlier board, from data/attendance_2018_19.toml: once, as rows like any other."""

import re
import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction

from boards.matrix.entering import WHY, enter, held_before
from boards.models import Group, Meeting, Seat

FILE = Path(__file__).resolve().parent.parent / "data" / "attendance_2018_19.toml"
OF_ROW = re.compile(r"\brow (\d+)\b")  # in the source of a published seat: the row of the printed table
CONFIDENCE = "Read with {} confidence{}"


@transaction.atomic
def load() -> int:
    """Enter the meetings that are not there yet, with their marks; returns how many. Safe to repeat: what was changed
    stays as it is. Nothing is entered while the group or one of its seats is missing."""
    data = tomllib.loads(FILE.read_text())
    group = Group.objects.select_for_update(of=("self",)).select_related("folder").filter(ref=data["group"]).first()
    if group is None:
        return 0
    places = _places(group)
    if any(each["row"] not in places for each in data["seat"]):
        return 0
    held = Meeting.objects.unscoped(WHY).filter(group=group, source=data["source"])
    known, made = {each.day for each in held}, 0
    for at, month in enumerate(data["months"]):
        meeting = _meeting(group, month, data["source"], known)
        if meeting is None:
            continue
        for confidence in sorted({_read(each) for each in data["seat"]}):
            rows = [each for each in data["seat"] if _read(each) == confidence]
            marks = {places[each["row"]]: (each["marks"][at], "") for each in rows}
            enter(meeting, marks, by=None, source=f"{data['source']}. {confidence}")
        made += 1
    return made


def _places(group) -> dict:
    rows = Seat.objects.filter(group=group, deputy_for=None).order_by("starts").values_list("source", "place")
    return {int(found[1]): place for source, place in rows if (found := OF_ROW.search(source))}


def _meeting(group, month, source, known):
    year, number = map(int, month.split("-"))
    day = date(year, number, 15)
    if day in known:
        return None
    title = f"Meeting of the Board, {day:%B %Y}"
    return held_before(group.folder, day, by=None, title=title, source=source, month_only=True)


def _read(row) -> str:
    return CONFIDENCE.format(row["confidence"], f": {row['why']}" if row.get("why") else "")
