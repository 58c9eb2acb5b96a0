"""What is done with a file: it is uploaded, read, chosen from, taken or discarded. Every write of an import is here."""

from contextlib import closing, suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.deadlines.office import office_of
from partnership.directory.importing import comparing, incoming, taking
from partnership.directory.importing.narrowing import narrowed
from partnership.directory.importing.sources import SOURCES
from partnership.directory.models import ImportBatch, ImportRow
from partnership.documents.tables.limits import Unreadable
from partnership.documents.tables.reading import open_rows
from partnership.jobs.services import Refused, ask
from partnership.people.models import Partnership
from partnership.trail.services import record

READ, TAKE = "import_read", "import_take"
MISSING_NAMED = 500
ELSEWHERE_NAMED = 5
ROWS_KEPT = timedelta(days=90)
S = ImportBatch.Status
# From which statuses a batch comes to which: jobs and the command line move it too, so it is no flow table of people's.
WAYS = {
    S.READY: (S.READING, S.TAKING),
    S.FAILED: (S.READING,),
    S.TAKING: (S.READY,),
    S.TAKEN: (S.TAKING,),
    S.DISCARDED: (S.READY, S.FAILED),
}
OUTDATED = (
    "Nothing was taken: {} as the directory is now. Each says why and is no longer chosen. Take the others, or upload "
    "the file again."
)


# --- uploading and reading --------------------------------------------------------------------------------------------


def upload(*, by, source, file, scope):
    """Hold the file and ask for its reading: the job. Raises Unreadable where a glance shows that it cannot be read."""
    batch = start(source=source, name=file.name, chunks=file.chunks(), scope=scope, by=by)
    return ask(READ, batch, by=by)


@transaction.atomic
def start(*, source, name, chunks, scope, by=None) -> ImportBatch:
    batch = ImportBatch(source=source, file_name=incoming.shown_name(name), scope=sorted(scope), uploaded_by=by)
    batch.sha256, batch.size = incoming.store(chunks, batch.pk)
    try:
        open_rows(incoming.path_of(batch.pk), SOURCES[source].layout).close()
        batch.save()
    except BaseException:
        incoming.forget(batch.pk)
        raise
    record("import_uploaded", by=by, obj=batch, source=source, sha256=batch.sha256)
    return batch


def read(batch, *, by=None, progress):
    """The long part of reading: a Comparison, or the Unreadable that says why there is none. Writes nothing."""
    source = SOURCES[batch.source]
    path = incoming.path_of(batch.pk)
    if not path.exists():
        return Unreadable("The file is no longer there: it is kept for an hour. Upload it again.")
    try:
        with closing(open_rows(path, source.layout)) as reading:
            compare = source.compare or comparing.compare
            return compare(
                source,
                reading,
                scope=tuple(batch.scope),
                progress=lambda share, words: progress(int(80 * share), words),
            )
    except Unreadable as error:
        return error


@transaction.atomic
def keep_reading(batch, found, *, by=None, progress=lambda percent, words="": None):
    """The short part: the preview's rows, and the file goes."""
    if isinstance(found, Unreadable):
        _move(batch, S.FAILED, by=by, verb="import_failed", problem=found.messages[0])
        transaction.on_commit(lambda: incoming.forget(batch.pk))
        return Refused(batch.pk, f"The file could not be read. {found.messages[0]}")
    else:
        _stage(batch, found, progress)
        counts = {"unchanged": found.unchanged, "held": found.held, "missing": len(found.missing)}
        if found.foreign:
            counts["foreign"] = True
        if found.elsewhere:
            counts["elsewhere"] = found.elsewhere.most_common(ELSEWHERE_NAMED)
        _move(
            batch,
            S.READY,
            by=by,
            verb="import_read",
            counts=counts,
            left_out=dict(found.left_out),
            missing=[list(pair) for pair in found.missing[:MISSING_NAMED]],
            remarks=found.remarks,
        )
    transaction.on_commit(lambda: incoming.forget(batch.pk))
    return batch.pk


def _stage(batch, found, progress):
    size, total = 1000, max(1, len(found.rows))
    for at in range(0, len(found.rows), size):
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=batch,
                line=row.line,
                number=row.number,
                action=row.action,
                label=row.label,
                agency_id=row.agency_id,
                old=row.old,
                new=row.new,
                problem=row.problem[:500],
                chosen=row.chosen,
            )
            for row in found.rows[at : at + size]
        )
        progress(80 + int(19 * (at + size) / (total + size)), "Writing the preview")


@transaction.atomic
def reading_failed(batch, problem, *, by=None) -> None:
    _move(batch, S.FAILED, by=by, verb="import_failed", problem=problem)
    transaction.on_commit(lambda: incoming.forget(batch.pk))


# --- choosing ---------------------------------------------------------------------------------------------------------


def choosable(batch):
    return batch.rows.exclude(action=ImportRow.Action.WRONG)


