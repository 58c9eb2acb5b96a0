"""A role ends by one's own word for it: by whose, what ends with the last one, and who must stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import FolderGrant
from partnership.access.rows import can
from partnership.directory.leads import unit
from partnership.directory.leaving import services
from partnership.directory.leaving.ending import LAST
from partnership.directory.leaving.reads import leaving_work
from partnership.directory.models import Departure
from partnership.directory.requests.case_roles import end_role
from partnership.notify.models import Notice
from partnership.people.models import Membership
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from tests.world import sign_in

TODAY = timezone.localdate
IN_TEN_DAYS = timedelta(days=10)


def role_of(user):
    return user.memberships.get()


def test_a_role_that_opens_cases_is_ended_by_the_unit_and_by_no_lead(world):
    role = role_of(world.signer_police)
    lead = sign_in(Client(), world.deputy_police)
    link = reverse("directory:role_end", args=[role.pk])
    person = reverse("directory:person", args=[role.user_id])
    assert link not in lead.get(person).content.decode()
    assert link in sign_in(Client(), world.officer_outside).get(person).content.decode()
    assert lead.get(link).status_code == 403
    assert lead.post(link, {"when": "now"}).status_code == 403
    with pytest.raises(PermissionDenied):
        end_role(role, ends=TODAY(), by=world.deputy_police)
    assert Membership.objects.live().filter(pk=role.pk).exists()


def test_a_lead_does_not_finish_what_who_has_such_a_role_began_herself_and_the_unit_is_told(world):
    user, lead = world.partner_outside, world.lead_same
    join(lead, role=Role.AGENCY_LEAD, partnership=world.partnership, agency=world.agencies["icb"])
    row = services.start(user, by=user, agency=world.agencies["icb"], last_day=TODAY())
    with pytest.raises(ValidationError, match="Ask the business unit to finish it"):
        services.finish(row, by=lead)
    told = Notice.objects.filter(kind="leaving_started", subject_id=row.pk)
    assert set(told.values_list("recipient", flat=True)) == {lead.pk, *unit()}
    assert [line.what for line in leaving_work(world.officer_outside) if user.name in line.what]
    services.finish(row, by=world.officer_outside)
    assert not Membership.objects.live().filter(user=user).exists()


def test_with_the_last_role_the_account_closes_and_a_later_role_opens_no_case_again(world):
    user, folder = world.panel, world.ours.folder
    links.make("first_sign_in", acts_as=user)
    end_role(role_of(user), ends=TODAY(), by=world.officer_outside)
    user.refresh_from_db()
    assert user.closed_at and not user.is_active
    assert not FolderGrant.objects.live().filter(user=user).exists()
    assert not links.live("first_sign_in").filter(acts_as=user).exists()
    assert Notice.objects.filter(kind="leaving_access_ended", subject_id=folder.pk, recipient=world.officer).exists()
    user.is_active = True
    user.save(update_fields=["is_active"])
    join(user, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    assert not can(user, Perm.FOLDER_VIEW, folder)


def test_while_another_role_goes_on_the_account_and_its_access_stay(world):
    user = world.panel
    join(user, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    end_role(user.memberships.get(agency=world.agencies["icb"]), ends=TODAY(), by=world.officer_outside)
    user.refresh_from_db()
    assert user.is_active and FolderGrant.objects.live().filter(user=user).exists()


def test_the_last_role_ends_on_a_later_day_by_a_leaving_alone(world):
    with pytest.raises(ValidationError, match="choose ‘Leaves’"):
        end_role(role_of(world.panel), ends=TODAY() + IN_TEN_DAYS, by=world.officer_outside)
    other = join(world.panel, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    end_role(other, ends=TODAY() + IN_TEN_DAYS, by=world.officer_outside)
    with pytest.raises(ValidationError, match="choose ‘Leaves’"):  # what is left would end by itself on that day
        end_role(world.panel.memberships.get(ends=None), ends=TODAY(), by=world.officer_outside)


def a_unit_of_two(world):
    """The manager and the officer who is on no case, and nobody else."""
    two = world.manager, world.officer_outside
    Membership.objects.filter(user__in=unit() - {each.pk for each in two}).update(ends=TODAY())
    FolderGrant.objects.filter(user=world.manager).delete()
    return two


def leaving(user, by, last_day):
    return services.start(user, by=by, altogether=True, last_day=last_day)


def test_of_two_of_the_unit_one_does_not_go_today_when_the_other_is_to_go_later(world):
    first, second = a_unit_of_two(world)
    planned = services.finish(leaving(second, first, TODAY() + IN_TEN_DAYS), by=first)
    assert planned.status == Departure.Status.PLANNED
    with pytest.raises(ValidationError, match=LAST):
        services.finish(leaving(first, second, TODAY()), by=second)
    with pytest.raises(ValidationError, match=LAST):
        end_role(join_another(world, first), ends=TODAY(), by=second)
    assert Membership.objects.live().filter(user=first, agency=None).exists()


def join_another(world, user):
    """A role at an organisation besides, so that the one of the unit is not the last; returns that of the unit."""
    join(user, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["uhnm"])
    return user.memberships.get(agency=None)


def test_of_two_of_the_unit_the_second_leaving_cannot_be_planned_whichever_day_comes_first(world):
    first, second = a_unit_of_two(world)
    services.finish(leaving(second, first, TODAY() + IN_TEN_DAYS), by=first)
    for days in (3, 20):
        row = leaving(first, second, TODAY() + timedelta(days=days))
        with pytest.raises(ValidationError, match=LAST):
            services.finish(row, by=second)
        services.cancel(row, by=second)
    assert Membership.objects.get(user=first).ends is None
