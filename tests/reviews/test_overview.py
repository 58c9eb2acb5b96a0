"""The overview says who is away: a body that is closed and covered, a partner for whom a dated deputy speaks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.directory.covering.services import take_over
from partnership.people.models import Area, Closure, NamedDuty
from reviews.asking import closures
from tests.reviews.test_pages import at
from tests.reviews.test_services import page_of

TODAY = timezone.localdate


def closed_on_page(world, row):
    (found,) = [each.closed for each in page_of(world).returns if each.pk == row.pk]
    return found


@pytest.mark.parametrize("whose", ["its own", "its area's"])
def test_a_body_that_owes_its_return_and_is_closed_today_says_so_with_its_cover(world, whose, sign_in):
    row, school = world.ours.returns["school"], world.agencies["school"]
    type(row).objects.unscoped("owed again").filter(pk=row.pk).update(status="asked")
    part = Area.objects.exclude(parent=None).first()
    school.areas.add(part)
    world.agencies["uhnm"].areas.add(part)  # a holiday of the area closes its schools alone
    where = {"agency": school} if whose == "its own" else {"area": part.parent}
    Closure.objects.create(name="Half-term", starts=TODAY(), ends=TODAY() + timedelta(days=5), **where)
    NamedDuty.objects.create(agency=school, kind="cover", holder=world.school_outside)
    assert closed_on_page(world, row) == closures.closed([school])[school.pk]
    assert closed_on_page(world, world.ours.returns["uhnm"]) is None
    page = sign_in(world.panel).get(at("review", world.ours.review)).content.decode()
    assert "(Half-term); School Outside covers for it." in page


def test_one_that_is_in_says_nothing_of_a_holiday(world):
    row, school = world.ours.returns["school"], world.agencies["school"]
    Closure.objects.create(name="Half-term", starts=TODAY(), ends=TODAY() + timedelta(days=5), agency=school)
    assert closed_on_page(world, row) is None


def test_the_dated_deputy_of_a_partner_stands_there_with_his_last_day(world, sign_in):
    last = NamedDuty.objects.get(holder=world.deputy_police).ends - timedelta(days=1)
    page = " ".join(sign_in(world.panel).get(at("review", world.ours.review)).content.decode().split())
    assert f"speaks as dated deputy of Signer Police until {last.day} {last:%B %Y}." in page
    assert "dated deputy of Signer Icb" not in page


def test_what_is_owed_by_both_stands_once_on_home(world, sign_in):
    take_over(
        world.officer, by=world.manager, coverer=world.manager, starts=TODAY(), last_day=TODAY() + timedelta(days=5),
        reason="Leave",
    )  # fmt: skip
    answer = sign_in(world.manager).get("/home")
    ((_, work, shared),) = answer.context["covering"]
    mine = {(line.what, line.url) for line, _ in answer.context["owed"]}
    assert shared and not mine & {(line.what, line.url) for line in work}
    assert "in your own list above" in answer.content.decode()
