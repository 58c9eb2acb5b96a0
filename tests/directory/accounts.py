"""What tests about accounts share: people of the unit, a person who is asked about, a request led through its steps."""

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from partnership.directory.accounts import open_account
from partnership.directory.models import AccountRequest
from partnership.directory.requests import services
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.world import sign_in

WHY = "the test looks at every row"


def unit(name, role=Role.BUSINESS_UNIT):
    """A person of the business unit."""
    return open_account(email=f"{name.lower()}@portal.example", name=f"{name} Merrow", role=role)


def practitioner(name="Ivy", slug="sotcc", role=Role.AGENCY_STAFF, **more):
    agency = Agency.objects.get(slug=slug)
    email = f"{name.lower()}@portal.example"
    return open_account(email=email, name=f"{name} Tern", role=role, agency=agency, **more)


def browser(user):
    return sign_in(Client(), user)


def page(name, row):
    return reverse(f"directory:{name}", args=[row.pk])


def fresh(row):
    if isinstance(row, AccountRequest):
        return AccountRequest.objects.unscoped(WHY).get(pk=row.pk)
    return type(row).objects.get(pk=row.pk)


def checked(row, by):
    row = fresh(row)
    return services.check(row, by=by, version=row.version, how="seen", note="I know her face.")


def approved(row, by):
    row = fresh(row)
    return services.approve(row, by=by, version=row.version)


def has_app(user):
    return Authenticator.objects.filter(user=user).exists()


def requests_of(user):
    return AccountRequest.objects.unscoped(WHY).filter(user=user)
