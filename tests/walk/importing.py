"""Risks and logs of the walk: of the group on which some personas sit ('ours'), and of the one on which none does.

The trust's practitioner owns the risk of 'ours', so her lead sees it too; a log that waits is the business unit's.
"""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.actions import services as acting
from partnership.actions.importing import receiving, services
from partnership.actions.risks import services as risks
from tests.walk import acting as groups
from tests.walk import owning
from tests.walk.post import Post
from tests.walk.samples import LOGS
from tests.world import canary


def laid(ground) -> dict:
    """sample -> {case name: row}. Made once a ground."""
    if "importing" not in ground.__dict__:
        ground.importing = {name: {} for name in LOGS}
        for case in ground.cases:
            _lay(ground, case)
    return ground.importing


def _lay(ground, case):
    world, name, found = ground.world, case.name, ground.importing
    folder, action = (groups.laid(ground)[what][name] for what in ("group", "action"))
    by = world.officer if name == "ours" else world.stranger
    facts = {"by": by, "likelihood": 4, "impact": 4}
    texts = {each: canary(name, f"group_risk_{each}") for each in ("what", "cause", "effect", "controls", "note")}
    found["risk"][name] = risks.add(folder, owner=action.owner, agency=action.agency, **texts, **facts)
    closed = risks.add(folder, owner=action.owner, agency=action.agency, **texts, **facts)
    found["closed_risk"][name] = risks.close(closed, by=by, close_reason=canary(name, "group_risk_reason"))
    words = {"what": canary(name, "group_unnamed"), "owner_words": canary(name, "group_words")}
    found["unnamed_risk"][name] = risks.add(folder, **words, **facts)
    due = {"by": by, "due_on": timezone.localdate()}
    found["unnamed_action"][name] = acting.add(folder, **words, **due)
    mark = lambda what: canary(name, f"log_{what}")  # noqa: E731
    lines = [f"{mark('what')}\t{mark('owner')}\t1.2.2030\t{mark('said')}", f"{mark('other')}\t\tASAP\t"]
    found["log"][name] = _sent(folder, by, mark("file"), lines)
    taken = _sent(folder, by, mark("taken"), [f"{canary(name, 'group_taken')}\t\t1.2.2030\t"])
    found["taken_log"][name] = services.take(taken, by=by, version=taken.version)


def _sent(folder, by, name, lines):
    received = receiving.of_paste("\n".join(["Action\tLead\tBy when\tComments", *lines]), "actions")
    return services.receive(folder, by=by, kind="actions", as_of=timezone.localdate(), name=name, received=received)


def sample(name):
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def _risk(ground, case, persona):
    return {"what": "A risk", "likelihood": "2", "impact": "3"}


def _log(ground, case, persona):
    file = SimpleUploadedFile("log.csv", b"Action,By when\nDo it,1.2.2030\n")
    group = groups.laid(ground)["group"][case.name].pk
    return {"kind": "actions", "folder": group, "how": "file", "file": file} | _day("as_of", timezone.localdate())


def _who(sample):
    def data(ground, case, persona):
        rows = [laid(ground)[sample][case.name].pk]
        return {"person": "other", "somebody": ground.world.colleague.pk, "rows": rows}

    return data


def _in_group(data):
    return lambda g, c, p: data(g, c, p) | {"folder": groups.laid(g)["group"][c.name].pk}


COLUMNS = {"version": 1, "column_0": "what", "column_2": "due"}
POSTS = {
    ("actions:risk_add", ""): Post("risk_added", _in_group(_risk)),
    ("actions:risk_edit", "risk"): Post("risk_changed", lambda g, c, p: _risk(g, c, p) | {"version": 1}),
    ("actions:risk_action", "risk"): Post("action_added", owning.added_by_hand),
    ("actions:risk_close", "risk"): Post("risk_close", lambda g, c, p: {"close_reason": "It is over."}),
    ("actions:risk_reopen", "closed_risk"): Post("risk_reopen", lambda g, c, p: {"close_reason": "It is back."}),
    ("actions:import_add", ""): Post("log_received", _log),
    ("actions:import_columns", "log"): Post("log_columns_said", lambda g, c, p: COLUMNS),
    ("actions:import_words", "log"): Post("log_words_said", lambda g, c, p: {"version": 1, "words_0": "parked"}),
    ("actions:import_choose", "log"): Post(
        "", lambda g, c, p: {"act": "save", "version": 1, "shown": ["2"], "row": ["2"]}
    ),
    ("actions:import_take", "log"): Post("log_import_take", lambda g, c, p: {"version": 1, "seen": 1}),
    ("actions:import_discard", "log"): Post("log_import_discard"),
    ("actions:import_take_back", "taken_log"): Post("log_import_take_back"),
    ("actions:name_owners", "unnamed_action"): Post("action_given", _who("unnamed_action")),
    ("actions:name_risk_owners", "unnamed_risk"): Post("risk_owner_named", _who("unnamed_risk")),
}
