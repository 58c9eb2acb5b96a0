from partnership.access.rows import can
from partnership.people.roles import Perm


def test_the_two_cases_are_apart(world):
    assert can(world.officer, Perm.REVIEW_VIEW, world.ours.review)
    assert not can(world.officer, Perm.REVIEW_VIEW, world.theirs.review)
    assert not can(world.manager, Perm.REVIEW_VIEW, world.theirs.review)
    assert can(world.stranger, Perm.REVIEW_VIEW, world.theirs.review)
