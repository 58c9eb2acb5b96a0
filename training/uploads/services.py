"""What is done with an upload: it is sent in, its questions are answered, it is taken, taken back or discarded."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from partnership.access.flow import Stale, lock
from partnership.access.models import Folder
from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due, london_date
from partnership.jobs.models import Job
from partnership.jobs.services import Refused, ask
from partnership.people.models import Partnership
from partnership.trail.services import record
from training.flow import UPLOAD
from training.models import Completion, Learner, Upload
from training.office import training_of
from training.people.keeping import how_of
from training.people.matching import key_of
from training.people.services import accounts_at, may_keep
from training.uploads import rows

TAKE = "training_upload_take"
LEFT_LYING = "rows_left_lying"  # D73: the partnership's own rule of rows that were sent in and not taken
AT_ONCE = 200  # rows; more are taken by a job
CHUNK = 500
WHY = "the service asked whether this organisation's people are the caller's to keep"
CHANGED = "Somebody else has gone on with this file while you were looking at it."
NOTHING = "No row can be taken in: answer the questions first, or put the file right and upload it again."
MEANWHILE = "Somebody of the file was entered by somebody else in this moment. Look at the rows again."
GONE = {"lines": [], "answers": {}, "remarks": []}
S = Upload.Status


@transaction.atomic
def receive(agency, *, by, name, received) -> Upload:
    """Keep the rows of a file until somebody takes or discards them. received: of `receiving`. Raises
    PermissionDenied."""
    if not may_keep(by, agency):
        raise PermissionDenied("uploads.receive")
    row = Upload.objects.create(
        folder=training_of(Partnership.objects.order_by("pk").first()), agency=agency, name=name[:200],
        day_zero=received.day_zero, lines=received.lines, remarks=received.remarks, count=len(received.lines), by=by,
    )  # fmt: skip
    record("training_upload_received", by=by, obj=row, count=row.count)
    return row


@transaction.atomic
def answer(upload, *, by, version, answers) -> Upload:
    """answers: the key of a Question -> what was chosen of it. Raises Stale."""
    upload = _waiting(upload, version)
    _keeps(upload, by)
    upload.answers |= answers
    upload.version += 1
    upload.save(update_fields=["answers", "version"])
    record("training_upload_answered", by=by, obj=upload, count=len(answers))
    return upload


def each_is_of_its_name(upload, *, by, version) -> Upload:
    """Answer in one go what is asked about a name: the person of that name where there is one alone, somebody new
    where there is none. What has two candidates stays asked, and so does a known address with another name."""
    answers = {}
    for question, _ in rows.questions(rows.rows_of(upload)):
        people = [code for code, _ in question.choices if code not in (rows.LEAVE, rows.SOMEBODY_NEW)]
        by_name = question.kind == rows.PERSON and any(code == rows.SOMEBODY_NEW for code, _ in question.choices)
        if by_name and len(people) < 2:
            answers[question.key] = people[0] if people else rows.SOMEBODY_NEW
    if not answers:
        raise ValidationError("There is no such question left.")
    return answer(upload, by=by, version=version, answers=answers)


def chosen_of(found) -> list:
    return [row for row in found if row.state == rows.NEW]


@transaction.atomic
def accept(upload, *, by, version, seen):
    """Take in what can be: at once, or where it is much by a job, which is returned. seen: how many rows the page said.
    Raises Stale, ValidationError."""
    row, chosen = _read(upload, version, by)
    if not chosen:
        raise ValidationError(NOTHING)
    if seen != len(chosen):
        raise Stale("The rows are not those that you were shown. Look at them again.")
    if len(chosen) <= AT_ONCE:
        _take(row, chosen, by)
        return None
    row.accepted = version
    row.save(update_fields=["accepted"])
    return ask(TAKE, row, by=by)


def nothing(upload, *, by, progress):
    """All of the work is one transaction."""


def keep_taking(upload, payload=None, *, by, progress):
    """The job's: every row that can be taken, or none."""
    try:
        with transaction.atomic():
            row, chosen = _read(upload, upload.accepted, by)
            _take(row, chosen, by, progress)
    except ValidationError as refused:
        return Refused(upload.pk, f"Nothing was taken in. {refused.messages[0]}")
    return upload.pk


def _read(upload, version, by):
    """(the upload, its rows that can be taken), locked. Of two files of one organisation at once one waits."""
    Folder.objects.unscoped(WHY).select_for_update(of=("self",), no_key=True).get(pk=upload.folder_id)
    upload = _waiting(upload, version)
    _keeps(upload, by)
    return upload, chosen_of(rows.rows_of(upload))


def _quiet(percent, doing=""):
    """Nobody looks on."""


