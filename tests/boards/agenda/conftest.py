"""A meeting with two members, and one whose agenda has what a pack is made of."""

import pytest

from partnership.documents import renditions
from partnership.documents import services as documents
from partnership.jobs import services as jobs
from tests.boards import making
from tests.boards.agenda.ground import add, secret, sent


@pytest.fixture(autouse=True)
def here(monkeypatch, settings, tmp_path):
    """No broker, a store of this test's own, and a worker that converts nothing unless the test says so."""
    monkeypatch.setattr(documents, "nudge", lambda pk: None)
    monkeypatch.setattr(renditions, "nudge", lambda pk: None)
    monkeypatch.setattr(jobs, "nudge", lambda pk: None)
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def meeting(world):
    group = making.group(world)
    for name in ("lead_same", "colleague"):
        _sit(world, group, world.people[name])
    return making.meeting(group, by=world.officer)


def _sit(world, group, user):
    from boards.groups.services import add_seat

    add_seat(group, by=world.manager, user=user, role="member", post="Head", agency=world.agencies["uhnm"])


@pytest.fixture
def ready(meeting, world):
    """Two open items with a paper each, and a restricted one with its own that the colleague may read."""
    for title in ("Learning", "Neglect"):
        sent(add(meeting, title, world.officer), world.officer, title=f"Paper on {title}")
    row = secret(meeting, world, world.colleague)
    sent(row, world.officer, title="Paper on the child")
    return meeting
