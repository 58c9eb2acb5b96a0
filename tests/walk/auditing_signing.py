"""What the walk needs of signing and taking out: a return that is complete, one whose last signer has a link, one link
that was ended, a signature with its letter, a document that was read; their valid posts."""

from django.utils import timezone

from audits.models import AuditReturn, Signature, Submission
from audits.signing import services
from audits.taking import word_in
from partnership.access import links
from partnership.access.models import Link
from partnership.documents.models import Document, Marking
from partnership.documents.services import keep
from partnership.people.models import Agency
from tests.audits import making
from tests.walk import auditing
from tests.walk.post import Post
from tests.world import canary, small_pdf

WHY = "the walk lays its own ground"
CASES = ("audit_ready", "audit_half_signed", "signed_letter")
NAMES = (*CASES, "signature_link")
SIGN = {"says": "sign", "name": "A chair", "post": "Chair of governors", "agree": "on"}


def laid(ground) -> dict:
    """sample -> {case name: row}; and the link: [[live token], [ended token]]. Made once a ground."""
    if "audit_signing" not in ground.__dict__:
        world, found = ground.world, auditing.laid(ground)
        schools = {case.name: found["audit_return"][case.name].agency for case in ground.cases}
        version = found["audit_version"]
        ready, asked, tokens = {}, {}, {}
        for case, school in schools.items():
            by = _lead(world, school, case)
            ready[case] = _complete(making.audit_round(world, version, title=f"To be signed: {case}"), school, case)
            row = _complete(making.audit_round(world, version, title=f"Last to sign: {case}"), school, case)
            asked[case], tokens[case] = _asked(row, by, case)
        links.revoke_about(asked["theirs"].pk, Link.Purpose.SIGNATURE)
        letters = {case: _with_letter(each, case) for case, each in asked.items()}
        for case in schools:
            Submission.objects.unscoped(WHY).filter(pk=found["audit_submission"][case].pk).update(
                given_back_at=timezone.now(), why_given_back=canary(case, "au_given_back")
            )
        half = {case: each.audit_return for case, each in asked.items()}
        ground.audit_signing = {
            "audit_ready": ready, "audit_half_signed": half, "signed_letter": letters, "tokens": tokens,
        }  # fmt: skip
    return ground.audit_signing


def sample(name):
    if name == "signature_link":
        return lambda ground: [[laid(ground)["tokens"][case.name]] for case in ground.cases]
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _lead(world, school, case):
    if case == "ours":
        return world.author_other
    school = Agency.objects.get(pk=school.pk)
    return school.memberships.live().select_related("user").first().user


def _complete(round, school, case) -> AuditReturn:
    answers = {
        "policy": {"code": "met", "text": canary(case, "au_text")},
        "governors": {"code": "no"},
        "why-not": {"text": canary(case, "au_why")},
        "trained": {"number": 94},
        "trained-on": {"day": "2026-03-02"},
        "early-years": {"code": "yes"},
    }
    row = making.audit_return(round, school, status="begun", answers=answers, people_confirmed_at=timezone.now())
    return AuditReturn.objects.unscoped(WHY).select_related(*services.RELATED).get(pk=row.pk)


def _asked(row, by, case) -> tuple:
    """The signature of the last of the chain, at the second attempt, and the token of its link."""
    mark = lambda what: canary(case, f"au_{what}")  # noqa: E731
    said = {"name": mark("chair"), "post": "Chair of governors", "email": "chair@school.example"}
    for attempt in (1, 2):
        row = services.sign_as_lead(row, by=by, post=mark("lead"), signers={"governors": said})
        if attempt == 1:
            services.send_back(services.next_of(services.signatures_of(row)), by=by, note=mark("note"))
            row = AuditReturn.objects.unscoped(WHY).select_related(*services.RELATED).get(pk=row.pk)
    head = services.next_of(services.signatures_of(row))
    services.record_minute(
        head, by=by, name=mark("head"), post="Headteacher", signed_on=timezone.localdate(), minute=mark("minute")
    )
    last = services.next_of(services.signatures_of(row))
    link = links.live(Link.Purpose.SIGNATURE).get(object_id=last.pk)
    return last, links.token_of(link)


def _with_letter(last, case) -> Signature:
    """The head's signature of the same return, recorded from a file."""
    row = Signature.objects.unscoped(WHY).get(audit_return=last.audit_return_id, step="head", attempt=2)
    document = Document.objects.create(
        folder=row.folder, title=canary(case, "au_letter"), marking=Marking.SENSITIVE, apart=True
    )
    keep(
        small_pdf(canary(case, "au_letter")), folder=row.folder, title=document.title, name="letter.pdf",
        content_type="application/pdf", marking=Marking.SENSITIVE, by=row.recorded_by, document=document,
    )  # fmt: skip
    row.document = document
    row.save(update_fields=["document"])
    return row


def _lead_signs(ground, case, persona):
    return {"do": "lead", "post": "Safeguarding lead", "agree": "on"}


def _read(ground, case, persona):
    """What the page of a document that was read carries."""
    row = auditing.laid(ground)["audit_return"][case.name]
    wording = row.round.set_version.wordings.get(question__code="trained")
    found = word_in.Row(
        "Table 2", word_in.CHANGED, wording.ref, question=str(wording.question_id), values={"number": "94"}
    )
    return {"carried": word_in.carried(row, [found]), "take": [found.question]}


POSTS = {
    ("audits:return_sign", "audit_ready"): Post("audit_return_sign", _lead_signs),
    ("audits:return_sign", "audit_signing"): Post("audit_return_back", lambda g, c, p: {"do": "back"}),
    ("audits:sign_by_link", "signature_link"): Post("audit_signature_sign", lambda g, c, p: SIGN),
    ("audits:sign_by_link", "signature_link back"): Post(
        "audit_signature_send_back", lambda g, c, p: {"says": "back", "note": "Not so."}
    ),
    ("audits:return_pdf", "audit_submitted"): Post("work_asked"),
    ("audits:return_pdf", "audit_half_signed"): Post("work_asked"),
    ("audits:return_word_in", "audit_return"): Post("answers_saved", _read),
}
