"""What the walk needs of endings: holds and what ended before on each case, and the posts that end one."""

from datetime import timedelta

from django.utils import timezone

from reviews.ending import services
from reviews.models import Closing, LegalHold, Notification, NotificationWithdrawal, Review
from tests.walk.post import Post, day, moment
from tests.world import canary

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """case name -> a hold that stands. Made once a ground, straight: the cases of the walk go on."""
    if not hasattr(ground, "_ending"):
        world = ground.world
        pairs = ((world.ours, world.officer), (world.theirs, world.stranger))
        ground._ending = {case.name: _lay(case, by) for case, by in pairs}
    return ground._ending


def _lay(case, by):
    now, today = timezone.now(), timezone.localdate()
    mark = lambda what: canary(case.name, f"ended_{what}")  # noqa: E731
    common = {"folder": case.folder, "review": case.review}
    Closing.objects.create(
        was="sent", note=mark("note"), closed_by=by, reopened_by=by, reopened_at=now, reopened_why=mark("again"),
        **common,
    )  # fmt: skip
    NotificationWithdrawal.objects.create(
        withdrawn_on=today, reason=mark("why"), withdrawn_by=mark("post"), panel_told_on=today, recorded_by=by,
        aware_at=now, sent_at=now, panel_reference=mark("number"), late_reason=mark("late"), notified_again_at=now,
        **common,
    )  # fmt: skip
    held = {"body": mark("body"), "reason": mark("held"), "asked_on": today, "set_by": by}
    LegalHold.objects.create(lifted_by=by, lifted_at=now, lifted_why=mark("lifted"), **held, **common)
    return LegalHold.objects.create(**held, **common)


def sample(ground):
    return [[laid(ground)[case.name].pk] for case in ground.cases]


def _stands(case, status):
    """The visit takes it back."""
    Review.objects.unscoped(WHY).filter(pk=case.review.pk).update(status=status)


def _to_close(ground, case, persona):
    _stands(case, "sent")
    return {"seen": services.what_follows(Review.objects.unscoped(WHY).select_related("folder").get(pk=case.review.pk))}


def _closed(was):
    def build(ground, case, persona):
        _stands(case, "finished")
        by = ground.world.officer
        Closing.objects.create(folder=case.folder, review=case.review, was=was, closed_by=by)
        return {"reason": "The Panel asked again."}

    return build


def _to_withdraw(ground, case, persona):
    words = {"withdrawn_by": "Director", "reason": "The criteria were not met."}
    return words | day("withdrawn_on", timezone.localdate()) | day("panel_told_on", timezone.localdate())


def _to_notify(ground, case, persona):
    notice = Notification.objects.unscoped(WHY).get(review=case.review)
    _stands(case, "withdrawn")
    NotificationWithdrawal.objects.create(
        folder=case.folder, review=case.review, withdrawn_on=timezone.localdate(notice.sent_at), reason="Not met.",
        withdrawn_by="Director", panel_told_on=timezone.localdate(), aware_at=notice.aware_at, sent_at=notice.sent_at,
        recorded_by=ground.world.officer,
    )  # fmt: skip
    now = timezone.now()
    return moment("aware_at", now - timedelta(hours=3)) | moment("sent_at", now - timedelta(minutes=5))


def _to_hold(ground, case, persona):
    return {"body": "The coroner", "reason": "An inquest."} | day("asked_on", timezone.localdate())


POSTS = {
    ("reviews:close", "review"): Post("review_finish", _to_close),
    ("reviews:reopen", "review"): Post("review_reopen", _closed("sent")),
    ("reviews:reopen", "review withdrawn"): Post("review_reopen_withdrawn", _closed("withdrawn")),
    ("reviews:withdraw_notification", "review"): Post("review_withdraw", _to_withdraw),
    ("reviews:notify_again", "review"): Post("review_renotify", _to_notify),
    ("reviews:hold_set", "review"): Post("hold_set", _to_hold),
    ("reviews:hold_lift", "hold"): Post("hold_lifted", lambda g, c, p: {"reason": "The inquest is over."}),
}
