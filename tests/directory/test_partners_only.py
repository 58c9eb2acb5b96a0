"""Only the organisation of a statutory safeguarding partner has a delegated partner: as a duty, and as a role."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.directory.joining.rules import roles_to_give
from partnership.directory.leaving import services as leaving
from partnership.directory.requests import case_roles
from partnership.people.models import Agency, Membership
from partnership.people.roles import Role
from partnership.people.services import join
from tests.directory.joining import invite
from tests.world import sign_in

PARTNER = Role.DELEGATED_PARTNER


@pytest.fixture
def school(world):
    return Agency.objects.live().filter(kind="school").first()


def test_the_role_is_offered_at_a_partner_and_nowhere_else(world, school):
    assert PARTNER in roles_to_give(world.manager, world.agencies["council"])
    assert PARTNER not in roles_to_give(world.manager, school)
    page = sign_in(Client(), world.manager).get(reverse("directory:invite", args=[school.pk]))
    assert str(PARTNER) not in dict(page.context["form"].fields["role"].choices)


def test_whoever_offers_it_elsewhere_is_refused_by_whatever_way(world, school):
    with pytest.raises(ValidationError, match="Only the organisation of a statutory"):
        invite(world.manager, school, role=PARTNER)
    with pytest.raises(ValidationError, match="Only the organisation of a statutory"):
        case_roles.ask_for_role(world.colleague, PARTNER, world.agencies["uhnm"], by=world.manager)
    with pytest.raises(ValidationError, match="Only the organisation of a statutory"):
        leaving.start(
            world.colleague, by=world.manager, agency=world.agencies["uhnm"], to_agency=school, to_role=PARTNER,
            last_day=timezone.localdate(),
        )  # fmt: skip
    with pytest.raises(ValidationError, match="Only the organisation of a statutory"):
        join(world.colleague, role=PARTNER, partnership=world.partnership, agency=school)
    assert not Membership.objects.filter(agency=school, role=str(PARTNER)).exists()


def test_a_request_that_waits_for_it_elsewhere_is_not_carried_out(world, school):
    row = case_roles.ask_for_role(world.colleague, PARTNER, world.agencies["icb"], by=world.manager)
    row.agency = school
    assert "Only the organisation of a statutory" in case_roles.refuses(row)
