"""What the walk needs of audits: question sets, rounds, and in each a return of the school of two personas ('ours':
author_other and school_outside lead there) and of one where none of them is ('theirs')."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from audits.models import Answer, Evidence, Extension, QuestionSet, Round, SetVersion, Signature, Submission
from partnership.people.models import Agency
from partnership.people.roles import Role
from tests.audits import making
from tests.world import canary, person

# sample -> (status of the round, status of the return) of a round with a return of each school
RETURNS = {
    "audit_return": ("open", "begun"),
    "audit_asked": ("open", "asked"),
    "audit_signing": ("open", "signing"),
    "audit_submitted": ("open", "submitted"),
    "audit_past": ("closed", "submitted"),
    "audit_excused": ("open", "excused"),
}
ROUNDS = ("audit_planned", "audit_round", "audit_closed")
SETS = ("audit_set", "audit_version", "audit_draft")
BESIDE = ("audit_answer", "audit_evidence", "audit_extension", "audit_signature", "audit_submission")
NAMES = (*RETURNS, *ROUNDS, *SETS, *BESIDE)


def laid(ground) -> dict:
    """sample -> {case name: row}, of a set or a round the row itself. Made once a ground."""
    if "audits" not in ground.__dict__:
        ground.audits = {name: {} for name in (*RETURNS, *BESIDE)}
        _lay(ground)
    return ground.audits


def sample(name):
    def of(ground):
        found = laid(ground)[name]
        return [[found[case.name].pk] for case in ground.cases] if isinstance(found, dict) else [[found.pk]]

    return of


def _lay(ground):
    world, found = ground.world, ground.audits
    version = making.question_set("walked")
    found["audit_version"], found["audit_set"] = version, version.question_set
    found["audit_draft"] = making.question_set("drafted", status=SetVersion.Status.DRAFT)
    found["audit_planned"] = making.audit_round(world, version, status="planned", title="Audit that is planned")
    schools = {"ours": world.agencies["school"], "theirs": Agency.objects.filter(kind="school").order_by("name")[9]}
    person("lead_of_their_school", Role.SCHOOL_LEAD, schools["theirs"], world.partnership)
    for name, (status, stands) in RETURNS.items():
        row = making.audit_round(world, version, status=status, title=f"Audit with {name}")
        if name in ("audit_return", "audit_past"):
            found["audit_round" if name == "audit_return" else "audit_closed"] = row
        for case in ("ours", "theirs"):
            found[name][case] = _return(row, schools[case], case, stands)
    for case in ("ours", "theirs"):
        _beside(found, case, world)


def _return(round, school, case, stands):
    answers = {
        "policy": {"code": "partly", "text": canary(case, "au_text")},
        "governors": {"code": "no"},
        "why-not": {"text": canary(case, "au_why")},
    }
    if stands in ("asked", "excused"):
        why = canary(case, "au_excused") if stands == "excused" else ""
        return making.audit_return(round, school, status=stands, why_excused=why)
    return making.audit_return(round, school, status=stands, answers=answers)


def _beside(found, case, world):
    row = found["audit_return"][case]
    where = {"folder": row.folder, "agency": row.agency}
    found["audit_answer"][case] = (
        Answer.objects.unscoped("the walk lays its own ground").filter(audit_return=row).first()
    )
    found["audit_evidence"][case] = Evidence.objects.create(
        title=canary(case, "au_evidence"), address=f"https://school.example/{canary(case, 'au_address')}", **where
    )
    found["audit_extension"][case] = Extension.objects.create(
        audit_return=row, reason=canary(case, "au_reason"), wanted_on=timezone.localdate() + timedelta(days=40), **where
    )
    Extension.objects.create(
        audit_return=row, reason=canary(case, "au_reason"), wanted_on=timezone.localdate() + timedelta(days=9),
        outcome=Extension.Outcome.REFUSED, words=canary(case, "au_refused"), decided_at=timezone.now(), **where,
    )  # fmt: skip
    signing, mark = found["audit_signing"][case], hashlib.sha256(b"what was signed").hexdigest()
    Signature.objects.create(
        audit_return=signing, step="lead", status="signed", name="A lead", post="Lead", how="portal", content=mark,
        signed_on=timezone.localdate(), signed_at=timezone.now(), folder=signing.folder, agency=signing.agency,
    )  # fmt: skip
    found["audit_signature"][case] = Signature.objects.create(
        audit_return=signing, step="head", name=canary(case, "au_head"), post="Headteacher",
        email="head@school.example", content=mark, folder=signing.folder, agency=signing.agency,
    )  # fmt: skip
    for n, name in enumerate(("audit_submitted", "audit_past")):
        gone = found[name][case]
        found["audit_submission"][case] = Submission.objects.create(
            audit_return=gone, reference=f"W-{n}-{case}", content={"questions": [], "people": [], "signatures": []},
            sha256=mark, folder=gone.folder, agency=gone.agency,
        )  # fmt: skip


def round_of(ground, name="audit_round") -> Round:
    return Round.objects.get(pk=laid(ground)[name].pk)


def set_of(ground) -> QuestionSet:
    return laid(ground)["audit_set"]


POSTS = {}
