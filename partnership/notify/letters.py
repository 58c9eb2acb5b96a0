"""The words of an email, made when it is sent, from ids: what sort of thing, how many, where to sign in. No more."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse

from partnership.access.reach import reach_of
from partnership.notify.kinds import kind_of, known_kinds
from partnership.notify.models import Outgoing
from partnership.notify.personal import INVITATION, SUBJECT, TO, Invitation, letter_kind
from partnership.notify.reads import shown_to

# The same for every matter: a subject is read on locked screens and in other people's inboxes.
SUBJECTS = {"now": "Something in the portal needs you", "digest": "What is new for you in the portal today"}


class BadAddress(ValueError):
    """There is no address, or one that no mail may be written to."""


class NoLongerWanted(Exception):
    """Nothing is left to say. lost: as `compose` returns it."""

    def __init__(self, lost):
        super().__init__()
        self.lost = lost


@dataclass(frozen=True)
class Letter:
    """One email ready to be sent. reference: the provider's key, the same at every attempt. invitation: what it brings
    for the reader's calendar."""

    to: str
    subject: str
    body: str
    reference: str
    recipient_id: object
    invitation: Invitation | None = None

    @property
    def message_id(self) -> str:
        return f"<{self.reference}@{urlsplit(settings.PORTAL_URL).hostname}>"


def compose(outgoing: Outgoing) -> tuple[Letter, list]:
    """The email of an outbox row as it is right now, and what of it is lost: the ids of statutory notices that it does
    not speak of, because their reader may no longer see what they are about.

    Raises BadAddress, NoLongerWanted, or whatever a broken template raises.
    """
    recipient = outgoing.recipient
    if kind := letter_kind(outgoing.template):
        return _own(outgoing, kind), []
    to = address_of(recipient)
    reach = reach_of(recipient)
    left, lost = _worth_saying(outgoing, reach)
    parts = _parts(left, reach)
    left = [notice for notice in left if not kind_of(notice.kind).in_letter]
    if not left and not parts:
        raise NoLongerWanted(lost)
    counts = Counter(notice.kind for notice in left)
    kinds = [(kind.title, counts[kind.code]) for kind in known_kinds() if counts[kind.code]]
    body = render_to_string(
        f"notify/mail/{outgoing.template}.txt",
        {
            "kinds": kinds,
            "parts": parts,
            "number": sum(counts.values()),
            "name": recipient.name,
            "partnership": settings.PARTNERSHIP_NAME,
            "notices_url": settings.PORTAL_URL + reverse("notify:notices"),
            "preferences_url": settings.PORTAL_URL + reverse("notify:preferences"),
        },
    )
    return Letter(to, SUBJECTS[outgoing.template], body, outgoing.provider_ref, recipient.pk), lost


def _parts(notices, reach) -> list[str]:
    """The parts of the letter in words of their own, in the order of the kinds; without those that are empty."""
    of_kind = {}
    for notice in notices:
        of_kind.setdefault(notice.kind, []).append(notice)
    kinds = (kind for kind in known_kinds() if kind.in_letter and kind.code in of_kind)
    texts = (kind.in_letter(of_kind[kind.code], reach).strip() for kind in kinds)
    return [text for text in texts if text]


def _own(outgoing, kind) -> Letter:
    """A letter of its own: its kind says the words, or that it is no longer wanted."""
    to = "" if kind.elsewhere else address_of(outgoing.recipient, known_only=True)
    words = kind.words(outgoing)
    if words is None:
        raise NoLongerWanted([])
    to = to or _checked(words[TO])
    body = render_to_string(
        f"notify/mail/{kind.code}.txt",
        {"name": outgoing.recipient.name, "partnership": settings.PARTNERSHIP_NAME} | words,
    )
    subject = words.get(SUBJECT) or kind.subject
    return Letter(to, subject, body, outgoing.provider_ref, outgoing.recipient_id, words.get(INVITATION))


def address_of(recipient, *, known_only=False) -> str:
    """The address of an active person; BadAddress for none, and for one that could carry a second header.

    known_only: also of somebody who is known and has no sign-in yet.
    """
    if not (recipient.is_active or (known_only and recipient.known_only)):
        raise BadAddress
    return _checked(recipient.email)


def _checked(address) -> str:
    if not address or not address.isprintable():
        raise BadAddress
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress from None
    return address


def _worth_saying(outgoing, reach) -> tuple[list, list]:
    """The notices that the email is about: still seen by their reader; if not statutory, also unread and wanted.

    And the ids of the statutory ones that are not seen any more.
    """
    notices = list(outgoing.notices.all())
    kinds = {kind_of(notice.kind) for notice in notices}
    shown = set(shown_to(reach, kinds).filter(outgoing=outgoing).values_list("pk", flat=True))
    left = [notice for notice in notices if notice.pk in shown]
    for kind in (kind for kind in kinds if not kind.statutory):
        mine = [notice for notice in left if notice.kind == kind.code]
        wanted = set(kind.still_wanted(mine)) if kind.still_wanted and mine else {notice.pk for notice in mine}
        left = [n for n in left if n.kind != kind.code or (n.pk in wanted and n.read_at is None)]
    return left, [n.pk for n in notices if kind_of(n.kind).statutory and n.pk not in shown]
