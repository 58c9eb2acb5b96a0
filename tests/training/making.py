"""Courses, events, people and bookings, made directly: for tests of services and pages that begin with them."""

from datetime import timedelta

from django.utils import timezone

from partnership.access.models import FolderKind
from partnership.access.services import open_folder
from training.evaluating.services import answer_by_link
from training.evaluating.standing import rows
from training.models import Course, Evaluation, Event, Learner, Reserved
from training.office import training_of
from training.people.matching import key_of
from training.questions import edition

WHY = "a test looks"


def course(world, title="Child sexual exploitation", **facts) -> Course:
    folder = open_folder(
        kind=FolderKind.COURSE, title=title, partnership=world.partnership, by=None,
        parent=training_of(world.partnership),
    )  # fmt: skip
    facts = {"level": "topic", "hours": 6, "status": "offered"} | facts
    return Course.objects.create(folder=folder, title=title, **facts)


def event(world, of=None, *, days=30, places=20, status="open", **facts) -> Event:
    """An event in so many days, at the hour of now."""
    of = of or course(world)
    folder = open_folder(
        kind=FolderKind.COURSE, title=of.title, partnership=world.partnership, by=None, parent=of.folder
    )
    begins = timezone.now() + timedelta(days=days)
    facts = {"starts_at": begins, "ends_at": begins + timedelta(hours=6), "venue": "Town Hall"} | facts
    return Event.objects.create(folder=folder, course=of, capacity=places, status=status, **facts)


def learner(world, agency, name="Robin Ash", *, user=None, email="", **facts) -> Learner:
    email = email or (user.email if user else "")
    return Learner.objects.create(
        folder=training_of(world.partnership), agency=agency, name=name, email=email, key=key_of(email), user=user,
        **facts,
    )  # fmt: skip


def reserved(of, *, places, agency=None, kind="", days=10) -> Reserved:
    """Places that are kept for so many days from today."""
    release = timezone.localdate() + timedelta(days=days)
    return Reserved.objects.create(event=of, agency=agency, kind=kind, places=places, release_on=release)


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def evaluation(booking, stage="end") -> Evaluation:
    return rows().get(booking=booking, stage=stage)


def say(booking, stage="end", score=4, **words) -> Evaluation:
    """Answer an evaluation that was asked, with one score for every statement."""
    row = evaluation(booking, stage)
    scores = {each.id: score for each in edition().scored_at(stage)}
    return answer_by_link(row, scores=scores, words=words, version=row.version)
