"""What is done with a log: it is sent in, its columns and words are said, rows are chosen, taken, and taken back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale, lock
from partnership.access.models import Folder
from partnership.actions import telling
from partnership.actions.flow import ACTION, LOG_IMPORT, RISK
from partnership.actions.importing import rows
from partnership.actions.importing.columns import SAID, proposed
from partnership.actions.importing.putting import FROM_LOG, put
from partnership.actions.models import Action, DateChange, Evidence, LogImport, RagOverride, Risk, Update
from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due, london_date
from partnership.jobs.models import Job
from partnership.jobs.services import Refused, ask
from partnership.trail.services import record

TAKE = "log_take"
AT_ONCE = 200  # rows; more are taken by a job
LEFT_LYING = "rows_left_lying"
WHY = "the service holds the log"
CHANGED = "Somebody else has gone on with this log while you were looking at it."
S = LogImport.Status


@transaction.atomic
def receive(folder, *, by, kind, as_of, name, received) -> LogImport:
    """Keep the rows of a log until somebody takes or discards them. received: importing.receiving.Received."""
    log = LogImport.objects.create(
        folder=folder,
        kind=kind,
        name=name,
        as_of=as_of,
        day_zero=received.day_zero,
        headings=received.headings,
        columns=proposed(kind, received.headings),
        lines=received.lines,
        remarks=received.remarks,
        count=len(received.lines),
        by=by,
    )
    record("log_received", by=by, obj=log, count=log.count)
    return log


@transaction.atomic
def say_columns(log, *, by, version, columns) -> LogImport:
    """columns: place -> code. Raises Stale, and ValidationError where two columns are said to be the same."""
    log = _waiting(log, version)
    said = [code for code in columns.values() if code != SAID]
    if double := next((code for code in said if said.count(code) > 1), ""):
        label = rows.label_of(log.kind, double)
        raise ValidationError(f"Two columns cannot both be ‘{label}’. Choose another for one of them, or leave it out.")
    return _save(log, "log_columns_said", by, columns=columns)


@transaction.atomic
def say_words(log, *, by, version, answers) -> LogImport:
    """answers: the key of an Unclear -> what it means. Raises Stale."""
    log = _waiting(log, version)
    return _save(log, "log_words_said", by, answers=log.answers | answers)


@transaction.atomic
def choose(log, *, version, shown, ticked) -> LogImport:
    """The ticks of a page: of the lines that it showed, those without a tick stay out. Raises Stale, also where
    another window chose other rows meanwhile."""
    log = _waiting(log, version)
    left = sorted((set(log.left) - set(shown)) | (set(shown) - set(ticked)))
    if left != log.left:
        log.left, log.version = left, log.version + 1
        log.save(update_fields=["left", "version"])
    return log


def _save(log, verb, by, **facts):
    for name, value in facts.items():
        setattr(log, name, value)
    log.version += 1
    log.save(update_fields=[*facts, "version"])
    record(verb, by=by, obj=log)
    return log


@transaction.atomic
def accept(log, *, by, version, seen):
    """Take the chosen rows in: at once, or where they are many by a job, which is returned. seen: how many the page
    said. Raises Stale where it is not so any more, ValidationError where a row cannot come in: then none does."""
    row, chosen = _read(log, version, by)
    if seen != len(chosen):
        raise Stale("The rows are not those that you were shown. Look at them again.")
    if len(chosen) <= AT_ONCE:
        _take(row, chosen, by)
        return None
    row.accepted = version
    row.save(update_fields=["accepted"])
    return ask(TAKE, row, by=by)


def chosen_of(log, found) -> list:
    return [row for row in found if row.state == rows.NEW and row.line not in log.left]


def nothing(log, *, by, progress):
    """All of the work is one transaction."""


def keep_taking(log, payload, *, by, progress):
    """The job's: every chosen row or none."""
    try:
        return take(log, by=by, version=log.accepted, progress=progress).pk
    except ValidationError as refused:
        return Refused(log.pk, f"Nothing was taken in. {refused.messages[0]}")


def _quiet(percent, doing=""):
    """Nobody looks on."""


@transaction.atomic
def take(log, *, by, version, progress=_quiet) -> LogImport:
    """The chosen rows into the register, all or none. Raises ValidationError that names the line, Stale."""
    return _take(*_read(log, version, by), by, progress)


def _read(log, version, by):
    """(the log, its chosen rows), locked. Of two logs of one folder at once one waits; what else is written there does
    not: it needs the folder's key alone."""
    Folder.objects.unscoped(WHY).select_for_update(of=("self",), no_key=True).get(pk=log.folder_id)
    log = _waiting(log, version)
    return log, chosen_of(log, rows.rows_of(log, by))


