"""The lists of actions on a screen: axe finds nothing, nothing is wider than a phone, the console is quiet."""

import pytest
from django.urls import reverse

from partnership.actions import services
from tests import browser
from tests.actions.ground import in_days, make_action, make_group

pytestmark = [pytest.mark.browser, browser.needs_chromium]
LONG = "Agree with each organisation how the pathway is reviewed, and who tells whom when a child is not brought. " * 3


@pytest.fixture
def pages(world, sign_in):
    """(address, the portal's answer to the chair or to a lead) of each list, of a group with an action of each sort."""
    folder = make_group(world)
    for days, what in ((3, "Near one"), (90, "A" * 120), (40, LONG)):
        make_action(world, folder, what=what, due_on=in_days(days))
    whole = make_action(world, folder, what="Whole", agency=None, owner=None)
    part = {"agency": world.agencies["uhnm"], "what": "Part", "owner": world.colleague}
    services.split(whole, by=world.manager, version=whole.version, parts=[part])
    make_action(world, folder, parked=True)
    make_action(world, world.ours.folder, what="Of a case", owner=world.board_member, agency=None)
    of_folder = [reverse(f"actions:{name}", args=[folder.pk]) for name in ("of_group", "owed")]
    chairs = [*(reverse(f"actions:{name}") for name in ("register", "mine", "reports")), *of_folder]
    client = sign_in(world.board_member)
    shown = [(url, client.get(url)) for url in chairs]
    url = reverse("actions:of_agency")
    return [*shown, (url, sign_in(world.lead_same).get(url))]


def test_the_lists_can_be_read_on_every_screen(pages, chromium, static_files):
    faults = browser.wrong_on(chromium, pages)
    assert not faults, "\n".join(faults)
