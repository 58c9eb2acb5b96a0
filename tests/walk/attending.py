"""What the walk needs of a meeting that goes on: one of each case, an item with what stands under it; their posts."""

from django.utils import timezone

from boards.attending import interests, minuting
from boards.attending.rows import key_of
from boards.models import Attendance, Item, Meeting
from partnership.trail.models import new_id
from tests.walk import owning
from tests.walk.post import Post
from tests.world import canary


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_attending"):
        ground._attending = {name: {} for name in ("room", "room_item", "came", "room_decision", "declared")}
        for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
            for name, row in _lay(case, by).items():
                ground._attending[name][case.name] = row
    return ground._attending


def _lay(case, by):
    mark = lambda what: canary(case.name, f"at_{what}")  # noqa: E731
    facts = {"folder": case.folder, "starts_at": timezone.now(), "title": mark("title"), "place": mark("place")}
    room = Meeting.objects.create(**facts)
    item = Item.objects.create(folder=case.folder, meeting=room, title=mark("item"), position=1)
    minuting.write(item, by=by, version=0, text=mark("minutes"))
    said = {name: mark(name) for name in ("text", "reason", "dissent")}
    came = {"folder": case.folder, "meeting": room, "recorded_by": by}
    facts = {name: mark(name) for name in ("name", "post", "organisation", "stood_in_words")}
    Attendance.objects.create(place=new_id(), mark="deputy", reason=mark("put_right"), **came, **facts)
    return {
        "room": room,
        "room_item": item,
        "came": Attendance.objects.create(name="A guest", mark="present", **came),
        "room_decision": minuting.decide(item, by=by, how="consensus", **said),
        "declared": interests.declare(item, by=by, words=mark("interest"), name=mark("whose")),
    }


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


POSTS = {
    ("boards:in_meeting", "room"): Post(
        "attendance_marked", lambda g, c, p: {f"mark_{key_of(None, None, 'A guest', '')}": "absent"}
    ),
    ("boards:meeting_step", "room"): Post("meeting_hold", lambda g, c, p: {"step": "hold"}),
    ("boards:guest_add", "room"): Post(
        "meeting_guest_added", lambda g, c, p: {"name": "Zoë", "organisation": "A nursery"}
    ),
    ("boards:guest_off", "came"): Post("meeting_guest_taken_off"),
    ("boards:item_minutes", "room_item"): Post("minutes_written", lambda g, c, p: {"text": "New.", "version": 1}),
    ("boards:decision_add", "room_item"): Post(
        "decision_made", lambda g, c, p: {"text": "It is done.", "how": "consensus"}
    ),
    ("boards:item_action", "room_item"): Post("action_added", owning.added_by_hand),
    ("boards:interest", "room_item"): Post("interest_declared", lambda g, c, p: {"words": "I know the school."}),
    ("boards:decision", "room_decision"): Post(
        "decision_changed", lambda g, c, p: {"text": "It is done twice.", "how": "majority", "version": 1}
    ),
    ("boards:interest_settle", "declared"): Post("interest_settled", lambda g, c, p: {"effect": "leaves"}),
}
