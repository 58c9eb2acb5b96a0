"""What the page of signing shows: how far the chain is, who may be asked next, what was submitted."""

from dataclasses import dataclass

from audits.leads import heads, leads
from audits.models import AuditReturn, Signature, Submission
from audits.signing.chain import in_order, steps_of
from audits.signing.content import content_of, sha256_of
from audits.signing.letters import link_to, signature_of
from audits.signing.services import next_of
from partnership.people.models import DutyKind

S, Step = Signature.Status, Signature.Step
COLOURS = {S.ASKED: "blue", S.SIGNED: "green", S.SENT_BACK: "orange", S.DROPPED: "grey"}
LATER = "Asked later"
HEADED_BY = {Step.HEAD: DutyKind.HEADTEACHER, Step.GOVERNORS: DutyKind.CHAIR_OF_GOVERNORS}


@dataclass(frozen=True)
class Attempt:
    """One attempt at signing. signatures: in the order of the chain, each with what it `stands` at and its `colour`.
    turn: whose turn it is."""

    number: int
    signatures: list
    turn: Signature | None


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
        for each in signatures:
            later = each.status == S.ASKED and (turn is None or each.pk != turn.pk)
            each.stands, each.colour = (LATER, "grey") if later else (each.get_status_display(), COLOURS[each.status])
        attempts.append(Attempt(number, signatures, turn))
    return attempts


def submissions_of(user, row) -> list[Submission]:
    """What was submitted of a return, the newest first, without the frozen answers."""
    rows = Submission.objects.visible_to(user).filter(audit_return=row).select_related("submitted_by")
    return list(rows.defer("content").order_by("-number"))


def is_unchanged(row, attempt) -> bool:
    """Whether what is signed is still what the lead signed. row: with `services.RELATED`."""
    return attempt.signatures[0].content == sha256_of(content_of(row))


def link_of(signature):
    """The link by which a signature is asked for; None without one that opens."""
    link = link_to(signature)
    return link if link and signature_of(link) else None


def post_of(row, user) -> str:
    """The post under which the directory has somebody as a lead of this organisation."""
    found = leads([row.agency_id])[row.agency_id]
    return next((each.post for each in found if each.user and each.user.pk == user.pk and each.post), "")


def signers(row, user) -> tuple:
    """(the steps after the lead's, step -> {"name", "post", "email"} as far as the directory names them)."""
    steps = steps_of(row, user)[1:]
    by_duty = {each.duty: each for each in heads([row.agency_id])[row.agency_id]}
    found = {}
    for step in steps:
        named = by_duty.get(HEADED_BY.get(step))
        if named:
            person = named.user or named.known
            found[step] = {"name": person.name if person else "", "post": named.post,
                           "email": (person.email if person else "") or ""}  # fmt: skip
    return steps, found
