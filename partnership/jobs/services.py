"""Asking for long work, and doing it. Safe to run twice: a lease says whose turn it is, its token fences the slow."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import Error, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator

from partnership.access.rows import can
from partnership.celery import send_soon
from partnership.jobs.models import Job
from partnership.people.roles import Perm
from partnership.trail.services import record

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BEAT_SECONDS = 30
SAY_SECONDS = 1  # how soon the bar shows what the writing part says of itself
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Kind:
    """What a wing registers: the work, the model it is about, the perm it needs, where its result is shown.

    make(subject, by=user, progress=callable(percent, doing)) -> payload: the long part; it writes nothing.
    keep(subject, payload, by=user) -> uuid of the result: the short part, in one transaction with the job's end. A
    Refused in its place says that the answer is no: its page says why, and leads to the result that says more.
    result_url, back_url: URL names that take the result's id and the subject's id.
    result_words, back_words: what their links say; empty back_words: the folder's reference.
    keeps_long: `keep` takes a minute, so it is given `progress` too; nothing that it says waits for the transaction.
    fail(subject, problem, by=user): what becomes of the subject when the work is given up, in that transaction.
    folder(subject): its id, where the subject has none of its own. personal: see Job.
    why_not(user, job): why this person, who may see the job, is not given its result yet; nothing where they are.
    """

    title: str
    model: type
    perm: Perm
    make: Callable
    keep: Callable
    result_url: str
    back_url: str
    result_words: str = "Download the PDF"
    back_words: str = ""
    keeps_long: bool = False
    fail: Callable | None = None
    folder: Callable = lambda subject: subject.folder_id
    why_not: Callable = lambda user, job: ""
    personal: bool = False


@dataclass(frozen=True)
class Refused:
    """The work came to its end and nothing was done. result: where that is shown. why: a sentence for people."""

    result: uuid.UUID
    why: str


_kinds: dict[str, Kind] = {}


def register(code: str, kind: Kind) -> None:
    _kinds[code] = kind


def kind_of(job) -> Kind:
    return _kinds[job.kind]


class LostLease(RuntimeError):
    """Another worker has taken the job over: this one stops without writing anything."""


@transaction.atomic
def ask(code, subject, *, by) -> Job:
    """Queue a job about `subject` (the page has asked for the kind's perm). An unfinished one is returned as it is."""
    kind = _kinds[code]
    unfinished = _unfinished(code, subject)
    for again in (True, False):  # somebody may ask in the same moment, and theirs may end before we look for it
        if job := unfinished.first():
            return job
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=code,
                    folder_id=kind.folder(subject),
                    requester=by,
                    personal=kind.personal,
                    perm=kind.perm,
                    subject_id=subject.pk,
                )
            break
        except IntegrityError:
            if not again:
                raise
    record(_verb(kind, "asked"), by=by, obj=job, kind=code)
    transaction.on_commit(lambda: nudge(job.pk))
    return job


def is_under_way(code, subject) -> bool:
    """Whether a job about a subject that the page let through waits or works."""
    return _unfinished(code, subject).exists()


def _unfinished(code, subject):
    return Job.objects.unscoped("one job at a time for a subject").filter(
        kind=code, subject_id=subject.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]
    )


def _verb(kind, what):
    """Work that belongs to no case is told apart from a report of one."""
    return f"{'work' if kind.personal else 'job'}_{what}"


def nudge(job_id) -> None:
    """Tell a worker."""
    from partnership.jobs.tasks import run

    send_soon(run, str(job_id))


def wake() -> int:
    """Nudge every job that waits longer than a minute or whose worker has died. Returns how many."""
    now = timezone.now()
    waiting = Q(status=Job.Status.QUEUED, created_at__lt=now - timedelta(seconds=50))
    died = Q(status=Job.Status.RUNNING, lease_until__lt=now)
    ids = list(Job.objects.unscoped("the wake-up sees all").filter(waiting | died).values_list("pk", flat=True)[:100])
    for pk in ids:
        nudge(pk)
    return len(ids)


