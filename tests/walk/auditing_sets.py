"""What the walk needs of question sets: a section and a question of a draft, and the valid posts of their pages."""

from audits.models import QuestionSet, Section, SetVersion, Wording
from tests.walk import auditing
from tests.walk.post import Post


def draft(ground) -> SetVersion:
    return SetVersion.objects.get(pk=auditing.laid(ground)["audit_draft"].pk)


def section(ground) -> Section:
    return Section.objects.filter(set_version=draft(ground)).order_by("position").first()


def wording(ground) -> Wording:
    return Wording.objects.get(set_version=draft(ground), ref="2d")


SAMPLES = {"set_section": section, "audit_wording": wording}


def sample(name):
    return lambda ground: [[SAMPLES[name](ground).pk]]


SET = {"title": "Online safety", "duty": "other", "about": "Asked once.", "source": ""}
SECTION = {"ref": "9", "title": "Attendance", "guidance": "What the school does about absence."}
ASKED = {"text": "How many were there?", "kind": "number", "unit": "visits", "who": "all", "asks": "always"}


def _set(ground, case, persona):
    return SET | {"version": QuestionSet.objects.get(pk=auditing.laid(ground)["audit_set"].pk).version}


def _added(ground, case, persona):
    return ASKED | {"ref": "9a", "section": section(ground).pk, "meaning": "new", "label": "Visits"}


def _changed(ground, case, persona):
    row = wording(ground)
    said = {"ref": row.ref, "section": row.section_id, "meaning": "same", "label": row.question.label}
    return ASKED | said | {"version": row.version}


POSTS = {
    ("audits:set_add", ""): Post("question_set_added", lambda g, c, p: SET),
    ("audits:set_edit", "audit_set"): Post("question_set_changed", _set),
    ("audits:question_set", "audit_set"): Post("question_set_begun"),
    ("audits:set_version", "audit_draft"): Post("question_set_numbered", lambda g, c, p: {"action": "number"}),
    ("audits:set_version", "audit_version"): Post("question_set_retire", lambda g, c, p: {"action": "retire"}),
    ("audits:set_use", "audit_draft"): Post("question_set_use", lambda g, c, p: {"read": draft(g).version}),
    ("audits:section_add", "audit_draft"): Post("question_section_added", lambda g, c, p: SECTION),
    ("audits:section_edit", "set_section"): Post(
        "question_section_changed", lambda g, c, p: SECTION | {"version": section(g).version}
    ),
    ("audits:wording_add", "set_section"): Post("question_added", _added),
    ("audits:wording_edit", "audit_wording"): Post("question_changed", _changed),
}
