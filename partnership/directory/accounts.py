"""Opening accounts: nobody signs up; an account is made for a person, with a role, by somebody."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from partnership.access import links
from partnership.people.models import Partnership, User
from partnership.people.roles import AGENCY_ROLES, WIDE_ROLES, Role
from partnership.people.services import create_person, join
from partnership.trail.services import record


@transaction.atomic
def open_account(*, email, name, role: Role, agency=None, by=None, job_title="", password=None) -> User:
    """Create a person with a verified address and one role, at `agency` or (agency None) partnership-wide.

    The address counts as verified because the first-sign-in link is handed over by whoever opened the account.
    Raises ValidationError for a double address, or a role where it does not belong.
    """
    if agency is None and role not in WIDE_ROLES:
        raise ValidationError({"agency": "This role belongs to an organisation. Say which."})
    if agency is not None and role not in AGENCY_ROLES:
        raise ValidationError({"role": "This role is for the whole partnership, not for one organisation."})
    user = create_person(email=email, name=name, by=by, job_title=job_title, password=password)
    prove_address(user)
    join(user, role=role, partnership=Partnership.objects.get(), agency=agency, by=by)
    return user


def prove_address(user) -> None:
    """The address of `user` counts as verified, and no other one does: they sign in by it from now on."""
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def first_sign_in_path(user, *, by=None) -> str:
    """The path of a new link, good once and for seven days, by which `user` sets a first password."""
    return reverse("directory:first_sign_in", args=[links.make("first_sign_in", acts_as=user, by=by)])


@transaction.atomic
def set_first_password(link, *, password) -> User:
    """Use the link up and set the password. Raises Http404 when the link was used a moment ago."""
    links.use_up(link)
    user = link.acts_as
    links.revoke_all(user, link.purpose)  # a second link, sent by mistake, must not change the password again
    user.set_password(password)
    user.save(update_fields=["password"])
    record("password_set", by=user, obj=user)
    return user
