"""What the walk needs of the pages of one action: one in each state, in the groups and in the cases; their posts."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.actions import closing, dates, services
from partnership.actions.models import Action
from partnership.documents.models import Document, Version
from partnership.documents.services import keep
from tests.walk import acting
from tests.walk.post import Post, day
from tests.world import canary

WHY = "the walk's own"
STATES = (
    "closing_action", "case_closing", "parked_action", "closed_action", "last_part", "asked_action", "asked_date",
    "evidence", "evidence_file",
)  # fmt: skip


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if "owning" not in ground.__dict__:
        ground.owning = {name: {} for name in STATES}
        for case in ground.cases:
            _lay(ground, case)
    return ground.owning


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _by(ground, case):
    return ground.world.officer if case.name == "ours" else ground.world.stranger


def _lay(ground, case):
    name, by, found = case.name, _by(ground, case), ground.owning
    group, first = acting.laid(ground)["group"][name], acting.laid(ground)["action"][name]
    owner = first.owner

    def add(what, **facts):
        due_on = None if facts.get("parked") else _in(30)
        who = {"owner": owner, "agency": first.agency, "due_on": due_on, "what": canary(name, f"group_{what}")}
        return services.add(group, by=by, **who | facts)

    def asked(row):
        services.add_evidence(row, by=owner, words=canary(name, "group_shown"))
        return closing.ask_close(row, by=owner, closing_words=canary(name, "group_closing"))

    found["closing_action"][name] = asked(add("closing"))
    found["parked_action"][name] = add("idea", parked=True)
    ended = add("ended")
    found["closed_action"][name] = closing.cancel(ended, by=by, note=canary(name, "group_note"))
    whole = add("whole", owner=None, agency=None, whole=True)
    part = {"agency": first.agency, "owner": owner, "what": canary(name, "group_part")}
    (last,) = services.split(whole, by=by, version=whole.version, parts=[part])
    found["last_part"][name] = asked(last)
    waits = found["asked_action"][name] = add("waits")
    reason = canary(name, "group_reason")
    found["asked_date"][name] = dates.ask_date(waits, by=owner, wanted=_in(60), reason=reason)
    found["evidence"][name] = services.add_evidence(waits, by=owner, words=canary(name, "group_found"))
    found["evidence_file"][name] = _file(waits, name, owner)
    of_case = acting.laid(ground)["case_action"][name]
    more = services.add(
        case.folder, by=by, owner=of_case.owner, agency=of_case.agency, due_on=_in(30), what=canary(name, "act_more")
    )
    services.add_evidence(more, by=more.owner, words=canary(name, "act_evidence"))
    found["case_closing"][name] = closing.ask_close(more, by=more.owner, closing_words=canary(name, "act_closing"))


def _file(row, name, owner):
    title = canary(name, "group_file")
    version = keep(
        b"What was done.", folder=row.folder, title=title, name=f"{title}.txt", content_type="text/plain",
        marking="official", by=owner,
    )  # fmt: skip
    for model, rows in ((Version, {"pk": version.pk}), (Document, {"pk": version.document_id})):
        model.objects.unscoped(WHY).filter(**rows).update(apart=True)
    return services.add_evidence(row, by=owner, document=version.document)


def _in(days):
    return timezone.localdate() + timedelta(days=days)


def _version(pk):
    return Action.objects.unscoped(WHY).get(pk=pk).version


def _of(name):
    """The row that a visit of this sample is about."""

    def row(ground, case):
        rows = laid(ground) if name in STATES else acting.laid(ground)
        return rows[name][case.name]

    return row


def someone(ground, persona="author"):
    """Somebody of the hospital trust, as the field of owners sends them."""
    return f"{ground.world.agencies['uhnm'].pk}:{ground.world.people[persona].pk}"


def added_by_hand(ground, case, persona):
    facts = {"what": "Publish the rota", "owner": someone(ground), "when": "days", "days": "10"}
    return facts | day("agreed_on", timezone.localdate())


def _update(ground, case, persona):
    said = {"words": "Two of three wards.", "outlook": "on_track", "given_by": "A post", "channel": "meeting"}
    return said | day("happened_on", timezone.localdate())


def _evidence(ground, case, persona):
    return {"words": "The list.", "file": SimpleUploadedFile("list.txt", b"Who came.")}


def _versioned(sample, data):
    row = _of(sample)
    return lambda g, c, p: data(g) | {"version": _version(row(g, c).pk)}


def _given(sample):
    """To a colleague of whoever has it: the author has the case's."""
    return lambda g: {"owner": someone(g, "colleague" if sample == "case_action" else "author")}


