"""The folder of the partnership's own business: there from the start, open to those who hold a seat and nobody else."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from partnership.access.models import Folder, FolderKind
from partnership.access.rows import can
from partnership.access.services import set_agencies
from partnership.deadlines.office import keep_offices, office_of
from partnership.directory.services import change_agency, version_of
from partnership.people.models import Agency, Partnership
from partnership.people.roles import Perm
from partnership.trail.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(world):
    return office_of(Partnership.objects.get())


def test_it_is_there_before_anybody_starts_a_clock_and_once(office):
    keep_offices()
    call_command("open_offices")
    assert list(Folder.objects.filter(kind=FolderKind.OFFICE)) == [office]
    assert {each.partner_seat for each in office.agencies.all()} == set(
        Agency.objects.exclude(partner_seat="").values_list("partner_seat", flat=True)
    )
    assert not Event.objects.filter(verb="folder_agencies_set").exists()


def test_an_agency_that_loses_its_seat_stops_reading_at_that_moment(world, office):
    assert can(world.partner_outside, Perm.DEADLINE_VIEW, a_clock(world, office))
    icb = world.agencies["icb"]
    facts = {name: getattr(icb, name) for name in ("name", "starts", "ends", "note", "source")} | {"kind": "provider"}
    change_agency(
        icb, by=world.directory_admin, version=version_of(icb), areas=list(icb.areas.all()), partner_seat="", **facts
    )
    assert not can(world.partner_outside, Perm.DEADLINE_VIEW, a_clock(world, office))
    event = Event.objects.get(verb="folder_agencies_set")
    assert (event.actor_id, event.folder_id, event.data["removed"]) == (
        world.directory_admin.pk, office.pk, [str(icb.pk)],
    )  # fmt: skip


def test_the_same_agencies_again_are_no_event(world, office):
    set_agencies(office, list(office.agencies.all()), by=world.manager)
    assert not Event.objects.filter(verb="folder_agencies_set").exists()


def test_only_those_who_can_see_the_clock_may_be_named_as_its_owner(world, sign_in):
    page = sign_in(world.manager).get(reverse("deadlines:start"))
    offered = set(page.context["form"].fields["owner"].queryset)
    assert {world.officer_outside, world.manager, world.partner_outside} <= offered
    assert not {world.board_member, world.directory_admin, world.operator, world.lead_other} & offered


def a_clock(world, office):
    from partnership.deadlines import services

    return services.start(
        "yearly_report", by=world.officer, folder=office, trigger=timezone.now(), subject=office, what="Yearly report"
    )
