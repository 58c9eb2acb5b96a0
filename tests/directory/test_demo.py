"""The demo's people: who they are, made once, and never where they could do harm."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from partnership.directory.demo import PEOPLE, people
from partnership.directory.leaving.demo import fill_leaving
from partnership.directory.models import Departure
from partnership.people.models import Agency, Membership, NamedDuty, Ownership, School, User
from partnership.people.roles import Role
from partnership.people.services import acts_as_partner


@pytest.fixture
def everybody(db):
    return people()


def test_the_three_delegates_and_the_dated_deputy_speak_for_their_partner(everybody):
    seats = {key: [duty.agency.partner_seat for duty in acts_as_partner(everybody[key])] for key in everybody}
    assert {key: found for key, found in seats.items() if found} == {
        "dsp_council": ["la"],
        "dsp_icb": ["icb"],
        "dsp_police": ["police"],
        "deputy_police": ["police"],
    }
    deputy = NamedDuty.objects.get(holder=everybody["deputy_police"])
    assert deputy.deputy_for.holder == everybody["dsp_police"]
    assert deputy.starts <= timezone.localdate() < deputy.ends


def test_all_are_there_with_one_role_each(everybody):
    assert set(everybody) == set(PEOPLE)
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles["alex.marlow@portal.example"] == Role.BUSINESS_MANAGER
    assert len(roles) == len(everybody) == Membership.objects.count() == 26


def test_trusts_are_invented_and_say_so_and_run_academies_alone(everybody):
    rows = Ownership.objects.live().filter(kind="trust", owner__name__endswith="(fictional)")
    assert rows.count() == 9 and all("invented" in row.source for row in rows)
    types = School.objects.filter(agency__in=rows.values("agency")).values_list("establishment_type", flat=True)
    assert len(types) == 9 and all(each.startswith("Academy") for each in types)
    people()
    assert Ownership.objects.filter(kind="trust").count() == 9, "made once"


def test_making_them_again_changes_nothing_that_people_did(everybody):
    council = Agency.objects.get(slug="sotcc")
    NamedDuty.objects.filter(agency=council, kind="dsp").update(holder=None)
    User.objects.filter(email="morgan.ashby@portal.example").update(job_title="Retired")
    Membership.objects.filter(user=everybody["officer"]).delete()
    again = people()
    assert {key: user.pk for key, user in again.items()} == {key: user.pk for key, user in everybody.items()}
    assert again["dsp_council"].job_title == "Retired"
    assert NamedDuty.objects.get(agency=council, kind="dsp").holder is None
    assert not again["officer"].memberships.exists()


def test_a_duty_that_somebody_holds_is_not_taken_from_them(db):
    real = User.objects.create(email="real@portal.example", name="Real Holder")
    council = Agency.objects.get(slug="sotcc")
    NamedDuty.objects.filter(agency=council, kind="dsp").update(holder=real)
    people()
    assert NamedDuty.objects.get(agency=council, kind="dsp").holder == real


def test_people_with_a_public_password_are_never_made_beside_a_real_host_name(db, settings):
    settings.SECURE = True
    with pytest.raises(ImproperlyConfigured, match="public password"):
        people()
    assert not User.objects.exists()


def test_the_readme_names_everybody_and_says_who_is_leaving(everybody):
    """Whoever follows the README finds each person as it describes them."""
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    for user in everybody.values():
        assert f"{user.email.split('@')[0]}@" in readme, user.email
    fill_leaving(everybody)
    leaver = Departure.objects.get(status=Departure.Status.DRAFT).user
    lines = [line for line in readme.splitlines() if "who is leaving" in line]
    assert [leaver.email in line for line in lines] == [True]
