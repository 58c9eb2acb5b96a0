"""Long work is done once whatever happens to messages and workers."""

import time
from datetime import timedelta

import pytest
from django.db import InterfaceError
from django.db import OperationalError as OperationalErrorOfTheDatabase
from django.utils import timezone
from kombu.exceptions import OperationalError

from partnership.access.services import bar
from partnership.documents.models import Version
from partnership.jobs import services, tasks
from partnership.jobs.models import Job
from partnership.jobs.services import Kind
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
