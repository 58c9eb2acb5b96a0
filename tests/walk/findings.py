"""What the walk needs of a review's findings: an episode, a safety action, a recommendation, themes; their posts."""

from reviews.findings import reads, services
from reviews.models import Episode, Recommendation, SafetyAction
from tests.walk.post import Post
from tests.world import canary

MODELS = {"episode": Episode, "safety": SafetyAction, "recommendation": Recommendation}
TYPED = {
    "episode": {"title": "The first visit", "happened": "Nobody was at home."},
    "safety": {"what": "A sibling was seen."},
    "recommendation": {"words": "Ask who lives there."},
}


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_findings"):
        ground._findings = _lay(ground)
    return ground._findings


def _lay(ground):
    found = {"episode": {}, "safety": {}, "recommendation": {}}
    council = ground.world.agencies["council"]
    for case, by in ((ground.world.ours, ground.world.officer), (ground.world.theirs, ground.world.stranger)):
        mark = lambda what, name=case.name: canary(name, f"found_{what}")  # noqa: E731
        named = {"by": by, "agencies": [council], "other_agencies": mark("others")}
        found["episode"][case.name] = services.add(
            Episode, case.review, title=mark("title"), happened=mark("happened"), analysis=mark("analysis"), **named
        )
        found["safety"][case.name] = services.add(SafetyAction, case.review, what=mark("what"), **named)
        found["recommendation"][case.name] = services.add(
            Recommendation, case.review, words=mark("words"), success=mark("success"), **named
        )
        for kind, model in MODELS.items():  # one to change places with
            services.add(model, case.review, by=by, **TYPED[kind])
        services.choose_themes(case.review, by=by, codes=["babies"], local=[mark("theme")], read=reads.read_of([]))
    return found


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _themes(ground, case, persona):
    by = ground.world.officer if case.name == "ours" else ground.world.stranger
    return {"codes": ["sharing"], "local": "Another.", "read": reads.read_of(reads.themes(by, case.review))}


def _agreed(ground, case, persona):
    facts = {"what": "Ask at each visit who lives at home.", "place": "case", "when": "days", "days": "20"}
    return facts | {"owner_1": f"{ground.world.agencies['uhnm'].pk}:{ground.world.colleague.pk}"}


POSTS = {
    ("reviews:themes", "review"): Post("themes_chosen", _themes),
    ("reviews:make_action", "recommendation"): Post("action_added", _agreed),
}
for _kind, _typed in TYPED.items():
    POSTS |= {
        (f"reviews:{_kind}_add", "review"): Post("finding_added", lambda g, c, p, typed=_typed: typed),
        (f"reviews:{_kind}_edit", _kind): Post("finding_changed", lambda g, c, p, typed=_typed: typed | {"version": 1}),
        (f"reviews:{_kind}_remove", _kind): Post("finding_removed", lambda g, c, p: {"version": 1}),
    }
    POSTS[f"reviews:{_kind}_move", _kind] = Post("finding_moved", lambda g, c, p: {"to": "down"})
