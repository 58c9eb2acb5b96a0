"""Invitations end with the account or the organisation that they are for, and with whoever sent them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.directory.joining import reads, services
from partnership.directory.leaving import services as leaving
from partnership.directory.models import Invitation
from partnership.people.models import Agency, Membership, User
from partnership.people.roles import Role
from tests.directory.joining import WHY, account, fresh, invite, path_in, sent
from tests.world import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return Agency.objects.get(slug="uhnm")


@pytest.fixture
def lead(trust):
    return account("lead", Role.AGENCY_LEAD, trust)


@pytest.fixture
def manager():
    return account("manager", Role.BUSINESS_MANAGER)


@pytest.fixture
def officer():
    return account("officer", Role.BUSINESS_UNIT)


@pytest.fixture
def waits(manager, trust, council):
    """An invitation to a role on cases, accepted by somebody who has an account and not yet approved."""
    account("present", Role.AGENCY_LEAD, council)
    ivy = account("ivy", Role.AGENCY_STAFF, trust)
    row = invite(manager, council, email=ivy.email, role=Role.DELEGATED_PARTNER)
    return services.accept(Link.objects.get(object_id=row.pk))


def leave(user, by):
    row = leaving.start(user, by=by, last_day=timezone.localdate(), altogether=True)
    leaving.finish(row, by=by)
    user.refresh_from_db()


def test_who_leaves_altogether_leaves_no_invitation_that_somebody_could_approve(waits, manager, officer):
    leave(waits.user, manager)
    row = fresh(waits)
    assert not row.open and reads.standing(row) == ("Withdrawn", "grey") and "closed" in row.reason
    with pytest.raises(Stale):
        services.approve(row, by=officer)
    assert not fresh(row).user.is_active and not Membership.objects.live().filter(user=row.user).exists()


@pytest.mark.parametrize("over", ["account", "organisation"])
def test_an_approval_opens_no_closed_account_and_lets_nobody_into_what_has_ended(waits, council, officer, client, over):
    if over == "account":  # closed before closing ended what was open
        User.objects.filter(pk=waits.user_id).update(is_active=False, closed_at=timezone.now())
    else:
        Agency.objects.filter(pk=council.pk).update(ends=timezone.localdate())
    roles = Membership.objects.count()
    sign_in(client, officer)
    page = client.post(reverse("directory:invitation_approve", args=[waits.pk]), follow=True).content.decode()
    row = fresh(waits)
    assert ("was closed" if over == "account" else "has ended") in page and "The invitation is over" in page
    assert not row.open and not row.approved_at and Membership.objects.count() == roles
    assert row.user.is_active == (over == "organisation")
    with pytest.raises(Stale):
        services.send_again(row, by=officer)


def test_what_a_leaver_sent_and_nobody_answered_ends_and_what_was_accepted_goes_on(client, manager, officer, lead):
    first, second = (invite(lead, lead.memberships.get().agency, email=f"{name}@portal.example") for name in "ab")
    Invitation.objects.unscoped(WHY).filter(pk=second.pk).update(accepted_at=timezone.now(), why_approval="case")
    path = path_in(sent()[0])
    leave(lead, manager)
    assert not fresh(first).open and "has left" in fresh(first).reason and fresh(first).withdrawn_by == manager
    assert client.get(path).status_code == 404
    assert fresh(second).waits_for_approval
