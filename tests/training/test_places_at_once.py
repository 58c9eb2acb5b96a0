"""Real connections that really commit: many people book in one moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.notify.models import Outgoing
from tests.training import making
from tests.world import make_world
from training.booking import services, sweep
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


@pytest.mark.usefixtures("committed")
def test_two_sweeps_at_once_send_an_offer_on_once(at_once):
    world = make_world()
    event = making.event(world, places=1)
    people = [making.learner(world, world.agencies["mpft"], f"S{n}", email=f"s{n}@mpft.example") for n in range(3)]
    rows = [services.book(event, each, by=world.officer) for each in people]
    services.give_up(rows[0], by=world.officer)
    Booking.objects.unscoped(making.WHY).filter(pk=rows[1].pk).update(
        offered_until=timezone.now() - timedelta(minutes=1)
    )
    assert at_once(sweep.sweep, sweep.sweep) != [None, None]
    assert [making.fresh(row).status for row in rows] == ["ended", "ended", "offered"]
    sent = Outgoing.objects.filter(about_id__in=[rows[1].pk, rows[2].pk]).values_list("template", flat=True)
    assert sorted(sent) == sorted(["training_waits"] * 2 + ["training_offer"] * 2 + ["training_ended"]), (
        "each is told once"
    )
