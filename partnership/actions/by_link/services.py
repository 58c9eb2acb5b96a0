"""Answering an action by the link of a reminder: each action once a link, by the person to whom it was mailed."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.access.models import Link
from partnership.actions import closing, dates, services, telling
from partnership.actions.by_link.reads import answerable_by_link
from partnership.actions.models import Action, LineupItem, Update
from partnership.trail.services import record
from partnership.ui.dates import plain

Says = LineupItem.Says
WHY = "the service holds the reminder"
ANSWERED = "You answered {} by this link already. To say more, sign in."
ELSEWHERE = "It is not answered here any more. Sign in to read how it stands."


def _item(link, reference):
    rows = LineupItem.objects.unscoped(WHY).filter(lineup=link.object_id, lineup__user=link.acts_as_id, named=True)
    return rows.filter(action__reference=reference)


def why_not(link, reference) -> str:
    """What is said where this action cannot be answered by this link; not why it cannot, unless it was."""
    answered = _item(link, reference).exclude(answered_at=None).exists()
    return ANSWERED.format(reference) if answered else ELSEWHERE


@transaction.atomic
def answer(link, reference, *, says, words, outlook="", wanted=None, evidence="") -> Action:
    """Say how an action stands, ask for another date, or say that it is done, with evidence in words.

    Each leaves a dated update that says by which way it came. Raises Stale where it was answered before, or is answered
    in the portal only; Http404 for a link that ended meanwhile, ValidationError as the services do.
    """
    if not Link.objects.select_for_update(of=("self",)).filter(pk=link.pk, revoked_at=None).exists():
        raise Http404
    by = link.acts_as
    item = _item(link, reference).select_for_update(of=("self",)).first()
    row = answerable_by_link(link).filter(pk=item.action_id).first() if item and not item.answered_at else None
    if row is None:
        raise Stale(why_not(link, reference))
    said = words if says != Says.DATE else f"Asks for {plain(wanted)} instead of {plain(row.due_on)}. {words}"
    services.update(row, by=by, words=said, outlook=outlook, channel=Update.Channel.LINK)
    if says == Says.DATE:
        dates.ask_date(row, by=by, wanted=wanted, reason=words)
    if says == Says.DONE:
        services.add_evidence(row, by=by, words=evidence)
        row = closing.ask_close(row, by=by, closing_words=words)
    item.answered_at, item.says = timezone.now(), says
    item.save(update_fields=["answered_at", "says"])
    record("action_answered_by_link", by=by, obj=row, link=link.pk, says=str(says))
    telling.tell_by_link(row, link)
    return row
