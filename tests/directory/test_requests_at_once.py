"""Two people at the same moment, in threads that really commit."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnership.access import services as access
from partnership.access.flow import Stale
from partnership.access.models import Conflict
from partnership.directory.covering.services import take_over
from partnership.directory.models import Cover
from partnership.directory.requests import services
from partnership.directory.requests.case_roles import ask_for_role
from partnership.directory.requests.doubles import KEPT, ask_to_merge
from partnership.directory.requests.kinds import LOST_FACTOR
from partnership.people.models import Agency, Membership
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.access.commits import at_once, committed
from tests.directory.accounts import approved, checked, fresh, practitioner, requests_of, unit

__all__ = ["at_once", "committed"]
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(scope="module")
def people(committed):
    return unit("Ada"), unit("Bo", Role.BUSINESS_MANAGER), unit("Cas")


def test_two_who_approve_at_once_carry_it_out_once(people, at_once):
    ada, bo, cas = people
    subject = practitioner("One")
    asked = ask_for_role(subject, Role.DELEGATED_PARTNER, Agency.objects.get(slug="sotcc"), by=ada)
    checked(asked, ada)
    answers = at_once(
        lambda: services.approve(asked, by=bo, version=2), lambda: services.approve(asked, by=cas, version=2)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AccountRequest", "Stale"]
    assert Membership.objects.filter(user=subject, role=Role.DELEGATED_PARTNER).count() == 1
    assert Event.objects.filter(verb="request_approve", object_id=asked.pk).count() == 1


def test_an_approval_and_a_refusal_at_once_end_in_one_of_the_two(people, at_once):
    ada, bo, cas = people
    asked = checked(services.open_request(LOST_FACTOR, user=practitioner("Two")), ada)
    answers = at_once(
        lambda: services.approve(asked, by=bo, version=2),
        lambda: services.refuse(asked, by=cas, version=2, reason="No."),
    )
    assert len([answer for answer in answers if isinstance(answer, Stale)]) == 1
    assert fresh(asked).status in ("done", "refused")


def test_a_request_asked_for_twice_at_once_is_one(people, at_once):
    subject = practitioner("Three")
    answers = at_once(*[lambda: services.open_request(LOST_FACTOR, user=subject)] * 2)
    assert len({answer.pk for answer in answers}) == 1
    assert requests_of(subject).count() == 1


def test_who_is_barred_while_the_records_become_one_is_barred_afterwards(people, at_once):
    """Either order: the bar is carried over, or it finds the record that was kept."""
    ada, bo, cas = people
    kept, double = practitioner("Four"), practitioner("Five")
    folder = access.open_sealed(kind="review", title="A case", partnership=kept.memberships.get().partnership, by=bo)
    asked = checked(ask_to_merge(kept, double, address=KEPT, by=ada), ada)
    answers = at_once(lambda: approved(asked, cas), lambda: access.bar(folder, double, by=bo, reason="personal"))
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert Conflict.objects.live().filter(user=kept, folder=folder).exists()
    assert fresh(double).merged_into == kept


def test_two_who_cover_for_each_other_at_once_do_not(people, at_once):
    ada, bo, _ = people
    facts = {"starts": timezone.localdate(), "last_day": timezone.localdate(), "reason": "Leave"}
    answers = at_once(
        lambda: take_over(ada, by=bo, coverer=bo, **facts), lambda: take_over(bo, by=ada, coverer=ada, **facts)
    )
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [ValidationError]
    assert Cover.objects.filter(absent__in=(ada, bo)).count() == 1
