"""What the walk needs of planning: a plan with priorities, a duty, the workplans of both groups, a PDF, a feed; posts.

The plan and the duty are published and carry no marker. A workplan's items do: the unit and the board meet those of
both groups, of 'ours' its chair and member too. The feed is the directory administrator's, who sees none of them.
"""

from datetime import date, timedelta

from django.utils import timezone

from partnership.access import links
from partnership.access.models import Folder
from partnership.actions.models import Duty, Plan, PlanPrint, Priority, WorkItem
from partnership.actions.planning import feeds, printing, services, work
from partnership.actions.planning.rules import year_of
from tests.actions.ground import in_days, make_action, make_group
from tests.walk import acting
from tests.walk.post import Post, day
from tests.walk.tables import COLUMN_OF
from tests.world import canary, person, small_pdf


def laid(ground) -> dict:
    """Sample name -> the arguments of its addresses. Made once."""
    if "planning" not in ground.__dict__:
        ground.planning = _lay(ground)
    return ground.planning


def _lay(ground):
    manager = ground.world.manager
    plan = services.add_plan(by=manager, title="A plan of the walk", starts=date(2019, 1, 1), ends=date(2020, 1, 1))
    first = services.add_priority(plan, by=manager, kind="practice", title="A priority of the walk")
    services.add_priority(plan, by=manager, kind="practice", title="Another")
    ended = services.add_priority(plan, by=manager, kind="practice", title="One that ended")
    facts = {"ended_on": timezone.localdate(), "end_reason": "It is met."}
    services.end_priority(ended, by=manager, version=1, **facts)
    duty = services.add_duty(
        by=manager, title="A duty of the walk", basis="local", source="Minutes", every="months", amount=3
    )
    found = {"plan": [[plan.pk]], "priority": [[first.pk]], "ended_priority": [[ended.pk]], "plan_duty": [[duty.pk]]}
    for name in ("workplan", "work_item", "work_item_done", "plan_print"):
        found[name] = []
    for case in ground.cases:
        _lay_workplan(ground, case, first, found)
    live, ended = feeds.make(ground.world.people["directory_admin"]), feeds.make(person("had_a_feed"))
    feeds.revoke(ended.acts_as)
    return found | {"feed_link": [[links.token_of(live)], [links.token_of(ended)]]}


def _lay_workplan(ground, case, priority, found):
    by = ground.world.officer if case.name == "ours" else ground.world.stranger
    mark = lambda what: canary(case.name, f"work_{what}")  # noqa: E731
    group = acting.laid(ground)["group"][case.name]
    plan = work.start_workplan(group, by=by, year=year_of(timezone.localdate()))
    shared = {"by": by, "priority": priority, "quarter": 3, "owner_post": mark("owner_post")}
    item = work.add_item(plan, title=mark("title"), success=mark("success"), **shared)
    dropped = work.add_item(plan, title="Another item", **shared)
    dropped = work.step(dropped, "drop", by=by, drop_reason=mark("drop_reason"))
    job = printing.ask_for(by, year=plan.starts.year)
    printed = PlanPrint.objects.unscoped("the walk's own").get(pk=job.subject_id)
    printing.keep(printed, (small_pdf("A plan"), ""), by=by)
    for name, row in (("workplan", plan), ("work_item", item), ("work_item_done", dropped), ("plan_print", printed)):
        found[name].append([row.pk])


def sample(name):
    return prints if name == "plan_print" else lambda ground: laid(ground)[name]


def prints(ground):
    """Each with the lines of this moment: what the walk lays besides is in its reader's plan too."""
    found = laid(ground)["plan_print"]
    for (pk,) in found:
        row = PlanPrint._base_manager.select_related("made_by", "group").get(pk=pk)
        PlanPrint._base_manager.filter(pk=pk).update(lines=printing.mark_now(row.made_by, row))
    return found


def _first(ground, name, model):
    (pk,) = laid(ground)[name][0]
    return model._base_manager.get(pk=pk)


def _edited(name, model, **typed):
    return lambda ground, case, persona: typed | {"version": _first(ground, name, model).version}


def _item(ground, case, persona):
    return {"title": "Count them", "duty": _first(ground, "plan_duty", Duty).pk, "quarter": 2}


def _item_again(ground, case, persona):
    which = [each.name for each in ground.cases].index(case.name)
    (pk,) = laid(ground)["work_item"][which]
    return _item(ground, case, persona) | {"version": WorkItem._base_manager.get(pk=pk).version}


