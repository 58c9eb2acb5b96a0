"""The email of a reminder: its words were kept with the reminder, its address is made when it leaves.

One email a person and reminder, about one return of one organisation. Whoever is to sign gets the link once more, in
words of the portal. Whoever has submitted or signed meanwhile gets none.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audits.chasing import ladder, turns
from audits.models import AuditReturn, Reminder, Round, Signature
from audits.signing import letters as signing
from audits.signing import notices as telling
from audits.signing import waiting
from partnership.access import links
from partnership.notify.models import Outgoing
from partnership.notify.personal import SUBJECT, TO, LetterKind, Written, register_letter, turn_of, write_all
from partnership.ui.dates import plain
from partnership.ui.forms import spoken

REMINDER = "audit_remind"
TO_SIGN = "audit_remind_sign"  # to whoever is asked to sign, by a link
BOTH = (REMINDER, TO_SIGN)
WHY = "the relay works for the portal"
State = Outgoing.State
LOST = (State.BOUNCED, State.DEAD, State.CANCELLED)
ON_PAPER = "Headteacher or executive, by letter"
WAITS = "The return has been answered, and waits for a signature: {}."
SENT_ANEW = "We have sent them the link by which it is signed once more."
NOT_ASKED = (
    "Nobody can sign by a link now: send one from the page on which the return is signed, or record there what the "
    "minute or letter says."
)


def register():
    register_letter(LetterKind(REMINDER, "A return to a safeguarding audit is owed", _words))
    about = "Your organisation’s safeguarding return waits for your signature"
    register_letter(LetterKind(TO_SIGN, about, _words_to_sign, elsewhere=True))


def owe(emails, *, by) -> None:
    """Owe the emails of reminders, in the caller's transaction. emails: (reminder, the people it is written to, the
    Signature of whoever is asked to sign by a link or None)."""
    write_all(REMINDER, [Written(user.pk, row.pk, str(user.pk)) for row, people, _ in emails for user in people])
    asked = [(row, turn) for row, _, turn in emails if turn]
    waiting.open_links([turn for _, turn in asked], by=by)
    write_all(TO_SIGN, [Written(turn.asked_by_id, row.pk, str(turn.pk)) for row, turn in asked])


def facts_of(row: AuditReturn, today, whom=None) -> dict:
    """What the placeholders of a rung stand for, of a return with its agency and round. whom: the Reach of the
    reminder; without one it goes by letter."""
    closes = timezone.localtime(row.closes_at)
    reached = settings.PARTNERSHIP_EMAIL or settings.PARTNERSHIP_TELEPHONE
    return {
        "organisation": row.agency.name,
        "audit": row.round.title,
        "deadline": f"{closes:%A} {plain(closes)}",
        "days_late": turns.days_late(row.closes_at, today),
        "partnership": settings.PARTNERSHIP_NAME,
        "reached": (whom and whom.words) or ON_PAPER,
        "contact": f"{settings.PARTNERSHIP_CONTACT} ({reached})" if reached else settings.PARTNERSHIP_CONTACT,
    }


def subject_of(rung, row: AuditReturn, today) -> str:
    """In one line; the heading of a letter on paper."""
    return " ".join(ladder.filled(rung.subject, facts_of(row, today)).split())


def words_of(rung, row: AuditReturn, whom, today) -> str:
    """What a reminder says to this organisation. whom: its Reach; of a return that is being signed it is said first for
    whom it waits, because whoever reads it may have done their part."""
    said = ladder.filled(rung.words, facts_of(row, today, whom))
    if whom.turn is None:
        return said
    then = SENT_ANEW if whom.by_link else NOT_ASKED
    return f"{WAITS.format(spoken(whom.turn.get_step_display()))} {then}\n\n{said}"


def _owed(outgoing) -> Reminder | None:
    rows = Reminder.objects.unscoped(WHY).select_related("rung", "audit_return__agency", "audit_return__round")
    row = rows.filter(pk=outgoing.about_id).first()
    return row if row and is_owed(row.audit_return) else None


def _words(outgoing):
    row = _owed(outgoing)
    if row is None:
        return None
    today = timezone.localdate()
    facts = facts_of(row.audit_return, today)
    return {
        SUBJECT: subject_of(row.rung, row.audit_return, today),
        "words": row.words,
        "url": settings.PORTAL_URL + reverse("audits:audit_return", args=[row.audit_return_id]),
        "account": outgoing.recipient.is_active,
        "contact": facts["contact"],
    }


def _words_to_sign(outgoing):
    row, (link, turn) = _owed(outgoing), _asked(outgoing)
    if row is None or turn is None:
        return None
    return {
        TO: turn.email,
        "name": turn.name,
        "step": spoken(turn.get_step_display()),
        "facts": facts_of(row.audit_return, timezone.localdate()),
        "until": plain(timezone.localtime(link.expires_at)),
        "url": settings.PORTAL_URL + reverse("audits:sign_by_link", args=[links.token_of(link)]),
    }


def _asked(outgoing):
    """(the link, the signature) that an email to a signer is about; (None, None) where it is not asked for any more."""
    link = signing.link_to(Signature(pk=turn_of(outgoing)))
    turn = signing.signature_of(link) if link else None
    return (link, turn) if turn else (None, None)


def is_owed(row: AuditReturn) -> bool:
    return row.status in AuditReturn.OWES and row.round.status == Round.Status.OPEN


def came_back(outgoing, notices) -> None:
    """Registered with `register_bounced`: a reminder of which every email came back reached nobody, and may be sent
    again."""
    if outgoing.template not in BOTH:
        return
    if outgoing.template == TO_SIGN and (found := _asked(outgoing))[1]:
        telling.tell_came_back(found[1], found[0])
    others = Outgoing.objects.filter(template__in=BOTH, about_id=outgoing.about_id).exclude(pk=outgoing.pk)
    if not others.exclude(state__in=LOST).exists():
        rows = Reminder.objects.unscoped(WHY).filter(pk=outgoing.about_id, bounced_at=None)
        rows.update(bounced_at=timezone.now())


def lost_of(reminder_ids) -> dict:
    """reminder id -> (how many of its emails came back or were given up, how many did not leave because the return was
    not owed any more, of how many); one question."""
    found: dict = {}
    rows = Outgoing.objects.filter(template__in=BOTH, about_id__in=list(reminder_ids))
    for about, state in rows.values_list("about_id", "state"):
        lost, kept, of = found.get(about, (0, 0, 0))
        found[about] = (lost + (state in (State.BOUNCED, State.DEAD)), kept + (state == State.CANCELLED), of + 1)
    return found