def run(job_id) -> str:
    """Claim, work, finish. Returns the status; a job that is another worker's or finished is left alone."""
    token = uuid.uuid4()
    now = timezone.now()
    jobs = Job.objects.unscoped("a worker works for the portal; the requester's power is asked for below")
    mine = jobs.filter(pk=job_id, lease_token=token)
    claimable = Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, lease_until__lt=now)
    claimed = jobs.filter(claimable, pk=job_id).update(
        status=Job.Status.RUNNING, lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return "left alone"
    job = jobs.select_related("requester").get(pk=job_id)
    kind = kind_of(job)

    def progress(percent, doing=""):
        if not mine.update(percent=percent, doing=doing, lease_until=timezone.now() + LEASE):
            raise LostLease

    subject = kind.model._base_manager.filter(pk=job.subject_id).first()

    def give_up(problem):
        return _fail(mine, job, kind, subject, problem)

    try:
        if job.attempts > MOST_ATTEMPTS:
            return give_up("It was tried three times and did not finish. Tell the business unit.")
        if subject is None or not can(job.requester, Perm(job.perm), subject):
            return give_up("The person who asked for it may no longer do this.")
        with _alive(mine):
            payload = kind.make(subject, by=job.requester, progress=progress)
        with transaction.atomic():
            with _alive(mine, jobs.filter(pk=job_id).exclude(lease_token=token).exists) as pulse:
                more = {"progress": pulse.say} if kind.keeps_long else {}
                result = kind.keep(subject, payload, by=job.requester, **more)
            status, why = Job.Status.DONE, ""
            if isinstance(result, Refused):
                status, why, result = Job.Status.FAILED, Truncator(result.why).chars(200), result.result
            done = mine.update(
                status=status, percent=100, doing="", result_id=result, finished_at=timezone.now(), problem=why
            )
            if not done:
                raise LostLease
            verb = _verb(kind, "failed" if why else "done")
            record(verb, by=job.requester, obj=job, kind=job.kind, result=result)
        return status
    except LostLease:
        return "left alone"
    except Exception:
        log.exception("job %s (%s) failed", job_id, job.kind)
        return give_up("It could not be made. Ask for it again; if it fails again, tell the business unit.")


@dataclass
class _Pulse:
    """What the working thread says and the beating thread writes: a transaction shows nothing until it ends."""

    said: dict = field(default_factory=dict)
    lost: bool = False

    def say(self, percent, doing=""):
        if self.lost:
            raise LostLease
        self.said = {"percent": percent, "doing": doing}


@contextmanager
def _alive(mine, taken_over=lambda: False):
    """Renews the lease from a thread while a long part says nothing; a killed worker takes the thread with it.

    Yields the pulse by which a writing part shows how far it is: the thread has a connection of its own. taken_over():
    whether another worker has the job now; a writing part then stops at its next word.
    """
    done, pulse = threading.Event(), _Pulse()

    def beat():
        beaten = time.monotonic()
        try:
            while not done.wait(min(SAY_SECONDS, BEAT_SECONDS)):
                said, pulse.said = pulse.said, {}
                if not said and time.monotonic() - beaten < BEAT_SECONDS:
                    continue
                beaten = time.monotonic()
                try:
                    renewed = mine.update(lease_until=timezone.now() + LEASE, **said)
                    pulse.lost = not renewed and taken_over()
                except Error as error:  # the database may be back before the lease ends
                    log.warning("the lease of a job was not renewed: %s", type(error).__name__)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        done.set()
        thread.join()


def _fail(mine, job, kind, subject, problem) -> str:
    with transaction.atomic():
        if mine.update(status=Job.Status.FAILED, problem=problem, finished_at=timezone.now()):
            record(_verb(kind, "failed"), by=job.requester, obj=job, kind=job.kind, attempts=job.attempts)
            if kind.fail and subject is not None:
                kind.fail(subject, problem, by=job.requester)
    return Job.Status.FAILED
