"""What the walk needs of the Panel's replies: one a case, and the posts that record and answer one."""

from datetime import timedelta

from django.utils import timezone

from partnership.access.rows import can
from partnership.documents.models import Version
from partnership.people.models import Agency
from partnership.people.roles import Perm
from reviews import sending
from reviews.models import LeadTold, PanelReply, ReplyCorrection, ScrutinyComment
from tests.walk.post import Post, day
from tests.world import canary


def laid(ground) -> dict:
    """case name -> a reply. Made once a ground, straight: the cases of the walk are not sent."""
    if not hasattr(ground, "_panel"):
        ground._panel = {
            case.name: PanelReply.objects.create(
                folder=case.folder, review=case.review, received_on=timezone.localdate(), code="question",
                words=canary(case.name, "panel_words"), recorded_by=by,
            )
            for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger))
        }  # fmt: skip
        for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
            _beside(case, ground._panel[case.name], by)
    return ground._panel


def _beside(case, reply, by):
    """What stood of the reply before, what the scrutineer said of the report, and how a lead partner was told."""
    now = timezone.now()
    ReplyCorrection.objects.create(
        folder=case.folder, reply=reply, was_on=reply.received_on, was_code="agrees", recorded_by=by, recorded_at=now,
        corrected_by=by, was_words=canary(case.name, "panel_before"), reason=canary(case.name, "panel_why"),
    )  # fmt: skip
    ScrutinyComment.objects.create(folder=case.folder, review=case.review, by=by, words=canary(case.name, "scrutiny"))
    LeadTold.objects.create(
        folder=case.folder, decision=case.decision, agency=Agency.objects.get(slug="sotcc"), told_at=now,
        how=canary(case.name, "lead_told"), recorded_by=by,
    )  # fmt: skip


def sample(ground):
    return [[laid(ground)[case.name].pk] for case in ground.cases]


def _sent(ground, case, persona):
    """A case that was sent an hour ago by the one who records the reply; the visit takes it back."""
    user = ground.world.people.get(persona)
    if user is not None and can(user, Perm.SEND, case.review):
        now = timezone.now()
        Version.objects.filter(pk=case.version.pk).update(made_at=now - timedelta(hours=3))
        sending.record_sending(
            case.review, by=user, version=Version.objects.get(pk=case.version.pk),
            sent_at=now - timedelta(minutes=1), due_on=timezone.localdate(),
        )  # fmt: skip
    return {"code": "agrees", "words": "We agree."} | day("received_on", timezone.localdate())


def _corrected(ground, case, persona):
    """The reply of a case that was sent, in other words."""
    said = _sent(ground, case, persona)
    return said | {"words": "We disagree.", "reason": "Typed wrongly.", "version": 1}


def _answered(ground, case, persona):
    row, now = laid(ground)[case.name], timezone.now()
    facts = {"answered_on": row.received_on, "answer": "As typed.", "answered_by": row.recorded_by}
    PanelReply.objects.filter(pk=row.pk).update(**facts, answer_recorded_at=now)
    typed = {"answer": "We answered.", "reason": "Typed wrongly.", "version": 1}
    return typed | day("answered_on", timezone.localdate())


POSTS = {
    ("reviews:record_reply", "review"): Post("panel_replied", _sent),
    ("reviews:answer_reply", "panel_reply"): Post(
        "panel_answered", lambda g, c, p: {"answer": "We answered."} | day("answered_on", timezone.localdate())
    ),
    ("reviews:correct_reply", "panel_reply"): Post("panel_reply_corrected", _corrected),
    ("reviews:correct_answer", "panel_reply"): Post("panel_answer_corrected", _answered),
}
