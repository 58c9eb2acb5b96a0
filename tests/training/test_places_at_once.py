"""Real connections that really commit: many people book in one moment."""

import pytest

from tests.training import making
from tests.world import make_world
from training.booking import services
from training.models import Booking


@pytest.mark.usefixtures("committed")
def test_fifty_bookings_of_the_last_place_are_one_place_and_forty_nine_turns(at_once):
    world = make_world()
    event = making.event(world, places=1)
    people = [making.learner(world, world.agencies["uhnm"], f"P{n}", email=f"p{n}@uhnm.example") for n in range(50)]
    answers = at_once(*(lambda each=each: services.book(event, each, by=world.officer) for each in people))
    assert all(isinstance(each, Booking) for each in answers), answers
    assert sorted(row.turn or 0 for row in answers) == list(range(50))
    assert [row.status for row in answers].count("booked") == 1
    assert making.fresh(event).taken == 1
