"""A body that is closed is asked only if somebody clears it; else its request waits, or goes a way that is named."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.people.models import Area, Closure, NamedDuty
from reviews import returns, waves
from reviews.asking import closures, reads
from reviews.models import AgencyReturn, Clearance
from tests.walk.post import day
from tests.world import sign_in


@pytest.fixture
def shut(world):
    """The trust is closed for nine days, and somebody covers for it."""
    today, agency = timezone.localdate(), world.agencies["mpft"]
    Closure.objects.create(agency=agency, name="Summer", starts=today, ends=today + timedelta(days=9))
    NamedDuty.objects.create(agency=agency, kind="cover", holder=world.lead_other)
    return agency


def at(name, world):
    return reverse(f"reviews:{name}", args=[world.ours.review.pk])


def several(world, *names):
    offers = {each.agency: each.key for each in waves.wave_of(world.officer, world.ours.review).offers}
    agencies = {"agencies": [offers[world.agencies[name]] for name in names], "purpose": "Search."}
    agencies[f"author_{world.agencies['police'].pk}"] = world.deputy_police.pk  # nobody is proposed there
    return agencies | day("due_on", timezone.localdate() + timedelta(days=3))


def test_a_wave_names_the_closure_and_its_cover_and_asks_nobody_until_it_is_cleared(world, shut, sign_in):
    client, typed = sign_in(world.officer), several(world, "mpft", "police")
    last = timezone.localdate() + timedelta(days=8)
    assert (
        f"closed until {last.day} {last:%B %Y} (Summer); Lead Other covers"
        in client.get(at("ask_agencies", world)).content.decode()
    )
    before = AgencyReturn.objects.unscoped("counted").count()
    first = client.post(at("ask_agencies", world), typed)
    assert first.status_code == 422 and set(first.context["form"].errors) == {f"way_{shut.pk}", f"why_{shut.pk}"}
    assert AgencyReturn.objects.unscoped("counted").count() == before, "all of them, or none"
    cleared = {f"way_{shut.pk}": "now", f"why_{shut.pk}": "A sibling may be at risk."}
    done = client.post(at("ask_agencies", world), typed | cleared, follow=True)
    assert "2 requests have gone out." in done.content.decode()
    row = Clearance.objects.get()
    assert (row.by, row.way, row.reason, row.row.author) == (
        world.officer,
        "now",
        "A sibling may be at risk.",
        world.lead_other,
    )
    page = reverse("reviews:agency_return", args=[row.row_id])
    assert "A sibling may be at risk." in client.get(page).content.decode()
    author = sign_in_as(world.lead_other).get(page).content.decode()
    assert "A sibling may be at risk." not in author, "what the case lead decided is the case's"


def sign_in_as(user):
    return sign_in(Client(), user)


def test_one_that_waits_is_not_asked_and_comes_back_on_home_when_it_opens(world, shut, sign_in):
    client, typed = sign_in(world.officer), several(world, "mpft", "police")
    waits = {f"way_{shut.pk}": "wait", f"why_{shut.pk}": "Nobody there knows the family."}
    done = client.post(at("ask_agencies", world), typed | waits, follow=True).content.decode()
    assert "1 request has gone out. 1 is not asked now" in done
    assert not AgencyReturn.objects.unscoped("asked?").filter(agency=shut, review=world.ours.review).exists()
    listed = sign_in_as(world.panel).get(at("outstanding", world)).content.decode()
    assert "Nobody there knows the family." in listed and "Open again on" in listed
    assert not reads.to_ask_now(world.officer).exists()
    with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
        assert [each.agency for each in reads.to_ask_now(world.officer)] == [shut]
        assert not reads.to_ask_now(world.panel).exists() and not reads.to_ask_now(world.stranger).exists()
        returns.ask_agency(
            world.ours.review, by=world.officer, agency=shut, author=world.lead_other, purpose="Search.",
            due_on=timezone.localdate() + timedelta(days=2),
        )  # fmt: skip
        assert not reads.to_ask_now(world.officer).exists() and reads.set_aside(world.officer, world.ours.review) == []


def test_asking_one_agency_asks_the_same_and_another_way_is_named(world, shut, sign_in):
    client = sign_in(world.officer)
    typed = {"agency": shut.pk, "author": world.lead_other.pk, "purpose": "Search."}
    typed |= day("due_on", timezone.localdate() + timedelta(days=3))
    first = client.post(at("ask_agency", world), typed)
    assert first.status_code == 422 and "Lead Other covers for it" in first.content.decode()
    other = {f"way_{shut.pk}": "other", f"why_{shut.pk}": "The director answers by telephone."}
    assert client.post(at("ask_agency", world), typed | other).url == at("outstanding", world)
    assert "answers by telephone" in client.get(at("outstanding", world)).content.decode()
    assert not AgencyReturn.objects.unscoped("asked?").filter(agency=shut, review=world.ours.review).exists()


def test_the_service_asks_for_it_too_whoever_calls(world, shut):
    facts = {"agency": shut, "author": world.lead_other, "due_on": timezone.localdate(), "purpose": "Search."}
    for cleared in (None, {"way": "wait", "reason": "Later."}, {"way": "now", "reason": "  "}):
        with pytest.raises(ValidationError):
            returns.ask_agency(world.ours.review, by=world.officer, cleared=cleared, **facts)
    offer = next(each for each in waves.wave_of(world.officer, world.ours.review).offers if each.agency == shut)
    with pytest.raises(ValidationError, match="Say whether it is asked"):
        waves.ask_wave(world.ours.review, [offer], by=world.officer, due_on=timezone.localdate(), purpose="Search.")


def test_a_holiday_of_an_area_closes_its_schools_and_nobody_else(world):
    school, trust, today = world.agencies["school"], world.agencies["mpft"], timezone.localdate()
    part = Area.objects.exclude(parent=None).first()
    school.areas.add(part)
    trust.areas.add(part)
    Closure.objects.create(area=part.parent, name="Half-term", starts=today, ends=today + timedelta(days=5))
    found = closures.closed([school, trust])
    assert set(found) == {school.pk} and found[school.pk].cover == ""
    assert "nobody is named to cover" in found[school.pk].words
    assert closures.closed([school], day=today + timedelta(days=5)) == {}, "the last day of Dated is the first day open"


def test_one_agency_of_a_wave_that_cannot_be_asked_stops_the_whole_wave_and_is_named(world):
    asked = ("mpft", "staffs-police")
    wave = waves.wave_of(world.officer, world.ours.review)
    offers = [each for each in wave.offers if each.agency.slug in asked]
    returns.ask_agency(
        world.ours.review, by=world.case_officer, agency=world.agencies["mpft"], author=world.lead_other,
        due_on=timezone.localdate(), purpose="Search.",
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        waves.ask_wave(world.ours.review, offers, by=world.officer, due_on=timezone.localdate(), purpose="Search.")
    assert world.agencies["mpft"].name in refused.value.message_dict["agencies"][0]
    police = AgencyReturn.objects.unscoped("asked?").filter(review=world.ours.review, agency=world.agencies["police"])
    assert not police.exists()
