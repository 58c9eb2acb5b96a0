"""Opening a form and saving it changes nothing that nobody meant: what can be chosen no longer stays, marked."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boards.groups import services as groups
from partnership.access.forms import ENDED
from partnership.actions.models import Duty, Priority
from partnership.actions.planning import work
from partnership.actions.planning.loading import load
from partnership.actions.risks import services as risks
from partnership.people.models import Membership
from tests.actions.ground import make_action, make_group
from tests.walk.post import day
from tests.world import sign_in


def opened_and_saved(client, url):
    """The page, and the row's form posted just as it was drawn."""
    page = client.get(url)
    data = {}
    for field in page.context["form"]:
        value = field.value()
        if isinstance(value, date):
            data |= day(field.html_name, value)
        elif value not in (None, False):
            data[field.html_name] = field.field.prepare_value(value)
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return page.content.decode()


def test_every_edit_keeps_what_can_be_chosen_no_longer(world):
    load()
    group, yesterday = make_group(world, members=[world.lead_other]), timezone.localdate() - timedelta(days=1)
    served = Priority.objects.get(title="Child Exploitation")
    gone = world.lead_other
    duty = Duty.objects.get(ref="D25")
    Duty.objects.filter(pk=duty.pk).update(
        owner=gone, owner_post="", rule="no_longer_shipped", amount=None, every="years"
    )
    Priority.objects.filter(pk=served.pk).update(sponsor=gone, sponsor_post="")
    action = make_action(world, group, priority=served)
    item = work.add_item(
        work.start_workplan(group, by=world.manager, year=2026), by=world.manager, title="Audit", priority=served,
        owner=gone, quarter=3,
    )  # fmt: skip
    risk = risks.add(
        group, by=world.manager, what="Too few", likelihood=4, impact=5, owner=gone, agency=world.agencies["mpft"],
        priority=served,
    )  # fmt: skip
    above = groups.add_group(by=world.manager, partnership=world.partnership, name="Above")
    below = groups.add_group(by=world.manager, partnership=world.partnership, name="Below", parent=above)
    type(above).objects.filter(pk=above.pk).update(starts=yesterday - timedelta(days=9), ends=yesterday)
    Priority.objects.filter(pk=served.pk).update(ended_on=yesterday)
    Membership.objects.filter(agency=world.agencies["mpft"]).update(ends=yesterday)
    manager = sign_in(Client(), world.manager)
    for name, row, kept in (
        ("actions:edit", action, {"priority": served}),
        ("actions:work_item_edit", item, {"priority": served, "owner": gone}),
        ("actions:priority_edit", served, {"sponsor": gone}),
        ("actions:duty_edit", duty, {"owner": gone, "rule": "no_longer_shipped"}),
        ("actions:risk_edit", risk, {"priority": served, "owner": gone, "agency": world.agencies["mpft"]}),
        ("boards:group_edit", below, {"parent": above}),
    ):
        page = opened_and_saved(manager, reverse(name, args=[row.pk]))
        assert page.count(ENDED) == len(kept), name
        row.refresh_from_db()
        assert {field: getattr(row, field) for field in kept} == kept, name
    page = manager.get(reverse("actions:duty", args=[duty.pk])).content.decode()
    assert "is no longer shipped" in page
