"""The page behind the link of a reminder on a screen: it is opened on a phone between two meetings."""

import pytest

from tests import browser
from tests.actions.ground import in_days, make_action, make_group
from tests.actions.test_by_link import UPDATE, mailed, send

pytestmark = [pytest.mark.browser, browser.needs_chromium]
LONG = "Agree with each organisation how the pathway is reviewed, and who tells whom when a child is not brought. " * 3


@pytest.fixture
def pages(world, client, sign_in):
    """(address, the portal's answer): the list, one action, a form that is wrong, after an answer, somebody else's."""
    group = make_group(world)
    rows = [
        make_action(world, group, what=what, due_on=in_days(n)) for n, what in enumerate((LONG, "A" * 120, "Short"))
    ]
    at = mailed(world.colleague, *rows)
    one = f"{at}?about={rows[0].reference}"
    shown = [(at, client.get(at)), (one, client.get(one))]
    shown += [(one, send(client, at, rows[0], says="done", words=""))]
    send(client, at, rows[2], **UPDATE)
    return [*shown, (at, client.get(at)), (at, sign_in(world.author).get(at))]


def test_it_can_be_read_and_answered_on_every_screen(pages, chromium, static_files):
    faults = browser.wrong_on(chromium, pages)
    assert not faults, "\n".join(faults)
