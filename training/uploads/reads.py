"""Uploads as they are shown: the list of an organisation, and one that waits with its rows."""

from collections import Counter
from dataclasses import dataclass

from training.models import Upload
from training.uploads import rows


def uploads(user, agency):
    found = Upload.objects.visible_to(user).filter(agency=agency).select_related("by", "taken_by")
    return found.defer("lines", "answers", "made").order_by("-at", "pk")


@dataclass(frozen=True)
class Preview:
    """counts: (state, words, how many). asked: (question, how many rows wait for it). chosen: how many rows would
    be taken in; new: how many people would be entered by it."""

    rows: list
    counts: list
    asked: list
    chosen: int
    new: int


def preview(upload) -> Preview:
    found = rows.rows_of(upload)
    many = Counter(row.state for row in found)
    counts = [(code, words, many[code]) for code, (words, _) in rows.STATES.items() if many[code]]
    new = {row.who for row in found if row.state == rows.NEW and row.learner is None}
    return Preview(found, counts, rows.questions(found), many[rows.NEW], len(new))


def only(found, state) -> list:
    return [row for row in found.rows if row.state == state] if state else found.rows
