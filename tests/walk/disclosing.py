"""What the walk needs of disclosure: a request, files that left, contact with family; and their posts."""

from datetime import timedelta

from django.utils import timezone

from reviews.disclosures import services
from tests.walk.post import Post, day
from tests.world import canary


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_disclosing"):
        ground._disclosing = _lay(ground)
    return ground._disclosing


def _lay(ground):
    today = timezone.localdate()
    found = {"disclosure": {}, "family_contact": {}}
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        mark = lambda what, name=case.name: canary(name, f"disclosed_{what}")  # noqa: E731
        row = services.add_request(
            case.review, by=by, kind="police", body=mark("body"), asked_by=mark("asked_by"), asked_on=today,
            what=mark("what"), basis=mark("basis"), due_on=today + timedelta(days=9),
        )  # fmt: skip
        row = services.decide_request(
            row, by=by, version=1, answer="part", decided_by=mark("decider"), decided_on=today, reasons=mark("why"),
        )  # fmt: skip
        found["disclosure"][case.name] = services.record_left(
            row, by=by, version=2, files=[case.version], left=mark("left"), left_how=mark("how"), left_on=today,
            left_agreed=mark("agreed"),
        )  # fmt: skip
        found["family_contact"][case.name] = services.plan_contact(
            case.review, by=by, whom=mark("whom"), planned_on=today, why=mark("contact"), agreed_by=mark("agreed_by"),
            agreed_on=today, done_on=today, outcome=mark("outcome"),
        )  # fmt: skip
    return found


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _request():
    words = {"kind": "coroner", "body": "A coroner", "asked_by": "Officer", "what": "Notes.", "basis": "By order."}
    return words | day("asked_on", timezone.localdate())


def _decision():
    words = {"answer": "give", "decided_by": "Chair", "reasons": "The court ordered it.", "version": 3}
    return words | day("decided_on", timezone.localdate())


def _left():
    words = {"left": "A copy.", "left_how": "By hand", "left_agreed": "Chair", "version": 3}
    return words | day("left_on", timezone.localdate())


def _contact():
    today = timezone.localdate()
    words = {"whom": "Mother", "why": "To ask what helped.", "agreed_by": "Senior investigating officer"}
    return words | day("planned_on", today) | day("agreed_on", today)


POSTS = {
    ("reviews:disclosure_add", "review"): Post("disclosure_asked", lambda g, c, p: _request()),
    ("reviews:disclosure_edit", "disclosure"): Post("disclosure_changed", lambda g, c, p: _request() | {"version": 3}),
    ("reviews:disclosure_decide", "disclosure"): Post("disclosure_decided", lambda g, c, p: _decision()),
    ("reviews:disclosure_left", "disclosure"): Post("disclosure_left", lambda g, c, p: _left()),
    ("reviews:family_contact_add", "review"): Post("contact_planned", lambda g, c, p: _contact()),
    ("reviews:family_contact_edit", "family_contact"): Post(
        "family_contact_changed", lambda g, c, p: _contact() | {"version": 1}
    ),
}
