"""What the walk needs of what stands beside a return: a piece of evidence with its file, and valid posts."""

from datetime import timedelta

from django.utils import timezone

from audits.asking import asked_by
from audits.beside import evidence_services as evidence
from audits.beside import people
from audits.models import Evidence
from partnership.documents.models import Marking
from partnership.documents.services import keep
from tests.walk import auditing
from tests.walk.post import Post, day
from tests.world import canary


def sample(name):
    return lambda ground: [[laid(ground)[case.name].pk] for case in ground.cases]


def laid(ground) -> dict:
    """case name -> a piece with a clean file. Made once a ground."""
    if "audit_files" not in ground.__dict__:
        ground.audit_files = {case.name: _with_file(ground, case.name) for case in ground.cases}
    return ground.audit_files


def _with_file(ground, case) -> Evidence:
    row = auditing.laid(ground)["audit_return"][case]
    mark = canary(case, "au_file")
    version = keep(
        mark.encode(), folder=row.folder, title=mark, name=f"{mark}.txt", content_type="text/plain",
        marking=Marking.SENSITIVE, by=None, kind=evidence.KIND, apart=True,
    )  # fmt: skip
    return Evidence.objects.create(folder=row.folder, agency=row.agency, title=mark, document=version.document)


def _of(name):
    return lambda ground, case: auditing.laid(ground)[name][case.name]


_return, _piece = map(_of, ("audit_return", "audit_evidence"))


def _chosen(ground, case, persona):
    wordings = asked_by(_return(ground, case).round.set_version).wordings
    return {"wording": wordings[0].pk, "pieces": [_piece(ground, case).pk], "stood": ""}


def _put_right(ground, case, persona):
    row = Evidence.objects.unscoped("the walk reads its own ground").get(pk=_piece(ground, case).pk)
    return {"title": "Another title", "address": row.address, "read": evidence.mark_of(row)}


def _confirmed(ground, case, persona):
    lines = people.lines_of(_return(ground, case).agency)
    return {"read": people.mark_of(lines), "all": "1"}


def _until(name, **more):
    """In sixty days. Who gives time and who asks for it are shown different forms on one page."""
    return lambda ground, case, persona: more | day(name, timezone.localdate() + timedelta(days=60))


POSTS = {
    ("audits:evidence", "audit_return"): Post(
        "evidence_added", lambda g, c, p: {"what": "address", "address": "https://school.example/", "title": "Policy"}
    ),
    ("audits:evidence_for", "audit_return"): Post("evidence_shown", _chosen),
    ("audits:evidence_piece", "audit_evidence"): Post("evidence_changed", _put_right),
    ("audits:evidence_piece", "audit_evidence away"): Post("evidence_put_away", lambda g, c, p: {"do": "away"}),
    ("audits:return_people", "audit_return"): Post("people_confirmed", _confirmed),
    ("audits:more_time", "audit_asked ask"): Post("more_time_asked", _until("wanted_on", reason="The head is ill.")),
    ("audits:more_time", "audit_asked give"): Post("more_time_given", _until("given_on", words="A flood.")),
    ("audits:extension", "audit_extension give"): Post("audit_extension_give", _until("given_on", answer="give")),
    ("audits:extension", "audit_extension refuse"): Post(
        "audit_extension_refuse", lambda g, c, p: {"answer": "refuse", "words": "The board meets that week."}
    ),
}
