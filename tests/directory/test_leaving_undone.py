"""A leaving is given up: by whom, who is told, and that exactly what was taken is given back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory.leaving import services
from partnership.directory.models import Departure
from partnership.notify.models import Notice
from partnership.notify.reads import described, shown_to
from partnership.people.models import Membership
from partnership.people.roles import Role
from partnership.people.services import join
from partnership.ui.dates import plain
from tests.world import sign_in

TODAY = timezone.localdate


def in_days(number):
    return TODAY() + timedelta(days=number)


def begun(world, by, last_day=None, user=None, **facts):
    facts = {"agency": world.agencies["uhnm"], "altogether": True} | facts
    return services.start(user or world.colleague, by=by, last_day=last_day or in_days(10), **facts)


def planned(world, by=None, **facts):
    return services.finish(begun(world, by or world.lead_same, **facts), by=by or world.lead_same)


def given_up(client, row):
    return client.post(reverse("directory:departure_cancel", args=[row.pk]))


def role(world, slug="uhnm", **facts):
    facts = {"role": Role.AGENCY_STAFF, "agency": world.agencies[slug], "partnership": world.partnership} | facts
    return Membership.objects.create(user=world.colleague, **facts)


# --- by whom ----------------------------------------------------------------------------------------------------------


def test_the_leaver_gives_up_what_she_began_and_nobody_has_confirmed(world):
    row = begun(world, world.colleague)
    page = sign_in(Client(), world.colleague)
    assert "I stay after all" in page.get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert given_up(page, row).status_code == 302
    row.refresh_from_db()
    assert row.status == Departure.Status.CANCELLED


@pytest.mark.parametrize("who", ["lead_same", "manager", None])
def test_the_leaver_does_not_give_up_what_others_began(world, who):
    row = begun(world, getattr(world, who) if who else None)
    page = sign_in(Client(), world.colleague)
    assert "I stay after all" not in page.get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert given_up(page, row).status_code == 403
    with pytest.raises(PermissionDenied):
        services.cancel(row, by=world.colleague)
    with pytest.raises(ValidationError, match="Somebody else has set this day"):
        services.save(row, by=world.colleague, version=row.version, choices={}, last_day=in_days(90))


def test_the_leaver_neither_gives_up_nor_puts_off_her_own_once_it_is_confirmed(world):
    row = services.finish(begun(world, world.colleague), by=world.lead_same)
    assert given_up(sign_in(Client(), world.colleague), row).status_code == 403
    with pytest.raises(ValidationError, match="Somebody else has set this day"):
        services.save(row, by=world.colleague, version=row.version, choices={}, last_day=in_days(90))
    assert Membership.objects.get(user=world.colleague).ends == in_days(11)
    row = services.save(row, by=world.lead_same, version=row.version, choices={}, last_day=in_days(20))
    with pytest.raises(PermissionDenied):  # it is prepared again, and was confirmed once
        services.cancel(row, by=world.colleague)


def test_who_confirmed_a_leaving_and_who_answers_there_are_told_that_it_was_given_up(world):
    services.cancel(planned(world, world.officer_outside), by=world.manager)
    told = Notice.objects.filter(kind="leaving_given_up")
    assert set(told.values_list("recipient", flat=True)) == {world.officer_outside.pk, world.lead_same.pk}
    line = described(shown_to(world.lead_same).filter(kind="leaving_given_up"), world.lead_same)[0]
    assert line.text == f"{world.colleague.name} stays after all: {world.manager.name} has given the leaving up."


def test_a_draft_that_is_given_up_tells_nobody(world):
    services.cancel(begun(world, world.lead_same), by=world.manager)
    assert not Notice.objects.filter(kind="leaving_given_up").exists()


# --- what is given back -----------------------------------------------------------------------------------------------


def test_a_role_is_given_back_with_the_end_that_it_had(world):
    soon, then, later = (
        role(world, "mpft", ends=in_days(days), role=given)
        for days, given in ((5, Role.AGENCY_STAFF), (11, Role.AGENCY_LEAD), (30, Role.AGENCY_STAFF))
    )
    row = planned(world, world.manager)
    assert {each.ends for each in Membership.objects.filter(user=world.colleague)} == {in_days(5), in_days(11)}
    services.cancel(row, by=world.manager)
    found = {each.pk: each.ends for each in Membership.objects.filter(user=world.colleague)}
    assert [found.pop(each.pk) for each in (soon, then, later)] == [in_days(5), in_days(11), in_days(30)]
    assert list(found.values()) == [None]


def test_a_leaving_that_was_confirmed_twice_still_gives_back_what_was_before(world):
    row = planned(world)
    row = services.finish(row, by=world.lead_same)
    row = services.save(row, by=world.lead_same, version=row.version, choices={}, last_day=in_days(20))
    assert Membership.objects.get(user=world.colleague).ends is None
    services.cancel(services.finish(row, by=world.lead_same), by=world.lead_same)
    assert Membership.objects.get(user=world.colleague).ends is None


def test_beside_a_role_that_was_given_anew_the_old_one_stays_ended(world):
    row = planned(world)
    join(world.colleague, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["uhnm"])
    services.cancel(row, by=world.lead_same)
    ends = Membership.objects.filter(user=world.colleague).order_by("ends").values_list("ends", flat=True)
    assert list(ends) == [in_days(11), None]


def test_a_role_that_was_to_begin_after_the_last_day_comes_back(world):
    coming = role(world, role=Role.AGENCY_LEAD, starts=in_days(15))
    row = planned(world)
    assert not Membership.objects.filter(pk=coming.pk).exists()
    services.cancel(row, by=world.lead_same)
    back = Membership.objects.get(pk=coming.pk)
    assert (back.role, back.agency, back.starts, back.ends) == ("al", world.agencies["uhnm"], in_days(15), None)


def test_a_role_that_somebody_ended_sooner_meanwhile_does_not_come_back(world):
    row = planned(world)
    Membership.objects.filter(user=world.colleague).update(ends=in_days(2))
    services.cancel(row, by=world.lead_same)
    assert Membership.objects.get(user=world.colleague).ends == in_days(2)


# --- one at a time ----------------------------------------------------------------------------------------------------


def test_a_leaving_altogether_stands_alone(world):
    role(world, "mpft")
    here = {"agency": world.agencies["uhnm"], "altogether": False}
    there = here | {"agency": world.agencies["mpft"]}
    first, second = begun(world, world.manager, **here), begun(world, world.manager, **there)
    for facts in (here, {"altogether": True}):
        with pytest.raises(ValidationError, match="being prepared already"):
            begun(world, world.manager, **facts)
    for row in (first, second):
        services.cancel(row, by=world.manager)
    begun(world, world.manager)
    with pytest.raises(ValidationError, match="being prepared already"):
        begun(world, world.manager, **here)


def test_an_account_is_closed_once(world):
    row = begun(world, world.manager, last_day=TODAY())
    closed = timezone.now() - timedelta(days=3)
    type(world.colleague).objects.filter(pk=world.colleague.pk).update(is_active=False, closed_at=closed)
    services.finish(row, by=world.manager)
    world.colleague.refresh_from_db()
    assert world.colleague.closed_at == closed


def test_a_last_day_is_not_put_back_by_more_than_a_year(world):
    row = begun(world, world.lead_same)
    with pytest.raises(ValidationError, match="more than a year ago"):
        services.save(row, by=world.lead_same, version=row.version, choices={}, last_day=in_days(-400))


# --- which day --------------------------------------------------------------------------------------------------------


def finishing(client, row, day, **more):
    typed = {f"last_day_{part}": getattr(day, part) for part in ("day", "month", "year")}
    return client.post(
        reverse("directory:departure", args=[row.pk]), {"version": row.version, "finish": "1"} | typed | more
    )


def test_a_day_that_has_passed_is_asked_once_more_before_it_ends_anything(world):
    row, page = begun(world, world.lead_same), sign_in(Client(), world.lead_same)
    asked = finishing(page, row, in_days(-3))
    assert asked.status_code == 422 and "has passed, so the access ends at once" in asked.content.decode()
    assert Membership.objects.live().filter(user=world.colleague).exists()
    assert finishing(page, row, in_days(-3), sure="on").status_code == 302
    assert not Membership.objects.live().filter(user=world.colleague).exists()


def test_today_ends_it_without_a_second_question_and_a_later_day_at_its_end(world):
    row, page = begun(world, world.lead_same), sign_in(Client(), world.lead_same)
    assert finishing(page, row, in_days(2)).status_code == 302
    shown = page.get(reverse("directory:departure", args=[row.pk])).content.decode()
    assert "Access ends by itself at the end of" in shown
    assert Membership.objects.on(in_days(2)).filter(user=world.colleague).exists()
    assert not Membership.objects.on(in_days(3)).filter(user=world.colleague).exists()
    row.refresh_from_db()
    assert finishing(page, row, in_days(0)).status_code == 302
    assert not Membership.objects.live().filter(user=world.colleague).exists()


def test_a_last_day_lies_a_year_ahead_at_most_and_the_page_says_which_day_that_is(world):
    with pytest.raises(ValidationError, match="or earlier"):
        begun(world, world.lead_same, last_day=in_days(400))
    row = begun(world, world.lead_same)
    refused = finishing(sign_in(Client(), world.lead_same), row, in_days(400))
    assert refused.status_code == 422 and f"must be {plain(in_days(366))} or earlier" in refused.content.decode()
    Departure.objects.unscoped("as one was begun before").filter(pk=row.pk).update(last_day=in_days(9000))
    with pytest.raises(ValidationError, match="or earlier"):
        services.finish(row, by=world.lead_same)
