"""What the walk needs of how groups work: a group with a chair and a member of each of two organisations, its terms of
reference, a board that it works with, its arrangements; the valid posts of their pages."""

from types import SimpleNamespace

from django.utils import timezone

from boards.groups import governance, services
from boards.models import Arrangement
from tests.walk.post import Post, day


def laid(ground):
    """Made once a ground: led (the group), seat (of who may chair next), terms, other."""
    if not hasattr(ground, "_governing"):
        world = ground.world
        by, today = world.manager, timezone.localdate()
        led = services.add_group(by=by, partnership=world.partnership, name="Group that is led", parent=None)
        facts = {"by": by, "starts": today}
        services.add_seat(
            led, user=world.board_member, agency=world.agencies["uhnm"], role="chair", post="Director", **facts
        )
        seat = services.add_seat(
            led, user=world.school_outside, agency=world.agencies["mpft"], role="member", post="Director", **facts
        )
        terms = governance.add_terms(led, by=by, words="It leads.", in_force_from=today)
        other = governance.add_other(led, by=by, name="Health and Wellbeing Board")
        ground._governing = SimpleNamespace(led=led, seat=seat, terms=terms, other=other)
    return ground._governing


def sample(name):
    def of(ground):
        if name == "arrangement":
            return [[Arrangement.objects.get(ref="stoke-about-us").pk]]
        return [
            [{"led_board": laid(ground).led, "terms": laid(ground).terms, "other_body": laid(ground).other}[name].pk]
        ]

    return of


def _from_today(facts):
    return lambda ground, case, persona: facts | day("starts", timezone.localdate())


def _quorum(ground, case, persona):
    agencies = ground.world.agencies
    facts = {"holds": "yes", "at_least": 2, "all_of": [agencies["uhnm"].pk, agencies["mpft"].pk], "version": 0}
    return facts | day("starts", timezone.localdate())


def _rotation(ground, case, persona):
    agencies = ground.world.agencies
    facts = {
        "holds": "yes",
        "every_months": 6,
        "first": agencies["uhnm"].pk,
        "second": agencies["mpft"].pk,
        "version": 0,
    }
    return facts | day("starts", timezone.localdate())


def _terms(**facts):
    said = {"words": "It leads and listens.", "approved_words": "The Executive"} | facts
    return lambda ground, case, persona: said | day("in_force_from", timezone.localdate())


OTHER = {"name": "Community Safety Partnership", "shared": "Figures", "together": "A plan", "through": "The chair"}
POSTS = {
    ("boards:arrangement_add", ""): Post("arrangement_added", lambda g, c, p: {"name": "Arrangements of 2030"}),
    ("boards:arrangement_edit", "arrangement"): Post(
        "arrangement_changed", lambda g, c, p: {"name": "Arrangements of today", "version": 1}
    ),
    ("boards:terms_add", "led_board"): Post("terms_added", _terms()),
    ("boards:terms_edit", "terms"): Post("terms_changed", _terms(version=1)),
    ("boards:quorum", "led_board"): Post("quorum_set", _quorum),
    ("boards:rotation", "led_board"): Post("rotation_set", _rotation),
    ("boards:hand_over", "led_board"): Post(
        "chair_handed_over", lambda g, c, p: {"to": laid(g).seat.pk} | day("starts", timezone.localdate())
    ),
    ("boards:other_body_add", "led_board"): Post("other_body_added", lambda g, c, p: OTHER),
    ("boards:other_body_edit", "other_body"): Post("other_body_changed", lambda g, c, p: OTHER | {"version": 1}),
}