def _take(upload, chosen, by, progress=_quiet):
    if not chosen:
        raise ValidationError(NOTHING)
    people = _people(upload, chosen, by)
    progress(20, "Entering people")
    try:
        with transaction.atomic():
            for at in range(0, len(people), CHUNK):
                part = list(people.values())[at : at + CHUNK]
                bulk_create_with_history(part, Learner, default_user=by, default_change_reason="By a file")
    except IntegrityError:
        raise Stale(MEANWHILE) from None
    now = timezone.now()
    for at in range(0, len(chosen), CHUNK):
        part = [_completion(row, upload, people, by, now) for row in chosen[at : at + CHUNK]]
        Completion.objects.bulk_create(part, ignore_conflicts=True)
        progress(20 + int(79 * (at + len(part)) / len(chosen)), f"Row {at + len(part):,} of {len(chosen):,}")
    # What somebody recorded in this very moment is there already, and is theirs.
    took = Completion.objects.unscoped(WHY).filter(upload=upload).count()
    return UPLOAD.take(
        upload, "take", by=by, data={"count": took, "people": len(people)}, took=took, taken_by=by, taken_at=now,
        made=[str(row.pk) for row in people.values()], **GONE,
    )  # fmt: skip


def _people(upload, chosen, by) -> dict:
    """`Row.who` -> somebody who is to be entered."""
    found = {}
    for row in chosen:
        if row.learner is None and row.who not in found:
            found[row.who] = Learner(
                folder_id=upload.folder_id, agency_id=upload.agency_id, name=row.name, email=row.email,
                key=key_of(row.email), role=row.role, post=row.post, changed_by=by,
            )  # fmt: skip
    accounts = accounts_at(upload.agency_id, [each.email for each in found.values()])
    for each in found.values():
        each.user = accounts.get(each.key)
    return found


def _completion(row, upload, people, by, now) -> Completion:
    learner = row.learner or people[row.who]
    return Completion(
        folder_id=upload.folder_id, agency_id=upload.agency_id, learner=learner, course=row.course,
        how=how_of(row.course), completed_on=row.day, hours=row.hours if row.hours is not None else row.course.hours,
        provider=row.provider, upload=upload, said_by=by, said_at=now,
    )  # fmt: skip


@transaction.atomic
def discard(upload, *, by) -> Upload:
    """Nothing of it comes in; its rows go."""
    return UPLOAD.take(upload, "discard", by=by, **GONE)


@transaction.atomic
def take_back(upload, *, by) -> Upload:
    """Take its completions off, and the people whom it entered as far as nothing else hangs on them since."""
    upload = lock(upload)
    _keeps(upload, by)
    gone, _ = Completion.objects.unscoped(WHY).filter(upload=upload).delete()
    people = Learner.objects.unscoped(WHY).filter(pk__in=upload.made, version=1, bookings=None, completions=None)
    people = people.filter(certificates=None, evaluations=None)
    ids = list(people.values_list("pk", flat=True))
    Learner.objects.unscoped(WHY).filter(pk__in=ids).delete()
    return UPLOAD.take(upload, "take_back", by=by, data={"count": gone, "people": len(ids)}, made=[])


def _waiting(upload, version=None) -> Upload:
    upload = lock(upload)
    if upload.status != S.WAITING:
        raise Stale(f"This file was {upload.get_status_display().lower()} meanwhile.")
    if version is not None and upload.version != version:
        raise Stale(CHANGED)
    return upload


def _keeps(upload, by) -> None:
    if not may_keep(by, upload.agency):
        raise PermissionDenied("uploads")


def job_of(upload):
    """The job that takes it in just now, if there is one."""
    live = (Job.Status.QUEUED, Job.Status.RUNNING)
    return Job.objects.unscoped(WHY).filter(kind=TAKE, subject_id=upload.pk, status__in=live).first()


def last_day(at):
    """The last day on which rows that were sent in at that moment wait, by rule D73."""
    on = london_date(at)
    edition = rule_in_force(LEFT_LYING, on)
    return due(edition, on, calendars.load(edition.division)).due_on


def sweep() -> int:
    """Let go of rows that nobody took in, and of the names of files. Returns how many were seen to."""
    today, gone = timezone.localdate(), 0
    lying = Upload.objects.unscoped("the sweep works for the portal").exclude(name="", lines=[])
    for pk, at in list(lying.order_by("at").values_list("pk", "at")[:500]):
        if last_day(at) >= today:
            break
        with transaction.atomic():
            row = lock(Upload(pk=pk))
            if row.status == S.WAITING:
                record("training_upload_lapsed", by=None, folder_id=row.folder_id, upload=row.pk)
                row.delete()
            else:
                row.name, row.lines = "", []
                row.save(update_fields=["name", "lines"])
            gone += 1
    return gone
