"""What the walk needs of answering: a section of a return, the shared answers of two trusts, and their posts.

The trust of 'ours' is where the persona lead_other leads; in that of 'theirs' there is nobody.
"""

import json

from audits.models import Answer, AuditReturn, TrustAnswer, Wording
from partnership.people.models import Agency
from tests.walk import auditing
from tests.walk.post import Post
from tests.world import canary

WHY = "the walk lays its own ground"
SECTIONS = {"audit_section": "audit_return", "audit_section_past": "audit_past"}
NAMES = (*SECTIONS, "audit_trust")


def laid(ground) -> dict:
    """sample -> {case name: the arguments of the address}. Made once a ground."""
    if "answering_audits" not in ground.__dict__:
        found = auditing.laid(ground)
        _not_applying(found["audit_past"])
        ground.answering_audits = {
            name: {case.name: [found[of][case.name].pk, "leading"] for case in ground.cases}
            for name, of in SECTIONS.items()
        } | {"audit_trust": _trusts(ground.world, found["audit_return"])}
    return ground.answering_audits


def _not_applying(returns):
    """In last year's returns the policy was one that does not apply."""
    for case, row in returns.items():
        answers = Answer.objects.unscoped(WHY).filter(audit_return=row, question__code="policy")
        answers.update(code="", na_reason=canary(case, "au_na"))


def _trusts(world, returns) -> dict:
    alone = Agency.objects.filter(kind="provider").exclude(pk__in=[each.pk for each in world.agencies.values()])
    trusts, found = {"ours": world.agencies["mpft"], "theirs": alone.order_by("name").first()}, {}
    for case, trust in trusts.items():
        row = returns[case]
        AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(trust=trust)
        wording = Wording.objects.get(set_version=row.round.set_version, question__code="governors")
        TrustAnswer.objects.create(
            folder=row.folder, agency=trust, round=row.round, question=wording.question, wording=wording,
            na_reason=canary(case, "tu_na"),
            text=canary(case, "tu_text"),
        )  # fmt: skip
        found[case] = [row.round_id, trust.pk]
    return found


def sample(name):
    return lambda ground: [laid(ground)[name][case.name] for case in ground.cases]


def _typed(question, /, **values):
    """Another answer to a question that has one already."""

    def build(ground, case, persona):
        row = auditing.laid(ground)["audit_return"][case.name]
        key = Wording.objects.get(set_version=row.round.set_version, question__code=question).pk.hex
        said = {f"{key}_{name}": value for name, value in values.items()}
        return said | {"read_answers": json.dumps({key: "1.as-read"}), "then": "stay"}

    return build


POSTS = {
    ("audits:audit_return", "audit_asked"): Post("audit_return_begin"),
    ("audits:return_section", "audit_section"): Post("answers_saved", _typed("policy", code="met", text="")),
    ("audits:trust_answers", "audit_trust"): Post("trust_answers_saved", _typed("governors", code="no", text="")),
}
