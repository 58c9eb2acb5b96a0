import pytest
from django.urls import reverse

from partnership.directory.accounts import open_account
from partnership.people.models import Agency, NamedDuty
from partnership.people.roles import Role
from tests.world import sign_in


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Passwords are hashed slowly on purpose; what is tested here does not depend on it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def council(db):
    return Agency.objects.get(slug="sotcc")


@pytest.fixture
def administrator(db):
    return open_account(email="admin@portal.example", name="Ada Merrow", role=Role.DIRECTORY_ADMIN)


@pytest.fixture
def reader(council):
    return open_account(email="reader@portal.example", name="Bo Sallow", role=Role.AGENCY_STAFF, agency=council)


@pytest.fixture
def admin_client(client, administrator):
    return sign_in(client, administrator)


@pytest.fixture
def reader_client(client, reader):
    return sign_in(client, reader)


@pytest.fixture
def scrutineer(db):
    return NamedDuty.objects.get(kind="scrutineer")


def names(response):
    """The organisations on a page of the list."""
    return [row.name for row in response.context["found"].page]


def page_of(agency):
    return reverse("directory:agency", args=[agency.pk])
