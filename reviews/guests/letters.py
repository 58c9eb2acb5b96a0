"""The letter to a guest: its words are made when it is sent, its link then too; no word of a case stands in it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership.access import links
from partnership.access.models import Link
from partnership.notify.personal import LetterKind, register_letter
from partnership.ui.dates import plain
from reviews.guests import services
from reviews.models import Guest

WHY = "the relay works for the portal"


def _invitation(outgoing):
    link = links.live(Link.Purpose.GUEST).filter(pk=outgoing.about_id).first()
    guest = Guest.objects.unscoped(WHY).select_related("user").filter(pk=link.object_id).first() if link else None
    if guest is None or guest.status != Guest.Status.INVITED:
        return None
    return {
        "name": guest.name,
        "until": plain(timezone.localtime(link.expires_at)),
        "url": settings.PORTAL_URL + reverse("reviews:guest_join", args=[links.token_of(link)]),
        "account": guest.user.is_active,
        "contact": settings.PARTNERSHIP_CONTACT,
    }


def came_back(outgoing, notices) -> None:
    """Registered with `register_bounced`: the guest's page says so, and it can be sent again at once."""
    if outgoing.template == services.LETTER:
        link = Link.objects.filter(pk=outgoing.about_id, revoked_at=None).first()
        if link is not None:
            rows = Guest.objects.unscoped(WHY).filter(pk=link.object_id, status=Guest.Status.INVITED)
            rows.update(bounced_at=timezone.now())


def register():
    register_letter(LetterKind(services.LETTER, "An invitation from the safeguarding partnership", _invitation))
