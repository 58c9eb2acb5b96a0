"""What the walk needs of planned meetings: of the two groups of `acting`, and of the two cases; their valid posts.

Of a group's meeting the business unit sees all; of 'ours' its chair (board_member) and its member (school_outside) read
it. A restricted item on its agenda is the officer's and the business manager's alone. Of a case's meeting the case's
people see all.
"""

from datetime import time, timedelta

from django.utils import timezone

from boards.meetings import services, standing
from boards.meetings.pattern import Step, place
from boards.meetings.series import Closed
from boards.models import Group, Meeting, Series
from partnership.access import services as access
from partnership.deadlines import calendars
from partnership.deadlines.models import Division
from partnership.people.roles import Role
from tests.boards import making
from tests.walk import acting
from tests.walk.post import Post, day, moment
from tests.walk.samples import PLANNED
from tests.world import canary

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """Sample name -> {case name: row}. Made once."""
    if "planned" not in ground.__dict__:
        ground.planned = {name: {} for name in PLANNED}
        for case in ground.cases:
            for name, row in _lay(ground, case).items():
                ground.planned[name][case.name] = row
    return ground.planned


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _lay(ground, case) -> dict:
    world, by = ground.world, ground.world.officer if case.name == "ours" else ground.world.stranger
    mark = lambda what: canary(case.name, f"gm_{what}")  # noqa: E731
    group = Group.objects.create(folder=acting.laid(ground)["group"][case.name])
    shared = {"place": mark("place"), "link": f"https://portal.example/{mark('link')}"}
    series = Series.objects.create(
        folder=group.folder, group=group, title=mark("series"), begins_at=time(10), changed_by=by, **shared,
        pattern=[{"from": "2026-04-01", "to": "2027-03-31", "every_months": 3, "week": 2, "weekday": 1}],
    )  # fmt: skip
    facts = {"purpose": "note", "months": [], "minutes_allowed": 5, "priority": None, "duty": None}
    item = standing.add(group, by=by, title=mark("standing"), presenter=mark("presenter"), **facts)
    now = timezone.now()
    plan = lambda days, **more: services.plan(  # noqa: E731
        group.folder, by=by, title=mark("title"), starts_at=now + timedelta(days=days), **shared, **more
    )
    ahead, begun, held, cancelled = plan(9, series=series, source=mark("source")), plan(-1), plan(-2), plan(8)
    services.hold(held, by=by)
    services.cancel(cancelled, by=by, note=mark("note"))
    making.item(ahead, mark("item"), about=mark("about"), presenter_words=mark("item_presenter"))
    hidden = making.restricted_item(ahead, canary(case.name, "ri_item"), by=by, about=canary(case.name, "ri_about"))
    for leads in (world.officer, world.manager) if case.name == "ours" else ():
        access.grant(hidden.folder, leads, Role.CASE_LEAD, by=None, reason="Takes the item")
    mark = lambda what: canary(case.name, f"cm_{what}")  # noqa: E731
    of_case = services.plan(case.folder, by=by, title=mark("title"), place=mark("place"), starts_at=now + timedelta(3))
    rows = (ahead, begun, held, cancelled, of_case, series, item)
    return dict(zip(PLANNED, rows, strict=True))


# --- valid posts ------------------------------------------------------------------------------------------------------


def _typed(ground, case, persona):
    return {"title": "Extra meeting", "until": "", "place": "Room 2", "link": ""} | moment("starts_at", _soon())


def _soon():
    return (timezone.now() + timedelta(days=20)).replace(hour=10, minute=0, second=0, microsecond=0)


def _edit(name):
    def build(ground, case, persona):
        version = Meeting.objects.unscoped(WHY).get(pk=laid(ground)[name][case.name].pk).version
        return _typed(ground, case, persona) | {"version": version}

    return build


STANDING = {"title": "Budget", "purpose": "decide", "presenter": "", "minutes_allowed": "", "priority": "", "duty": ""}


def _series(ground, case, persona):
    first = timezone.localdate() + timedelta(days=40)
    days = days_of(first)
    said = {"title": "Meetings", "begins_at": "10:00", "minutes": "120", "place": "", "link": "", "schools": ""}
    said |= {"every_1": "1", "week_1": "2", "weekday_1": "2", "confirm": "1"}
    span = day("first_1", first) | day("last_1", first + timedelta(days=60))
    return said | span | {"seen": " ".join(days), "day": days}


def days_of(first) -> list[str]:
    """The days of the pattern that is posted, as the preview shows them to everybody."""
    bank = calendars.load(Division.ENGLAND_AND_WALES).days
    steps = [Step(first, first + timedelta(days=60), 1, 2, 2)]
    found = place(steps, Closed(bank, (), Group()))
    return [str(each.day) for each in found if each.day]


POSTS = {
    ("boards:meeting_add", "group"): Post("meeting_planned", _typed),
    ("boards:meeting_add", "folder"): Post("meeting_planned", _typed),
    ("boards:meeting_edit", "group_meeting"): Post("meeting_changed", _edit("group_meeting")),
    ("boards:meeting_edit", "case_meeting"): Post("meeting_changed", _edit("case_meeting")),
    ("boards:meeting_cancel", "group_meeting"): Post("meeting_cancel", lambda g, c, p: {"note": "Too few can come."}),
    ("boards:meeting_cancel", "case_meeting"): Post("meeting_cancel", lambda g, c, p: {"note": "Too few can come."}),
    ("boards:meeting_step", "begun_meeting"): Post("meeting_hold", lambda g, c, p: {"step": "hold"}),
    ("boards:meeting_step", "held_meeting"): Post("meeting_unhold", lambda g, c, p: {"step": "unhold"}),
    ("boards:meeting_step", "cancelled_meeting"): Post("meeting_reinstate", lambda g, c, p: {"step": "reinstate"}),
    ("boards:series_add", "group"): Post("series_planned", _series),
    ("boards:standing_item_add", "group"): Post("standing_item_added", lambda g, c, p: STANDING),
    ("boards:standing_item", "standing_item"): Post(
        "standing_item_changed", lambda g, c, p: STANDING | {"version": laid(g)["standing_item"][c.name].version}
    ),
}
