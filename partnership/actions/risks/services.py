"""Every write to a risk. Each locks it and writes its event; its score is computed and never stored."""

from datetime import datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.edits import stamp
from partnership.access.flow import Stale, lock
from partnership.access.models import FolderKind
from partnership.access.over import is_over
from partnership.access.rows import can
from partnership.actions.flow import RISK
from partnership.actions.models import Risk
from partnership.actions.services import OVER, can_own
from partnership.people.roles import Perm
from partnership.trail.services import record

CHANGED = "Somebody else changed this risk while you were typing."
FROM_LIST = "The earlier list has it as closed."
KINDS = (FolderKind.GROUP, FolderKind.OFFICE)
EDITABLE = (
    "what", "cause", "effect", "likelihood", "impact", "controls", "note", "owner", "agency", "priority", "review_on",
)  # fmt: skip


@transaction.atomic
def add(folder, *, by, **facts) -> Risk:
    """Add a risk of a group or of the partnership's business. facts: of EDITABLE, and owner_words.

    Raises ValidationError where the owner cannot be given it, PermissionDenied for who may not add there.
    """
    if not can(by, Perm.RISK_EDIT, folder):
        raise PermissionDenied("risk.add")
    must_hold_risks(folder)
    row = new_risk(folder, by=by, **facts)
    _owner_must_be_possible(row)
    row.save(force_insert=True)
    record("risk_added", by=by, obj=row, owner=row.owner_id, score=row.score)
    return row


def must_hold_risks(folder) -> None:
    if folder.kind not in KINDS or folder.sealed:
        raise ValidationError({"folder": "A risk belongs to a group or to the partnership’s business, not to a case."})


def new_risk(folder, *, by, log=None, closed_on=None, **facts) -> Risk:
    """A risk that is not written yet. log: the list that it came in by; closed_on: that list tells it as closed on this
    day. Raises ValidationError for one without words; its owner is not asked about."""
    if is_over(folder):
        raise ValidationError({"folder": OVER})
    closing = {}
    if closed_on:
        moment = timezone.make_aware(datetime.combine(closed_on, time(12)))
        closing = {"status": Risk.Status.CLOSED, "closed_at": moment, "closed_by": by, "close_reason": FROM_LIST}
    row = Risk(folder=folder, log=log, added_by=by, changed_by=by, **closing, **facts)
    _must_have_words(row)
    return row


@transaction.atomic
def change(row, *, by, version, **facts) -> Risk:
    """facts: of EDITABLE. Raises Stale when somebody changed it since `version`, or closed it."""
    row = lock(row)
    if not can(by, Perm.RISK_EDIT, row):
        raise PermissionDenied("risk.change")
    if row.version != version:
        raise Stale(CHANGED)
    if row.status != Risk.Status.OPEN:
        raise Stale(f"This risk is {row.get_status_display().lower()} now: reopen it to change it.")
    before = row.score
    changed = sorted(name for name in EDITABLE if name in facts and getattr(row, name) != facts[name])
    for name in changed:
        setattr(row, name, facts[name])
    if row.owner_id and row.owner_words:
        row.owner_words = ""
    _must_have_words(row)
    if {"owner", "agency"} & set(changed):  # whoever has left since stays until somebody else is named
        _owner_must_be_possible(row)
    if changed:
        stamp(row, by, *changed, "owner_words")
        scores = {"score_before": before, "score": row.score} if row.score != before else {}
        record("risk_changed", by=by, obj=row, fields=changed, **scores)
    return row


def _must_have_words(row):
    row.what = row.what.strip()
    if not row.what:
        raise ValidationError({"what": "Say what may happen."})


def _owner_must_be_possible(row):
    if row.owner is not None:
        can_own(row.owner, row.agency, folder=row.folder)


@transaction.atomic
def name_owner(row, *, by, owner, agency=None) -> Risk:
    """Say who is meant by the words that a list had of its owner. Raises ValidationError, PermissionDenied."""
    row = lock(row)
    if not can(by, Perm.RISK_EDIT, row):
        raise PermissionDenied("risk.name_owner")
    can_own(owner, agency, folder=row.folder)
    row.owner, row.agency, row.owner_words = owner, agency, ""
    stamp(row, by, "owner", "agency", "owner_words")
    record("risk_owner_named", by=by, obj=row, user=owner.pk)
    return row


@transaction.atomic
def leave_vacant(row, *, by) -> Risk:
    """Its owner goes, and nobody owns it until somebody is named. Called by a leaving, which asks who may."""
    row = lock(row)
    row.owner = None
    stamp(row, by, "owner")
    record("risk_owner_left", by=by, obj=row)
    return row


@transaction.atomic
def close(row, *, by, close_reason) -> Risk:
    """A risk no longer, or one that the partnership bears; with the reason."""
    row = RISK.take(row, "close", by=by, close_reason=close_reason.strip(), closed_at=timezone.now(), closed_by=by)
    return stamp(row, by)


@transaction.atomic
def reopen(row, *, by, close_reason) -> Risk:
    """A risk again; with the reason."""
    row = RISK.take(row, "reopen", by=by, close_reason=close_reason.strip(), closed_at=None, closed_by=None)
    return stamp(row, by)
