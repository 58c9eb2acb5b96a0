"""Charges: by the tariff of the day, free kinds, waivers, what an organisation sees of them, what is taken out."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.training import making
from tests.world import sign_in
from training.booking import services as booking
from training.charges import pricing, services
from training.models import Charge, Tariff

pytestmark = pytest.mark.django_db
LATE = Tariff.Kind.LATE_CANCEL


def tariff(world, amount, *, kind=LATE, starts=date(2026, 4, 1), until_hours=None, free=()):
    return pricing.add(
        by=world.officer, kind=kind, until_hours=until_hours, amount=Decimal(amount), free=list(free), starts=starts,
        source="Board of 1 April 2026",
    )  # fmt: skip


def given_up_late(world, key="uhnm", name="Robin Ash"):
    event = making.event(world, days=1)
    of = making.learner(world, world.agencies[key], name, email=f"{key}-{event.pk}@p.example")
    row = booking.book(event, of, by=world.officer)
    return booking.give_up(row, by=world.officer)


def charges():
    return Charge.objects.unscoped(making.WHY)


def test_without_a_tariff_nothing_is_charged(world):
    assert given_up_late(world).why_ended == "late" and not charges().exists()


def test_the_tariff_of_that_day_counts_and_the_closest_length(world):
    tariff(world, 30)
    tariff(world, 20, until_hours=Decimal(6))
    tariff(world, 10, until_hours=Decimal(3))
    tariff(world, 99, until_hours=Decimal(6), starts=date(2027, 1, 1))
    with time_machine.travel("2026-12-31 10:00", tick=False):
        assert charges().get(booking=given_up_late(world)).amount == 20
    with time_machine.travel("2027-01-01 10:00", tick=False):
        row = charges().get(booking=given_up_late(world))
    assert row.amount == 99 and "courses up to 6 hours. Board of 1 April 2026" in row.words
    assert pricing.in_force(LATE, None, date(2027, 1, 1)).amount == 30, "a course of unknown length: the one for any"


def test_kinds_of_organisations_that_pay_nothing_and_places_in_time_are_not_charged(world):
    tariff(world, 30, free=["school"])
    given_up_late(world, "school")
    early = booking.book(making.event(world, days=60), making.learner(world, world.agencies["uhnm"]), by=world.officer)
    booking.give_up(early, by=world.officer)
    assert not charges().exists()


def test_a_place_that_waits_for_the_manager_is_given_up_without_a_charge(world):
    tariff(world, 30)
    event = making.event(world, making.course(world, approval=True), days=2)
    own = making.learner(world, world.agencies["uhnm"], user=world.colleague)
    row = booking.book(event, own, by=world.colleague, approver={"email": "m@uhnm.example"})
    assert booking.give_up(row, by=world.colleague).why_ended == "late" and not charges().exists()


def test_a_new_tariff_ends_the_one_before_and_never_overlaps_a_later_one(world):
    first = tariff(world, 30)
    tariff(world, 40, starts=date(2027, 1, 1))
    assert making.fresh(first).ends == date(2027, 1, 1)
    with pytest.raises(ValidationError, match="begins on 1 January 2027"):
        tariff(world, 50, starts=date(2026, 10, 1))
    with pytest.raises(ValidationError, match="It began on 1 April 2026"):
        pricing.end(making.fresh(first), by=world.officer, version=2, ends=date(2026, 4, 1))
    with pytest.raises(PermissionDenied):
        pricing.add(
            by=world.lead_same, kind=LATE, until_hours=None, amount=Decimal(1), free=[], starts=date(2028, 1, 1),
            source="?",
        )  # fmt: skip


def test_a_charge_is_waived_by_the_unit_with_a_reason_and_read_by_the_organisation(world):
    tariff(world, 30)
    row = charges().get(booking=given_up_late(world))
    with pytest.raises(PermissionDenied):
        services.waive(row, by=world.lead_same, why="We like it")
    url = reverse("training:charge", args=[row.pk])
    client = sign_in(Client(), world.officer)
    assert "Say why it is waived" in client.post(url, {"why_waived": " "}).text
    client.post(url, {"why_waived": "A death in the family"})
    assert "A death in the family" in sign_in(Client(), world.lead_same).get(url).text
    assert client.post(url, {"why_waived": "Again"}).status_code == 409


def test_an_organisation_sees_its_own_charges_and_no_others(world):
    tariff(world, 30)
    given_up_late(world, "uhnm", "Of uhnm")
    other = charges().get(booking=given_up_late(world, "mpft", "Of mpft"))
    client, url = sign_in(Client(), world.lead_same), reverse("training:charges")
    page = client.get(url).text
    assert "Of uhnm" in page and "Of mpft" not in page and world.agencies["mpft"].name not in page
    assert client.get(reverse("training:charge", args=[other.pk])).status_code == 404
    assert sign_in(Client(), world.colleague).get(url).status_code == 403
    assert "Of mpft" not in client.post(url, {"take": "csv"}).getvalue().decode()


def test_nothing_that_is_taken_out_runs_as_a_formula_and_the_sums_are_right(world):
    tariff(world, "12.50")
    given_up_late(world, "uhnm", "=HYPERLINK(1)")
    services.waive(charges().get(booking=given_up_late(world)), by=world.officer, why="+1")
    client, url = sign_in(Client(), world.officer), reverse("training:charges")
    text = client.post(url, {"take": "csv"}).getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert [world.agencies["uhnm"].name, "1", "1", "12.50"] in lines
    assert any("'=HYPERLINK(1)" in line for line in lines) and any("'+1" in line for line in lines)
    assert client.post(url, {"take": "xlsx"}).getvalue().startswith(b"PK")


def test_the_register_is_narrowed_by_state_reason_and_day(world):
    tariff(world, 30)
    given_up_late(world, "uhnm", "Of uhnm")
    client, url = sign_in(Client(), world.officer), reverse("training:charges")
    tomorrow = timezone.localdate() + timedelta(days=1)
    since = {"since_day": tomorrow.day, "since_month": tomorrow.month, "since_year": tomorrow.year}
    for asked in ({"status": "waived"}, {"kind": "absent"}, {"q": "Staffordshire Police"}, since):
        assert "Of uhnm" not in client.get(url, asked).text
    assert "Of uhnm" in client.get(url, {"status": "due", "kind": "late"}).text
    assert client.get(url, {"status": "nonsense"}).status_code == 422
