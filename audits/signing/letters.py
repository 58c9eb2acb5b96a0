"""The letter with the link by which a return is signed. Its words are made when it is sent; no answer stands in it."""

from datetime import timedelta

from django.utils import timezone

from audits.models import AuditReturn, Signature
from audits.signing import notices
from partnership.access import links
from partnership.access.models import Link
from partnership.access.rows import can
from partnership.deadlines import calendars
from partnership.deadlines.registry import rule_in_force
from partnership.deadlines.rules import due
from partnership.notify import personal
from partnership.notify.personal import TO, LetterKind, register_letter
from partnership.people.roles import Perm
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

CODE, RULE = "audit_signature", "audit_signature_link_ends"
# A second click, or impatience, must not fill somebody's inbox.
AGAIN_MINUTES = 10
WHY = "the relay works for the portal; a link opens the one signature that it was made for"


def days() -> int:
    """For how many days a link opens that is mailed today."""
    today = timezone.localdate()
    edition = rule_in_force(RULE, today)
    return (due(edition, today, calendars.load(edition.division)).due_on - today).days


def write(link, *, by) -> None:
    personal.write(CODE, recipient=by, about_id=link.pk)


def link_to(signature) -> Link | None:
    """The link that opens a signature now."""
    return links.live(Link.Purpose.SIGNATURE).filter(object_id=signature.pk).first()


def just_sent(signature) -> bool:
    made = link_to(signature)
    return bool(made) and made.created_at > timezone.now() - timedelta(minutes=AGAIN_MINUTES)


def signature_of(link) -> Signature | None:
    """The signature that a live link is about, while it is asked for and whoever asked may still ask."""
    row = _about(link, status=Signature.Status.ASKED)
    return row if row is not None and row.audit_return.status == AuditReturn.Status.SIGNING else None


def answered_by(link) -> Signature | None:
    """The signature that was given or sent back by a link which still opens, while whoever asked may still ask."""
    return _about(link, how=Signature.How.LINK, status__in=(Signature.Status.SIGNED, Signature.Status.SENT_BACK))


def _about(link, **which) -> Signature | None:
    rows = Signature.objects.unscoped(WHY).select_related(
        "agency", "folder", "audit_return__agency", "audit_return__round__set_version__question_set",
        "audit_return__round__folder", "audit_return__folder",
    )  # fmt: skip
    row = rows.filter(pk=link.object_id, **which).first()
    return row if row is not None and can(link.acts_as, Perm.ANSWERS_SIGN, row.audit_return) else None


def _words(outgoing):
    link = links.live(Link.Purpose.SIGNATURE).filter(pk=outgoing.about_id).first()
    row = signature_of(link) if link else None
    if row is None:
        return None
    return {
        TO: row.email,
        "name": row.name,
        "step": spoken(row.get_step_display()),
        "organisation": row.agency.name,
        "round": row.audit_return.round.title,
        "closes_on": plain(timezone.localtime(row.audit_return.closes_at)),
        "until": plain(timezone.localtime(link.expires_at)),
        "url": links.address_of(link, "audits:sign_by_link"),
    }


def came_back(outgoing, letters) -> None:
    """Registered with `register_bounced`: whoever asked is told to look at the address."""
    link = Link.objects.filter(pk=outgoing.about_id).first() if outgoing.template == CODE else None
    row = signature_of(link) if link else None
    if row is not None:
        notices.tell_came_back(row, link)


def register() -> None:
    register_letter(LetterKind(CODE, "Please sign your organisation’s safeguarding return", _words, elsewhere=True))
