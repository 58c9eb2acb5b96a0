"""What the walk needs of guests: one who came in a case (on 'ours' the persona), and one in every other state."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import links
from reviews.guests import services
from reviews.guests.codes import code_of
from reviews.models import Guest
from tests.reviews.guests import BOTH, come_in, fresh, link_of, ring
from tests.walk.post import Post, day, moment
from tests.world import canary

WHY = "the walk lays its own ground"
BODY, OTHER = "nursery", "minder"


def laid(ground) -> dict:
    """state -> {case name: guest}. Made once a ground."""
    if not hasattr(ground, "_guests"):
        world, found = ground.world, {}
        for case, by in ((world.ours, world.officer), (world.theirs, world.stranger)):
            for state in ("joined", "named", "called", "invited", "blocked"):
                found.setdefault(state, {})[case.name] = _lay(case, by, state)
        ground._guests = found
    return ground._guests


def _lay(case, by, state):
    came_in = state == "joined"
    word = f"{case.name}-{BODY if came_in else OTHER}"
    # What was asked is read on the request of the one who came in; how she was made sure of, on the others' pages.
    asked = _words(word, ("purpose", "letter_from", "letter_purpose"), came_in)
    made_sure = _words(word, ("post", "telephone", "found_at", "called_number", "answered_by"), not came_in)
    marked = {name: made_sure[name] for name in ("post", "telephone", "found_at")}
    # The persona meets her own name and address; nobody meets those of the others but the people of the case.
    own = {"name": "Guest Persona", "email": f"guest-{case.name}@portal.example"}
    others = {"name": canary(word, "outside_author"), "email": f"{canary(word, 'email')}@{state}.example"}
    today = timezone.localdate()
    letter = {name: asked[name] for name in ("letter_from", "letter_purpose")}
    guest = services.ask_outside(
        case.review, by=by, body=canary(word, "outside"), kind="early", due_on=today + timedelta(days=4),
        purpose=asked["purpose"], letter=letter | {"letter_sent_on": today},
        **marked, **(own if came_in else others),
    )  # fmt: skip
    said = {"number": made_sure["called_number"], "answered_by": made_sure["answered_by"]}
    if state in ("joined", "called", "invited"):
        guest = ring(guest, by=by, found_at=made_sure["found_at"], **said)
    if state in ("joined", "invited"):
        guest = services.invite(guest, by=by)
    if came_in:
        guest = come_in(guest)
    if state == "blocked":
        guest = services.block(guest, by=by, version=guest.version, note=canary(word, "note"))
    return fresh(guest)


def _words(word, names, marked) -> dict:
    return {name: canary(word, name) if marked else "As it was said" for name in names}


def sample(state):
    return lambda ground: [[laid(ground)[state][case.name].pk] for case in ground.cases]


def requests(ground):
    return [[laid(ground)["joined"][case.name].row_id] for case in ground.cases]


def doors(ground):
    """A link that is good, and one that was used."""
    if not hasattr(ground, "_doors"):
        good, used = laid(ground)["invited"]["ours"], laid(ground)["joined"]["ours"]
        ground._doors = [[links.token_of(link_of(good))], [links.token_of(_link_used(used))]]
    return ground._doors


def _link_used(guest):
    from partnership.access.models import Link

    return Link.objects.get(object_id=guest.pk)


def _named(ground, case):
    return Guest.objects.unscoped(WHY).get(pk=laid(ground)["named"][case.name].pk)


def _outside(ground, case, persona):
    today = timezone.localdate()
    words = {
        "body": "A club", "kind": "voluntary", "name": "Some Body", "post": "Chair", "email": "chair@club.example",
        "telephone": "01782 555 020", "found_at": "The register of charities", "purpose": "Search your records.",
        "letter_from": "A post", "letter_purpose": "The rapid review.",
    }  # fmt: skip
    return words | day("due_on", today + timedelta(days=3)) | day("letter_sent_on", today)


def _call(ground, case, persona):
    words = {"number": "01782 555 020", "found_at": "A register", "answered_by": "Office", "confirmed": "on"}
    return words | {"version": _named(ground, case).version} | moment("called_at", timezone.now())


POSTS = {
    ("reviews:ask_outside", "review"): Post("outside_asked", _outside),
    ("reviews:guest_call", "guest_named"): Post("guest_call", _call),
    ("reviews:guest_invite", "guest_called"): Post("guest_invite"),
    ("reviews:guest_block", "guest_named"): Post(
        "guest_block", lambda g, c, p: {"note": "It was not them.", "version": _named(g, c).version}
    ),
    ("reviews:guest_join", "guest_link"): Post(
        "guest_join", lambda g, c, p: {"code": code_of(laid(g)["invited"]["ours"]), **BOTH}
    ),
    ("reviews:withdraw", "guest_return"): Post("guest_end", lambda g, c, p: {"note": "Asked by mistake."}),
    ("reviews:write_return", "guest_return"): Post("return_saved", lambda g, c, p: {"family": "Typed.", "version": 1}),
    ("reviews:declare", "guest_return"): Post("conflict_declared", lambda g, c, p: {"reason": "personal"}),
}
