"""What the planning tells those below it: navigation, set-up, the work of printing, the sentences of its events."""

from partnership.access.context import add_to_navigation
from partnership.access.open_work import register_open_work
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from partnership.actions.planning import printing
from partnership.actions.planning.feeds import LINK_ENDS
from partnership.actions.planning.owners import owned_by
from partnership.deadlines.registry import register_own
from partnership.people.roles import Perm

SENTENCES = {
    "plan_added": "added a business plan",
    "plan_changed": "changed a business plan",
    "priority_added": "added a priority to the business plan",
    "priority_carried_on": "carried a priority on into a new business plan",
    "priority_changed": "changed a priority of the business plan",
    "priority_moved": "changed the order of the priorities",
    "priority_ended": "ended a priority of the business plan",
    "priority_taken_up": "made a priority of the business plan one again",
    "duty_of_partnership_added": "added a duty of the partnership",
    "duty_of_partnership_changed": "changed a duty of the partnership",
    "workplan_started": "started the workplan of a year",
    "workplan_agreed": "recorded when the workplan was agreed",
    "work_item_added": "added an item to the workplan",
    "work_item_changed": "changed an item of the workplan",
    "work_item_carried_on": "carried an item on into the next year’s workplan",
    "work_item_begin": "began an item of the workplan",
    "work_item_finish": "recorded that an item of the workplan is done",
    "work_item_drop": "dropped an item of the workplan",
    "work_item_take_up": "took an item of the workplan up again",
    "priority_given": "gave the sponsorship of a priority to {user}",
    "duty_given": "gave a duty of the partnership to {user}",
    "workitem_given": "gave an item of the workplan to {user}",
    "calendar_link_ended": "ended the address of their calendar",
}


def register():
    add_to_navigation("Business plan", "actions:plan", Perm.PLAN_VIEW, order=31)
    register_sentences(SENTENCES)
    register_setup("load_planning")
    register_own(LINK_ENDS)
    register_open_work(owned_by, order=55)
    printing.register()
