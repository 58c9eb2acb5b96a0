"""The letters of joining: their words are made when they are sent, their links then too; neither is stored."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.directory.joining import services
from partnership.directory.models import Invitation
from partnership.notify.personal import LetterKind, register_letter
from partnership.people.models import Agency, Membership
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

WHY = "the relay works for the portal"
CLAIM = "claim"


def who_invites(row) -> str:
    """The inviter by organisation and role, never by name: an email is not private, and names help who phishes."""
    if row.invited_by_id is None:
        return "The partnership’s business unit"
    mine = list(Membership.objects.live().filter(user_id=row.invited_by_id).select_related("agency"))
    here = [each for each in mine if row.agency_id and each.agency_id == row.agency_id]
    if here:
        return f"The {spoken(here[0].label)} of {here[0].agency.name}"
    return "The partnership’s business unit"


def _invitation(outgoing):
    link = Link.objects.filter(pk=outgoing.about_id, uses_left__gt=0, revoked_at=None).first()
    if link is None:
        return None
    rows = Invitation.objects.unscoped(WHY).select_related("agency", "user", "duty")
    row = rows.filter(pk=link.object_id).first()
    if row is None or not services.may_be_accepted(row):
        return None
    return {
        "name": row.name or row.user.name,
        "inviter": who_invites(row),
        "role": row.role_label,
        "agency": row.agency,
        "duty": row.duty.get_kind_display() if row.duty_id else "",
        "until": plain(timezone.localtime(link.expires_at)),
        "url": settings.PORTAL_URL + reverse("directory:join", args=[links.token_of(link)]),
        "account": row.user.is_active,
        "waits": row.waits_for_approval,
    }


def _claim(outgoing):
    link = links.live(Link.Purpose.CLAIM).filter(pk=outgoing.about_id).first()
    agency = Agency.objects.filter(pk=link.object_id).first() if link else None
    if agency is None:
        return None
    return {
        "agency": agency,
        "until": plain(timezone.localtime(link.expires_at)),
        "url": settings.PORTAL_URL + reverse("directory:claim", args=[links.token_of(link)]),
    }


def _opened(outgoing):
    row = Invitation.objects.unscoped(WHY).select_related("user").filter(pk=outgoing.about_id).first()
    if row is None or row.joined_at is None or not row.user.is_active:
        return None
    return {"url": settings.PORTAL_URL + reverse("account_login"), "role": row.role_label, "agency": row.agency}


def _not_opened(outgoing):
    row = Invitation.objects.unscoped(WHY).filter(pk=outgoing.about_id).first()
    return {"contact": settings.PARTNERSHIP_CONTACT} if row is not None and row.refused_at else None


def came_back(outgoing, notices) -> None:
    """Registered with `register_bounced`: the invitation's page says so, and it can be sent again.

    Not for the letter of a link that has ended: the invitation was sent again since, perhaps to another address.
    """
    if outgoing.template == services.LETTER:
        link = Link.objects.filter(pk=outgoing.about_id, revoked_at=None).first()
        if link is not None:
            rows = Invitation.objects.unscoped(WHY).filter(pk=link.object_id, accepted_at=None)
            rows.update(bounced_at=timezone.now())


def register():
    for code, subject, words in (
        (services.LETTER, "An invitation to the safeguarding partnership’s portal", _invitation),
        (CLAIM, "The link that was asked for your school", _claim),
        (services.OPENED, "Your account in the safeguarding partnership’s portal is open", _opened),
        (services.NOT_OPENED, "About your account in the safeguarding partnership’s portal", _not_opened),
    ):
        register_letter(LetterKind(code, subject, words))
