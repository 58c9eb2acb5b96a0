"""What the page of signing shows: how far the chain is, who may be asked next, what was submitted."""

from dataclasses import dataclass

from audits.leads import executives, heads, leads
from audits.models import AuditReturn, Signature, Submission
from audits.signing.chain import in_order, steps_of
from audits.signing.letters import link_to, signature_of
from audits.signing.services import next_of
from partnership.access.models import Link
from partnership.people.models import DutyKind

S, Step = Signature.Status, Signature.Step
COLOURS = {S.ASKED: "blue", S.SIGNED: "green", S.SENT_BACK: "orange", S.DROPPED: "grey"}
LATER, NOT_ASKED, ENDED = "Asked later", "Not asked yet", "The link has ended"
NO_MORE = "Signed; it counts no longer"  # the return was taken or sent back after it
HEADED_BY = {
    Step.HEAD: (DutyKind.HEADTEACHER,),
    Step.GOVERNORS: (DutyKind.CHAIR_OF_GOVERNORS,),
    Step.EXECUTIVE: (DutyKind.DELEGATED_PARTNER, DutyKind.LEAD_PARTNER),
}


@dataclass(frozen=True)
class Attempt:
    """One attempt at signing. signatures: in the order of the chain, each with what it `stands` at and its `colour`.
    turn: whose turn it is. link: the one that opens for that."""

    number: int
    signatures: list
    turn: Signature | None
    link: Link | None = None


def attempts_of(user, row) -> list[Attempt]:
    """The attempts at signing a return, the newest first."""
    rows = Signature.objects.visible_to(user).filter(audit_return=row).select_related("recorded_by", "asked_by")
    found = {}
    for each in rows:
        found.setdefault(each.attempt, []).append(each)
    attempts = []
    for number in sorted(found, reverse=True):
        signatures = in_order(found[number])
        turn = next_of(signatures) if row.status == AuditReturn.Status.SIGNING and not attempts else None
        link = link_of(turn) if turn else None
        for each in signatures:
            each.stands, each.colour = each.get_status_display(), COLOURS[each.status]
            if each.status == S.ASKED and (turn is None or each.pk != turn.pk):
                each.stands, each.colour = LATER, "grey"
            elif each.status == S.ASKED and link is None:
                each.stands, each.colour = (ENDED, "orange") if each.email else (NOT_ASKED, "yellow")
            elif each.status == S.DROPPED and each.signed_on:
                each.stands = NO_MORE
        attempts.append(Attempt(number, signatures, turn, link))
    return attempts


def submissions_of(user, row) -> list[Submission]:
    """What was submitted of a return, the newest first, without the frozen answers."""
    rows = Submission.objects.visible_to(user).filter(audit_return=row).select_related("submitted_by")
    return list(rows.defer("content").order_by("-number"))


def link_of(signature):
    """The link by which a signature is asked for; None without one that opens."""
    link = link_to(signature)
    return link if link and signature_of(link) else None


def post_of(row, user) -> str:
    """The post under which the directory has somebody as a lead of this organisation."""
    found = leads([row.agency_id])[row.agency_id]
    return next((each.post for each in found if each.user and each.user.pk == user.pk and each.post), "")


def signers(row, user) -> tuple:
    """(the steps after the lead's, step -> {"name", "post", "email"}): whom the lead named when this return was signed
    before, else whom the directory names, else who signed the organisation's last return."""
    steps = steps_of(row, user)[1:]
    before = _asked_before(user, row, steps)
    directory = executives if Step.EXECUTIVE in steps else heads
    by_duty = {each.duty: each for each in reversed(directory([row.agency_id])[row.agency_id])}
    found = {}
    for step in steps:
        earlier = before.get(step)
        named = next((by_duty[kind] for kind in HEADED_BY[step] if kind in by_duty), None)
        person = named and (named.user or named.known)
        if earlier and (earlier.audit_return_id == row.pk or not person):
            found[step] = {"name": earlier.name, "post": earlier.post, "email": earlier.email}
        elif named:
            found[step] = {"name": person.name if person else "", "post": named.post,
                           "email": (person.email if person else "") or ""}  # fmt: skip
    return steps, found


def _asked_before(user, row, steps) -> dict:
    """step -> the newest signature of an organisation that names somebody, of this return before any other."""
    rows = Signature.objects.visible_to(user).filter(agency=row.agency_id, step__in=steps).exclude(name="")
    rows = sorted(rows, key=lambda each: (each.audit_return_id == row.pk, each.asked_at, each.signed_at is not None))
    return {each.step: each for each in rows}
