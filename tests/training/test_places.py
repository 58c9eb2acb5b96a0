"""Places at an event: taken, waited for, offered on, given up; never sold twice, never kept for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.people.models import Agency
from tests.training import making
from training.booking import services
from training.models import Booking, Event

pytestmark = pytest.mark.django_db
MANAGER = {"name": "A manager", "email": "manager@council.example"}


@pytest.fixture
def at(world):
    """at(agency key, n): the n-th learner of an agency, each with an address of its own."""

    def make(key, n=1, **facts):
        return making.learner(world, world.agencies[key], f"Person {n}", email=f"person{n}@{key}.example", **facts)

    return make


def statuses(event):
    rows = Booking.objects.unscoped(making.WHY).filter(event=event).order_by("made_at", "pk")
    return [row.status for row in rows]


def test_the_last_place_goes_to_the_first_and_the_others_wait_in_their_order(world, at):
    event = making.event(world, places=1)
    rows = [services.book(event, at("uhnm", n), by=world.officer) for n in range(3)]
    assert [(row.status, row.turn) for row in rows] == [("booked", None), ("waiting", 1), ("waiting", 2)]
    assert making.fresh(event).taken == 1


def test_the_database_refuses_a_place_too_many(world):
    event = making.event(world, places=1)
    with pytest.raises(IntegrityError, match="no_event_is_oversold"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(taken=2)


def test_a_place_that_is_given_up_is_offered_to_the_next_turn_at_once(world, at):
    event = making.event(world, places=1)
    first, second, third = (services.book(event, at("uhnm", n), by=world.officer) for n in range(3))
    services.give_up(first, by=world.officer)
    assert [making.fresh(row).status for row in (first, second, third)] == ["ended", "offered", "waiting"]
    taken = services.take_offer(making.fresh(second), by=world.officer)
    assert (taken.status, making.fresh(event).taken) == ("booked", 1)


def test_an_offer_that_nobody_takes_goes_on_to_the_next(world, at):
    event = making.event(world, places=1)
    first, second, third = (services.book(event, at("uhnm", n), by=world.officer) for n in range(3))
    services.give_up(first, by=world.officer)
    with time_machine.travel(making.fresh(second).offered_until + timedelta(minutes=1), tick=False):
        services.by_its_day(event)
        with pytest.raises(Stale):
            services.take_offer(making.fresh(second), by=world.officer)
    assert (making.fresh(second).why_ended, making.fresh(third).status) == ("lapsed", "offered")
    assert services.by_its_day(event) == [], "a second run changes nothing"


def test_places_kept_for_an_organisation_are_its_own_until_they_are_released(world, at):
    event = making.event(world, places=2)
    making.reserved(event, places=1, agency=world.agencies["police"], days=5)
    assert services.book(event, at("uhnm", 1), by=world.officer).status == "booked"
    waits = services.book(event, at("uhnm", 2), by=world.officer)
    assert waits.status == "waiting"
    assert services.kept_now(making.fresh(event)) == 1
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        services.by_its_day(event)
    assert making.fresh(waits).status == "offered"


def test_the_organisation_takes_its_kept_place_past_those_who_wait(world, at):
    event = making.event(world, places=2)
    making.reserved(event, places=1, agency=world.agencies["police"], days=5)
    for n in range(2):
        services.book(event, at("uhnm", n), by=world.officer)
    assert services.book(event, at("police"), by=world.officer).status == "booked"


def test_places_kept_for_a_kind_count_whoever_is_of_it(world, at):
    event = making.event(world, places=2)
    school = world.agencies["school"]
    other = Agency.objects.filter(kind="school").exclude(pk=school.pk).first()
    making.reserved(event, places=1, kind="school", days=5)
    assert services.book(event, at("school"), by=world.officer).status == "booked"
    second = making.learner(world, other, "Second", email="second@other.example")
    assert services.book(event, second, by=world.officer).status == "booked", "the kept place was used by the first"


def test_nobody_has_two_places_at_one_event_through_two_organisations(world, at):
    event = making.event(world)
    services.book(event, at("uhnm"), by=world.officer)
    again = making.learner(world, world.agencies["mpft"], "P. One", email="PERSON1@uhnm.example")
    with pytest.raises(ValidationError, match=r"The address of P\. One is on this event already") as refused:
        services.book(event, again, by=world.officer)
    assert "Person 1" not in str(refused.value), "the name in which the other organisation booked"
    assert statuses(event) == ["booked"] and making.fresh(event).taken == 1


def test_one_books_for_oneself_and_for_nobody_else_without_the_power(world):
    event = making.event(world)
    own = making.learner(world, world.agencies["uhnm"], user=world.colleague)
    hers = making.learner(world, world.agencies["uhnm"], "Another", email="another@uhnm.example")
    assert services.book(event, own, by=world.colleague).status == "booked"
    with pytest.raises(PermissionDenied):
        services.book(event, hers, by=world.colleague)
    with pytest.raises(PermissionDenied):
        services.book(event, hers, by=world.lead_other)
    assert services.book(event, hers, by=world.lead_same).status == "booked"


def test_a_place_waits_for_the_manager_and_goes_on_when_no_answer_comes(world, at):
    event = making.event(world, making.course(world, approval=True), places=1)
    own = making.learner(world, world.agencies["uhnm"], user=world.colleague)
    with pytest.raises(ValidationError, match="manager who approves"):
        services.book(event, own, by=world.colleague)
    row = services.book(event, own, by=world.colleague, approver=MANAGER)
    waits = services.book(event, at("mpft"), by=world.officer)
    assert (row.status, waits.status, making.fresh(event).taken) == ("asked", "waiting", 1)
    with time_machine.travel(row.approve_by + timedelta(minutes=1), tick=False):
        services.by_its_day(event)
        with pytest.raises(Stale):
            services.approve(making.fresh(row), by=world.colleague)
    assert (making.fresh(row).why_ended, making.fresh(waits).status) == ("unanswered", "offered")


def test_after_the_last_working_day_to_cancel_a_place_is_given_up_late(world, at):
    with time_machine.travel("2026-11-27 10:00", tick=False):  # a Friday
        event = making.event(world, days=4)  # Tuesday: three working days before it is Thursday
        row = services.book(event, at("uhnm"), by=world.officer)
        assert services.give_up(row, by=world.officer).why_ended == "late"
        event = making.event(world, days=5)  # Wednesday: three working days before it is today
        row = services.book(event, at("uhnm", 2), by=world.officer)
        assert services.give_up(row, by=world.officer).why_ended == "cancelled"


def test_who_moves_to_a_full_event_keeps_the_place(world, at):
    of = making.course(world)
    event, full = making.event(world, of), making.event(world, of, days=40, places=1)
    services.book(full, at("mpft"), by=world.officer)
    row = services.book(event, at("uhnm"), by=world.officer)
    with pytest.raises(ValidationError, match="is full"):
        services.move(row, full, by=world.officer)
    assert making.fresh(row).status == "booked"
    free = making.event(world, of, days=50)
    new = services.move(row, free, by=world.officer)
    assert (making.fresh(row).why_ended, new.status, new.instead_of_id) == ("moved", "booked", row.pk)
    assert (making.fresh(event).taken, making.fresh(free).taken) == (0, 1)


def test_a_place_is_handed_to_a_colleague_and_to_nobody_elsewhere(world, at):
    event = making.event(world, places=1)
    row = services.book(event, at("uhnm"), by=world.officer)
    with pytest.raises(ValidationError, match="same organisation"):
        services.hand_on(row, at("mpft"), by=world.officer)
    with pytest.raises(ValidationError, match="does not work there any more"):
        services.hand_on(row, at("uhnm", 3, left_on=timezone.localdate()), by=world.officer)
    new = services.hand_on(row, at("uhnm", 2), by=world.lead_same)
    assert (making.fresh(row).why_ended, new.status, making.fresh(event).taken) == ("handed", "booked", 1)


def test_a_cancelled_event_ends_every_booking_once_and_says_why(world, at):
    event = making.event(world, places=1)
    rows = [services.book(event, at("uhnm", n), by=world.officer) for n in range(2)]
    with pytest.raises(ValidationError, match="why it is cancelled"):
        services.cancel_event(event, by=world.officer, why=" ")
    _, ended = services.cancel_event(event, by=world.officer, why="The trainer is ill.")
    assert {row.pk for row in ended} == {row.pk for row in rows}
    assert {row.why_ended for row in ended} == {"event"} and making.fresh(event).taken == 0
    with pytest.raises(Stale):
        services.cancel_event(event, by=world.officer, why="Again")


def test_fewer_places_than_are_taken_are_refused_and_more_serve_who_waits(world, at):
    event = making.event(world, places=2)
    rows = [services.book(event, at("uhnm", n), by=world.officer) for n in range(3)]
    with pytest.raises(ValidationError, match="2 people have a place"):
        services.change_places(event, by=world.officer, capacity=1)
    services.change_places(event, by=world.officer, capacity=3)
    assert making.fresh(rows[2]).status == "offered"
