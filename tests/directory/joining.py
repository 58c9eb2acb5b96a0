"""Helpers of the tests of joining: who invites, the outbox sent for real, the link in a letter."""

import re

from django.core import mail
from django.db import connection
from django.urls import reverse

from partnership.directory.accounts import open_account
from partnership.directory.joining import services
from partnership.directory.models import Invitation
from partnership.notify.relay import relay
from partnership.notify.senders import Smtp
from partnership.people.models import Agency, ContactPoint
from partnership.people.roles import Role

PASSWORD = "orchard-lantern-gravel-9"
BOTH = {"password1": PASSWORD, "password2": PASSWORD}
WHY = "the test looks at its own row"


def account(name, role, agency=None):
    return open_account(email=f"{name}@portal.example", name=name.title(), role=role, agency=agency, password="x")


def a_school(number=0):
    return Agency.objects.filter(kind="school").order_by("name")[number]


def office_of(agency, email="office@school.example"):
    return ContactPoint.objects.create(agency=agency, purpose="office", email=email)


def invite(by, agency, email="ivy@portal.example", role=Role.AGENCY_STAFF, **more):
    facts = {"name": "Ivy Tern", "post": "Nurse"} | more
    return services.invite(by=by, agency=agency, email=email, role=role, **facts)


def fresh(row):
    return Invitation.objects.unscoped(WHY).select_related("user", "agency").get(pk=row.pk)


def sent():
    """Everything that the outbox owes is sent now; the letters of this sending."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_outgoing SET next_attempt_at = now() - interval '1 second' WHERE state='queued'")
    before = len(mail.outbox)
    relay(sender=Smtp())
    return mail.outbox[before:]


def path_in(letter):
    """The path of the one link of a letter that opens a door."""
    (found,) = re.findall(r"http://localhost:8000(/directory/(?:join|claim)/\S+)", letter.body)
    return found


def page_of(row):
    return reverse("directory:invitation", args=[row.pk])
