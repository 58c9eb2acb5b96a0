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
    """The rows that can be read into the chronology; those that are there already are passed over.

    Those that cannot be read stay, to be put right or discarded; where there are none it is done. Raises
    ValidationError where no row can be read, Stale when it was taken or discarded meanwhile.
    """
    intake = _waiting(intake)
    good, wrong = _sorted_out(intake.rows)
    if not good:
        raise ValidationError("No row can be read yet. Put them right first.")
    review = lock(intake.review)
    place = _place(review)
    rows, seen = [], set()
    for at, each in enumerate(good):
        answer_id = each.get("answer") or intake.answer_id
        row = _entry(review, each["facts"], by=by, answer_id=answer_id, place=place + at)
        if row.digest not in seen:
            seen.add(row.digest)
            rows.append(row)
    known = Entry.objects.unscoped("which are there already?").filter(review=review, digest__in=seen)
    there = set(known.values_list("digest", flat=True))
    rows = [row for row in rows if row.digest not in there]
    Entry.objects.bulk_create(rows, batch_size=AT_ONCE)
    intake.added += len(rows)
    if wrong:
        _hold(intake, wrong)
    else:
        intake.status, intake.rows = Intake.Status.TAKEN, []
    intake.save(update_fields=["status", "added", "rows", "count", "wrong"])
    record("chronology_taken", by=by, obj=intake, count=len(rows), known=len(good) - len(rows))
    return intake


def _sorted_out(rows) -> tuple[list, list]:
    """(those that can be read, those that cannot)"""
    return [row for row in rows if not row["problem"]], [row for row in rows if row["problem"]]


def _hold(intake, rows) -> None:
    intake.rows, intake.count, intake.wrong = rows, len(rows), len(_sorted_out(rows)[1])


def mark_of(intake) -> str:
    """What its rows are just now, in short: a page that was read before they changed carries another one."""
    return hashlib.sha256(json.dumps(intake.rows, default=str, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def mend(intake, *, by, rows, read) -> Intake:
    """Rows that were put right, in the place of those that could not be read. read: `mark_of` what the page showed.

    Raises Stale when they were mended, taken or discarded meanwhile.
    """
    intake = _waiting(intake)
    if read != mark_of(intake):
        raise Stale("Somebody else put these rows right while you were typing.")
    _hold(intake, rows)
    intake.save(update_fields=["rows", "count", "wrong"])
    record("chronology_mended", by=by, obj=intake, count=intake.count, wrong=intake.wrong)
    return intake


@transaction.atomic
def keep_back(intake, *, by, at, rows, read) -> Intake:
    """Rows that can be read are not added as they are. at: which of the rows, counted from 0. read: as `mend`'s.

    rows: the same ones as they are to be put right, or [] to leave them out; where none is left it is discarded.
    Raises Stale when the rows were changed meanwhile.
    """
    intake = _waiting(intake)
    if read != mark_of(intake):
        raise Stale("These rows were changed meanwhile.")
    instead = dict(zip(sorted(at), rows, strict=True)) if rows else dict.fromkeys(at)
    _hold(intake, [row for place, each in enumerate(intake.rows) if (row := instead.get(place, each))])
    if not intake.rows:
        intake.status, intake.rows = Intake.Status.DISCARDED, []
    intake.save(update_fields=["status", "rows", "count", "wrong"])
    record("chronology_kept_back" if rows else "chronology_left_out", by=by, obj=intake, count=len(instead))
    return intake


@transaction.atomic
def name_sources(intake, *, by, bodies) -> Intake:
    """Say which body of the review some sources are. bodies: source as it was written -> its AgencyReturn.

    Raises Stale when the rows were taken or discarded meanwhile.
    """
    intake = _waiting(intake)
    for row in intake.rows:
        answer = bodies.get(row["facts"].get("source"))
        if answer is not None:
            row["facts"] |= {"agency": answer.agency_id, "source": "" if answer.agency_id else answer.body}
            row |= {"answer": str(answer.pk), "source": answer.body, "remark": ""}
    intake.save(update_fields=["rows"])
    record("chronology_sources_named", by=by, obj=intake, count=len(bodies))
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
