"""Every write to evidence: added, put right, put under answers, taken off them, put away.

A piece is the organisation's own, for any question of any year. Its file lies apart from its round's folder and is
given by the page of the piece (`evidence_file`): whoever may read the piece has it.
"""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audits.answering import services as answering
from audits.models import Answer, AuditReturn, Evidence, Shown, Wording
from partnership.access.flow import Stale, lock
from partnership.documents import services as documents
from partnership.documents.hooks import named_by, on_refused
from partnership.documents.models import Marking, State, Version
from partnership.documents.names import title_of
from partnership.documents.reads import REFUSED
from partnership.trail.services import record

KIND = "audit_evidence"
WHY = "the page has asked for its return or its piece"
FACTS = ("title", "address", "effective_on", "expires_on")
AWAY = "‘{}’ was put away. Bring it back before it is put under a question."
NO_FILE = "The file of ‘{}’ was refused. Add it again as a file that can be kept."
CHANGED = "Somebody else changed this piece while you were typing."


@transaction.atomic
def add(row, *, by, upload_file=None, title="", address="", effective_on=None, expires_on=None, under=(), instead=None):
    """A new piece of evidence of the organisation of a return. Returns it.

    upload_file: a file, or else `address`. title: empty for the file's name. under: wordings of the return's version
    under whose answers it is put at once. instead: a piece that it follows: it takes its place under the answers of
    every return that is still written, and that piece is put away; under returns that went it stays.
    The same file, sent twice by one person under one title, is one piece. Raises ValidationError naming `file`,
    `address`, `title` or `expires_on` for what people can put right.
    """
    _in_order(effective_on, expires_on)
    facts = {"title": title, "address": address, "effective_on": effective_on, "expires_on": expires_on}
    if upload_file is not None:
        version = documents.take(
            upload_file, folder=row.folder, title=title, marking=Marking.SENSITIVE, by=by, kind=KIND, apart=True,
            shown_to=by, shown_at=row.agency,
        )  # fmt: skip
        facts |= {"document": version.document, "title": title or title_of(version.name)[:200], "address": ""}
    made = _there_already(row, facts.get("document")) or _made(row, by, facts)
    if instead is not None and instead.pk == made.pk:
        raise ValidationError({"file": "This is the same file as the one that it would follow."})
    if instead is not None:
        _takes_its_place(made, instead, by=by)
    if under:
        arrange(row, by=by, put=[(wording, made) for wording in under])
    return made


def _in_order(effective_on, expires_on):
    if effective_on and expires_on and expires_on <= effective_on:
        raise ValidationError(
            {"expires_on": "The day of its renewal must be after the day since which it is in force."}
        )


def _there_already(row, document):
    rows = Evidence.objects.unscoped(WHY).filter(agency=row.agency_id, put_away_at=None)
    return rows.filter(document=document).first() if document is not None else None


def _made(row, by, facts) -> Evidence:
    made = Evidence(folder_id=row.folder_id, agency_id=row.agency_id, added_by=by, **facts)
    made.clean_fields(exclude=["folder", "agency", "document", "added_by"])
    made.save(force_insert=True)
    record("evidence_added", by=by, obj=made)
    return made


def _takes_its_place(made, old, *, by):
    if old.agency_id != made.agency_id:
        raise ValueError("evidence follows a piece of its own organisation")
    for shown in _under_open(old):
        arrange(shown.answer.audit_return, by=by, put=[(shown.answer.wording, made)])
    put_away(old, by=by)


def _under_written(piece):
    """Where a piece stands in returns whose answers still change."""
    rows = Shown.objects.unscoped(WHY).filter(evidence=piece, answer__audit_return__status__in=AuditReturn.WRITTEN)
    return list(rows.select_related("answer__wording", "answer__audit_return__round").order_by("pk"))


def _under_open(piece):
    return [each for each in _under_written(piece) if not answering.why_shut(each.answer.audit_return)]


@transaction.atomic
def arrange(row, *, by, put=(), off=()) -> None:
    """Put pieces under answers of a return, and take them off. put, off: pairs (Wording, Evidence).

    Only what changes is named, so that two colleagues who do it at once lose nothing of each other's. An answer is born
    where there is none. Raises Stale where the answers of the return change no longer, ValidationError for a piece that
    was put away or whose file was refused, and for a section whose days have not come.
    """
    row = answering.held(row, by=by)
    if why := answering.why_shut(row):
        raise Stale(why)
    if row.status == AuditReturn.Status.ASKED:
        row = answering.begin(row, by=by)
    for wording, piece in put:
        _put(row, wording, piece, by)
    for wording, piece in off:
        found = Shown.objects.unscoped(WHY).filter(
            answer__audit_return=row, answer__question=wording.question_id, evidence=piece
        )
        if found.delete()[0]:
            record("evidence_taken_off", by=by, obj=row, evidence=piece.pk, wording=wording.pk)
    answering.recount(row)


