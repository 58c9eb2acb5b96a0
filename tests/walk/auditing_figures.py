"""Valid posts of the pages of figures; a question of a closed round, and an answer of an open one."""

from datetime import timedelta

from django.utils import timezone

from tests.walk import auditing
from tests.walk.post import Post, day


def sample(name):
    return {"audit_question": _question, "audit_cell": _cell}[name]


def _question(ground):
    row = auditing.round_of(ground, "audit_closed")
    return [[row.pk, row.set_version.wordings.get(question__code="policy").question_id]]


def _cell(ground):
    answers = auditing.laid(ground)["audit_answer"]
    return [[answers[case.name].audit_return_id, answers[case.name].question_id] for case in ground.cases]


def _action(ground, case, persona):
    answer = auditing.laid(ground)["audit_answer"][case.name]
    nobody_yet = {"what": "Write the policy", "owner": f"{answer.agency_id}:"}
    return nobody_yet | day("due_on", timezone.localdate() + timedelta(days=30))


POSTS = {
    ("audits:round_grid", "audit_round"): Post("", lambda g, c, p: {"take": "xlsx"}),
    ("audits:round_figures", "audit_closed"): Post("", lambda g, c, p: {"take": "csv"}),
    ("audits:benchmark", "audit_past"): Post("work_asked"),
    ("audits:gap_action", "audit_answer"): Post("action_added", _action),
}
