"""The pages of planning in Chromium: nothing that axe finds, nothing wider than the screen, a quiet console."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from partnership.actions.models import Duty, Plan, WorkItem, Workplan
from partnership.actions.planning import feeds
from partnership.actions.planning.demo import fill_planning
from tests import browser
from tests.actions.ground import make_action, make_group
from tests.world import sign_in

pytestmark = [pytest.mark.browser, browser.needs_chromium]


def _pages(world):
    """(address, rendered page) of what the business manager opens in the demo's year."""
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        make_action(world, make_group(world), owner=world.manager, agency=None)
        fill_planning(world.people)
        feeds.make(world.manager)
        plan, old = (Plan.objects.get(ref=ref) for ref in ("demonstration", "stoke-about-us"))
        priority = plan.priorities.get(title="Child Exploitation")
        workplan = Workplan.objects.unscoped("the test's own").order_by("pk").first()
        item = WorkItem.objects.unscoped("the test's own").filter(workplan=workplan, status="planned").first()
        duty = Duty.objects.get(ref="D21")
        addresses = [
            ("plan", []), ("plan_of", [old.pk]), ("plan_edit", [plan.pk]), ("plan_carry_on", [plan.pk]),
            ("priority", [priority.pk]), ("priority_edit", [priority.pk]), ("priority_end", [priority.pk]),
            ("duties", []), ("duty", [duty.pk]), ("duty_edit", [duty.pk]), ("workplans", []),
            ("workplan_year", [workplan.pk]), ("work_item_edit", [item.pk]), ("work_item_drop", [item.pk]),
            ("workplan_carry_on", [workplan.pk]), ("forward_plan", []), ("calendar_feed", []),
        ]  # fmt: skip
        client = sign_in(Client(), world.manager)
        for name, args in addresses:
            path = reverse(f"actions:{name}", args=args)
            yield path, client.get(path)


def test_the_pages_of_planning_fit_every_screen_and_every_reader(world, chromium):
    pages = list(_pages(world))
    problems = browser.wrong_on(chromium, pages, widths=(1280, 390))
    assert len(pages) == 17 and problems == [], "\n".join(problems)
