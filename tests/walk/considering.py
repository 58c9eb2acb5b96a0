"""What the walk needs of a case before its rapid review: one that is considered, one closed, one noted, each twice."""

from datetime import timedelta

from django.utils import timezone

from partnership.access import services as access
from partnership.access.models import Conflict, FolderGrant
from partnership.people.roles import Role
from reviews import services as reviews
from reviews.considering import services
from reviews.models import Referral, Review
from tests.walk.post import Post, day, moment
from tests.world import canary

WHY = "the walk lays its own ground"
TEXTS = ("safety", "setting", "what_happened", "why", "other_agencies", "other_area", "agreed_by")


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if not hasattr(ground, "_considering"):
        ground._considering = _lay(ground.world)
    return ground._considering


def _lay(world):
    found = {"referral": {}, "considered": {}, "recorded": {}, "closed": {}, "noted": {}}
    for case, by, referrer in ((world.ours, world.officer, world.author), (world.theirs, world.stranger, None)):
        row = _referral(world, case, by, referrer)
        found["referral"][case.name], found["considered"][case.name] = row, row.review
        services.record_view(
            row.review, by=by, agency=world.agencies["police"], stance="met", reason=canary(case.name, "ref_view"),
            given_by=canary(case.name, "ref_giver"), channel="phone", given_at=timezone.now(),
        )  # fmt: skip
        recorded = _referral(world, case, by, None)
        services.decline(recorded, by=by, note=canary(case.name, "ref_outcome"))
        services.take_on(recorded, by=by, note=canary(case.name, "ref_outcome"))
        services.nobody_notifies(recorded.review, by=by, reason=canary(case.name, "ref_closed"))
        found["recorded"][case.name], found["closed"][case.name] = recorded, recorded.review
        found["noted"][case.name] = _noted(world, case, by)
    for name in ("considered", "closed", "noted"):
        for case in (world.ours, world.theirs):
            only_those_of(case, found[name][case.name].folder)
    for name, row in found["referral"].items():
        Referral.objects.unscoped(WHY).filter(pk=row.pk).update(case_word=canary(name, "ref_word"))
    return {
        name: {key: _fresh(Referral if name in ("referral", "recorded") else Review, row) for key, row in rows.items()}
        for name, rows in found.items()
    }


def _fresh(model, row):
    return model.objects.unscoped(WHY).select_related("folder").get(pk=row.pk)


def _referral(world, case, by, referrer):
    today = timezone.localdate()
    facts = {name: canary(case.name, f"ref_{name}") for name in TEXTS}
    facts |= {"records_secured": True, "agreed_on": today, "harm": "harm", "incident_on": today}
    on_behalf = {
        "source": "agency",
        "given_by": canary(case.name, "ref_post"),
        "channel": "phone",
        "given_at": timezone.now(),
    }
    row = services.refer(
        by=referrer or by, partnership=world.partnership, agency=world.agencies["uhnm"], kind="incident", facts=facts,
        child={"age_band": "1-4", "legal_status": "none"}, identity={"name": ""},
        on_behalf=None if referrer else on_behalf,
    )  # fmt: skip
    if referrer:  # the officer of the walk decides about it, as a manager of the day would
        access._let_in(row.folder, by, Role.CASE_LEAD, by=None, reason="walk")
    return row


def _noted(world, case, by):
    aware = timezone.now() - timedelta(days=3)
    facts = {
        "authority": world.agencies["council"], "incident_on": timezone.localdate(aware), "aware_at": aware,
        "sent_at": aware + timedelta(days=1), "harm": "death", "what_happened": canary(case.name, "ref_noted"),
    }  # fmt: skip
    return reviews.open_review(
        by=by, partnership=world.partnership, facts=facts, child={"age_band": "15-17", "legal_status": "lac"},
        kind="lac", rapid=False,
    )  # fmt: skip