def _take(log, chosen, by, progress=_quiet):
    if not chosen:
        raise ValidationError("No row is chosen that can be taken in.")
    put(log, chosen, by=by, progress=progress)
    gone = {"lines": [], "headings": [], "columns": {}, "answers": {}, "left": [], "remarks": []}
    return LOG_IMPORT.take(
        log, "take", by=by, data={"count": len(chosen)}, added=len(chosen), taken_by=by, taken_at=timezone.now(), **gone
    )


@transaction.atomic
def discard(log, *, by) -> LogImport:
    """Nothing of it comes in; its rows go."""
    gone = {"lines": [], "headings": [], "columns": {}, "answers": {}, "left": [], "remarks": []}
    return LOG_IMPORT.take(log, "discard", by=by, **gone)


def touched(log) -> list:
    """The references of what came in by this log and was worked on since; while there is any, nothing is taken back."""
    actions = Action.objects.unscoped(WHY).filter(source_kind=log._meta.label_lower, source_id=log.pk)
    ids = set(actions.exclude(version=1).values_list("pk", flat=True))
    ids |= set(Update.objects.unscoped(WHY).filter(action__in=actions).exclude(channel=Update.Channel.FILE)
               .values_list("action", flat=True))  # fmt: skip
    theirs = Evidence.objects.unscoped(WHY).filter(action__in=actions)
    ids |= set(theirs.exclude(words=FROM_LOG, document=None, removed_at=None).values_list("action", flat=True))
    for model in (DateChange, RagOverride):
        ids |= set(model.objects.unscoped(WHY).filter(action__in=actions).values_list("action", flat=True))
    found = list(actions.filter(pk__in=ids).order_by("reference").values_list("reference", flat=True))
    mine = Risk.objects.unscoped(WHY).filter(log=log)
    acted = Action.objects.unscoped(WHY).filter(source_kind=Risk._meta.label_lower, source_id__in=mine.values("pk"))
    worked = mine.exclude(version=1) | mine.filter(pk__in=acted.values("source_id"))
    return found + list(worked.order_by("reference").values_list("reference", flat=True))


@transaction.atomic
def take_back(log, *, by) -> LogImport:
    """Undo the whole of it. Raises ValidationError once somebody has worked on one of its rows."""
    log = lock(log)
    actions = Action.objects.unscoped(WHY).filter(source_kind=log._meta.label_lower, source_id=log.pk)
    came = [*actions.select_for_update(of=("self",)).order_by("pk")]
    if worked := touched(log):
        names = ", ".join(worked[:5]) + (f" and {len(worked) - 5} more" if len(worked) > 5 else "")
        raise ValidationError(f"Somebody has worked on {names}, so the log stays. End each row by its own page.")
    for row in came:
        live = row.status in Action.LIVE
        row = ACTION.take(row, "take_back", by=by)
        if live:
            telling.tell_owner(telling.ENDED, row, by=by)
    listed = list(Risk.objects.unscoped(WHY).filter(log=log).order_by("pk"))
    for row in listed:
        RISK.take(row, "take_back", by=by)
    return LOG_IMPORT.take(log, "take_back", by=by, data={"count": len(came) + len(listed)})


def _waiting(log, version=None):
    log = lock(log)
    if log.status != S.WAITING:
        raise Stale(f"This log was {log.get_status_display().lower()} meanwhile.")
    if version is not None and log.version != version:
        raise Stale(CHANGED)
    return log


def job_of(log):
    """The job that takes it in just now, if there is one."""
    unfinished = (Job.Status.QUEUED, Job.Status.RUNNING)
    return Job.objects.unscoped(WHY).filter(kind=TAKE, subject_id=log.pk, status__in=unfinished).first()


def last_day(at) -> date:
    """The last day on which rows that were sent in at that moment wait, by the partnership's own rule D73."""
    on = london_date(at)
    edition = rule_in_force(LEFT_LYING, on)
    return due(edition, on, calendars.load(edition.division)).due_on


def sweep() -> int:
    """Let go what nobody took in, and the file names of what was taken. Returns how many logs went."""
    today, gone = timezone.localdate(), 0
    lying = LogImport.objects.unscoped("the sweep works for the portal").exclude(name="", lines=[])
    for log in lying.order_by("at")[:500]:
        if last_day(log.at) >= today:
            break
        with transaction.atomic():
            log = lock(log)
            if log.status == S.WAITING:
                record("log_lapsed", by=None, obj=log)
                log.delete()
                gone += 1
            else:
                log.name = ""
                log.save(update_fields=["name"])
    return gone