@transaction.atomic
def choose(batch, *, shown=(), ticked=(), every=None, **filters) -> int:
    """Which rows are taken: of those shown, the ticked ones; with `every`, all that the preview's `filters` find
    (`narrowing.narrowed`), or none of them. Returns of how many that was decided."""
    _still(batch, S.READY)
    rows = choosable(batch)
    if every is not None:
        found = list(narrowed(rows, **filters).values_list("pk", flat=True))
        rows.filter(pk__in=found).update(chosen=every)
        return len(found)
    shown = rows.filter(pk__in=shown)
    off = shown.exclude(pk__in=ticked).update(chosen=False)
    return off + shown.filter(pk__in=ticked).update(chosen=True)


def _still(batch, *statuses):
    row = lock(batch)
    if row.status not in statuses:
        raise Stale(f"This file is {row.get_status_display().lower()} now.")
    return row


# --- taking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept(batch, *, by, seen=None, ask_for_it=True):
    """Ask for the chosen rows to be taken: the job. seen: how many the page said; another window may have chosen."""
    row = _still(batch, S.READY)
    chosen = choosable(row).filter(chosen=True).count()
    if not chosen:
        raise ValidationError("Choose at least one row to take.")
    if seen is not None and seen != chosen:
        now = f"{chosen:,} of the rows {'is' if chosen == 1 else 'are'} chosen now, not {seen:,}"
        raise Stale(f"The choice was changed in another window: {now}.")
    _move(row, S.TAKING, by=by, verb="import_accepted", rows=chosen)
    return ask(TAKE, row, by=by) if ask_for_it else None


def nothing(batch, *, by=None, progress):
    """A taking prepares nothing: all of it is one transaction."""


@transaction.atomic
def keep_taking(batch, payload=None, *, by=None, progress=lambda percent, words="": None):
    """All chosen rows, or none: where one of them is outdated it is named, and the batch can be chosen from again."""
    row = _still(batch, S.TAKING)
    rows = choosable(row).filter(chosen=True)
    take = SOURCES[row.source].take or taking.take
    outcome = take(row, rows, by=by, progress=lambda share, words: progress(int(99 * share), words))
    if outcome.refused:
        for pk, why in outcome.refused.items():
            ImportRow.objects.filter(pk=pk).update(chosen=False, problem=why[:500])
        number = len(outcome.refused)
        said = "1 row cannot be taken" if number == 1 else f"{number:,} rows cannot be taken"
        problem = OUTDATED.format(said)
        _move(row, S.READY, by=by, verb="import_refused", refused=number, problem=problem)
        return Refused(row.pk, problem)
    counts = row.counts | {"taken": outcome.counts, "groups": outcome.groups}
    who = {"taken_by": by, "taken_at": timezone.now(), "counts": counts, "problem": ""}
    _move(row, S.TAKEN, by=by, verb="import_taken", rows=sum(outcome.counts.values()), **who)
    return row.pk


@transaction.atomic
def take_now(batch, *, by=None, progress) -> None:
    """Accept and take without a job, for the command line: where it is killed, nothing has happened."""
    accept(batch, by=by, ask_for_it=False)
    keep_taking(batch, by=by, progress=progress)
    batch.refresh_from_db()


@transaction.atomic
def taking_failed(batch, problem, *, by=None) -> None:
    _move(batch, S.READY, by=by, verb="import_refused", problem=f"Nothing was taken. {problem}")


@transaction.atomic
def discard(batch, *, by) -> None:
    row = _still(batch, S.READY, S.FAILED)
    row.rows.all().delete()
    _move(row, S.DISCARDED, by=by, verb="import_discarded")
    transaction.on_commit(lambda: incoming.forget(batch.pk))


def _move(batch, to, *, by, verb, **facts):
    """The one place that sets a batch's status. `facts` that are its fields are saved, the others go into the event."""
    row = lock(batch)
    if row.status not in WAYS[to]:
        raise Stale(f"This file is {row.get_status_display().lower()} now.")
    names = {each.name for each in ImportBatch._meta.concrete_fields}
    for name, value in facts.items():
        if name in names:
            setattr(row, name, value)
            setattr(batch, name, value)
    row.status = batch.status = to
    row.save()
    said = {name: value for name, value in facts.items() if name not in names}
    record(verb, by=by, obj=row, source=row.source, **said)


# --- tidying ----------------------------------------------------------------------------------------------------------


def sweep() -> None:
    """Files that no reading has deleted go after an hour; rows of old batches go, their counts stay.

    An old batch that still waits is discarded: without its rows nothing can be chosen from it.
    """
    incoming.sweep()
    old = ImportBatch.objects.filter(uploaded_at__lt=timezone.now() - ROWS_KEPT)
    for batch in old.filter(status=S.READY):
        with suppress(Stale):  # somebody was quicker
            discard(batch, by=None)
    ImportRow.objects.filter(batch__in=old.exclude(status__in=(S.READING, S.TAKING))).delete()


def office(batch):
    """The folder of the partnership's business: where the jobs of imports stand."""
    return office_of(Partnership.objects.order_by("pk").first()).pk
