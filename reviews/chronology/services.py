"""Writes to the chronology. An entry is added once and never edited; what is said later stands beside it."""

import hashlib
import json
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.access.flow import Stale, lock
from partnership.trail.services import record
from reviews.models import Entry, EntryNote, Intake

FEW = 20  # characters: two sources that both say 'Home visit' do not speak of the same one
AT_ONCE = 500
THERE = "This stands in the chronology already, word for word."


def _plain(words):
    return " ".join(str(words or "").split())


def digest(facts) -> str:
    """Of all that an entry says, blanks apart: the same row of the same file is one entry."""
    said = [
        facts["precision"], str(facts["starts"] or ""), str(facts["ends"] or ""), bool(facts["about"]),
        str(facts["time"] or "")[:5], str(facts["agency"] or ""), _plain(facts["source"]).casefold(),
        sorted(map(str, facts["children"])), _plain(facts["event"]), _plain(facts["analysis"]), _plain(facts["voice"]),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def alike(event) -> str:
    words = _plain(event).casefold().strip(" .")
    return hashlib.sha256(words.encode()).hexdigest()[:32] if len(words) >= FEW else ""


def _entry(review, facts, *, by, answer_id, place):
    """facts: as reviews.chronology.rows makes them; days and times may be ISO texts."""
    said = dict(facts)
    for name in ("starts", "ends"):
        if isinstance(said[name], str):
            said[name] = date.fromisoformat(said[name])
    if isinstance(said["time"], str):
        said["time"] = time.fromisoformat(said["time"])
    agency_id = said.pop("agency")
    return Entry(
        folder_id=review.folder_id, review=review, agency_id=agency_id, answer_id=answer_id, place=place,
        recorded_by=by, digest=digest(facts), alike=alike(facts["event"]), **said,
    )  # fmt: skip


def _place(review):
    return Entry.objects.unscoped("only how many there are").filter(review=review).count()


@transaction.atomic
def add_entry(review, *, by, facts, answer=None) -> Entry:
    """Raises ValidationError where the very same entry is there already."""
    lock(review)
    row = _entry(review, facts, by=by, answer_id=answer and answer.pk, place=_place(review))
    if Entry.objects.unscoped("is it there already?").filter(review=review, digest=row.digest).exists():
        raise ValidationError({"event": THERE})
    row.save(force_insert=True)
    record("entry_added", by=by, obj=row)
    return row


@transaction.atomic
def receive(review, *, by, name, rows, remarks=(), answer=None) -> Intake:
    """Keep rows that were read, until somebody takes or discards them."""
    wrong = sum(1 for row in rows if row["problem"])
    row = Intake.objects.create(
        folder_id=review.folder_id, review=review, name=name, answer=answer, rows=rows, remarks=list(remarks),
        count=len(rows), wrong=wrong, by=by,
    )  # fmt: skip
    record("chronology_received", by=by, obj=row, count=len(rows), wrong=wrong)
    return row


@transaction.atomic
def take(intake, *, by) -> Intake:
    """All rows into the chronology, or none. Those that are there already are passed over.

    Raises ValidationError while a row is wrong, Stale when it was taken or discarded meanwhile.
    """
    intake = _waiting(intake)
    if intake.wrong:
        raise ValidationError("Nothing was added, because some rows are wrong. Put them right and send all rows again.")
    review = lock(intake.review)
    place = _place(review)
    rows, seen = [], set()
    for at, each in enumerate(intake.rows):
        row = _entry(review, each["facts"], by=by, answer_id=intake.answer_id, place=place + at)
        if row.digest not in seen:
            seen.add(row.digest)
            rows.append(row)
    known = Entry.objects.unscoped("which are there already?").filter(review=review, digest__in=seen)
    there = set(known.values_list("digest", flat=True))
    rows = [row for row in rows if row.digest not in there]
    Entry.objects.bulk_create(rows, batch_size=AT_ONCE)
    intake.status, intake.added, intake.rows = Intake.Status.TAKEN, len(rows), []
    intake.save(update_fields=["status", "added", "rows"])
    record("chronology_taken", by=by, obj=intake, count=len(rows), known=intake.count - len(rows))
    return intake


@transaction.atomic
def discard(intake, *, by) -> Intake:
    intake = _waiting(intake)
    intake.status, intake.rows = Intake.Status.DISCARDED, []
    intake.save(update_fields=["status", "rows"])
    record("chronology_discarded", by=by, obj=intake)
    return intake


def _waiting(intake):
    intake = lock(intake)
    if intake.status != Intake.Status.WAITING:
        raise Stale(f"These rows were {intake.get_status_display().lower()} meanwhile.")
    return intake


@transaction.atomic
def annotate(entry, *, by, kind, note, other=None) -> EntryNote:
    """Put a note beside an entry. kind: of EntryNote.Kind; other: the entry that it contradicts.

    Raises ValidationError for a second withdrawal, a second contradiction of the same two, or of the entry itself.
    """
    entry = lock(entry)
    if (kind == EntryNote.Kind.CONTRADICTS) != (other is not None):
        raise ValidationError({"other": "Select the entry that it contradicts."})
    beside = EntryNote.objects.unscoped("what was said of it already?")
    if kind == EntryNote.Kind.WRONG and beside.filter(entry=entry, kind=kind).exists():
        raise ValidationError({"kind": "This entry was withdrawn already."})
    if other is not None:
        if other.review_id != entry.review_id or other.pk == entry.pk:
            raise ValidationError({"other": "Select another entry of this chronology."})
        if beside.filter(entry=entry, other=other).exists() or beside.filter(entry=other, other=entry).exists():
            raise ValidationError({"other": "It is recorded already that these two contradict each other."})
    row = EntryNote.objects.create(folder_id=entry.folder_id, entry=entry, kind=kind, note=note, other=other, by=by)
    record("entry_withdrawn" if kind == EntryNote.Kind.WRONG else "entry_noted", by=by, obj=row, kind=str(kind))
    return row
