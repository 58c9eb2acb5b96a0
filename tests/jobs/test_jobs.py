"""Long work is done once whatever happens to messages and workers."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import InterfaceError
from django.db import OperationalError as OperationalErrorOfTheDatabase
from django.utils import timezone
from kombu.exceptions import OperationalError

from partnership.access.rows import powers
from partnership.access.services import bar
from partnership.deadlines.office import office_of
from partnership.documents.models import Version
from partnership.jobs import services, tasks
from partnership.jobs.models import Job
from partnership.jobs.services import Kind
from partnership.people.models import Agency
from partnership.people.roles import Perm
from partnership.trail.models import Event
from reviews.models import Review

MADE = []


@pytest.fixture
def job(world, monkeypatch):
    """A queued job of a kind that is quick to make."""
    MADE.clear()
    kind = Kind("Test", Review, Perm.REPORT_MAKE, make, keep, "documents:download", "reviews:review")
    monkeypatch.setitem(services._kinds, "review_report", kind)
    Job.objects.all().delete()
    return services.ask("review_report", world.ours.review, by=world.officer)


def make(review, *, by, progress):
    progress(40, "Half way")
    MADE.append(review.pk)
    return "payload"


def keep(review, payload, *, by):
    return Version.objects.get(folder_id=review.folder_id).pk


def test_a_job_is_done_once_when_its_message_comes_twice(job):
    tasks.run(str(job.pk))
    tasks.run(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.percent, len(MADE)) == ("done", 100, 1)
    assert job.result_id is not None


def test_asking_twice_gives_the_same_unfinished_job(job, world):
    assert services.ask("review_report", world.ours.review, by=world.officer).pk == job.pk


def test_a_job_that_ends_while_another_is_asked_for_makes_way_for_it(job, world, monkeypatch):
    """Another asked in the same moment, and theirs was done before ours could look for it."""
    real, answers = Job.objects.unscoped("under test").__class__.first, iter([None])

    def first(rows):
        for nothing in answers:
            return nothing
        Job.objects.filter(pk=job.pk).update(status="done")
        return real(rows)

    monkeypatch.setattr(type(Job.objects.unscoped("under test")), "first", first)
    asked = services.ask("review_report", world.ours.review, by=world.officer)
    assert (asked.pk != job.pk, asked.status) == (True, "queued")


def test_a_database_that_does_not_answer_once_costs_no_lease(monkeypatch):
    renewed, answers = [], iter([OperationalErrorOfTheDatabase("gone"), InterfaceError("closed")])

    class Mine:
        def update(self, **fields):
            for error in answers:
                raise error
            renewed.append(fields)

    monkeypatch.setattr(services, "BEAT_SECONDS", 0.01)
    with services._alive(Mine()):
        ends = time.monotonic() + 5
        while not renewed and time.monotonic() < ends:
            time.sleep(0.01)
    assert renewed


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(job):
    Job.objects.filter(pk=job.pk).update(status="running", lease_until=timezone.now() + timedelta(minutes=1))
    assert services.run(job.pk) == "left alone"
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.run(job.pk) == "done"


def test_a_slow_worker_that_lost_its_lease_writes_nothing(job, monkeypatch):
    def slow(review, *, by, progress):
        Job.objects.filter(pk=job.pk).update(lease_token=job.pk)
        progress(50, "too late")

    kind = services.kind_of(job)
    monkeypatch.setitem(services._kinds, "review_report", Kind(kind.title, kind.model, kind.perm, slow, keep, "a", "b"))
    assert services.run(job.pk) == "left alone"
    job.refresh_from_db()
    assert (job.status, job.result_id) == ("running", None)


def test_a_job_of_somebody_who_was_barred_meanwhile_fails(job, world):
    bar(world.ours.folder, world.officer, by=world.manager, reason="personal")
    assert services.run(job.pk) == "failed"
    job.refresh_from_db()
    assert "may no longer" in job.problem
    assert MADE == []


def test_a_job_that_fails_says_so_and_names_nothing_of_the_case(job, monkeypatch, caplog):
    def broken(review, *, by, progress):
        raise RuntimeError("secret words of the case")

    kind = services.kind_of(job)
    monkeypatch.setitem(
        services._kinds, "review_report", Kind(kind.title, kind.model, kind.perm, broken, keep, "a", "b")
    )
    assert services.run(job.pk) == "failed"
    job.refresh_from_db()
    assert "Ask for it again" in job.problem
    assert "secret" not in job.problem
    assert Event.objects.filter(verb="job_failed", object_id=job.pk).count() == 1


def test_a_job_is_not_tried_for_ever(job):
    Job.objects.filter(pk=job.pk).update(attempts=services.MOST_ATTEMPTS)
    assert services.run(job.pk) == "failed"


def test_a_broker_that_is_down_loses_nothing(job, monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.run, "apply_async", down)
    services.nudge(job.pk)
    job.refresh_from_db()
    assert job.status == "queued"


def test_beat_wakes_what_waits_and_what_a_dead_worker_left(job, world, monkeypatch):
    woken = []
    monkeypatch.setattr(services, "nudge", woken.append)
    tasks.wake()
    assert woken == []
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    tasks.wake()
    assert woken == [job.pk]


# --- work that belongs to no case, and whose writing takes long ---


@pytest.fixture
def long_kind(world, monkeypatch):
    """long_kind(keep, fail=None): a queued personal job of the directory administrator, kept by `keep`."""

    def make_kind(keep, fail=None):
        office = office_of(world.partnership).pk
        kind = Kind(
            "Test", Agency, Perm.DIRECTORY_IMPORT, lambda row, *, by, progress: "payload", keep, "a", "b",
            keeps_long=True, fail=fail, folder=lambda row: office, personal=True,
        )  # fmt: skip
        monkeypatch.setitem(services._kinds, "long", kind)
        return services.ask("long", world.agencies["mpft"], by=world.people["directory_admin"])

    return make_kind


def test_a_personal_job_is_seen_by_who_asked_and_by_no_other_of_the_directory(long_kind, world):
    job = long_kind(lambda *args, **more: None)
    seen = Job.objects.allowing(world.people["directory_admin"], Perm.JOB_VIEW)
    assert list(seen) == [job]
    assert not Job.objects.allowing(world.people["lead_same"], Perm.JOB_VIEW).filter(pk=job.pk).exists()
    assert Perm.JOB_VIEW in powers(world.people["directory_admin"], [job])[job.pk]


def test_a_job_of_a_case_is_not_seen_for_having_been_asked_for(job, world):
    """Who was let out of a case no longer sees the work that she asked for in it."""
    Job.objects.filter(pk=job.pk).update(requester=world.officer_outside)
    assert not Job.objects.allowing(world.officer_outside, Perm.JOB_VIEW).filter(pk=job.pk).exists()


def test_what_the_writing_part_says_is_shown_while_it_writes(long_kind, monkeypatch):
    """On the thread's own connection: the transaction of the writing shows nothing until it ends."""
    said = []

    def keep(row, payload, *, by, progress):
        progress(70, "Row 7 of 10")
        ends = time.monotonic() + 5
        while not said and time.monotonic() < ends:
            time.sleep(0.01)
        return row.pk

    monkeypatch.setattr(services, "SAY_SECONDS", 0.01)
    job = long_kind(keep)
    real = type(Job.objects.unscoped("under test")).update

    def update(rows, **fields):
        if "percent" in fields and fields.get("status") is None:
            said.append((threading.current_thread() is threading.main_thread(), fields["percent"], fields["doing"]))
        return real(rows, **fields)

    monkeypatch.setattr(type(Job.objects.unscoped("under test")), "update", update)
    assert services.run(job.pk) == "done"
    assert (False, 70, "Row 7 of 10") in said


