"""What the business unit does with one return: excuse it, ask it after all, give it back, lead it to a successor.

Each asks for AUDIT_RUN on the return. ValidationError is for what people can put right, Stale where it moved on.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audits.answering.services import recount
from audits.beside import more_time
from audits.flow import RETURN
from audits.leads import leads
from audits.models import (
    Answer,
    AuditReturn,
    Evidence,
    Extension,
    Reminder,
    Round,
    Shown,
    Signature,
    Submission,
)
from audits.population import snapshots
from audits.rounds import letters
from partnership.access.flow import Stale, lock
from partnership.access.rows import can
from partnership.documents.models import Document
from partnership.documents.services import show_to
from partnership.people.models import Agency, Succession
from partnership.people.models.dated import last_day
from partnership.people.roles import Perm
from partnership.trail.services import record
from partnership.ui.dates import plain

S = AuditReturn.Status
WHY = "the page has asked for AUDIT_RUN on the return, and what hangs on it goes with it"
OF_A_RETURN = (Answer, Extension, Signature, Submission, Reminder)
NO_WHY = "Say what has to be changed: whoever answers reads it."
CLOSED = "The round is closed. Open it again before you give a return back."
NOT_AFTER = "{} is not recorded in the directory as following {}. Record it there first."
HAS_ONE = "{} has a return of its own in this round. Excuse this one instead."


@transaction.atomic
def excuse(row, *, by, why) -> AuditReturn:
    """It owes no return; its answers stay. why: up to 500 characters, which its leads read."""
    done = RETURN.take(row, "excuse", by=by, why_excused=why.strip())
    more_time.end_waiting(AuditReturn.objects.unscoped(WHY).filter(pk=row.pk), by=by)
    letters.tell_excused(_counted(done), leads([row.agency_id]))
    return done


@transaction.atomic
def ask_again(row, *, by) -> AuditReturn:
    """Ask a return that was excused after all; what was answered before is still there."""
    done = _counted(RETURN.take(row, "ask_again", by=by, why_excused=""))
    letters.write_to_leads(row.round, [done], leads([row.agency_id]), at=timezone.now())
    return done


@transaction.atomic
def give_back(row, *, by, why) -> AuditReturn:
    """A submitted return is answered, signed and submitted again. The submission stays, with when and why."""
    if not why.strip():
        raise ValidationError({"why": NO_WHY})
    if row.round.status != Round.Status.OPEN:
        raise Stale(CLOSED)
    done = RETURN.take(row, "give_back", by=by, submitted_at=None)
    last = Submission.objects.unscoped(WHY).filter(audit_return=row).order_by("-number").first()
    if last:
        last.given_back_at, last.why_given_back = timezone.now(), why.strip()
        last.clean_fields(exclude={each.name for each in last._meta.concrete_fields} - {"why_given_back"})
        last.save(update_fields=["given_back_at", "why_given_back"])
    letters.tell_back(_counted(done), leads([row.agency_id]))
    return done


@transaction.atomic
def move_return(row, to, *, by) -> AuditReturn:
    """A school became an academy, or went into another: its return with all its answers is the successor's from now on.

    What the organisation is, is copied anew while the return is still written; of one that is signed or submitted it
    stays as it was signed. Evidence under its answers goes along.
    """
    Round.objects.select_for_update().get(pk=row.round_id)
    row = lock(row)
    if not can(by, Perm.AUDIT_RUN, row):
        raise PermissionDenied("audit.move")
    _must_follow(row, to)
    before = row.agency_id
    row.agency = to
    fields = ["agency"]
    written = row.status in AuditReturn.WRITTEN
    if written:
        what = snapshots([to], timezone.localdate())[to.pk].copied()
        for name, value in what.items():
            setattr(row, name, value)
        fields += what
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    for model in OF_A_RETURN:
        model.objects.unscoped(WHY).filter(audit_return=row).update(agency=to)
    shown = Shown.objects.unscoped(WHY).filter(answer__audit_return=row)
    evidence = Evidence.objects.unscoped(WHY).filter(pk__in=shown.values("evidence"), agency=before)
    files = list(Document.objects.unscoped(WHY).filter(pk__in=evidence.values("document"), shown_at=before))
    for each in files:
        show_to(each, user=each.shown_to, agency=to, by=by)
    evidence.update(agency=to)
    shown.update(agency=to)
    if written:
        row = recount(row)
    record("audit_return_moved", by=by, obj=row, agency=to.pk, before=before)
    if row.status in AuditReturn.OWES and row.round.status == Round.Status.OPEN:
        letters.write_to_leads(row.round, [row], leads([to.pk]), at=timezone.now())
    return row


def _must_follow(row, to):
    if not Succession.objects.filter(predecessor=row.agency_id, successor=to).exists():
        raise ValidationError({"to": NOT_AFTER.format(to.name, row.agency.name)})
    if AuditReturn.objects.unscoped(WHY).filter(round=row.round_id, agency=to).exists():
        raise ValidationError({"to": HAS_ONE.format(to.name)})


def _counted(row) -> AuditReturn:
    """The locked return with its version counted, for the notices that come each time anew."""
    row.version += 1
    row.save(update_fields=["version"])
    return row


# --- organisations that are there no longer ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Gone:
    """A return whose organisation closed, was followed by another, or whose record was merged.

    why: in words, as the reason of an excuse. successors: those to whom the return can go.
    """

    row: AuditReturn
    why: str
    successors: list


def gone(rows) -> list[Gone]:
    """Of these returns, loaded with their agency, those whose organisation is there no longer; two questions."""
    today = timezone.localdate()
    after = successors([row.agency_id for row in rows], today)
    others = {each.successor_id for each in chain.from_iterable(after.values())}
    there = AuditReturn.objects.unscoped(WHY).filter(round__in={row.round_id for row in rows}, agency__in=others)
    taken = set(there.values_list("round_id", "agency_id"))
    found = []
    for row in rows:
        follows = after.get(row.agency_id, [])
        if why := _why_gone(row.agency, follows, today):
            free = [each.successor for each in follows if (row.round_id, each.successor_id) not in taken]
            found.append(Gone(row, why, free))
    return found


def successors(agency_ids, today: date) -> dict:
    """agency id -> Succession rows that have come, with their successor."""
    rows = Succession.objects.filter(predecessor__in=agency_ids, on__lte=today).select_related("successor")
    found = {}
    for row in rows.order_by("on", "successor__name"):
        found.setdefault(row.predecessor_id, []).append(row)
    return found


def _why_gone(agency: Agency, follows, today) -> str:
    if follows:
        last = follows[-1]
        return f"{last.get_kind_display()} {last.successor.name} on {plain(last.on)}."
    if agency.merged_into_id:
        return "Its record was merged into another in the directory."
    if agency.ends and agency.ends <= today:
        return f"Closed; its last day was {plain(last_day(agency.ends))}."
    return ""
