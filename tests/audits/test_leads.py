"""Who answers for an organisation in an audit."""

import pytest

from audits.leads import heads, leads
from partnership.people.models import NamedDuty

pytestmark = pytest.mark.django_db


def test_the_designated_lead_comes_first_then_deputies_then_who_has_the_role_alone(world):
    school = world.agencies["school"]
    NamedDuty.objects.filter(agency=school).delete()
    for kind, holder, post in (
        ("ddsl", None, "Deputy head"),
        ("dsl", world.school_outside, "Pastoral lead"),
        ("head", None, ""),
    ):
        NamedDuty.objects.create(agency=school, kind=kind, holder=holder, post=post)
    found = leads([school.pk])[school.pk]
    assert [(each.post, each.user, each.may_sign) for each in found] == [
        ("Pastoral lead", world.school_outside, True), ("Deputy head", None, False), ("", world.author_other, True),
    ]  # fmt: skip
    assert [each.post for each in heads([school.pk])[school.pk]] == ["Headteacher"]


def test_who_has_left_or_may_not_sign_is_told_apart_from_who_may(world):
    trust = world.agencies["uhnm"]
    NamedDuty.objects.create(agency=trust, kind="s11", holder=world.colleague, post="Matron")
    found = leads([trust.pk])[trust.pk]
    assert ("Matron", world.colleague, False) in [(each.post, each.user, each.may_sign) for each in found]
    assert world.lead_same in [each.user for each in found if each.may_sign]
    world.lead_same.is_active = False
    world.lead_same.save(update_fields=["is_active"])
    assert world.lead_same not in [each.user for each in leads([trust.pk])[trust.pk]]