def _to_carry(ground, case, persona):
    which = [each.name for each in ground.cases].index(case.name)
    return {"items": laid(ground)["work_item"][which]}


def _has_one(ground, case, persona):
    if persona in ground.world.people and COLUMN_OF[persona] != "nobody":
        feeds.make(ground.world.people[persona])
    return {}


DUTY = {"title": "Meet", "basis": "local", "source": "Minutes", "every": "months", "amount": 6}
PERIOD = day("starts", date(2030, 4, 1))
POSTS = {
    ("actions:plan_add", ""): Post("plan_added", lambda g, c, p: {"title": "Next"} | PERIOD),
    ("actions:plan_edit", "plan"): Post(
        "plan_changed", lambda g, c, p: _edited("plan", Plan, title="Renamed")(g, c, p) | PERIOD
    ),
    ("actions:plan_carry_on", "plan"): Post(
        "priority_carried_on", lambda g, c, p: {"title": "Next", "priorities": laid(g)["priority"][0]} | PERIOD
    ),
    ("actions:priority_add", "plan"): Post("priority_added", lambda g, c, p: {"title": "New", "kind": "assurance"}),
    ("actions:priority_edit", "priority"): Post(
        "priority_changed", _edited("priority", Priority, title="Changed", words_1="Fewer")
    ),
    ("actions:priority_end", "priority"): Post(
        "priority_ended",
        lambda g, c, p: (
            _edited("priority", Priority, end_reason="It is met.")(g, c, p) | day("ended_on", timezone.localdate())
        ),
    ),
    ("actions:priority_take_up", "ended_priority"): Post("priority_taken_up"),
    ("actions:priority_move", "priority"): Post("priority_moved", lambda g, c, p: {"way": "down"}),
    ("actions:duty_add", ""): Post("duty_of_partnership_added", lambda g, c, p: DUTY),
    ("actions:duty_edit", "plan_duty"): Post("duty_of_partnership_changed", _edited("plan_duty", Duty, **DUTY)),
    ("actions:workplan_add", "group"): Post(
        "workplan_started", lambda g, c, p: {"year": year_of(timezone.localdate()) + 1}
    ),
    ("actions:workplan_agree", "workplan"): Post(
        "workplan_agreed", lambda g, c, p: day("agreed_on", timezone.localdate() - timedelta(days=1))
    ),
    ("actions:workplan_carry_on", "workplan"): Post("work_item_carried_on", _to_carry),
    ("actions:work_item_add", "workplan"): Post("work_item_added", _item),
    ("actions:work_item_edit", "work_item"): Post("work_item_changed", _item_again),
    ("actions:work_item_begin", "work_item"): Post("work_item_begin"),
    ("actions:work_item_finish", "work_item"): Post("work_item_finish"),
    ("actions:work_item_drop", "work_item"): Post("work_item_drop", lambda g, c, p: {"drop_reason": "No money."}),
    ("actions:work_item_take_up", "work_item_done"): Post("work_item_take_up"),
    ("actions:forward_plan_print", ""): Post("work_asked"),
    ("actions:calendar_feed", ""): Post("link_made"),
    ("actions:calendar_feed_end", ""): Post("calendar_link_ended", _has_one),
}


def more(world, n):
    """For the equal counts: one more priority with a measure, duty, workplan item, action and group."""
    plan = Plan.objects.get(ref="stoke-about-us")
    group = make_group(world, f"Group {n}")
    shared = {"sponsor": world.manager, "group": group, "measures": [{"words": f"Fewer {n}"}]}
    row = services.add_priority(plan, by=world.manager, kind="practice", title=f"Priority {n}", **shared)
    services.add_duty(
        by=world.manager, title=f"Duty {n}", basis="local", source="Minutes", every="months", amount=1,
        anchor=in_days(-n), owner=world.manager, group=group,
    )  # fmt: skip
    other = work.start_workplan(group, by=world.manager, year=year_of(timezone.localdate()))
    for found in (other, workplan_of(world)):
        work.add_item(found, by=world.manager, title=f"Item {n}", priority=row, quarter=4, owner=world.manager)
    make_action(world, group, owner=world.manager, agency=None, priority=row)


def _first_group(world):
    rows = Folder.objects.unscoped("the test's own").filter(title="The group of the walk")
    return rows.first() or make_group(world, "The group of the walk")


def workplan_of(world):
    return work.start_workplan(_first_group(world), by=world.manager, year=year_of(timezone.localdate()))