def test_a_writer_that_lost_its_lease_writes_nothing(long_kind, world):
    def keep(row, payload, *, by, progress):
        Agency.objects.filter(pk=row.pk).update(note="written")
        Job.objects.filter(pk=job.pk).update(lease_token=row.pk)
        return row.pk

    job = long_kind(keep)
    assert services.run(job.pk) == "left alone"
    assert Agency.objects.get(pk=job.subject_id).note != "written"


def test_a_writer_is_stopped_at_its_next_word_when_another_has_its_job():
    class Mine:
        def update(self, **fields):
            return 0

    with services._alive(Mine(), lambda: True) as pulse:
        pulse.said = {"percent": 1, "doing": ""}
        ends = time.monotonic() + 5
        while not pulse.lost and time.monotonic() < ends:
            time.sleep(0.01)
        with pytest.raises(services.LostLease):
            pulse.say(2)


def test_work_that_is_given_up_tells_its_subject_why(long_kind):
    told = []
    job = long_kind(lambda *args, **more: 1 / 0, lambda row, problem, *, by: told.append((row.pk, problem, by.pk)))
    assert services.run(job.pk) == "failed"
    assert [(pk, by) for pk, _, by in told] == [(job.subject_id, job.requester_id)]
    assert "could not be made" in told[0][1]