def _edited(g):
    return {"what": "Tell the wards"} | day("agreed_on", timezone.localdate())


def _done(g):
    return {"closing_words": "All wards.", "words": "The list."}


def _split(g):
    return {"owner_1": f"{g.world.agencies['police'].pk}:{g.world.deputy_police.pk}"}


def _moved(g):
    return {"reason": "The meeting moved."} | day("due_on", _in(40))


def _ticked(ground, case, persona):
    """What this person may approve: a case lead in her case, the chair and the manager in the group.

    Whoever is barred from the case ticks one of it too, and it is not there.
    """
    name = "case_closing" if persona in ("officer", "stranger", "barred") else "closing_action"
    row = laid(ground)[name]["theirs" if persona == "stranger" else "ours"]
    return {"rows": [f"{row.pk}:{_version(row.pk)}"]}


NOTE = {"note": "Agreed by the group."}
POSTS = {
    ("actions:to_approve", ""): Post("action_approve", _ticked),
    ("actions:start", "parked_action"): Post(
        "action_start", lambda g, c, p: {"owner": someone(g), "when": "days", "days": "10"}
    ),
    ("actions:approve", "closing_action"): Post("action_approve", _versioned("closing_action", lambda g: {})),
    ("actions:approve", "case_closing"): Post("action_approve", _versioned("case_closing", lambda g: {})),
    ("actions:approve", "last_part"): Post("action_complete", _versioned("last_part", lambda g: {})),
    ("actions:send_back", "closing_action"): Post("action_send_back", lambda g, c, p: NOTE),
    ("actions:send_back", "case_closing"): Post("action_send_back", lambda g, c, p: NOTE),
    ("actions:reopen", "closed_action"): Post("action_reopen", lambda g, c, p: NOTE | day("due_on", _in(20))),
    ("actions:decide_date", "asked_date"): Post("date_change_grant", lambda g, c, p: {"decision": "grant"}),
    ("actions:decide_date", "asked_date refuse"): Post(
        "date_change_refuse", lambda g, c, p: {"decision": "refuse", "why_not": "It is needed before winter."}
    ),
    ("actions:withdraw_date", "asked_date"): Post("date_change_withdraw"),
    ("actions:set_due", "asked_action"): Post("date_change_lapse", _versioned("asked_action", _moved)),
    ("actions:evidence_remove", "evidence"): Post("action_evidence_removed"),
}
for _sample in ("action", "case_action"):
    POSTS |= {
        ("actions:edit", _sample): Post("action_changed", _versioned(_sample, _edited)),
        ("actions:split", _sample): Post("action_split", _versioned(_sample, _split)),
        ("actions:give", _sample): Post("action_given", _versioned(_sample, _given(_sample))),
        ("actions:park", _sample): Post("action_park", lambda g, c, p: NOTE),
        ("actions:cancel", _sample): Post("action_cancel", lambda g, c, p: NOTE),
        ("actions:update", _sample): Post("action_updated", _update),
        ("actions:evidence_add", _sample): Post("action_evidence_added", _evidence),
        ("actions:ask_date", _sample): Post(
            "action_date_asked", lambda g, c, p: {"reason": "Two nurses left."} | day("wanted", _in(60))
        ),
        ("actions:set_due", _sample): Post("date_change_grant", _versioned(_sample, _moved)),
        ("actions:rate", _sample): Post("action_rag_set", lambda g, c, p: {"colour": "amber", "reason": "Short."}),
        ("actions:ask_close", _sample): Post("action_ask_close", _versioned(_sample, _done)),
    }
for _sample in ("group", "folder"):
    POSTS["actions:add", _sample] = Post("action_added", added_by_hand)