def _put(row, wording, piece, by):
    piece = lock(piece)
    if piece.agency_id != row.agency_id or wording.set_version_id != row.round.set_version_id:
        raise ValueError("a piece goes under an answer of its own organisation, to a question of the round")
    if piece.put_away_at is not None:
        raise ValidationError(AWAY.format(piece.title))
    if piece.document_id and lost(piece.document_id):
        raise ValidationError(NO_FILE.format(piece.title))
    if wording.section_id in answering.not_yet(row):
        raise answering.Shut(answering.NOT_YET)
    # Version 0: whoever has the question open without an answer has read nothing else.
    answer, _ = Answer.objects.unscoped(WHY).get_or_create(
        audit_return=row, question_id=wording.question_id,
        defaults={"wording": wording, "folder_id": row.folder_id, "agency_id": row.agency_id, "version": 0},
    )  # fmt: skip
    _, new = Shown.objects.unscoped(WHY).get_or_create(
        answer=answer, evidence=piece, defaults={"folder_id": row.folder_id, "agency_id": row.agency_id}
    )
    if new and wording.kind == Wording.Kind.FILE:  # the file is the answer: it was answered, or answered anew
        said = {"to_confirm": False, "changed_by": by, "changed_at": timezone.now()}
        Answer.objects.unscoped(WHY).filter(pk=answer.pk).update(**said)
    if new:
        record("evidence_shown", by=by, obj=row, evidence=piece.pk, wording=wording.pk)


def lost(document_id) -> bool:
    """Whether no version of a file is left that anybody may have."""
    versions = Version.objects.unscoped(WHY).filter(document=document_id)
    return not versions.exclude(state__in=(*REFUSED, State.WITHDRAWN)).exists()


def mark_of(piece) -> str:
    """One mark of what was read of a piece: whoever sends its page with an old one is shown both texts."""
    facts = {name: getattr(piece, name) for name in FACTS}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:20]


@transaction.atomic
def change(piece, *, by, read, **facts) -> Evidence:
    """Put right what is said of a piece. facts: of FACTS. read: `mark_of` it as it was read.

    Raises Stale where somebody changed it since, ValidationError for what people can put right.
    """
    row = lock(piece)
    if mark_of(row) != read:
        raise Stale(CHANGED)
    _in_order(facts.get("effective_on"), facts.get("expires_on"))
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.clean_fields(exclude=["folder", "agency", "document", "added_by"])
        row.save(update_fields=changed)
        record("evidence_changed", by=by, obj=row, fields=sorted(changed))
    return row


@transaction.atomic
def put_away(piece, *, by) -> None:
    """It holds no longer: it is offered for no question, and taken off those whose answers still change. Under answers
    that went it stays."""
    _hold_returns(piece.agency_id)
    row = lock(piece)
    if row.put_away_at is None:
        for shown in _under_open(row):
            arrange(shown.answer.audit_return, by=by, off=[(shown.answer.wording, row)])
        row.put_away_at = timezone.now()
        row.save(update_fields=["put_away_at"])
        record("evidence_put_away", by=by, obj=row)


def _hold_returns(agency_id):
    """Returns are locked before pieces, as `arrange` does, so that two colleagues never wait for each other."""
    rows = AuditReturn.objects.unscoped(WHY).filter(agency=agency_id, status__in=AuditReturn.WRITTEN)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


@transaction.atomic
def bring_back(piece, *, by) -> None:
    row = lock(piece)
    if row.put_away_at is not None:
        row.put_away_at = None
        row.save(update_fields=["put_away_at"])
        record("evidence_brought_back", by=by, obj=row)


def refused(version):
    """A refused file shows nothing: it is taken off the answers that still change. Under those that went it stays, and
    is said to have been refused or withdrawn."""
    if not lost(version.document_id):
        return
    pieces = Evidence.objects.unscoped("its file was refused").filter(document=version.document_id)
    for shown in [each for piece in pieces for each in _under_written(piece)]:
        row = answering.held(shown.answer.audit_return)
        record("evidence_taken_off", by=None, obj=row, evidence=shown.evidence_id, wording=shown.answer.wording_id)
        shown.delete()
        answering.recount(row)


def named(user, versions) -> dict:
    rows = Evidence.objects.visible_to(user).filter(document__in=[each.document_id for each in versions])
    return {
        row.document_id: f" for the evidence ‘{row.title}’ of {row.agency.name}"
        for row in rows.select_related("agency")
    }


def register_hooks():
    on_refused(KIND)(refused)
    named_by(KIND)(named)
