"""More of people and organisations."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.directory.covering.services import take_over
from partnership.directory.joining import services as joining
from partnership.directory.joining.strangers import ask_access
from partnership.directory.leaving.services import start as start_leaving
from partnership.directory.models import Confirmation, Round
from partnership.people.models import Agency, NamedDuty, Site
from partnership.people.roles import Role
from partnership.people.services import know_person
from tests.world import open_case, person


def more_of_the_agency(world, n):
    agency = world.agencies["mpft"]
    holder = person(f"holder{n}", Role.AGENCY_STAFF, agency, world.partnership)
    NamedDuty.objects.create(
        agency=agency, kind="s11", holder=holder, post=f"Post {n}", starts=timezone.localdate() - timedelta(days=n)
    )
    Site.objects.create(agency=agency, name=f"Site {n}")


def more_leavers(world, n):
    agency = world.agencies["uhnm"]
    leaver = person(f"leaver{n}", Role.AGENCY_STAFF, agency, world.partnership)
    person(f"stayer{n}", Role.AGENCY_STAFF, agency, world.partnership)
    start_leaving(leaver, by=leaver, agency=agency, altogether=True, last_day=timezone.localdate() + timedelta(days=n))


def _half(world):
    today = timezone.localdate()
    return Round.objects.get_or_create(planned_on=today, defaults={"opened_on": today, "edition": "local practice"})[0]


def asked_who(world, agency):
    due_on = timezone.localdate() + timedelta(days=9)
    facts = {"due_on": due_on, "next_on": due_on}
    return Confirmation.objects.get_or_create(round=_half(world), agency=agency, defaults=facts)[0]


def more_organisations(world, n):
    agency = Agency.objects.live().filter(kind="provider").order_by("pk")[n]
    lead = person(f"lead{n}", Role.AGENCY_LEAD, agency, world.partnership)
    asked_who(world, agency).answers.create(user=lead, says="keep", by=lead)


def more_people(world, n):
    user = person(f"colleague{n}", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    access.grant(world.ours.folder, user, Role.PANEL_MEMBER, by=world.officer, reason="Sits on it.")


def more_of_the_unit(world, n):
    """One more colleague, who has cases of her own and is covered for."""
    user = person(f"officer{n}", Role.BUSINESS_UNIT, None, world.partnership)
    open_case(world, f"hers{n}", by=user)
    day = timezone.localdate()
    take_over(user, by=world.manager, coverer=world.manager, starts=day, last_day=day, reason="Leave")


def more_who_join(world, n):
    """One more of everything on the pages of joining: invited, member, duty held without a sign-in, stranger."""
    agency = world.agencies["mpft"]
    facts = {"name": f"New {n}", "post": "Nurse", "role": Role.AGENCY_STAFF, "email": f"new{n}@portal.example"}
    joining.invite(by=world.lead_other, agency=agency, **facts)
    person(f"member{n}", Role.AGENCY_STAFF, agency, world.partnership)
    NamedDuty.objects.create(agency=agency, kind="s11", post="Lead", holder=know_person(name=f"Known {n}"))
    ask_access(name="A", post="B", organisation="C", email=f"stranger{n}@portal.example", why="D")


PAGES = [
    ("board_member", "directory:agency", more_of_the_agency),
    ("officer", "directory:departures", more_leavers),
    ("officer", "directory:leavings", more_leavers),
    ("lead_same", "reporting:home", more_leavers),
    ("officer", "directory:rounds", more_organisations),
    ("lead_same", "directory:confirm", more_people),
    ("officer", "directory:colleagues", more_of_the_unit),
    ("officer", "directory:invitations", more_who_join),
    ("officer", "directory:access_requests", more_who_join),
    ("lead_other", "directory:invitations", more_who_join),
    ("lead_other", "directory:agency_people", more_who_join),
    ("lead_other", "directory:agency_duties", more_who_join),
]
