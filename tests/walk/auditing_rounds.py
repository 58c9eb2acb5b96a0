"""Valid posts of the pages of rounds."""

from datetime import timedelta

from django.utils import timezone

from audits.models import AuditReturn
from tests.walk import auditing
from tests.walk.post import Post, day

WHY = "the walk lays its own ground"


def _days(**days):
    found = {}
    for name, number in days.items():
        found |= day(name, timezone.localdate() + timedelta(days=number))
    return found


def _said(ground):
    return {"title": "Another audit", "year": timezone.localdate().year, "kind": ["school"], "message": ""}


def _planned(ground, case, persona):
    version = auditing.laid(ground)["audit_version"]
    return _said(ground) | {"set_version": version.pk} | _days(opens_on=1, closes_on=20)


def _edited(ground, case, persona):
    row = auditing.round_of(ground, "audit_planned")
    return _said(ground) | {"version": row.version} | day("opens_on", row.opens_on)


def _topics(ground, case, persona):
    row = auditing.round_of(ground, "audit_planned")
    section = row.set_version.sections.first()
    return {"version": row.version} | _days(**{f"from_{section.pk}": 1, f"to_{section.pk}": 9})


def _excused(ground, case, persona):
    row = auditing.laid(ground)["audit_return"][case.name]
    AuditReturn.objects.unscoped(WHY).filter(pk=row.pk).update(status="excused", why_excused="Closed.")
    return {"do": "ask_again"}


POSTS = {
    ("audits:round_plan", ""): Post("audit_round_planned", _planned),
    ("audits:round_edit", "audit_planned"): Post("audit_round_changed", _edited),
    ("audits:round_windows", "audit_planned"): Post(
        "audit_window_added", lambda g, c, p: {"name": "Primary", "kind": ["school"]} | _days(closes_on=40)
    ),
    ("audits:round_slices", "audit_planned"): Post("audit_slices_set", _topics),
    ("audits:round_asked", "audit_planned"): Post("job_asked"),
    ("audits:round_close", "audit_round"): Post("audit_round_close", lambda g, c, p: {"do": "close"}),
    ("audits:round_close", "audit_planned"): Post("audit_round_discard", lambda g, c, p: {"do": "discard"}),
    ("audits:round_close", "audit_closed"): Post("audit_round_reopen", lambda g, c, p: {"do": "reopen"}),
    ("audits:return_stand", "audit_return"): Post(
        "audit_return_excuse", lambda g, c, p: {"do": "excuse", "why": "It has closed."}
    ),
    ("audits:return_stand", "audit_return again"): Post("audit_return_ask_again", _excused),
    ("audits:return_stand", "audit_submitted"): Post(
        "audit_return_give_back", lambda g, c, p: {"do": "give_back", "why": "2a is a typing error."}
    ),
}
