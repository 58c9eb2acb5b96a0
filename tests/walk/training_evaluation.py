"""What the walk needs of evaluations: somebody's own at each stage, a manager's link, an event with what was said."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from tests.training import making
from tests.walk.post import Post
from tests.walk.training import CASES, lead_of, schools_of
from tests.world import canary
from training.models import Booking, Evaluation

NAMES = ("evaluation", "evaluation_said", "after_training_link", "evaluated_event")
SCORES = {"risk": 4, "challenge": 5}


def laid(ground) -> dict:
    """sample -> {case name: row}; of the event, the row alone; of the link, its token (theirs was ended). Made once a
    ground. The person is who leads at the school: school_outside, who leads there too, reads nothing of it."""
    if "evaluations" not in ground.__dict__:
        ground.evaluations = {name: {} for name in NAMES}
        _lay(ground)
    return ground.evaluations


def sample(name):
    def of(ground):
        found = laid(ground)[name]
        if not isinstance(found, dict):
            return [[found.pk]]
        return [[getattr(found[case.name], "pk", found[case.name])] for case in ground.cases]

    return of


def _lay(ground):
    world, found = ground.world, ground.evaluations
    course = making.course(world, "A course that is evaluated")
    found["evaluated_event"] = event = making.event(world, course, days=-2, status="delivered", taken=2)
    for case in CASES:
        lead = lead_of(ground, case)
        # Of another organisation than the bookings of the walk, where these two persons have a record already.
        of = making.learner(world, _elsewhere(ground, case), canary(case, "ev_name"), user=lead)
        row = Booking.objects.create(
            folder_id=event.pk, event=event, agency=of.agency, learner=of, name=of.name, status="booked",
            attended="present", booked_by=lead, approver_email="manager@school.example",
        )  # fmt: skip
        found["evaluation_said"][case] = _asked(
            row, "before", edition=canary(case, "ev_edition"), scores=SCORES, answered_at=timezone.now()
        )
        found["evaluation"][case] = _asked(row, "end")
        asked = _asked(row, "manager")
        link = links.make_mailed(Link.Purpose.AFTER_TRAINING, acts_as=lead, object_id=asked.pk)
        found["after_training_link"][case] = links.token_of(link)
        if case == "theirs":
            links.revoke_about(asked.pk, Link.Purpose.AFTER_TRAINING)


def _elsewhere(ground, case):
    school = schools_of(ground)[case]
    return type(school).objects.filter(kind="school").exclude(pk=school.pk).order_by("name")[11]


def _asked(booking, stage, **facts) -> Evaluation:
    due = timezone.localdate() + timedelta(days=10)
    return Evaluation.objects.create(
        folder_id=booking.folder_id, learner=booking.learner, booking=booking, stage=stage, due_on=due,
        **{"edition": "2018"} | facts,
    )  # fmt: skip


def _said(*questions):
    return lambda g, c, p: {"version": "1"} | {f"score_{each}": "4" for each in questions}


POSTS = {
    ("training:evaluation", "evaluation"): Post("evaluation_answered", _said("risk", "challenge")),
    ("training:evaluation_by_link", "after_training_link"): Post(
        "evaluation_by_link", _said("risk", "challenge", "improved", "grown")
    ),
    ("training:event_evaluation", "evaluated_event"): Post("", lambda g, c, p: {"take": "csv"}),
}
