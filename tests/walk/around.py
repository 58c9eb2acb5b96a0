"""What the walk needs beside a case: a proceeding, another area's interest, a linked review; and their posts."""

from reviews.around import services
from reviews.models import Notification
from tests.walk.post import Post, day
from tests.world import canary

WHY = "the walk lays its own ground"


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_around"):
        ground._around = _lay(ground)
    return ground._around


def _lay(ground):
    from tests.walk import considering

    found = {"proceeding": {}, "interest": {}, "review_link": {}, "notice_of": {}}
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        mark = lambda what, name=case.name: canary(name, f"around_{what}")  # noqa: E731
        found["proceeding"][case.name] = services.add_proceeding(
            case.review, by=by, kind="police", contact=mark("contact"), reference=mark("reference"), note=mark("note")
        )
        found["interest"][case.name] = services.add_interest(
            case.review, by=by, partnership=mark("partnership"), contact=mark("reached"), why=mark("why")
        )
        other = considering.laid(ground)["noted"][case.name]
        found["review_link"][case.name] = services.link(case.review, other, by=by, why=mark("linked"))
        notice = Notification.objects.unscoped(WHY).get(review=case.review)
        notice.notifier, notice.agencies_involved, notice.media_interest = mark("n1"), mark("n2"), mark("n3")
        notice.save()
        found["notice_of"][case.name] = notice
        child = ground.world.cases[case.name].child
        child.disability, child.placed_by, child.panel_reference = mark("c1"), mark("c2"), mark("c3")
        child.save(update_fields=["disability", "placed_by", "panel_reference"])
    return found


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _changed(ground, case, persona):
    row = Notification.objects.unscoped(WHY).get(review=case.review)
    words = {"harm": "harm", "what_happened": "Another word.", "police_involved": "yes", "version": row.version}
    return words | {"authority": row.authority_id} | day("incident_on", row.incident_on)


def _linked(ground, case, persona):
    from tests.walk import considering

    return {"other": considering.laid(ground)["closed"][case.name].pk, "why": "The same family."}


AREA = {"partnership": "Another county", "why": "A brother lives there."}
POSTS = {
    ("reviews:change_notification", "notice_of"): Post("notification_changed", _changed),
    ("reviews:change_child", "child"): Post(
        "child_changed",
        lambda g, c, p: {"outcome": "concern", "age_band": "0", "legal_status": "cp", "sex": "female", "version": 1},
    ),
    ("reviews:proceeding_add", "review"): Post("proceeding_added", lambda g, c, p: {"kind": "coroner"}),
    ("reviews:proceeding_edit", "proceeding"): Post(
        "proceeding_changed", lambda g, c, p: {"kind": "coroner", "version": 1}
    ),
    ("reviews:interest_add", "review"): Post("interest_added", lambda g, c, p: AREA),
    ("reviews:interest_edit", "interest"): Post("interest_changed", lambda g, c, p: AREA | {"version": 1}),
    ("reviews:link_review", "review"): Post("review_linked", _linked),
    ("reviews:unlink_review", "review_link"): Post("review_unlinked"),
}
