"""What pages show of evidence: where each piece stands, its file, and the answers under which it is."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from audits.asking import asked_by, shown
from audits.beside.rules import soon_until
from audits.models import Answer, AuditReturn, Evidence, Round, Shown
from partnership.documents.models import State, Version
from partnership.documents.reads import Enclosure, newest_of
from partnership.ui.dates import plain

A_PAGE = 50
USABLE = (State.CLEAN, State.QUARANTINED)  # a file that is still looked at may be chosen; one that was refused may not
WHY = "the page has asked for its piece"
LISTS = {"": "In use", "soon": "To be renewed soon, or run out", "away": "Put away"}


@dataclass
class Piece:
    """A piece of evidence as a page shows it. file: of an uploaded one. standing: (words, colour). here: wordings of
    one return under which it stands. elsewhere: how many answers of other returns it stands under."""

    row: Evidence
    standing: tuple
    file: Enclosure | None = None
    here: list = field(default_factory=list)
    elsewhere: int = 0


def standing_of(row, today, soon) -> tuple:
    """(words, colour) of a piece on a day. soon: the last day that is soon."""
    if row.put_away_at:
        return "Put away", "grey"
    if row.expires_on and row.expires_on < today:
        return f"Ran out on {plain(row.expires_on)}", "red"
    if row.expires_on and row.expires_on <= soon:
        return f"Renew by {plain(row.expires_on)}", "yellow"
    if row.effective_on and row.effective_on > today:
        return f"In force from {plain(row.effective_on)}", "blue"
    return "In force", "green"


def pieces_of(rows) -> list[Piece]:
    """The pieces of these rows of Evidence, which the reader may see; one question."""
    rows, today = list(rows), timezone.localdate()
    soon = soon_until(today)
    newest = newest_of([row.document_id for row in rows if row.document_id], why=WHY)
    found = [Piece(row, standing_of(row, today, soon), _file(row, newest)) for row in rows]
    for piece in found:
        if piece.file and piece.file.lost:
            piece.standing = ("Refused", "red")
    return found


def _file(row, newest):
    version = newest.get(row.document_id)
    return version and Enclosure.of(version, reverse("audits:evidence_file", args=[row.pk]), title=row.title)


def of_organisation(user, row, *, chosen="", page=1):
    """A page of all evidence of a return's organisation, of this round and of earlier ones; the newest first.

    chosen: of LISTS. Five questions whatever the number. Returns the Django page; its object_list are Pieces.
    """
    today = timezone.localdate()
    rows = Evidence.objects.visible_to(user).filter(agency=row.agency_id).order_by("-added_at", "pk")
    rows = rows.filter(put_away_at__isnull=chosen != "away")
    if chosen == "soon":
        rows = rows.filter(expires_on__lte=soon_until(today)).order_by("expires_on", "pk")
    found = Paginator(rows, A_PAGE).get_page(page)
    found.object_list = pieces_of(found.object_list)
    _where(user, row, found.object_list)
    return found


def _where(user, row, pieces):
    by_pk = {piece.row.pk: piece for piece in pieces}
    rows = Shown.objects.visible_to(user).filter(evidence__in=by_pk).select_related("answer__wording")
    for each in rows.order_by("answer__wording__position"):
        piece = by_pk[each.evidence_id]
        if each.answer.audit_return_id == row.pk:
            piece.here.append(each.answer.wording)
        else:
            piece.elsewhere += 1


def of_answers(user, row) -> dict:
    """question id -> [Piece] under the answers of a return that `user` may read; two questions."""
    rows = Shown.objects.visible_to(user).filter(answer__audit_return=row)
    rows = list(rows.select_related("evidence", "answer").order_by("evidence__title", "pk"))
    pieces = {piece.row.pk: piece for piece in pieces_of({each.evidence_id: each.evidence for each in rows}.values())}
    found = {}
    for each in rows:
        found.setdefault(each.answer.question_id, []).append(pieces[each.evidence_id])
    return found


def offered(rows, row, question_id):
    """Of `rows` of Evidence those that may be put under an answer: the organisation's, in use or there already."""
    there = Shown.objects.unscoped(WHY).filter(answer__audit_return=row, answer__question=question_id)
    files = Version.objects.unscoped(WHY).filter(document=OuterRef("document")).exclude(state__in=USABLE)
    rows = rows.filter(Q(put_away_at=None) & ~Exists(files) | Q(pk__in=there.values("evidence")))
    return rows.filter(agency=row.agency_id)


def asked_of(row) -> list:
    """The wordings that a return is asked now, in order."""
    codes = Answer.objects.unscoped(WHY).filter(audit_return=row).order_by().values_list("question", "code")
    return shown(asked_by(row.round.set_version), row.facts, dict(codes))


def written_of(user, piece) -> list[AuditReturn]:
    """The returns of a piece's organisation whose answers still change, the newest round first."""
    rows = AuditReturn.objects.visible_to(user).filter(
        agency=piece.agency_id, status__in=AuditReturn.WRITTEN, round__status=Round.Status.OPEN
    )
    return list(rows.select_related("round__set_version").order_by("-round__year", "round__title", "pk"))


def places_of(user, piece) -> list:
    """(return, [wordings]) where a piece stands, the newest round first."""
    rows = Shown.objects.visible_to(user).filter(evidence=piece)
    rows = rows.select_related("answer__wording", "answer__audit_return__round")
    found = {}
    for each in rows.order_by("-answer__audit_return__round__year", "answer__wording__position"):
        row = each.answer.audit_return
        found.setdefault(row.pk, (row, []))[1].append(each.answer.wording)
    return list(found.values())
