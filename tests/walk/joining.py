"""What the walk needs of joining: an invitation that waits for everything, links that are good and used, a request."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.directory.joining import services, strangers
from partnership.directory.models import AccessRequest, Invitation
from partnership.people.models import Agency, ContactPoint, NamedDuty
from partnership.people.roles import Role
from partnership.people.services import know_person
from tests.world import person

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """Made once a ground; sample -> the arguments of its addresses."""
    if not hasattr(ground, "_joining"):
        ground._joining = _lay(ground.world)
    return ground._joining


def _lay(world):
    mpft, admin = world.agencies["mpft"], person("inviter", Role.BUSINESS_UNIT, None, world.partnership)
    invite = lambda name, **more: services.invite(  # noqa: E731
        by=admin, agency=mpft, role=Role.AGENCY_STAFF, name=name, post="A post", email=f"{name}@portal.example", **more
    )
    waiting = invite("somebody")
    # As though nobody had been there, and an hour ago: it can be approved, refused, sent again and withdrawn.
    Invitation.objects.unscoped(WHY).filter(pk=waiting.pk).update(
        why_approval="first", sent_at=timezone.now() - timedelta(hours=1)
    )
    good, used = (_token(invite(name).pk) for name in ("comes", "came"))
    services.accept(Link.objects.get(object_id=_of("came").pk), password="orchard-lantern-gravel-9")
    duty = NamedDuty.objects.create(
        agency=mpft, kind="dcase", post="A post of its own", holder=know_person(name="Known Only")
    )
    request = strangers.ask_access(
        name="Str Anger", post="Clerk", organisation="A body", email="str@anger.example", why="For a start."
    )
    return {
        "invitation": [[waiting.pk]],
        "invitation_link": [[good], [used]],
        "claim_link": [[each] for each in _claims()],
        "own_duty": [[duty.pk]],
        "access_request": [[AccessRequest.objects.get(pk=request.pk).pk]],
    }


def _of(name):
    return Invitation.objects.unscoped(WHY).get(name=name)


def _token(pk):
    return links.token_of(Link.objects.get(object_id=pk))


def _claims():
    """Tokens of two schools' claims: one is good, one was used."""
    for number, school in enumerate(Agency.objects.filter(kind="school").order_by("-name")[:2]):
        ContactPoint.objects.create(agency=school, purpose="office", email=f"office{number}@school.example")
        strangers.claim_school(urn=school.school.urn)
        link = Link.objects.get(purpose=Link.Purpose.CLAIM, object_id=school.pk)
        if number:
            strangers.take_claim(link, name="Some Body", post="Lead", address="office")
        yield links.token_of(link)


PASSWORD = "orchard-lantern-gravel-9"
BOTH = {"password1": PASSWORD, "password2": PASSWORD}
NEW = {"name": "New Person", "email": "new.person@portal.example", "post": "A post"}
