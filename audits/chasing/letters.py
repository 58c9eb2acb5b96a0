"""The email of a reminder: its words were kept with the reminder, its address is made when it leaves.

One email a person and reminder, about one return of one organisation. Whoever has submitted meanwhile gets none.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audits.chasing import ladder, turns
from audits.models import AuditReturn, Reminder, Round
from partnership.notify.models import Outgoing
from partnership.notify.personal import SUBJECT, LetterKind, Written, register_letter, write_all
from partnership.ui.dates import plain

REMINDER = "audit_remind"
WHY = "the relay works for the portal"
State = Outgoing.State
LOST = (State.BOUNCED, State.DEAD, State.CANCELLED)


def register():
    register_letter(LetterKind(REMINDER, "A return to a safeguarding audit is owed", _words))


def owe(pairs) -> None:
    """Owe the emails of reminders, in the caller's transaction. pairs: (reminder, the people it is written to)."""
    write_all(REMINDER, [Written(user.pk, row.pk, str(user.pk)) for row, people in pairs for user in people])


def facts_of(row: AuditReturn, today) -> dict:
    """What the placeholders of a rung stand for, of a return with its agency and round."""
    closes = timezone.localtime(row.closes_at)
    reached = settings.PARTNERSHIP_EMAIL or settings.PARTNERSHIP_TELEPHONE
    return {
        "organisation": row.agency.name,
        "audit": row.round.title,
        "deadline": f"{closes:%A} {plain(closes)}",
        "days_late": turns.days_late(row.closes_at, today),
        "partnership": settings.PARTNERSHIP_NAME,
        "contact": f"{settings.PARTNERSHIP_CONTACT} ({reached})" if reached else settings.PARTNERSHIP_CONTACT,
    }


def _words(outgoing):
    rows = Reminder.objects.unscoped(WHY).select_related("rung", "audit_return__agency", "audit_return__round")
    row = rows.filter(pk=outgoing.about_id).first()
    if row is None or not is_owed(row.audit_return):
        return None
    facts = facts_of(row.audit_return, timezone.localdate())
    return {
        SUBJECT: " ".join(ladder.filled(row.rung.subject, facts).split()),
        "words": row.words,
        "url": settings.PORTAL_URL + reverse("audits:audit_return", args=[row.audit_return_id]),
        "account": outgoing.recipient.is_active,
        "contact": facts["contact"],
    }


def is_owed(row: AuditReturn) -> bool:
    return row.status in AuditReturn.OWES and row.round.status == Round.Status.OPEN


def came_back(outgoing, notices) -> None:
    """Registered with `register_bounced`: a reminder of which every email came back reached nobody, and may be sent
    again."""
    if outgoing.template != REMINDER:
        return
    others = Outgoing.objects.filter(template=REMINDER, about_id=outgoing.about_id).exclude(pk=outgoing.pk)
    if not others.exclude(state__in=LOST).exists():
        rows = Reminder.objects.unscoped(WHY).filter(pk=outgoing.about_id, bounced_at=None)
        rows.update(bounced_at=timezone.now())


def lost_of(reminder_ids) -> dict:
    """reminder id -> (how many of its emails came back or were given up, of how many); one question."""
    found: dict = {}
    rows = Outgoing.objects.filter(template=REMINDER, about_id__in=list(reminder_ids))
    for about, state in rows.values_list("about_id", "state"):
        lost, of = found.get(about, (0, 0))
        found[about] = (lost + (state in (State.BOUNCED, State.DEAD)), of + 1)
    return found
