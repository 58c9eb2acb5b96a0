"""What the walk needs of courses and events: one in each state that a page is asked about; their valid posts."""

from datetime import timedelta

from django.utils import timezone

from tests.training import making
from tests.walk.post import Post, day, moment
from tests.world import canary
from training.events import copying
from training.models import Course, Event, Joining, Trainer

NAMES = ("offered_course", "draft_course", "open_event", "planned_event", "training_folder")
BEGINS = 50  # days ahead: far from those of the bookings


def laid(ground) -> dict:
    """sample -> row. Made once a ground."""
    if "planned_training" not in ground.__dict__:
        ground.planned_training = _lay(ground.world)
    return ground.planned_training


def sample(name):
    return lambda ground: [[laid(ground)[name].pk]]


def _lay(world) -> dict:
    said = {"summary": "What it is about.", "audience": "Everybody."}
    offered = making.course(world, "A course that is offered", capacity=20, minimum=4, **said)
    draft = making.course(world, "A course that is a draft", status="draft", **said)
    opened = making.event(world, offered, days=BEGINS)
    planned = making.event(world, offered, days=BEGINS + 1, status="planned")
    told = {"address": f"https://meet.example/{canary('ours', 'tr_meeting')}", "words": canary("ours", "tr_joining")}
    Joining.objects.create(folder_id=opened.pk, event=opened, **told)
    Trainer.objects.create(event=opened, name=canary("ours", "tr_trainer"))
    return {
        "offered_course": offered, "draft_course": draft, "open_event": opened, "planned_event": planned,
        "training_folder": opened,
    }  # fmt: skip


COURSE = {"title": "Another course", "kind": "multi", "level": "topic", "summary": "S", "audience": "A", "minimum": "3"}
PLACE = {"mode": "venue", "venue": "Town Hall", "capacity": "12", "minimum": "3"}


def _when(**hours):
    at = timezone.now() + timedelta(days=BEGINS + 9)
    return moment("starts_at", at) | moment("ends_at", at + timedelta(hours=2)) | hours


def _edited(ground, case, persona):
    return COURSE | {"version": Course.objects.get(pk=laid(ground)["offered_course"].pk).version}


def _moved(ground, case, persona):
    return PLACE | _when() | {"version": Event.objects.get(pk=laid(ground)["open_event"].pk).version}


def _copied(ground, case, persona):
    row = laid(ground)["open_event"]
    on = timezone.localdate(row.starts_at)
    found = copying.preview(on, on, 1)
    return (
        {"confirm": "1", "weeks": "1", "seen": found.seen, "take": [str(row.pk)]} | day("first", on) | day("last", on)
    )


def _planned(ground, case, persona):
    return PLACE | _when() | {"course": laid(ground)["offered_course"].pk}


POSTS = {
    ("training:course_add", ""): Post("course_added", lambda g, c, p: COURSE),
    ("training:course_edit", "offered_course"): Post("course_changed", _edited),
    ("training:course_edit", "offered_course withdrawn"): Post("course_withdraw", lambda g, c, p: {"do": "withdraw"}),
    ("training:course_edit", "draft_course"): Post("course_offer", lambda g, c, p: {"do": "offer"}),
    ("training:event_plan", ""): Post("training_event_planned", _planned),
    ("training:events_copy", ""): Post("training_term_copied", _copied),
    ("training:event_run", "planned_event"): Post("training_event_open", lambda g, c, p: {"do": "open"}),
    ("training:event_edit", "open_event"): Post("training_event_changed", _moved),
    ("training:event_cancel", "open_event"): Post(
        "training_event_cancel", lambda g, c, p: {"why": "The trainer is ill."}
    ),
    ("training:event_reserved", "open_event"): Post(
        "training_places_reserved", lambda g, c, p: {"who": "kind", "kind": "school", "places": "2"}
    ),
    ("training:event_trainers", "open_event"): Post("trainer_added", lambda g, c, p: {"name": "A trainer"}),
}
