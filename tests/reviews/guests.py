"""Helpers of the tests of guests: a nursery that is in no directory, and its manager."""

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.people.models import User
from reviews.guests import services
from reviews.guests.codes import code_of
from reviews.models import Guest
from tests.directory.joining import PASSWORD
from tests.world import sign_in

WHY = "the test looks at its own row"
NURSERY = "Puddle Lane Nursery"
EMAIL = "manager@puddle-lane.example"
LETTER = {"letter_from": "Director of Children’s Services", "letter_purpose": "The rapid review of this incident."}
BOTH = {"password1": PASSWORD, "password2": PASSWORD}


def name_guest(world, case=None, *, by=None, **more) -> Guest:
    facts = {
        "body": NURSERY, "kind": "early", "name": "Mira Fenn", "post": "Nursery manager", "email": EMAIL,
        "telephone": "01782 555 010", "found_at": "Ofsted’s register", "purpose": "Say what you know of the child.",
        "due_on": timezone.localdate() + timedelta(days=4), "letter": LETTER | {"letter_sent_on": timezone.localdate()},
    }  # fmt: skip
    return services.ask_outside((case or world.ours).review, by=by or world.officer, **facts | more)


def ring(guest, *, by, **more) -> Guest:
    guest = fresh(guest)
    facts = {
        "version": guest.version, "number": guest.telephone, "found_at": guest.found_at,
        "called_at": timezone.now(), "answered_by": "Nursery office",
    }  # fmt: skip
    return services.record_call_back(guest, by=by, **facts | more)


def invited(world, case=None, *, by=None, **more) -> Guest:
    by = by or world.officer
    return services.invite(ring(name_guest(world, case, by=by, **more), by=by), by=by)


def come_in(guest) -> Guest:
    return services.join(link_of(guest), code=code_of(guest), password=PASSWORD)


def joined(world, case=None, **more) -> Guest:
    return come_in(invited(world, case, **more))


def fresh(guest) -> Guest:
    return Guest.objects.unscoped(WHY).select_related("row__review__folder", "user", "review__folder").get(pk=guest.pk)


def link_of(guest) -> Link:
    return Link.objects.filter(object_id=guest.pk, revoked_at=None).select_related("acts_as").latest("created_at")


def door_of(guest) -> str:
    return reverse("reviews:guest_join", args=[links.token_of(link_of(guest))])


def door_in(letter) -> str:
    (found,) = re.findall(r"http://localhost:8000(/reviews/guest/join/\S+)", letter.body)
    return found


def as_guest(guest) -> Client:
    return sign_in(Client(), User.objects.get(pk=guest.user_id))


def pages_of(guest) -> dict:
    """The only pages of a case that a guest who owes her return can open."""
    names = ("agency_return", "search_record", "write_return", "declare")
    return {name: reverse(f"reviews:{name}", args=[guest.row_id]) for name in names}


def owed_letters() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notify_outgoing WHERE template = 'guest'")
        return cursor.fetchone()[0]
