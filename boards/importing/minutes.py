"""Minutes of earlier meetings as files: they wait, apart from the folder, until somebody says of which meeting each is.

Taken in, a file lies in the folder for the group's people; its meeting is held and its minutes are agreed, with an
edition whose one part says who came and names the file ("document").
"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from boards.flow import MINUTES
from boards.matrix.entering import WHY, held_before, meant
from boards.minutes.editions import Draft, content_of_meeting, make
from boards.models import Edition, Group, Meeting
from partnership.documents.models import Document, Version
from partnership.documents.names import clean_name
from partnership.documents.reads import Enclosure, newest_of
from partnership.documents.services import dispose, sha256, take
from partnership.documents.tables.days import MONTHS, NoDate, read_day
from partnership.trail.services import record

KIND = "earlier_minutes"
SOURCE = "Earlier minutes"
NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
IN_NAME = (  # the day in the name of a file, the surest way of writing first
    re.compile(r"(?<!\d)\d{4}[-_. ]\d{1,2}[-_. ]\d{1,2}(?!\d)"),
    re.compile(r"(?<!\d)\d{1,2}[-_. ]\d{1,2}[-_. ](?:\d{4}|\d{2})(?!\d)"),
    re.compile(rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?[-_. ]*(?:{NAMES})[-_. ,]*\d{{4}}(?!\d)", re.I),
    re.compile(rf"\b(?:{NAMES})[-_. ]*\d{{4}}(?!\d)", re.I),
)


@dataclass(frozen=True)
class Waiting:
    """A file that waits. day: what its name says of the day, as words."""

    pk: UUID
    title: str
    day: str
    file: Enclosure

    @property
    def ready(self) -> bool:
        return bool(not self.file.waiting and not self.file.lost)


def day_in(name: str) -> str:
    """The day or month that a file's name has, as somebody would type it; nothing where it has none that is sure."""
    for pattern in IN_NAME:
        found = {match[0] for match in pattern.finditer(name)}
        if len(found) == 1:
            said = re.sub(r"[_. ,]+", " ", found.pop()).strip()
            said = said.replace(" ", "-") if re.match(r"\d{4}\D", said) else said
            try:
                return read_day(said).words
            except NoDate:
                return ""
    return ""


def send(folder, files, *, marking, by) -> tuple[int, list]:
    """Take files into quarantine. Returns (how many wait now, names of those that are here already)."""
    sent, known = 0, []
    with transaction.atomic():
        Group.objects.select_for_update(of=("self",)).get(pk=folder.pk)
        for file in files:
            file.seek(0)
            digest = sha256(file.read())
            same = {"versions__received_sha256": digest, "versions__state__in": ("clean", "quarantined")}
            if _of_kind(folder).filter(**same).exists():
                known.append(clean_name(file.name or ""))
                continue
            take(file, folder=folder, marking=marking, by=by, kind=KIND, apart=True)
            sent += 1
    return sent, known


def _of_kind(folder):
    return Document.objects.unscoped(WHY).filter(folder=folder, kind=KIND)


def waiting(folder) -> list[Waiting]:
    """The files of a group that wait for their day, by title; two questions."""
    documents = _of_kind(folder).filter(apart=True)
    newest = newest_of(list(documents.values_list("pk", flat=True)), why=WHY)
    rows = [
        Waiting(pk, version.document.title, day_in(version.name), Enclosure.of(version, ""))
        for pk, version in newest.items()
    ]
    return sorted(rows, key=lambda row: (row.title.casefold(), str(row.pk)))


@transaction.atomic
def drop(folder, ids, *, by) -> int:
    """Files that wait are let go."""
    versions = Version.objects.unscoped(WHY).filter(document__in=_of_kind(folder).filter(apart=True, pk__in=ids))
    documents = {each.document_id for each in versions}
    for pk in documents:
        record("minutes_let_go", by=by, obj=folder, folder_id=folder.pk, document=pk)
    dispose(versions)
    return len(documents)


@transaction.atomic
def take_in(folder, days: dict, *, by) -> list[Meeting]:
    """days: document id -> (day, whether it is a month alone). All of them or none. Raises ValidationError naming the
    file: one that is not clean, a day on which the group has no one meeting to take it, minutes that are there."""
    group = Group.objects.select_for_update(of=("self",)).get(pk=folder.pk)
    versions, problems, done = newest_of(list(days), why=WHY), [], []
    mine = set(_of_kind(folder).filter(apart=True, pk__in=list(days)).values_list("pk", flat=True))
    for pk, (day, month_only) in sorted(days.items(), key=lambda pair: pair[1]):
        if pk not in mine:
            problems.append("One of the files is here no more. Look at the list again.")
            continue
        title = versions[pk].document.title
        try:
            if not versions[pk].ready:
                raise ValidationError("It is not ready: it is still checked, or was refused.")
            meeting = _meeting(group, folder, day, month_only, by)
            done.append(_written(meeting, versions[pk], by))
        except ValidationError as refused:
            problems.append(f"‘{title}’: {refused.messages[0]}")
    if problems:
        raise ValidationError(problems)
    return done


def _meeting(group, folder, day: date, month_only, by):
    rows = Meeting.objects.unscoped(WHY).filter(folder=folder).exclude(status=Meeting.Status.CANCELLED)
    row, why = meant(group, rows, day, month_only)
    if why:
        raise ValidationError(why)
    if row is None:
        title = folder.title[:200]
        return held_before(folder, day, by=by, title=title, source=SOURCE, month_only=month_only)
    if row.minutes_status != Meeting.Minutes.NONE:
        raise ValidationError(f"The meeting of {row.day_words} has minutes already.")
    return row


def _written(meeting, version, by):
    """The minutes of the meeting are this file, from now on open to its people."""
    document = version.document
    Document.objects.unscoped(WHY).filter(pk=document.pk).update(apart=False)
    Version.objects.unscoped(WHY).filter(document=document).update(apart=False)
    said = content_of_meeting(meeting) | {"document": str(document.pk), "sha256": version.sha256}
    make(meeting, Edition.Kind.AGREED, by=by, drafts=[Draft(meeting.folder_id, None, 0, said)])
    return MINUTES.take(meeting, "take_in", by=by, data={"document": document.pk})
