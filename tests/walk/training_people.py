"""What the walk needs of the people of organisations: an upload that waits and one that was taken, a completion with a
teacher's name, of the school of two personas ('ours') and of one where none of them is ('theirs'); valid posts."""

from datetime import date, timedelta

from django.utils import timezone

from tests.training import making
from tests.walk import training
from tests.walk.post import Post, day
from tests.world import canary
from training.models import Completion, Requirement, Upload, WorkforceRole

NAMES = ("training_learner", "training_upload", "training_upload_taken")


def laid(ground) -> dict:
    """{case name: row} of each sample. Made once a ground."""
    if "training_people" not in ground.__dict__:
        found = training.laid(ground)
        ground.training_people = {name: {} for name in NAMES[1:]} | {"training_learner": found["training_learner"]}
        role, _ = WorkforceRole.objects.get_or_create(code="walked", defaults={"name": "Whoever is walked"})
        course = making.course(ground.world, "A course of coverage")
        Requirement.objects.create(role=role, course=course, refresh_months=12, source="The board")
        for case in training.CASES:
            _lay(ground.training_people, case, found["training_learner"][case], course, role)
    return ground.training_people


def _lay(found, case, learner, course, role):
    type(learner).objects.unscoped("the walk lays its own ground").filter(pk=learner.pk).update(role=role)
    own = {"folder": learner.folder, "agency": learner.agency}
    cells = {"name": learner.name, "email": learner.email, "course": course.title, "day": "3/4/2026"}
    found["training_upload"][case] = Upload.objects.create(
        **own, name=canary(case, "tr_upload"), lines=[[2, cells, ""]], count=1
    )
    taken = Upload.objects.create(**own, name="Taken", status="taken", count=1, took=1, taken_at=timezone.now())
    found["training_upload_taken"][case] = taken
    Completion.objects.create(
        **own, learner=learner, course=course, how="single", completed_on=date(2025, 1, 2), upload=taken,
        provider=canary(case, "tr_provider"),
    )  # fmt: skip


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _left(ground, case, persona):
    row = making.fresh(laid(ground)["training_learner"][case.name])
    return {"do": "left", "version": row.version} | day("left_on", timezone.localdate())


def _headcount(ground, case, persona):
    laid(ground)
    return {"people_walked": "12"} | day("counted_on", timezone.localdate())


def _required(ground, case, persona):
    course = laid(ground) and Requirement.objects.get(role="walked").course_id
    said = {"role": "walked", "course": course, "refresh_months": "24", "source": "The board"}
    return said | day("starts", timezone.localdate() + timedelta(days=30))


def _always(**said):
    return lambda ground, case, persona: said


POSTS = {
    ("training:people", ""): Post("learner_added", _always(name="Somebody New", email="new@people.example")),
    ("training:learner", "training_learner"): Post("learner_left", _left),
    ("training:coverage", ""): Post("headcount_said", _headcount),
    ("training:coverage_all", ""): Post("", _always(take="csv")),
    ("training:requirements", ""): Post("requirement_added", _required),
    ("training:uploads", ""): Post("", _always(take="csv")),
    ("training:upload", "training_upload"): Post("training_upload_take", _always(do="take", version=1, seen=1)),
    ("training:upload", "training_upload discard"): Post("training_upload_discard", _always(do="discard")),
    ("training:upload", "training_upload_taken"): Post("training_upload_take_back", _always(do="take_back")),
}
