"""A leaving is given up: by whom, who is told, and that exactly what was taken is given back."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory.leaving import services
from partnership.directory.models import Departure
from partnership.notify.models import Notice
from partnership.notify.reads import described, shown_to
from partnership.people.models import Membership, NamedDuty
from partnership.people.roles import Role
from partnership.people.services import join
from partnership.ui.dates import plain
from tests.world import person, sign_in

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


# --- what the page advises --------------------------------------------------------------------------------------------


def shown_to_reader(user, row):
    return sign_in(Client(), user).get(reverse("directory:departure", args=[row.pk])).content.decode()


def test_the_leaver_reads_who_decides_about_her_duty_and_is_offered_no_choice_that_would_be_refused(world):
    NamedDuty.objects.create(agency=world.agencies["uhnm"], kind="s11", holder=world.colleague)
    row = begun(world, world.colleague)
    own = shown_to_reader(world.colleague, row)
    assert f"{world.lead_same.name}, " in own and "can hand it over; they have been told" in own
    assert "Leave vacant for now" not in own and "nobody is left" not in own
    hers = shown_to_reader(world.lead_same, row)
    assert "Somebody takes it over, or ‘Leave vacant for now’." in hers


def test_a_lead_is_not_offered_to_finish_what_only_the_unit_may(world):
    leaver = person("dual", Role.DELEGATED_PARTNER, world.agencies["council"], world.partnership)
    lead = person("lead_council", Role.AGENCY_LEAD, world.agencies["council"], world.partnership)
    row = services.start(leaver, by=leaver, agency=world.agencies["council"], altogether=True, last_day=in_days(9))
    assert "so the business unit finishes this" in shown_to_reader(lead, row)
    assert 'name="finish"' not in shown_to_reader(lead, row)
    assert 'name="finish"' in shown_to_reader(world.manager, row)


def test_a_lead_is_not_offered_the_leaving_of_somebody_with_a_case_role(world):
    council = world.agencies["council"]
    partner = person("dual", Role.DELEGATED_PARTNER, council, world.partnership)
    person("staff", Role.AGENCY_STAFF, council, world.partnership)
    join(partner, role=Role.AGENCY_STAFF, agency=council, partnership=world.partnership)
    lead = person("lead_council", Role.AGENCY_LEAD, council, world.partnership)
    for reader, offered in ((lead, False), (world.manager, True)):
        page = sign_in(Client(), reader)
        people = page.get(reverse("directory:departures"), {"q": council.name}).context["people"].object_list
        assert {row.may_leave for row in people if row.user_id == partner.pk} == {offered}
        assert all(row.may_leave for row in people if row.user.name == "Staff")
        link = reverse("directory:let_leave", args=[partner.memberships.first().pk])
        assert (link in page.get(reverse("directory:person", args=[partner.pk])).content.decode()) is offered


def test_whoever_begins_a_second_leaving_is_sent_where_they_can_go(world):
    begun(world, world.lead_same)
    with pytest.raises(ValidationError, match="you find it on Home"):
        begun(world, world.colleague)
    role(world, "mpft")
    with pytest.raises(ValidationError, match="by others"):
        begun(world, world.lead_other, agency=world.agencies["mpft"], altogether=False)


# --- made ready before what they shortened was kept -------------------------------------------------------------------


def planned_before(world, **facts):
    """As the portal left it then: the roles end, and the leaving does not say what they were."""
    row = planned(world, **facts)
    Departure.objects.unscoped("as it was before").filter(pk=row.pk).update(shortened=[])
    return row


def upgraded():
    step = import_module("partnership.directory.migrations.0008_leavings_planned_before")
    step.keep_what_was_shortened(apps, SimpleNamespace(connection=connection))


def test_what_an_older_leaving_shortened_is_found_in_the_history_and_given_back(world):
    later = role(world, "council", starts=in_days(20))
    other = role(world, "mpft", ends=in_days(40))
    row = planned_before(world, by=world.manager, agency=None)
    assert not Membership.objects.filter(pk=later.pk).exists()
    upgraded()
    row.refresh_from_db()
    assert len(row.shortened) == 3
    services.cancel(row, by=world.manager)
    ends = dict(Membership.objects.filter(user=world.colleague).values_list("pk", "ends"))
    assert ends[later.pk] is None and ends[other.pk] == in_days(40) and len(ends) == 3


def test_an_older_leaving_gives_back_no_role_that_ended_on_that_day_anyway(world):
    role(world, "mpft", ends=in_days(11))
    row = planned_before(world, by=world.manager, agency=None)
    upgraded()
    row.refresh_from_db()
    assert [each["agency"] for each in row.shortened] == [str(world.agencies["uhnm"].pk)]
    before = row.shortened
    upgraded()
    row.refresh_from_db()
    assert row.shortened == before, "a second run changes nothing"


def test_a_notice_keeps_the_last_day_that_it_told(world):
    row = begun(world, world.colleague, last_day=in_days(10))
    services.save(row, by=world.lead_same, version=row.version, choices={}, last_day=in_days(20))
    (line,) = described(Notice.objects.filter(kind="leaving_started", recipient=world.lead_same), world.lead_same)
    assert f"The last day is {plain(in_days(10))}." in line.text


def test_who_leaves_already_is_led_to_that_leaving_and_not_asked_anew(world):
    page, mine = sign_in(Client(), world.colleague), reverse("directory:i_am_leaving")
    assert page.get(mine).status_code == 200
    row = begun(world, world.colleague, altogether=False)
    assert page.get(mine)["Location"] == reverse("directory:departure", args=[row.pk])
    join(world.colleague, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    shown = page.get(mine).content.decode()
    assert "open that leaving" in shown and "I leave altogether" not in shown
    assert f"My access at {world.agencies['mpft'].name} only" in shown
    assert f"My access at {world.agencies['uhnm'].name} only" not in shown


def test_a_lead_who_leaves_is_not_told_that_she_finishes_it_herself(world):
    row = begun(world, world.lead_same, user=world.lead_same)
    shown = shown_to_reader(world.lead_same, row)
    assert "Somebody else finishes your leaving: the business unit." in shown
    person("second_lead", Role.AGENCY_LEAD, world.agencies["uhnm"], world.partnership)
    assert "another lead of your organisation or the business unit" in shown_to_reader(world.lead_same, row)
    assert shown.count("Last day") == 1
