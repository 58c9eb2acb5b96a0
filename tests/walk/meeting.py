"""What the walk needs of the rapid review meeting: a meeting with notes, somebody invited by post; and their posts."""

from django.utils import timezone

from reviews.meeting import services
from reviews.models import Meeting
from tests.walk.post import Post, moment
from tests.world import canary


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_meeting"):
        ground._meeting = _lay(ground)
    return ground._meeting


def _lay(ground):
    found = {"meeting": {}, "invitee": {}}
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        mark = lambda what, name=case.name: canary(name, f"met_{what}")  # noqa: E731
        link = f"https://meet.example/{mark('link')}"
        row = services.plan(case.review, by=by, starts_at=timezone.now(), place=mark("place"), link=link)
        services.save_notes(row, by=by, version=1, notes=mark("notes"))
        found["invitee"][case.name] = services.invite(row, by=by, post=mark("post"))
        found["meeting"][case.name] = Meeting.objects.unscoped("the walk lays its own ground").get(pk=row.pk)
    return found


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


POSTS = {
    ("reviews:plan_meeting", "review"): Post(
        "meeting_changed",
        lambda g, c, p: moment("starts_at", timezone.now()) | {"place": "The other room", "version": 1},
    ),
    ("reviews:invite", "meeting"): Post("meeting_invited", lambda g, c, p: {"post": "Consultant paediatrician"}),
    ("reviews:uninvite", "invitee"): Post("meeting_uninvited"),
    ("reviews:chair", "invitee"): Post("meeting_chaired"),
    ("reviews:attendance", "meeting"): Post(
        "meeting_attended", lambda g, c, p: {f"came_{laid(g)['invitee'][c.name].pk}": "present"}
    ),
    ("reviews:meeting_notes", "meeting"): Post("meeting_noted", lambda g, c, p: {"notes": "New.", "version": 2}),
}
