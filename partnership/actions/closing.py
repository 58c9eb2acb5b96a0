"""How an action ends, pauses and comes back; each step by the table in partnership.actions.flow."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from partnership.access.edits import stamp
from partnership.access.flow import Stale, lock
from partnership.actions import evidence, telling
from partnership.actions.dates import end_asking, last_day_of, record_move
from partnership.actions.flow import ACTION
from partnership.actions.models import Action
from partnership.actions.services import CHANGED, IS_SPLIT, WHY, can_own, must_go_on, must_have_somebody
from partnership.actions.sources import source_folder

S = Action.Status
NO_EVIDENCE = "Add what shows that it was done, as words or as a file: without evidence it cannot be closed."
NO_PART_LEFT = "Each of its parts is no longer needed."
OWN = "Somebody else approves what you did yourself: another chair, or the business manager."


@transaction.atomic
def ask_close(row, *, by, closing_words, version=None) -> Action:
    """Its owner says that it is done. Raises ValidationError without evidence, and for an action that was split."""
    row = lock(row)
    _same(row, version)
    must_go_on(row)
    if not evidence.shows(row):
        raise ValidationError({"closing_words": NO_EVIDENCE})
    end_asking(row, "withdraw", by=by)
    row = stamp(ACTION.take(
        row, "ask_close", by=by, closing_words=closing_words.strip(), close_asked_at=timezone.now(), close_asked_by=by
    ), by)  # fmt: skip
    telling.ask_to_approve(row, by=by)
    return row


@transaction.atomic
def approve(row, *, by, version=None) -> Action:
    """Approve the closing. Nobody approves their own; with the last part the whole is done too.

    version: of the row as it was read. Raises Stale where it has changed since, ValidationError where a file that is
    to show it is still being checked, or was refused and nothing else shows it.
    """
    row = _hold(row)
    _same(row, version, "Somebody changed this action after you read it. Read it again, then decide.")
    if by.pk in (row.owner_id, row.close_asked_by_id):
        raise ValidationError(OWN)
    if row.status == S.TO_APPROVE:
        evidence.must_be_sound(row)
    row = stamp(ACTION.take(row, "approve", by=by, note="", closed_at=timezone.now(), closed_by=by), by)
    telling.tell_owner(telling.ENDED, row, by=by)
    _complete_the_whole(row, by)
    return row


def approve_each(rows, *, by, versions=None) -> tuple[list, list]:
    """Approve several, each by itself. versions: pk -> the version that was read.

    Returns (approved, [(row, why not)]).
    """
    done, left = [], []
    for row in sorted(rows, key=lambda row: (str(row.parent_id or row.pk), str(row.pk))):  # as everybody locks them
        try:
            done.append(approve(row, by=by, version=(versions or {}).get(row.pk)))
        except (PermissionDenied, ValidationError) as refused:
            words = refused.messages[0] if isinstance(refused, ValidationError) else "You may not approve this one."
            left.append((row, words))
    return done, left


def _hold(row) -> Action:
    """The locked row. Of a part its whole is locked first: the order of everybody who needs both."""
    if row.parent_id:
        lock(Action(pk=row.parent_id))
    return lock(row)


def _complete_the_whole(part, by):
    """A whole is over when none of its parts goes on: done where one at least was done, else no longer needed."""
    if not part.parent_id:
        return
    whole = lock(part.parent)
    states = set(Action.objects.unscoped(WHY).filter(parent=whole).values_list("status", flat=True))
    if whole.status != S.OPEN or states - set(Action.OVER):
        return
    end_asking(whole, "lapse", by=by)
    if S.DONE in states:
        whole = ACTION.take(whole, "complete", by=by, closed_at=timezone.now(), closed_by=by)
    else:
        whole = ACTION.take(whole, "cancel", by=by, note=NO_PART_LEFT)
    telling.tell_owner(telling.ENDED, stamp(whole, by), by=by)


@transaction.atomic
def send_back(row, *, by, note) -> Action:
    """Not done yet: its owner reads why."""
    row = stamp(ACTION.take(row, "send_back", by=by, note=note.strip()), by)
    telling.tell_owner(telling.SENT_BACK, row, by=by)
    return row


@transaction.atomic
def cancel(row, *, by, note) -> Action:
    """No longer needed, with a reason; the parts of a whole with it, those that are done stay done."""
    row = _hold(row)
    end_asking(row, "lapse", by=by)
    row = stamp(ACTION.take(row, "cancel", by=by, note=note.strip()), by)
    telling.tell_owner(telling.ENDED, row, by=by)
    for part in Action.objects.unscoped(WHY).filter(parent=row).exclude(status__in=Action.OVER).order_by("pk"):
        end_asking(part, "lapse", by=by)
        part = stamp(ACTION.take(part, "cancel", by=by, note=note.strip()), by)
        telling.tell_owner(telling.ENDED, part, by=by)
    _complete_the_whole(row, by)
    return row


@transaction.atomic
def reopen(row, *, by, note, due_on=None, owner=None) -> Action:
    """Take up again what was closed or no longer needed; its whole with it. A past day needs a new one; a later one
    is a slip."""
    row = _hold(row)
    due_on, was = due_on or row.due_on, last_day_of(row)
    if due_on is None or due_on < timezone.localdate():
        raise ValidationError({"due_on": "Enter the new day by which it will be done."})
    fields = {"note": note.strip(), "due_on": due_on, "closed_at": None, "closed_by": None}
    if owner is not None or row.owner is not None:  # whoever had it may have left since
        can_own(owner or row.owner, row.agency, folder=row.folder, arose_in=source_folder(row))
    if owner is not None:
        fields["owner"] = owner
    row = stamp(ACTION.take(row, "reopen", by=by, first_due_on=row.first_due_on or due_on, **fields), by)
    record_move(row, was=was, reason=row.note, by=by)
    telling.tell_owner(telling.REOPENED, row, by=by)
    if row.parent_id and row.parent.status in Action.OVER:
        whole = lock(row.parent)
        was, due_on = whole.due_on, max(whole.due_on or due_on, due_on)
        whole = stamp(ACTION.take(whole, "reopen", by=by, note=note.strip(), due_on=due_on,
                                   closed_at=None, closed_by=None), by)  # fmt: skip
        record_move(whole, was=was, reason=whole.note, by=by)
    return row


@transaction.atomic
def park(row, *, by, note) -> Action:
    """An idea for later: it loses owner and date; the first day is kept, so that slips are counted from it. One that
    was split, or is a part, is ended or goes on instead."""
    row = lock(row)
    if row.parent_id or Action.objects.unscoped(WHY).filter(parent=row).exists():
        raise ValidationError(IS_SPLIT + " It cannot be parked.")
    end_asking(row, "lapse", by=by)
    return stamp(ACTION.take(row, "park", by=by, note=note.strip(), owner=None, due_on=None), by)


@transaction.atomic
def start(row, *, by, due_on, owner=None, agency=None) -> Action:
    """Take a parked idea up: from now on it has a day, and an owner or an organisation. One that had a day before it
    was parked keeps its first, and a later one is a slip."""
    if due_on is None or due_on < timezone.localdate():
        raise ValidationError({"due_on": "Enter the day by which it will be done, today or later."})
    must_have_somebody(owner, agency)
    if owner is not None:
        can_own(owner, agency, folder=row.folder, arose_in=source_folder(row))
    row = lock(row)
    fields = {"due_on": due_on, "first_due_on": row.first_due_on or due_on, "owner": owner, "agency": agency}
    was = last_day_of(row)
    row = stamp(ACTION.take(row, "start", by=by, note="", **fields), by)
    record_move(row, was=was, reason="It was taken up again.", by=by)
    telling.tell_owner(telling.GIVEN, row, by=by)
    return row


def _same(row, version, words=CHANGED):
    if version is not None and row.version != version:
        raise Stale(words)