def only_those_of(case, folder):
    """The same people as on the case itself, in the same roles: no more are let in than the columns say."""
    FolderGrant.objects.filter(content_object=folder).delete()
    for grant in FolderGrant.objects.filter(content_object=case.folder):
        FolderGrant.objects.create(
            content_object=folder, user=grant.user, permission=grant.permission, reason=grant.reason,
            starts=grant.starts, ends=grant.ends,
        )  # fmt: skip
    for bar in Conflict.objects.live().filter(folder=case.folder):
        Conflict.objects.create(
            folder=folder, user=bar.user, reason=bar.reason, note=bar.note, declared_by=bar.declared_by
        )


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


# --- valid posts ------------------------------------------------------------------------------------------------------


def _typed(ground, persona, **more):
    today = timezone.localdate()
    user = ground.world.people.get(persona)
    role = user.memberships.exclude(agency=None).first() if user else None
    said = dict.fromkeys(("safety", "what_happened", "why"), "Nothing more is known.")
    return (
        said
        | {"records_secured": "on", "agency": role.agency_id if role else "", "agreed_by": "A director"}
        | {"kind": "incident", "harm": "harm", "name": "Somebody", "age_band": "0", "legal_status": "none"}
        | day("agreed_on", today)
        | day("incident_on", today)
        | more
    )


def _recorded(ground, case, persona):
    sent = {"agency": ground.world.agencies["icb"].name, "source": "cdop", "given_by": "A chair", "channel": "phone"}
    return _typed(ground, persona) | sent | moment("given_at", timezone.now() - timedelta(hours=2))


def _notified(ground, case, persona):
    now = timezone.now()
    return (
        {
            "authority": ground.world.agencies["council"].pk,
            "kind": "incident",
            "harm": "harm",
            "what_happened": "A fall.",
        }
        | moment("aware_at", now - timedelta(days=1))
        | moment("sent_at", now - timedelta(hours=1))
        | day("incident_on", timezone.localdate(now - timedelta(days=2)))
    )


def _seat(ground, persona):
    user = ground.world.people.get(persona)
    names = {"signer_council": "la", "signer_icb": "icb", "signer_police": "police", "deputy_police": "police"}
    return names.get(persona, "la") if user else "la"


def _given(ground, case, persona):
    sent = {"agency": ground.world.agencies["icb"].pk, "stance": "silent", "reason": "Rang twice.", "channel": "phone"}
    return sent | moment("given_at", timezone.now() - timedelta(hours=1))


POSTS = {
    ("reviews:refer", ""): Post("referral_given", lambda g, c, p: _typed(g, p)),
    ("reviews:record_referral", ""): Post("referral_given", _recorded),
    ("reviews:decide_referral", "referral"): Post("referral_take", lambda g, c, p: {"taken": "yes"}),
    ("reviews:take_back_referral", "referral"): Post("referral_withdraw", lambda g, c, p: {"reason": "A mistake."}),
    ("reviews:council_aware", "considered"): Post(
        "council_aware",
        lambda g, c, p: {"authority": g.world.agencies["council"].pk} | moment("aware_at", timezone.now()),
    ),
    ("reviews:give_view", "considered"): Post(
        "criteria_view_given", lambda g, c, p: {"seat": _seat(g, p), "stance": "met", "reason": "Two agencies knew."}
    ),
    ("reviews:record_view", "considered"): Post("criteria_view_given", _given),
    ("reviews:notify_considered", "considered"): Post("review_notify", _notified),
    ("reviews:notify_considered", "considered note"): Post(
        "review_note", lambda g, c, p: _notified(g, c, p) | {"kind": "lac", "criteria": "no", "harm": "death"}
    ),
    ("reviews:decide_referral", "referral decline"): Post(
        "referral_decline", lambda g, c, p: {"taken": "no", "note": "This is for the child death review."}
    ),
    ("reviews:nobody_notifies", "considered"): Post("review_close", lambda g, c, p: {"reason": "It is explained."}),
    ("reviews:consider_again", "closed"): Post("review_consider", lambda g, c, p: {"reason": "More is known."}),
    ("reviews:begin_rapid_review", "noted"): Post(
        "review_begin",
        lambda g, c, p: (
            moment("aware_at", timezone.now() - timedelta(hours=2))
            | moment("sent_at", timezone.now() - timedelta(minutes=5))
        ),
    ),
}
