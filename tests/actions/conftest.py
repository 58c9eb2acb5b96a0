import pytest

from tests.actions.ground import make_group


@pytest.fixture
def group(world):
    """A group with a chair and one member."""
    return make_group(world, members=[world.lead_other])
