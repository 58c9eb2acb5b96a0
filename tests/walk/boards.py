"""What the walk needs of the boards: a published group, a seat of it, challenges of each case; their valid posts."""

from django.utils import timezone

from boards.challenges import clocks, services
from boards.models import Challenge, Group, Seat
from partnership.people.roles import Role
from tests.walk import owning
from tests.walk.considering import only_those_of
from tests.walk.post import Post, day
from tests.world import canary, person


def group() -> Group:
    return Group.objects.select_related("folder").get(ref="quality")


def seat() -> Seat:
    return Seat.objects.filter(group__ref="quality", agency__slug="sotcc").get()


SAMPLES = {"board": group, "seat": seat}


def sample(name):
    return lambda ground: [[SAMPLES[name]().pk]]


TYPED = {"purpose": "Looks at practice.", "meets": "Monthly", "chair_rule": "The partners in turn", "source": ""}
TYPED |= {"kind": "subgroup", "papers_due": 5}
SAID = {"role": "member", "post": "Head of service", "agency": "", "organisation": "A club", "voting": "no"}
SAID |= {"represents": "sector", "standing": "observer"}


def _edited(ground, case, persona):
    row = group()
    return TYPED | {"name": row.name, "parent": row.parent_id or "", "version": row.version}


POSTS = {
    ("boards:group_add", ""): Post("group_added", lambda g, c, p: TYPED | {"name": "Task group on records"}),
    ("boards:group_edit", "board"): Post("group_changed", _edited),
    ("boards:group_close", "board"): Post("group_closed", lambda g, c, p: day("ends", timezone.localdate())),
    ("boards:seat_add", "board"): Post("seat_added", lambda g, c, p: SAID | day("starts", timezone.localdate())),
    ("boards:seat_edit", "seat"): Post("seat_changed", lambda g, c, p: SAID | {"version": seat().version}),
    ("boards:seat_give", "seat"): Post(
        "seat_given", lambda g, c, p: {"user": g.world.colleague.pk} | day("starts", timezone.localdate())
    ),
    ("boards:seat_end", "seat"): Post(
        "seat_ended", lambda g, c, p: {"vacant": "on"} | day("ends", timezone.localdate())
    ),
}


# --- challenges -------------------------------------------------------------------------------------------------------

MARKED = ("subject", "words", "wanted", "safety", "post", "challenged_post")
STATES = ("challenge", "challenge_answered", "challenge_last", "challenge_agreed", "challenge_done")


def laid(ground) -> dict:
    """sample -> {case name: challenge}, and "challenge_open": one about how organisations work. Made once a ground.

    On 'ours' the lead of the hospital trust (lead_same) raised each, and the lead of the other trust (lead_other)
    answers; besides them it has the people of the case, in their roles.
    """
    if not hasattr(ground, "_challenges"):
        ground._challenges = _lay(ground.world)
    return ground._challenges


def _lay(world):
    found = {state: {} for state in STATES}
    there = {
        "raiser": person("raiser_there", Role.AGENCY_LEAD, world.agencies["uhnm"]),
        "answerer": person("answerer_there", Role.AGENCY_STAFF, world.agencies["mpft"]),
    }
    for case, by, sides in (
        (world.ours, world.officer, {"raiser": world.lead_same, "answerer": world.lead_other}),
        (world.theirs, world.stranger, there),
    ):
        for state in STATES:
            row = _raised(world, by=by, about_child=True, **{each: canary(case.name, f"ch_{each}") for each in MARKED})
            only_those_of(case, row.folder)
            for side, user in sides.items():
                services.name(row, side, by=by, user=user)
            found[state][case.name] = _carried(row, state, case.name, by, sides["answerer"])
            Challenge.objects.unscoped(WHY).filter(pk=row.pk).update(case_word=canary(case.name, "ch_word"))
    plain = dict.fromkeys(MARKED, "How referrals are answered.")
    found["challenge_open"] = _raised(world, by=world.officer, about_child=False, **plain)
    return found


WHY = "the walk lays its own ground"


