"""Who answers for an organisation's people: one rule, wherever it is asked."""

from datetime import timedelta

from django.utils import timezone

from partnership.directory.leads import answering_for, leads_of, unit, unit_goes_on
from partnership.people.models import Membership


def test_whose_account_waits_for_a_second_person_answers_for_nobody(world):
    agency = world.agencies["uhnm"].pk
    assert leads_of([agency]) == {agency: {world.lead_same.pk}} and answering_for(agency) == {world.lead_same.pk}
    for user in (world.lead_same, world.officer):
        user.suspended_at = timezone.now()
        user.save(update_fields=["suspended_at"])
    assert leads_of([agency]) == {}
    assert answering_for(agency) == unit() and world.officer.pk not in unit()


def test_the_unit_goes_on_while_somebody_is_there_on_every_day_that_is_known(world):
    today = timezone.localdate()
    one, two = world.manager, world.officer
    Membership.objects.filter(user__in=unit() - {one.pk, two.pk}).delete()
    assert unit_goes_on(today)
    Membership.objects.filter(user=one).update(ends=today + timedelta(days=10))
    assert unit_goes_on(today + timedelta(days=20))
    Membership.objects.filter(user=two).update(ends=today + timedelta(days=5))
    assert not unit_goes_on(today + timedelta(days=5))  # one is still there then, and nobody five days later