def _raised(world, *, by, **facts):
    row = services.raise_challenge(
        by=by, partnership=world.partnership, agency=world.agencies["uhnm"], challenged=world.agencies["mpft"],
        urgency="standard", on_behalf=True, **facts,
    )  # fmt: skip
    return Challenge.objects.unscoped(WHY).select_related("folder", "agency", "challenged").get(pk=row.pk)


def _carried(row, state, name, by, answerer):
    if state in ("challenge_last", "challenge_done"):
        for _ in range(clocks.LAST - 1):
            row = services.escalate(row, by=by, note=canary(name, "ch_because"), early=canary(name, "ch_because"))
        services.name(row, "answerer", by=by, user=answerer)
    if state in ("challenge_answered", "challenge_agreed"):
        row = services.answer(row, by=by, answer=canary(name, "ch_answer"), post=canary(name, "ch_answer_post"))
    if state == "challenge_agreed":
        row = services.agree(row, by=by, note=canary(name, "ch_agreed"))
    if state == "challenge_done":
        today, mark = timezone.localdate(), lambda what: canary(name, f"ch_{what}")
        said = {"adviser": mark("adviser"), "advice": mark("advice"), "adviser_on": today}
        row = services.advise(row, by=by, version=row.version, **said)
        decided = {"decision": mark("decision"), "decided_by_posts": mark("decided_by"), "decided_on": today}
        row = services.decide(row, by=by, **decided)
        row = services.close(row, by=by, learning=mark("learning"))
    return row


def challenge_sample(name):
    def of(ground):
        found = laid(ground)[name]
        return [[found.pk]] if name == "challenge_open" else [[found[case.name].pk] for case in ground.cases]

    return of


def _typed(ground, case, persona):
    """For one's own organisation, or by the unit for another."""
    world = ground.world
    role = world.people[persona].memberships.exclude(agency=None).first() if persona in world.people else None
    other = "uhnm" if role and role.agency == world.agencies["mpft"] else "mpft"
    return dict.fromkeys(MARKED, "Nothing more.") | {
        "about_child": "yes",
        "urgency": "day",
        "agency": role.agency_id if role else world.agencies["council"].name,
        "challenged": world.agencies[other].name,
    }


def _note(ground, case, persona):
    return {"note": "As it was said."}


def _decision(ground, case, persona):
    return {"decision": "A visit is made.", "decided_by_posts": "DCS"} | day("decided_on", timezone.localdate())


POSTS |= {
    ("boards:challenge_raise", ""): Post("challenge_raised", _typed),
    ("boards:challenge_answer", "challenge"): Post(
        "challenge_answer", lambda g, c, p: {"answer": "We visit.", "post": "Head"}
    ),
    ("boards:challenge_agree", "challenge_answered"): Post("challenge_agree", _note),
    ("boards:challenge_escalate", "challenge"): Post(
        "challenge_escalate", lambda g, c, p: {"note": "As it was said.", "early": "The child goes home today."}
    ),
    ("boards:challenge_withdraw", "challenge"): Post("challenge_withdraw", _note),
    ("boards:challenge_decide", "challenge_last"): Post("challenge_decide", _decision),
    ("boards:challenge_adviser", "challenge"): Post(
        "challenge_adviser",
        lambda g, c, p: {"adviser": "A former director", "version": 1} | day("adviser_on", timezone.localdate()),
    ),
    ("boards:challenge_close", "challenge_agreed"): Post("challenge_close", lambda g, c, p: {"learning": "Ring back."}),
    ("boards:challenge_reopen", "challenge_agreed"): Post("challenge_reopen", _note),
    ("boards:name_answerer", "challenge"): Post("challenge_named", lambda g, c, p: {"user": g.world.lead_other.pk}),
    ("boards:name_raiser", "challenge"): Post("challenge_named", lambda g, c, p: {"user": g.world.lead_same.pk}),
    ("boards:challenge_action", "challenge"): Post(
        "action_added",
        lambda g, c, p: (
            {"what": "Tell referrers", "owner": owning.someone(g), "when": "days", "days": "10"}
            | day("agreed_on", timezone.localdate())
        ),
    ),
    ("boards:challenge_seal", "challenge_open"): Post("folder_sealed"),
}
